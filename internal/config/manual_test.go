package config

import (
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "write the manual and the example file instead of comparing them")

// The manual and the example are made from the struct tree, its comments, its tags
// and Default, so that none of them can say what the program does not do.
func TestManual(t *testing.T) {
	docs := fieldDocs(t)
	for path, text := range map[string]string{
		"../../docs/operations/configuration.md": manual(docs),
		"../../ringfence.example.yaml":           example(docs),
	} {
		if *update {
			if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := os.ReadFile(path); err != nil || string(got) != text {
			t.Errorf("%s is not up to date: run go test ./internal/config -update (%v)", path, err)
		}
	}
}

// The example with every setting switched on means the same as without a file.
func TestTheExampleShowsTheDefaults(t *testing.T) {
	text := example(fieldDocs(t))
	text = regexp.MustCompile(`(?m)^( *)#([a-z"])`).ReplaceAllString(text, "$1$2")
	text = regexp.MustCompile(`(?m)^  (url|api_key_file|allowed_ranges):.*\n`).ReplaceAllString(text, "")
	c, err := parse("example", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := c.YAML(), Default().YAML(); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

// Every setting is described; every number has bounds that can be read and that
// the default keeps; every setting of the engine belongs to a known driver.
func TestTheTreeIsSound(t *testing.T) {
	docs := fieldDocs(t)
	walk(reflect.ValueOf(*Default()), "", func(s setting) {
		if docs[s.owner+"."+s.field.Name] == "" {
			t.Errorf("%s has no comment", s.key)
		}
		if !s.value.CanInt() && !s.value.CanFloat() {
			return
		}
		low, high, ok := strings.Cut(s.field.Tag.Get("range"), "..")
		if !ok || bound(s.value, low) >= bound(s.value, high) {
			t.Errorf("%s has the range %q", s.key, s.field.Tag.Get("range"))
		}
		if err := within(s.value, s.field.Tag); err != nil && !s.each {
			t.Errorf("the default of %s %v", s.key, err)
		}
	})
	for name := range driverOf {
		if _, known := fieldByName(reflect.TypeFor[Engine](), name); !known {
			t.Errorf("driverOf names engine.%s, which does not exist", name)
		}
	}
}

// setting is one field of the tree, met in the order of the file.
type setting struct {
	key   string // engine.queue.max
	owner string // Queue
	field reflect.StructField
	value reflect.Value
	each  bool // it belongs to an entry of a map, so it has no default of its own
}

func (s setting) section() bool { return s.value.Kind() == reflect.Struct }
func (s setting) depth() int    { return strings.Count(s.key, ".") }

func walk(v reflect.Value, key string, visit func(setting)) { walkIn(v, key, false, visit) }

func walkIn(v reflect.Value, key string, each bool, visit func(setting)) {
	for _, f := range reflect.VisibleFields(v.Type()) {
		name := f.Tag.Get("yaml")
		if name == "" || name == "-" {
			continue
		}
		s := setting{join(key, name), v.Type().Name(), f, v.FieldByIndex(f.Index), each}
		visit(s)
		if s.section() {
			walkIn(s.value, s.key, each, visit)
		}
		if f.Type.Kind() == reflect.Map && f.Type.Elem().Kind() == reflect.Struct {
			walkIn(reflect.New(f.Type.Elem()).Elem(), s.key+"."+f.Tag.Get("each"), true, visit)
		}
	}
}

// fieldDocs returns the comment of each field as Owner.Field.
func fieldDocs(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	docs := map[string]string{}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(parsed, func(n ast.Node) bool { return noteFields(docs, n) })
	}
	return docs
}

// noteFields adds the comments of a struct's fields, and says whether to look inside n.
func noteFields(docs map[string]string, n ast.Node) bool {
	spec, ok := n.(*ast.TypeSpec)
	if !ok {
		return true
	}
	if s, ok := spec.Type.(*ast.StructType); ok {
		for _, f := range s.Fields.List {
			for _, name := range f.Names {
				docs[spec.Name.Name+"."+name.Name] = strings.Join(strings.Fields(f.Doc.Text()), " ")
			}
		}
	}
	return false
}

const manualHead = `# ringfence.yaml

Made from the comments in ` + "`internal/config`" + ` by ` + "`go test ./internal/config -update`" + `; a test
fails when it is out of date. ` + "`ringfence.example.yaml`" + ` has all settings to copy from.

Ringfence reads the file named with ` + "`--config`" + `, else ` + "`./ringfence.yaml`" + `, else it uses the defaults below.
A file is used whole or not at all: ` + "`ringfence config check`" + ` shows each mistake with line and column,
` + "`ringfence config print`" + ` shows what is in force. A running gateway reads the file again when it
changes and on SIGHUP; a bad file is reported and the old configuration stays in force.

Sizes are written like ` + "`4MiB`" + `, durations like ` + "`30s`, `5m` or `1h30m`" + `. A list or map that is given
replaces the default one. Relative paths start at the folder of the file. YAML anchors, aliases and tags are
not used.
`

func manual(docs map[string]string) string {
	var b strings.Builder
	b.WriteString(manualHead)
	walk(reflect.ValueOf(*Default()), "", func(s setting) {
		text := docs[s.owner+"."+s.field.Name]
		if s.section() {
			fmt.Fprintf(&b, "\n## %s\n\n%s\n", s.key, text)
			return
		}
		fmt.Fprintf(&b, "\n- **`%s`** %s  \n  %s\n", s.key, kindOf(s), text)
	})
	return b.String()
}

// kindOf says what may stand there and what stands there by default.
func kindOf(s setting) string {
	kind := map[string]string{
		"string": "text", "int": "number", "float64": "number", "Bytes": "size", "Duration": "duration",
		"[]string": "list", "bool": "`true` or `false`",
	}[strings.TrimPrefix(strings.TrimPrefix(s.field.Type.String(), "config."), "time.")]
	if s.value.Kind() == reflect.Map {
		kind = "map"
	}
	if list := s.field.Tag.Get("oneof"); list != "" {
		kind = "`" + strings.ReplaceAll(strings.TrimPrefix(list, "|"), "|", "` or `") + "`"
	}
	if low, high, ok := strings.Cut(s.field.Tag.Get("range"), ".."); ok {
		kind += fmt.Sprintf(" from %s to %s", low, high)
	}
	if s.each {
		return "(" + kind + ")"
	}
	return fmt.Sprintf("(%s; default `%s`)", kind, flow(s.value))
}

// flow writes a value on one line.
func flow(v reflect.Value) string {
	if m, ok := v.Interface().(map[string]string); ok {
		var pairs []string
		for k, to := range m {
			pairs = append(pairs, fmt.Sprintf("%q: %q", k, to))
		}
		slices.Sort(pairs)
		return "{" + strings.Join(pairs, ", ") + "}"
	}
	return scalarYAML(v)
}

const exampleHead = `# All settings of Ringfence with their defaults; docs/operations/configuration.md
# has them with their bounds. Remove the # before a setting to change it.
# "ringfence config check" says whether the file can be used.

`

func example(docs map[string]string) string {
	var b strings.Builder
	b.WriteString(exampleHead)
	walk(reflect.ValueOf(*Default()), "", func(s setting) {
		indent := strings.Repeat("  ", s.depth())
		name := s.field.Tag.Get("yaml")
		switch {
		case s.each:
			return
		case s.section():
			fmt.Fprintf(&b, "\n%s%s%s:\n", comment(docs[s.owner+"."+s.field.Name], indent), indent, name)
		default:
			fmt.Fprintf(&b, "%s%s#%s: %s\n", comment(docs[s.owner+"."+s.field.Name], indent), indent, name, flow(s.value))
		}
	})
	return b.String()
}

// comment wraps text at 80 characters.
func comment(text, indent string) string {
	var b strings.Builder
	line := ""
	for _, word := range strings.Fields(text) {
		if len(indent)+2+len(line)+1+len(word) > 80 {
			fmt.Fprintf(&b, "%s# %s\n", indent, strings.TrimSpace(line))
			line = ""
		}
		line += " " + word
	}
	fmt.Fprintf(&b, "%s# %s\n", indent, strings.TrimSpace(line))
	return b.String()
}

func TestDurationsAndSizesReadBack(t *testing.T) {
	for _, d := range []time.Duration{0, 1, time.Millisecond, time.Second, 90 * time.Second, time.Minute, time.Hour, 720 * time.Hour, 90 * time.Minute, 10 * time.Minute} {
		if got, err := parseDuration(formatDuration(d)); err != nil || got != d {
			t.Errorf("%v is written %s and read %v, %v", d, formatDuration(d), got, err)
		}
	}
	for _, n := range []Bytes{0, 1, 1023, KiB, 1500, 3 * MiB, GiB, 1 << 44} {
		if got, err := parseBytes(n.String()); err != nil || got != n {
			t.Errorf("%d is written %s and read %d, %v", int64(n), n, got, err)
		}
	}
}
