package schema

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
)

// list checks arrays.
func (c *check) list(s map[string]any, v any, at string) error {
	list, ok := v.([]any)
	if !ok {
		return nil
	}
	if low, ok := count(s["minItems"]); ok && len(list) < low {
		return wrong(at, "has too few items")
	}
	if high, ok := count(s["maxItems"]); ok && len(list) > high {
		return wrong(at, "has too many items")
	}
	if s["uniqueItems"] == true && !c.unique(list) {
		return wrong(at, "has an item twice")
	}
	first := asList(s["prefixItems"])
	for i, e := range list {
		sub, ok := s["items"]
		if i < len(first) {
			sub, ok = first[i], true
		}
		if !ok {
			continue
		}
		if err := c.value(sub, e, at+"["+strconv.Itoa(i)+"]"); err != nil {
			return err
		}
	}
	return nil
}

func (c *check) unique(list []any) bool {
	seen := map[string]bool{}
	for _, e := range list {
		c.steps++
		b, err := json.Marshal(e)
		if err != nil || seen[string(b)] {
			return false
		}
		seen[string(b)] = true
	}
	return true
}

// object checks objects. Names the schema does not have are not repeated in an
// error: they are somebody's text.
func (c *check) object(s map[string]any, v any, at string) error {
	object, ok := v.(map[string]any)
	if !ok {
		return nil
	}
	if low, ok := count(s["minProperties"]); ok && len(object) < low {
		return wrong(at, "has too few properties")
	}
	if high, ok := count(s["maxProperties"]); ok && len(object) > high {
		return wrong(at, "has too many properties")
	}
	for _, r := range asList(s["required"]) {
		if name, ok := r.(string); ok {
			if _, there := object[name]; !there {
				return wrong(at+"."+name, "is missing")
			}
		}
	}
	known, _ := s["properties"].(map[string]any)
	rest, closed := s["additionalProperties"]
	for _, name := range slices.Sorted(maps.Keys(object)) {
		sub, ok := known[name]
		where := at + "." + name
		if !ok {
			if !closed {
				continue
			}
			sub, where = rest, at+".(another property)"
		}
		if err := c.value(sub, object[name], where); err != nil {
			return err
		}
	}
	return nil
}
