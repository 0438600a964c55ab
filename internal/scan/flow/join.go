package flow

import (
	"maps"
	"reflect"
	"slices"
	"sort"
)

// join is the value that may be either. It returns a itself when b adds nothing, which is the usual
// case once the cells have settled.
func join(a, b *Value) *Value {
	switch {
	case a == nil || a == b:
		return b
	case b == nil:
		return a
	}
	v := Value{
		taint: joinTaint(a.taint, b.taint), syms: joinSyms(a.syms, b.syms), strs: joinTexts(a.strs, b.strs),
		types: joinTypes(a.types, b.types), fields: joinFields(a.fields, b.fields), funcs: joinFuncs(a.funcs, b.funcs),
		vague: a.blank() || b.blank(),
	}
	if v.vague == a.vague && same1(v.taint, a.taint) && same1(v.syms, a.syms) && same1(v.strs, a.strs) && same1(v.types, a.types) &&
		same1(v.funcs, a.funcs) && sameMap(v.fields, a.fields) {
		return a
	}
	return v.light()
}

// same1 tells two names of one slice.
func same1[T any](a, b []T) bool { return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0]) }

func joinTaint(a, b []Taint) []Taint {
	if len(a) == 0 || len(b) == 0 {
		return either(a, b)
	}
	list, own := a, false
	for _, t := range b {
		if surplus(list, t) {
			continue
		}
		if !own {
			list, own = slices.Clone(a), true
		}
		list = addTaint(list, t)
	}
	return list
}

// addTaint keeps the shortest way for each class and source, and at most maxSources of a class.
func addTaint(list []Taint, t Taint) []Taint {
	longest, count := -1, 0
	for i := range list {
		o := &list[i]
		if o.Label != t.Label {
			continue
		}
		if o.Step.root.File == t.Step.root.File && o.Step.root.Pos == t.Step.root.Pos {
			if t.Step.n < o.Step.n {
				list[i] = t
			}
			return list
		}
		if count++; longest < 0 || o.Step.n > list[longest].Step.n {
			longest = i
		}
	}
	switch {
	case count < maxSources:
		list = append(list, t)
	case t.Step.n < list[longest].Step.n:
		list[longest] = t
	}
	return list
}

// surplus tells data that addTaint would drop: a longer way from a source the list already has, or
// one more source of a class when there are enough nearer ones.
func surplus(list []Taint, t Taint) bool {
	nearer := 0
	for i := range list {
		o := &list[i]
		if o.Label != t.Label || t.Step.n < o.Step.n {
			continue
		}
		if o.Step.root.File == t.Step.root.File && o.Step.root.Pos == t.Step.root.Pos {
			return true
		}
		nearer++
	}
	return nearer >= maxSources
}

func either[T any](a, b []T) []T {
	if len(a) == 0 {
		return b
	}
	return a
}

func joinSyms(a, b []sym) []sym {
	if len(a) == 0 || len(b) == 0 {
		return either(a, b)
	}
	list := slices.Clip(a)
	for _, s := range b {
		if len(list) < maxSyms && !hasSym(list, s) {
			list = append(list, s)
		}
	}
	return list
}

func hasSym(list []sym, s sym) bool {
	for _, o := range list {
		if o.param == s.param && o.path == s.path && o.redacted == s.redacted && o.address == s.address {
			return true
		}
	}
	return false
}

func joinTexts(a, b []text) []text {
	if len(a) == 0 || len(b) == 0 {
		return either(a, b)
	}
	list := slices.Clip(a)
	for _, t := range b {
		if len(list) < maxTexts && !slices.ContainsFunc(list, func(o text) bool { return slices.Equal(o, t) }) {
			list = append(list, t)
		}
	}
	return list
}

func joinTypes(a, b []string) []string {
	if len(a) == 0 || len(b) == 0 {
		return either(a, b)
	}
	list := slices.Clip(a)
	for _, t := range b {
		if len(list) < maxTypes && !slices.Contains(list, t) {
			list = append(list, t)
		}
	}
	return list
}

func joinFuncs(a, b []*callable) []*callable {
	if len(a) == 0 || len(b) == 0 {
		return either(a, b)
	}
	list := slices.Clip(a)
	for _, f := range b {
		if !slices.ContainsFunc(list, func(o *callable) bool { return o.fn == f.fn }) && len(list) < 8 {
			list = append(list, f)
		}
	}
	return list
}

// joinFields joins element by element; past maxFields the rest shares one. It returns a itself when
// b adds nothing.
func joinFields(a, b map[string]*Value) map[string]*Value {
	switch {
	case len(a) == 0:
		return b
	case len(b) == 0 || sameMap(a, b):
		return a
	}
	out, own := a, false
	for _, k := range sortedKeys(b) {
		v := b[k]
		old, ok := out[k]
		if !ok && len(out) >= maxFields {
			k = "*"
			old, ok = out[k]
		}
		now := join(old, v)
		if ok && now == old {
			continue
		}
		if !own {
			own = true
			out = maps.Clone(a)
		}
		out[k] = now
	}
	return out
}

// sameMap tells two names of one map; values are shared a lot.
func sameMap(a, b map[string]*Value) bool {
	return reflect.ValueOf(a).UnsafePointer() == reflect.ValueOf(b).UnsafePointer()
}

func sortedKeys[T any](m map[string]T) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}
