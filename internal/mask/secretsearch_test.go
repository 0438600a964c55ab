package mask

import (
	"math/rand/v2"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"testing"
)

// TestSearchingForFormsIsMatchingThem writes texts around keys of each form and expects of formSearch what regexp finds.
func TestSearchingForFormsIsMatchingThem(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 8))
	around := strings.Fields(`key api token: secret= " ' ; , x_ 9 é 字 -- \n => password xoxb- ghp_ sk_live_ EAAA . ` + "\xff \n")
	slow, matches := 0, 0
	for i := range secretForms {
		form := &secretForms[i]
		tree, err := syntax.Parse(form.source, syntax.Perl)
		if err != nil {
			t.Fatal(err)
		}
		whole, fast := regexp.MustCompile(form.source), form.search()
		if fast.begins == nil {
			slow++
		}
		for range 25 {
			var b strings.Builder
			for range 1 + r.IntN(3) {
				for range r.IntN(6) {
					b.WriteString(around[r.IntN(len(around))])
					b.WriteString([]string{"", " ", "\n"}[r.IntN(3)])
				}
				if r.IntN(3) > 0 {
					write(r, &b, tree.Simplify())
				}
			}
			text := b.String()
			if r.IntN(3) == 0 {
				text = text[r.IntN(len(text)+1):]
			}
			var got [][]int
			fast.each(text, func(m []int) { got = append(got, m) })
			want := whole.FindAllStringSubmatchIndex(text, -1)
			if !slices.EqualFunc(got, want, slices.Equal[[]int]) {
				t.Fatalf("%s in %q: %v, want %v", form.rule, text, got, want)
			}
			matches += len(want)
		}
	}
	if slow > 5 || matches < 4*len(secretForms) {
		t.Errorf("%d forms say not how they begin, %d matches", slow, matches)
	}
}
