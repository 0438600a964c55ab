package mask

import (
	"math/rand/v2"
	"regexp/syntax"
	"strings"
	"testing"
)

// TestSecretForms writes a key in each service's form and expects it masked.
func TestSecretForms(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 9))
	m := New(Options{NoModel: true})
	wordOf := map[int]string{}
	for _, words := range secretWordsBy {
		for _, w := range words {
			for _, i := range w.forms {
				wordOf[i] = w.word
			}
		}
	}
	for i := range secretForms {
		f := &secretForms[i]
		tree, err := syntax.Parse(f.source, syntax.Perl)
		if err != nil {
			t.Errorf("%s: %v", f.rule, err)
			continue
		}
		found := false
		for range 40 {
			var b strings.Builder
			b.WriteString(wordOf[i] + " ")
			write(r, &b, tree.Simplify())
			p := m.Open(NewVault(VaultOptions{}))
			if _, err := p.Hide(b.String() + "\n"); err != nil {
				t.Fatal(err)
			}
			for _, s := range p.Spans() {
				found = found || s.Type == SECRET
			}
			if found {
				break
			}
		}
		if !found {
			t.Errorf("%s: no key of its form was masked", f.rule)
		}
	}
	p := m.Open(NewVault(VaultOptions{}))
	benign := "The adafruit board, our stripe payments and the api key feature: see https://docs.example/api-keys/getting-started-guide"
	if _, err := p.Hide(benign); err != nil || len(p.Spans()) > 0 {
		t.Errorf("%v, %v", p.Spans(), err)
	}
}

// write writes something that an expression matches.
func write(r *rand.Rand, b *strings.Builder, e *syntax.Regexp) {
	switch e.Op {
	case syntax.OpLiteral:
		for _, c := range e.Rune {
			b.WriteRune(c)
		}
	case syntax.OpCharClass:
		writeClass(r, b, e.Rune)
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		b.WriteByte(' ')
	case syntax.OpCapture:
		write(r, b, e.Sub[0])
	case syntax.OpPlus:
		for range 12 {
			write(r, b, e.Sub[0])
		}
	case syntax.OpConcat:
		for _, sub := range e.Sub {
			write(r, b, sub)
		}
	case syntax.OpAlternate:
		write(r, b, e.Sub[r.IntN(len(e.Sub))])
	case syntax.OpRepeat:
		for range max(e.Min, 1) {
			write(r, b, e.Sub[0])
		}
	}
}

// writeClass writes one of the plain characters of a class.
func writeClass(r *rand.Rand, b *strings.Builder, ranges []rune) {
	var plain []rune
	for i := 0; i < len(ranges); i += 2 {
		for c := max(ranges[i], '!'); c <= min(ranges[i+1], '~'); c++ {
			plain = append(plain, c)
		}
	}
	switch {
	case len(plain) > 0:
		b.WriteRune(plain[r.IntN(len(plain))])
	default:
		b.WriteByte(' ')
	}
}
