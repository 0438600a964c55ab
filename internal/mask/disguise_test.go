package mask

import (
	"fmt"
	"html"
	"math/rand/v2"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"
)

// disguises are ways a known name reaches a prompt. None of them may get it past the masker.
var disguises = map[string]func(r *rand.Rand, name string) string{
	"as is":  func(_ *rand.Rand, s string) string { return s },
	"upper":  func(_ *rand.Rand, s string) string { return strings.ToUpper(s) },
	"lower":  func(_ *rand.Rand, s string) string { return strings.ToLower(s) },
	"sorted": func(_ *rand.Rand, s string) string { a, b, _ := strings.Cut(s, " "); return b + ", " + a },
	"spaced": func(_ *rand.Rand, s string) string { return strings.ReplaceAll(s, " ", " \u00a0\t") },
	"broken": func(_ *rand.Rand, s string) string { return strings.ReplaceAll(s, " ", "\r\n    ") },
	"joined": func(_ *rand.Rand, s string) string { return strings.ReplaceAll(s, " ", "_") },
	"umlauts": func(_ *rand.Rand, s string) string {
		return strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "ß", "ss").Replace(s)
	},
	"entities": func(_ *rand.Rand, s string) string {
		return perRune(s, func(r rune) string { return fmt.Sprintf("&#%d;", r) })
	},
	"named":   func(_ *rand.Rand, s string) string { return strings.ReplaceAll(html.EscapeString(s), " ", "&nbsp;") },
	"percent": func(_ *rand.Rand, s string) string { return strings.ReplaceAll(url.PathEscape(s), " ", "%20") },
	"json": func(_ *rand.Rand, s string) string {
		return perRune(s, func(r rune) string { return fmt.Sprintf(`\u%04x`, r) })
	},
	"json²": func(_ *rand.Rand, s string) string {
		return perRune(s, func(r rune) string { return fmt.Sprintf(`\\u%04x`, r) })
	},
	"wide": func(_ *rand.Rand, s string) string {
		return strings.Map(func(r rune) rune {
			if 'A' <= r && r <= 'z' {
				return r + 0xfee0
			}
			return r
		}, s)
	},
	"invisible": func(r *rand.Rand, s string) string {
		hidden := []string{"", "\u200b", "\u00ad", "\u2060", "\U000e0041"}
		s = perRune(s, func(c rune) string { return hidden[r.IntN(len(hidden))] + string(c) })
		return strings.TrimLeft(s, strings.Join(hidden, ""))
	},
	"look-alikes": func(_ *rand.Rand, s string) string {
		return strings.NewReplacer("a", "а", "e", "е", "o", "о", "c", "с", "p", "р", "x", "х").Replace(s)
	},
	"decomposed": func(_ *rand.Rand, s string) string {
		return strings.NewReplacer("ä", "a\u0308", "ö", "o\u0308", "ü", "u\u0308", "é", "e\u0301", "ł", "ł").Replace(s)
	},
}

func perRune(s string, f func(rune) string) string {
	var b strings.Builder
	for _, r := range s {
		b.WriteString(f(r))
	}
	return b.String()
}

func TestKnownNamesAreFoundInEveryDisguise(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	names := []string{"Jürgen Müller", "Anneliese Weißgerber", "Łukasz Wójcik", "Zoé Lefèvre", "Björn Åkerström", "Íñigo Muñoz",
		"Oana Țîrlea", "Søren Kjærgaard"}
	for how, disguise := range disguises {
		for _, name := range names {
			v := NewVault(VaultOptions{})
			p := shared.Open(v)
			p.Seed(Person{Name: name})
			hidden := disguise(r, name)
			text := "for (" + hidden + ") today"
			masked, err := p.Hide(text)
			if err != nil {
				t.Fatal(err)
			}
			if masked.String() != "for ([PERSON_1]) today" {
				t.Errorf("%s: %q is masked as %q", how, text, masked)
			}
			if got := v.Restore(masked.String(), Exact); got != text {
				t.Errorf("%s: restored %q", how, got)
			}
			if got := v.Restore(masked.String(), Plain); !utf8.ValidString(got) || strings.Contains(got, "&#") || strings.Contains(got, `\u`) {
				t.Errorf("%s: for people %q", how, got)
			}
		}
	}
}
