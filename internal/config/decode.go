package config

import (
	"errors"
	"fmt"
	"reflect"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// decoder fills a Config from a syntax tree and collects everything that is wrong.
// It knows a plain part of YAML: maps, lists, scalars and comments. Anchors,
// aliases, merge keys and tags are refused: a configuration of this size needs
// none of them, and they are what YAML bombs are made of.
type decoder struct {
	text     string
	problems []Problem
	seen     map[string]place // every key that the file gives
}

type place struct{ line, column int }

func placeOf(n ast.Node) place {
	t := n.GetToken()
	if t == nil || t.Position == nil {
		return place{1, 1}
	}
	return place{t.Position.Line, t.Position.Column}
}

// fail notes a problem. The message must not repeat values of the file: it goes to
// logs, and somebody may have written a password there.
func (d *decoder) fail(at place, key, format string, args ...any) {
	d.problems = append(d.problems, Problem{
		Line: at.line, Column: at.column, Key: key,
		Message: fmt.Sprintf(format, args...),
		Excerpt: excerpt(d.text, at.line, at.column),
	})
}

// document decodes the one document of the file into c.
func (d *decoder) document(c *Config) {
	file, err := parser.ParseBytes([]byte(d.text), 0)
	if err != nil {
		d.syntax(err)
		return
	}
	var bodies []ast.Node
	for _, doc := range file.Docs {
		if doc.Body != nil && doc.Body.Type() != ast.CommentType {
			bodies = append(bodies, doc.Body)
		}
	}
	switch {
	case len(bodies) > 1:
		d.fail(placeOf(bodies[1]), "", "a second document begins here; one file holds one configuration")
	case len(bodies) == 1:
		d.value("", bodies[0], reflect.ValueOf(c).Elem(), "")
	}
}

func (d *decoder) syntax(err error) {
	at, message := place{1, 1}, "this is not YAML"
	var syntax yaml.Error
	if errors.As(err, &syntax) {
		message += ": " + syntax.GetMessage()
		if t := syntax.GetToken(); t != nil && t.Position != nil {
			at = place{t.Position.Line, t.Position.Column}
		}
	}
	d.fail(at, "", "%s", message)
}

// value decodes n into v, whose dotted name is key.
func (d *decoder) value(key string, n ast.Node, v reflect.Value, tag reflect.StructTag) {
	switch n.(type) {
	case *ast.AnchorNode, *ast.AliasNode, *ast.TagNode, *ast.MergeKeyNode, *ast.DirectiveNode:
		d.fail(placeOf(n), key, "anchors, aliases, tags and directives are not used in this file")
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		d.section(key, n, v)
	case reflect.Map:
		d.mapping(key, n, v)
	case reflect.Slice:
		d.list(key, n, v)
	default:
		d.scalar(key, n, v, tag)
	}
}

// pairs returns the key and value nodes of a map; an empty section has none.
func (d *decoder) pairs(key string, n ast.Node) []*ast.MappingValueNode {
	switch m := n.(type) {
	case *ast.MappingNode:
		return m.Values
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{m}
	case *ast.NullNode:
		return nil
	}
	d.fail(placeOf(n), key, "%s must be a group of settings, each on a line of its own", orFile(key))
	return nil
}

// name returns the text of a map key.
func (d *decoder) name(p *ast.MappingValueNode) (string, bool) {
	if s, ok := p.Key.(*ast.StringNode); ok {
		return s.Value, true
	}
	d.fail(placeOf(p.Key), "", "a key must be plain text")
	return "", false
}

func (d *decoder) section(key string, n ast.Node, v reflect.Value) {
	for _, p := range d.pairs(key, n) {
		name, ok := d.name(p)
		if !ok {
			continue
		}
		field, known := fieldByName(v.Type(), name)
		if !known {
			d.fail(placeOf(p.Key), join(key, name), "%s", unknownKey(v.Type(), key, name))
			continue
		}
		path := join(key, name)
		d.seen[path] = placeOf(p.Key)
		d.value(path, p.Value, v.FieldByIndex(field.Index), field.Tag)
	}
}

// mapping replaces the default map by the one of the file.
func (d *decoder) mapping(key string, n ast.Node, v reflect.Value) {
	pairs := d.pairs(key, n)
	if pairs == nil {
		return
	}
	fresh := reflect.MakeMapWithSize(v.Type(), len(pairs))
	for _, p := range pairs {
		if name, ok := d.name(p); ok {
			path := join(key, name)
			d.seen[path] = placeOf(p.Key)
			element := reflect.New(v.Type().Elem()).Elem()
			d.value(path, p.Value, element, "")
			fresh.SetMapIndex(reflect.ValueOf(name), element)
		}
	}
	v.Set(fresh)
}

// list replaces the default list by the one of the file.
func (d *decoder) list(key string, n ast.Node, v reflect.Value) {
	s, ok := n.(*ast.SequenceNode)
	if !ok {
		d.fail(placeOf(n), key, "%s must be a list, as in [a, b]", key)
		return
	}
	fresh := reflect.MakeSlice(v.Type(), 0, len(s.Values))
	for i, item := range s.Values {
		path := fmt.Sprintf("%s[%d]", key, i)
		d.seen[path] = placeOf(item)
		element := reflect.New(v.Type().Elem()).Elem()
		d.value(path, item, element, "")
		fresh = reflect.Append(fresh, element)
	}
	v.Set(fresh)
}

func orFile(key string) string {
	if key == "" {
		return "the file"
	}
	return key
}
