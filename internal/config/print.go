package config

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// YAML writes the whole configuration, defaults included, as Load reads it. It
// holds no secret: secrets are in files of their own, of which only the path is
// part of the configuration.
func (c *Config) YAML() string {
	var b strings.Builder
	printSection(&b, "", reflect.ValueOf(c).Elem())
	return b.String()
}

func printSection(b *strings.Builder, indent string, v reflect.Value) {
	for _, f := range reflect.VisibleFields(v.Type()) {
		name := f.Tag.Get("yaml")
		if name == "" || name == "-" || skip(v, name) {
			continue
		}
		printSetting(b, indent, name, v.FieldByIndex(f.Index))
	}
}

// skip leaves out what the other engine driver would use: Load refuses it there.
func skip(section reflect.Value, name string) bool {
	e, ok := section.Interface().(Engine)
	of := driverOf[name]
	return ok && of != "" && of != e.Driver
}

func printSetting(b *strings.Builder, indent, name string, v reflect.Value) {
	fmt.Fprintf(b, "%s%s:", indent, name)
	switch {
	case v.Kind() == reflect.Struct:
		b.WriteString("\n")
		printSection(b, indent+"  ", v)
	case v.Kind() == reflect.Map && v.Len() > 0:
		b.WriteString("\n")
		keys := v.MapKeys()
		slices.SortFunc(keys, func(a, c reflect.Value) int { return strings.Compare(a.String(), c.String()) })
		for _, k := range keys {
			printSetting(b, indent+"  ", strconv.Quote(k.String()), v.MapIndex(k))
		}
	default:
		fmt.Fprintf(b, " %s\n", scalarYAML(v))
	}
}

// scalarYAML writes a value that fits on one line. Text is always quoted: Go's
// quoting is YAML's, and no country code turns into false.
func scalarYAML(v reflect.Value) string {
	switch x := v.Interface().(type) {
	case string:
		return strconv.Quote(x)
	case []string:
		var quoted []string
		for _, s := range x {
			quoted = append(quoted, strconv.Quote(s))
		}
		return "[" + strings.Join(quoted, ", ") + "]"
	case time.Duration:
		return formatDuration(x)
	}
	if v.Kind() == reflect.Map {
		return "{}"
	}
	return fmt.Sprint(v.Interface())
}
