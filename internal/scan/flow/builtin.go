package flow

import (
	"regexp"
	"strconv"
	"strings"

	"ringfence/internal/scan/php"
)

// higherOrder handles functions that call a function they are given; ok is false for others.
func (f *frame) higherOrder(name string, n *php.Node) (*Value, bool) {
	at := func(i int) *Value {
		if i < len(n.List) {
			return f.quiet(n.List[i].X)
		}
		return nil
	}
	switch name {
	case "array_map":
		list := at(1)
		out := f.callValue(at(0), []*Value{list.field("*"), at(2).field("*")}, n.Pos)
		return &Value{fields: map[string]*Value{"*": orEmpty(out)}}, true
	case "array_filter", "usort", "uasort", "uksort":
		list := at(0)
		elem := list.field("*")
		f.callValue(at(1), []*Value{elem, elem}, n.Pos)
		return list, true
	case "array_walk":
		f.callValue(at(1), []*Value{at(0).field("*")}, n.Pos)
		return nil, true
	case "array_reduce":
		start := at(2)
		v := f.callValue(at(1), []*Value{start, at(0).field("*")}, n.Pos)
		return join(start, v), true
	case "preg_replace_callback":
		text := at(2)
		return join(f.callValue(at(1), []*Value{{fields: map[string]*Value{"*": orEmpty(text.flat())}}}, n.Pos), text.flat()), true
	case "call_user_func":
		var args []*Value
		for i := 1; i < len(n.List); i++ {
			args = append(args, at(i))
		}
		return f.callValue(at(0), args, n.Pos), true
	case "call_user_func_array":
		var args []*Value
		for i := range 8 {
			args = append(args, at(1).field(strconv.Itoa(i)))
		}
		return f.callValue(at(0), args, n.Pos), true
	}
	return nil, false
}

func orEmpty(v *Value) *Value {
	if v == nil {
		return &Value{}
	}
	return v
}

// quiet evaluates an argument that may be a closure without running the closure for its own sake.
func (f *frame) quiet(n *php.Node) *Value {
	if n != nil && n.Op == php.Closure {
		return &Value{funcs: []*callable{f.closureOf(n)}}
	}
	return f.expr(n)
}

// language handles the functions of PHP whose result has a shape worth knowing.
func (f *frame) language(name string, n *php.Node) (*Value, bool) {
	shape, ok := f.p.php[name]
	if !ok {
		return nil, false
	}
	return shape(f, n, f.args(n.List)), true
}

type shape = func(f *frame, n *php.Node, a []*Value) *Value

func arg(a []*Value, i int) *Value {
	if i < len(a) {
		return a[i]
	}
	return nil
}

func first(_ *frame, _ *php.Node, a []*Value) *Value { return arg(a, 0) }

func joined(_ *frame, _ *php.Node, a []*Value) *Value {
	var v *Value
	for _, x := range a {
		v = join(v, x)
	}
	return v
}

func element(_ *frame, _ *php.Node, a []*Value) *Value { return arg(a, 0).field("*") }

// phpTable maps a function of PHP to what it returns.
func phpTable() map[string]shape {
	return map[string]shape{
		"sprintf":                format,
		"vsprintf":               format,
		"implode":                implode,
		"join":                   implode,
		"array_merge":            merge,
		"wp_parse_args":          merge,
		"array_replace":          merge,
		"shortcode_atts":         joined,
		"array_values":           first,
		"array_unique":           first,
		"array_reverse":          first,
		"array_slice":            first,
		"wp_unslash":             first,
		"stripslashes":           first,
		"trim":                   first,
		"rtrim":                  first,
		"ltrim":                  first,
		"untrailingslashit":      first,
		"esc_url_raw":            cleanHTML,
		"esc_url":                cleanHTML,
		"sanitize_url":           cleanHTML,
		"wp_http_validate_url":   first,
		"strval":                 first,
		"filter_var":             first,
		"set_url_scheme":         first,
		"urldecode":              first,
		"rawurldecode":           first,
		"html_entity_decode":     first,
		"wp_specialchars_decode": first,
		"stripslashes_deep":      first,
		"array_intersect_key":    first,
		"array_diff_key":         first,
		"array_merge_recursive":  merge,
		"preg_replace":           pregReplace,
		"str_ireplace":           replace,
		"wp_list_pluck": func(_ *frame, _ *php.Node, a []*Value) *Value {
			return listOf(arg(a, 0).field("*").field(key(arg(a, 1))))
		},
		"maybe_unserialize": first,
		"unserialize":       first,
		"iterator_to_array": first,
		"trailingslashit":   func(_ *frame, _ *php.Node, a []*Value) *Value { return slashed(arg(a, 0)) },
		"current":           element,
		"reset":             element,
		"end":               element,
		"array_pop":         element,
		"array_shift":       element,
		"strtolower":        func(_ *frame, _ *php.Node, a []*Value) *Value { return mapText(arg(a, 0), strings.ToLower) },
		"ucfirst":           first,
		"sanitize_key":      func(_ *frame, _ *php.Node, a []*Value) *Value { return mapText(arg(a, 0), strings.ToLower) },
		"compact":           compact,
		"extract":           nothing,
		"array_push":        push,
		"array_unshift":     push,
		"array_column": func(_ *frame, _ *php.Node, a []*Value) *Value {
			return listOf(arg(a, 0).field("*").field(key(arg(a, 1))))
		},
		"str_replace":           replace,
		"strtr":                 strtr,
		"json_decode":           decode,
		"curl_init":             curlInit,
		"curl_setopt":           curlSet,
		"curl_setopt_array":     curlSetAll,
		"stream_context_create": first,
		"curl_error":            nothing, "curl_errno": nothing, "curl_getinfo": nothing, "curl_close": nothing,
		"func_get_args": nothing,
		"filter_input":  filterInput,
	}
}

