package schema

import (
	"encoding/json"
	"math/big"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"
)

// kind checks "type".
func (c *check) kind(s map[string]any, v any, at string) error {
	switch want := s["type"].(type) {
	case string:
		if !is(want, v) {
			return wrong(at, "must be of type "+want)
		}
	case []any:
		for _, w := range want {
			if name, ok := w.(string); ok && is(name, v) {
				return nil
			}
		}
		return wrong(at, "is of a type that is not allowed")
	}
	return nil
}

func is(name string, v any) bool {
	switch v := v.(type) {
	case nil:
		return name == "null"
	case bool:
		return name == "boolean"
	case string:
		return name == "string"
	case []any:
		return name == "array"
	case map[string]any:
		return name == "object"
	case json.Number:
		n := rational(v)
		return name == "number" || name == "integer" && n != nil && n.IsInt()
	}
	return false
}

// maxNumber bounds a number's text: 1e999999999 would fill the memory.
const maxNumber = 64

func rational(n json.Number) *big.Rat {
	f, err := n.Float64()
	if len(n) > maxNumber || err != nil || f > 1e30 || f < -1e30 {
		return nil
	}
	if strings.ContainsAny(n.String(), "eE") {
		return new(big.Rat).SetFloat64(f)
	}
	r, ok := new(big.Rat).SetString(n.String())
	if !ok {
		return nil
	}
	return r
}

// among checks "enum" and "const".
func (c *check) among(s map[string]any, v any, at string) error {
	if want, ok := s["const"]; ok && !same(want, v) {
		return wrong(at, "is not the value it must be")
	}
	list, ok := s["enum"].([]any)
	if !ok {
		return nil
	}
	c.steps += len(list)
	if !slices.ContainsFunc(list, func(w any) bool { return same(w, v) }) {
		return wrong(at, "is none of the values it may be")
	}
	return nil
}

func same(a, b any) bool {
	x, ok := a.(json.Number)
	y, too := b.(json.Number)
	if ok && too {
		p, q := rational(x), rational(y)
		return p != nil && q != nil && p.Cmp(q) == 0
	}
	return reflect.DeepEqual(a, b)
}

// branches checks allOf, anyOf, oneOf and not.
func (c *check) branches(s map[string]any, v any, at string) error {
	for _, sub := range asList(s["allOf"]) {
		if err := c.value(sub, v, at); err != nil {
			return err
		}
	}
	for _, name := range []string{"anyOf", "oneOf"} {
		subs := asList(s[name])
		fits := 0
		for _, sub := range subs {
			err := c.value(sub, v, at)
			if err == errSteps {
				return err
			}
			if err == nil {
				fits++
			}
		}
		if len(subs) > 0 && (fits == 0 || name == "oneOf" && fits > 1) {
			return wrong(at, "fits not what "+name+" asks")
		}
	}
	if sub, ok := s["not"]; ok {
		switch err := c.value(sub, v, at); err {
		case nil:
			return wrong(at, "is what it must not be")
		case errSteps:
			return err
		}
	}
	return nil
}

func asList(v any) []any { list, _ := v.([]any); return list }

// number checks the bounds of numbers.
func (c *check) number(s map[string]any, v any, at string) error {
	n, ok := v.(json.Number)
	if !ok {
		return nil
	}
	x := rational(n)
	for name, fits := range map[string]func(int) bool{
		"minimum": func(c int) bool { return c >= 0 }, "maximum": func(c int) bool { return c <= 0 },
		"exclusiveMinimum": func(c int) bool { return c > 0 }, "exclusiveMaximum": func(c int) bool { return c < 0 },
	} {
		bound, ok := s[name].(json.Number)
		if !ok {
			continue
		}
		b := rational(bound)
		if x == nil || b == nil || !fits(x.Cmp(b)) {
			return wrong(at, "breaks its "+name)
		}
	}
	if of, ok := s["multipleOf"].(json.Number); ok {
		step := rational(of)
		if x == nil || step == nil || step.Sign() == 0 || !new(big.Rat).Quo(x, step).IsInt() {
			return wrong(at, "breaks its multipleOf")
		}
	}
	return nil
}

// text checks strings.
func (c *check) text(s map[string]any, v any, at string) error {
	text, ok := v.(string)
	if !ok {
		return nil
	}
	n := utf8.RuneCountInString(text)
	if low, ok := count(s["minLength"]); ok && n < low {
		return wrong(at, "is too short")
	}
	if high, ok := count(s["maxLength"]); ok && n > high {
		return wrong(at, "is too long")
	}
	if p, ok := s["pattern"].(string); ok && !c.schema.patterns[p].MatchString(text) {
		return wrong(at, "does not match its pattern")
	}
	return nil
}

func count(v any) (int, bool) {
	n, ok := v.(json.Number)
	if !ok {
		return 0, false
	}
	i, err := n.Int64()
	return int(i), err == nil && i >= 0
}
