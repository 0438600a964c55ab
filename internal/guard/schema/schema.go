// Package schema checks JSON against the part of JSON Schema that tools are
// described with.
//
// First step: Compile a schema, then Check values.
//
// Promise: a check takes a bounded number of steps, whatever schema and value
// are; where they run out, the value does not pass. Nothing is fetched: only
// references within the schema are followed.
//
// Danger: keywords it does not know are not checked. Known are: type, enum,
// const, properties, required, additionalProperties, minProperties,
// maxProperties, items, prefixItems, minItems, maxItems, uniqueItems, minLength,
// maxLength, pattern, minimum, maximum, exclusiveMinimum, exclusiveMaximum,
// multipleOf, anyOf, oneOf, allOf, not, $ref, $defs, definitions, nullable.
package schema

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
)

// Schema is a compiled schema. It is immutable.
type Schema struct {
	root     any
	patterns map[string]*regexp.Regexp
}

// Bounds of a schema and of a check.
const (
	MaxBytes = 256 << 10
	maxSteps = 100_000
	maxDepth = 64
)

// Compile reads a schema. An empty one, null and true allow everything.
func Compile(raw []byte) (*Schema, error) {
	s := &Schema{patterns: map[string]*regexp.Regexp{}}
	if len(bytes.TrimSpace(raw)) == 0 {
		s.root = true
		return s, nil
	}
	if len(raw) > MaxBytes {
		return nil, fmt.Errorf("the schema has more than %d bytes", MaxBytes)
	}
	var err error
	if s.root, err = decode(raw); err != nil {
		return nil, fmt.Errorf("the schema is no JSON: %w", err)
	}
	switch s.root.(type) {
	case nil:
		s.root = true
	case bool, map[string]any:
	default:
		return nil, errors.New("a schema is an object, true or false")
	}
	return s, s.compile(s.root, 0)
}

// compile compiles the patterns of a schema.
func (s *Schema) compile(v any, depth int) error {
	if depth > maxDepth {
		return fmt.Errorf("the schema is nested deeper than %d", maxDepth)
	}
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			if err := s.compile(e, depth+1); err != nil {
				return err
			}
		}
	case map[string]any:
		if p, ok := v["pattern"].(string); ok {
			re, err := regexp.Compile(p)
			if err != nil {
				return fmt.Errorf("the pattern %q cannot be used: give one that RE2 knows", p)
			}
			s.patterns[p] = re
		}
		for _, e := range v {
			if err := s.compile(e, depth+1); err != nil {
				return err
			}
		}
	}
	return nil
}

// Check says what is wrong with a value in JSON, or nil. The error names the
// place and the rule, never the value.
func (s *Schema) Check(raw []byte) error {
	v, err := decode(raw)
	if err != nil {
		return errors.New("no JSON")
	}
	c := check{schema: s}
	if err := c.value(s.root, v, ""); err != nil {
		return err
	}
	return plain(raw)
}

// decode reads one JSON value and nothing after it.
func decode(raw []byte) (v any, err error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	if err = d.Decode(&v); err != nil {
		return nil, err
	}
	if _, err = d.Token(); err != io.EOF {
		return nil, errors.New("something follows the value")
	}
	return v, nil
}

// check is one check under way.
type check struct {
	schema *Schema
	steps  int
	depth  int
}

var errSteps = errors.New("too much to check")

// value checks v, which stands at a path, against a schema.
func (c *check) value(schema, v any, at string) error {
	if c.steps++; c.steps > maxSteps || c.depth > maxDepth {
		return errSteps
	}
	c.depth++
	defer func() { c.depth-- }()
	switch s := schema.(type) {
	case bool:
		if !s {
			return wrong(at, "is not allowed")
		}
		return nil
	case map[string]any:
		return c.keywords(s, v, at)
	}
	return wrong(at, "has a rule that is no schema")
}

func wrong(at, what string) error {
	if at == "" {
		at = "the value"
	}
	return errors.New(strings.TrimPrefix(at, ".") + " " + what)
}

// keywords checks v against every keyword of a schema.
func (c *check) keywords(s map[string]any, v any, at string) error {
	if ref, ok := s["$ref"].(string); ok {
		target, err := c.find(ref)
		if err != nil {
			return err
		}
		if err := c.value(target, v, at); err != nil {
			return err
		}
	}
	if v == nil && s["nullable"] == true {
		return nil
	}
	for _, rule := range []func(map[string]any, any, string) error{c.kind, c.among, c.branches, c.number, c.text, c.list, c.object} {
		if err := rule(s, v, at); err != nil {
			return err
		}
	}
	return nil
}

// find follows a reference within the schema.
func (c *check) find(ref string) (any, error) {
	path, ok := strings.CutPrefix(ref, "#")
	if !ok {
		return nil, errors.New("a reference leads out of the schema")
	}
	at := c.schema.root
	for step := range strings.SplitSeq(strings.TrimPrefix(path, "/"), "/") {
		if step == "" {
			continue
		}
		m, ok := at.(map[string]any)
		if !ok {
			return nil, errors.New("a reference leads nowhere")
		}
		at = m[strings.NewReplacer("~1", "/", "~0", "~").Replace(step)]
	}
	if at == nil {
		return nil, errors.New("a reference leads nowhere")
	}
	return at, nil
}