func nothing(*frame, *php.Node, []*Value) *Value { return nil }

func key(v *Value) string {
	if s := v.literal(); s != "" {
		return s
	}
	return "*"
}

func listOf(v *Value) *Value { return &Value{fields: map[string]*Value{"*": orEmpty(v)}} }

// slashed is a text that ends in a slash.
func slashed(v *Value) *Value {
	if v == nil {
		return nil
	}
	w := concat(v, lit("/"))
	for i, t := range w.strs {
		if last := len(t) - 1; last >= 0 && t[last].kind == pLit {
			t = append(text(nil), t...)
			t[last].s = strings.TrimRight(t[last].s, "/") + "/"
			w.strs[i] = t
		}
	}
	return w
}

func mapText(v *Value, change func(string) string) *Value {
	if v == nil {
		return nil
	}
	w := *v
	w.strs = nil
	for _, t := range v.strs {
		c := append(text(nil), t...)
		for i := range c {
			if c[i].kind == pLit {
				c[i].s = change(c[i].s)
			}
		}
		w.strs = append(w.strs, c)
	}
	return &w
}

var verb = regexp.MustCompile(`%%|%(?:(\d+)\$)?[-+ 0-9.']*[a-zA-Z]`)

// format follows sprintf, so that URLs made with it stay readable.
func format(_ *frame, _ *php.Node, a []*Value) *Value {
	pattern := arg(a, 0)
	var out *Value
	for _, t := range orEmpty(pattern).strs {
		s, ok := t.literal()
		if !ok {
			continue
		}
		v, next, at := lit(""), 1, 0
		for _, m := range verb.FindAllStringSubmatchIndex(s, -1) {
			v = concat(v, lit(s[at:m[0]]))
			at = m[1]
			if s[m[0]:m[1]] == "%%" {
				v = concat(v, lit("%"))
				continue
			}
			i := next
			if m[2] >= 0 {
				i, _ = strconv.Atoi(s[m[2]:m[3]])
			} else {
				next++
			}
			v = concat(v, arg(a, i))
		}
		out = join(out, concat(v, lit(s[at:])))
	}
	if out == nil {
		out = joined(nil, nil, a).flat()
	}
	return out
}

func implode(_ *frame, _ *php.Node, a []*Value) *Value {
	list := arg(a, 1)
	if list == nil || len(a) == 1 {
		list = arg(a, 0)
	}
	if list == nil {
		return nil
	}
	out := list.flat()
	if len(list.fields) == 0 || list.fields["*"] != nil || len(list.fields) > 8 {
		return out
	}
	v := lit("")
	for i := range len(list.fields) { // a list written out in the code
		if i > 0 {
			v = concat(v, arg(a, 0))
		}
		v = concat(v, list.fields[strconv.Itoa(i)])
	}
	return &Value{taint: v.taint, syms: v.syms, strs: v.strs}
}

// merge is array_merge and friends: for equal keys the last array wins in PHP, but defaults stay possible.
func merge(_ *frame, _ *php.Node, a []*Value) *Value {
	out := &Value{}
	for _, x := range a {
		out = join(out, x)
	}
	return out
}

func compact(f *frame, n *php.Node, a []*Value) *Value {
	out := &Value{}
	for _, x := range a {
		if name := x.literal(); name != "" {
			out = out.with(name, f.env.get(name))
		}
	}
	return out
}

func push(f *frame, n *php.Node, a []*Value) *Value {
	if len(n.List) < 2 {
		return nil
	}
	v := arg(a, 0)
	for _, x := range a[1:] {
		v = v.with("*", x)
	}
	f.assign(n.List[0].X, v)
	return nil
}

// replace keeps the text of the subject when it is known, and everything that is put in.
func replace(_ *frame, _ *php.Node, a []*Value) *Value {
	subject := arg(a, 2)
	v := join(subject.flat(), arg(a, 1).flat())
	if subject == nil || len(subject.strs) == 0 {
		return v
	}
	from, to := arg(a, 0).literal(), arg(a, 1).literals()
	out := &Value{strs: subject.strs}
	if from != "" && len(to) <= 1 {
		with := ""
		if len(to) == 1 {
			with = to[0]
		}
		if len(to) == 1 {
			out = mapText(&Value{strs: subject.strs}, func(s string) string { return strings.ReplaceAll(s, from, with) })
		}
	}
	return join(v, out)
}

// pregReplace keeps the subject, whose shape a cut at its ends does not change, and what is put in.
func pregReplace(_ *frame, _ *php.Node, a []*Value) *Value {
	subject := arg(a, 2)
	v := join(subject.flat(), arg(a, 1).flat())
	if subject == nil || len(subject.strs) == 0 {
		return v
	}
	return join(v, &Value{strs: subject.strs, vague: true})
}

func strtr(_ *frame, _ *php.Node, a []*Value) *Value {
	v := arg(a, 0)
	return join(v, arg(a, 1).flat())
}

// decode keeps request input recognisable after json_decode.
func decode(_ *frame, _ *php.Node, a []*Value) *Value {
	v := arg(a, 0)
	if v == nil {
		return nil
	}
	return &Value{taint: v.all(), syms: v.syms, types: v.types}
}

func filterInput(f *frame, n *php.Node, a []*Value) *Value {
	k := key(arg(a, 1))
	return f.requestKey(k, &Value{}, n.Pos, "reads request input "+k)
}
