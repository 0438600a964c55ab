package config

import (
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"time"

	"github.com/goccy/go-yaml/ast"
)

// scalar decodes text, numbers, sizes, durations and yes or no.
func (d *decoder) scalar(key string, n ast.Node, v reflect.Value, tag reflect.StructTag) {
	if n.Type() == ast.NullType {
		d.fail(placeOf(n), key, "%s has no value; give one or remove the line", key)
		return
	}
	text, isText, ok := scalarText(n)
	if !ok {
		d.fail(placeOf(n), key, "%s must be a single value", key)
		return
	}
	if v.Kind() == reflect.String && !isText {
		d.fail(placeOf(n), key, "%s must be text; put the value in quotes", key)
		return
	}
	if err := setScalar(v, text, isText); err != nil {
		d.fail(placeOf(n), key, "%s %v", key, err)
		return
	}
	if err := within(v, tag); err != nil {
		d.fail(placeOf(n), key, "%s %v", key, err)
	}
}

// scalarText returns a scalar as written, and whether YAML takes it for text.
func scalarText(n ast.Node) (text string, isText, ok bool) {
	switch s := n.(type) {
	case *ast.StringNode:
		return s.Value, true, true
	case *ast.LiteralNode:
		return s.Value.Value, true, true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		return n.GetToken().Value, false, true
	}
	return "", false, false
}

// setScalar parses text by the type of v.
func setScalar(v reflect.Value, text string, isText bool) error {
	switch v.Interface().(type) {
	case string:
		v.SetString(text)
		return nil
	case Bytes:
		n, err := parseBytes(text)
		v.SetInt(int64(n))
		return err
	case time.Duration:
		t, err := parseDuration(text)
		v.SetInt(int64(t))
		return err
	case int:
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || isText {
			return errors.New("must be a whole number")
		}
		v.SetInt(n)
	case bool:
		if isText || text != "true" && text != "false" {
			return errors.New("must be true or false")
		}
		v.SetBool(text == "true")
	case float64:
		x, err := strconv.ParseFloat(text, 64)
		if err != nil || isText || x != x {
			return errors.New("must be a number")
		}
		v.SetFloat(x)
	default:
		return fmt.Errorf("a setting of type %s cannot be read", v.Type())
	}
	return nil
}
