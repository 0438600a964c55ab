package config

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// within checks a value against the range or oneof of its field's tag.
func within(v reflect.Value, tag reflect.StructTag) error {
	if list := tag.Get("oneof"); list != "" && !slices.Contains(strings.Split(list, "|"), v.String()) {
		return fmt.Errorf("must be %s", strings.ReplaceAll(list, "|", " or "))
	}
	span := tag.Get("range")
	if span == "" {
		return nil
	}
	low, high, _ := strings.Cut(span, "..")
	if number(v) < bound(v, low) || number(v) > bound(v, high) {
		return fmt.Errorf("must be between %s and %s", low, high)
	}
	return nil
}

func number(v reflect.Value) float64 {
	if v.CanFloat() {
		return v.Float()
	}
	return float64(v.Int())
}

// bound reads one end of a range in the unit of v. That each range of the struct
// tree can be read is a test.
func bound(v reflect.Value, text string) float64 {
	switch v.Interface().(type) {
	case Bytes:
		b, _ := parseBytes(text)
		return float64(b)
	case time.Duration:
		d, _ := parseDuration(text)
		return float64(d)
	}
	x, _ := strconv.ParseFloat(text, 64)
	return x
}
