package mask

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// known are the people of people.txtar.
var known = []Person{
	{Name: "Anna Muster", Email: "anna@example.org", Phone: "+49 170 1234567", Address: "Hauptstraße 5, 10115 Berlin",
		Company: "Muster & Söhne GmbH"},
	{Name: "Jürgen Groß-Lange"},
	{Name: "Rose Lang"},
	{Name: "山田太郎"},
	{Name: "王小明"},
}

// TestRules runs each rule's cases: what it must catch and what it must leave alone.
func TestRules(t *testing.T) {
	ruleOf := map[string]Rule{}
	for _, r := range Rules() {
		ruleOf[r.Name] = r
	}
	files, err := filepath.Glob("../../testdata/mask/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no case files: %v", err)
	}
	seen := map[string]bool{}
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, section := range archive.Files {
			if _, ok := ruleOf[section.Name]; !ok {
				t.Errorf("%s: there is no rule %q", file, section.Name)
			}
			seen[section.Name] = true
			t.Run(section.Name, func(t *testing.T) {
				runRule(t, section.Name, string(section.Data), filepath.Base(file))
			})
		}
	}
	for name := range ruleOf {
		if !seen[name] && !strings.HasPrefix(name, "secret-") && name != "outside" { // TestSecretForms has those of services, room detector the last
			t.Errorf("rule %s has no cases", name)
		}
	}
}

// runRule runs one section of a file. Only the model's own cases run with the model.
func runRule(t *testing.T, rule, cases, file string) {
	model := file == "model.txtar"
	caught, left := 0, 0
	for line := range strings.Lines(cases) {
		line = strings.TrimSuffix(line, "\n")
		v := NewVault(VaultOptions{})
		o := Options{NoModel: !model}
		if file == "sensitive.txtar" {
			o.Sensitive = SensitiveMask
		}
		if file == "form.txtar" {
			o.Orders, o.Parcels = []string{"SO-2###-#####", "########-?"}, []string{"PX####"}
		}
		if file == "store.txtar" {
			o.Store = knownStore()
		}
		if earlier, later, ok := strings.Cut(line, " || "); ok { // an earlier request of the conversation
			text, _ := readCase(earlier)
			if _, err := New(o).Open(v).Hide(text); err != nil {
				t.Fatal(err)
			}
			line = later
		}
		text, want := readCase(line)
		p := New(o).Open(v)
		if file == "people.txtar" {
			p.Seed(known...)
		}
		p.Study(text)
		if _, err := p.Hide(text); err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		var got []string
		for i, s := range p.Spans() {
			if s.Type == TITLE && rule != "title" {
				continue // it comes with every Mrs; its own cases are enough
			}
			got = append(got, string(s.Type)+" "+text[p.cuts[i].from:p.cuts[i].to])
			if s.Rule == rule {
				caught++
			}
		}
		if len(want) == 0 {
			left++
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q\n got %q\nwant %q\n%v", text, got, want, p.Spans())
		}
	}
	if caught == 0 || left == 0 {
		t.Errorf("the cases of %s catch %d values by it and leave %d lines alone; both must be there", rule, caught, left)
	}
}

// readCase reads a line of a case file: the text, and what must be masked in it.
func readCase(line string) (text string, want []string) {
	line = strings.ReplaceAll(line, "⏎", "\n")
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(line, "«")
		b.WriteString(before)
		if !ok {
			return b.String(), want
		}
		var marked string
		marked, line, _ = strings.Cut(rest, "»")
		_, value, _ := strings.Cut(marked, " ")
		b.WriteString(value)
		want = append(want, marked)
	}
}
