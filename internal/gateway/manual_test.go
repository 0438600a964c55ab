package gateway_test

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"ringfence/internal/gateway"
	"ringfence/internal/gateway/dialect"
)

const (
	manual    = "../../docs/operations/dialects.md"
	generated = "<!-- From here on written by `go test ./internal/gateway -run TestManual -update`. -->\n"
)

// The manual of the dialects says what the code does: its tables are written
// by the code.
func TestManual(t *testing.T) {
	b, err := os.ReadFile(manual)
	if err != nil {
		t.Fatal(err)
	}
	head, old, ok := strings.Cut(string(b), generated)
	if !ok {
		t.Fatalf("%s has no line %q", manual, generated)
	}
	now := tables()
	if *update {
		if err := os.WriteFile(manual, []byte(head+generated+now), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if old != now {
		t.Errorf("the tables of %s are not those of the code; write them with -update and read them", manual)
	}
}

func tables() string {
	var b strings.Builder
	b.WriteString("\n## Paths\n\n| dialect | paths |\n|---|---|\n")
	for _, r := range gateway.Routes() {
		fmt.Fprintf(&b, "| %s | `%s` |\n", r.Dialect.Name(), strings.Join(r.Paths, "` `"))
	}
	b.WriteString("\n## Refused paths\n\n| code | paths |\n|---|---|\n")
	absent := gateway.Absent()
	for _, code := range slices.Sorted(maps.Keys(absent)) {
		fmt.Fprintf(&b, "| %s | `%s` |\n", code, strings.Join(absent[code], "` `"))
	}
	done := map[string]bool{}
	for _, r := range gateway.Routes() {
		if name := r.Dialect.Name(); !done[name] {
			done[name] = true
			fmt.Fprintf(&b, "\n## %s\n\n| field | becomes | |\n|---|---|---|\n", name)
			rows(&b, r.Dialect.Fields())
		}
	}
	return b.String()
}

// rows writes fields of one class and note as one row, in the order of the table.
func rows(b *strings.Builder, fields []dialect.Field) {
	type kind struct {
		class dialect.Class
		note  string
	}
	paths := map[kind][]string{}
	var order []kind
	for _, f := range fields {
		if strings.HasPrefix(f.Path, "ringfence.") {
			continue // the same everywhere, and in configuration.md
		}
		k := kind{f.Class, f.Note}
		if paths[k] == nil {
			order = append(order, k)
		}
		paths[k] = append(paths[k], f.Path)
	}
	for _, k := range order {
		fmt.Fprintf(b, "| `%s` | %s | %s |\n", strings.Join(paths[k], "` `"), k.class, k.note)
	}
}
