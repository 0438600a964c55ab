package config

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// fieldByName finds the field that a key of the file sets.
func fieldByName(t reflect.Type, name string) (reflect.StructField, bool) {
	for _, f := range reflect.VisibleFields(t) {
		if tag := f.Tag.Get("yaml"); tag == name && tag != "-" && tag != "" {
			return f, true
		}
	}
	return reflect.StructField{}, false
}

// names lists the keys of one section in the order of the struct.
func names(t reflect.Type) []string {
	var out []string
	for _, f := range reflect.VisibleFields(t) {
		if tag := f.Tag.Get("yaml"); tag != "-" && tag != "" {
			out = append(out, tag)
		}
	}
	return out
}

func join(key, name string) string {
	if key == "" {
		return name
	}
	return key + "." + name
}

// unknownKey explains a key that section key does not have: a typing error, a key
// of another section, or else what there is.
func unknownKey(t reflect.Type, key, name string) string {
	what := fmt.Sprintf("there is no setting %q", join(key, name))
	known := names(t)
	near := slices.MinFunc(known, func(a, b string) int {
		return cmp.Compare(distance(name, a), distance(name, b))
	})
	if distance(name, near) <= 1+len(near)/4 {
		return what + fmt.Sprintf("; did you mean %q?", join(key, near))
	}
	if elsewhere := find(reflect.TypeFor[Config](), "", name); elsewhere != "" {
		return what + fmt.Sprintf("; did you mean %q?", elsewhere)
	}
	return what + "; here may stand: " + strings.Join(known, ", ")
}

// find returns the dotted name of the first setting called name, or "".
func find(t reflect.Type, key, name string) string {
	for _, f := range reflect.VisibleFields(t) {
		tag := f.Tag.Get("yaml")
		if tag == "" || tag == "-" {
			continue
		}
		if tag == name {
			return join(key, tag)
		}
		if f.Type.Kind() == reflect.Struct {
			if deeper := find(f.Type, join(key, tag), name); deeper != "" {
				return deeper
			}
		}
	}
	return ""
}

// distance is the number of single-letter changes between two words
// (Levenshtein), capped at 9 for words too long to be a typing error.
func distance(a, b string) int {
	if len(a) > 40 || len(b) > 40 {
		return 9
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		left := row[0]
		row[0] = i + 1
		for j := range len(b) {
			swap := left
			if a[i] != b[j] {
				swap++
			}
			left = row[j+1]
			row[j+1] = min(swap, left+1, row[j]+1)
		}
	}
	return row[len(b)]
}
