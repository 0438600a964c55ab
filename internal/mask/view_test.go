package mask

import (
	"math/rand/v2"
	"testing"
	"unicode/utf8"
)

func TestViewReadsWhatPeopleRead(t *testing.T) {
	for _, c := range []struct{ written, read string }{
		{"plain text", "plain text"},
		{"Ｆｕｌｌ　ｗｉｄｔｈ ＠ １２", "Full width @ 12"},
		{"e\u0301 u\u0308", "é ü"},
		{"ﬁne", "fine"},
		{"a\u200bb\u00adc\ufeffd\u202ee", "abcde"},
		{"tag\U000e0041\U000e0042s", "tags"},
		{"a&#64;b &commat; &uuml; &amp;#64; &nbsp;x", "a@b @ ü @  x"},
		{"a%40b %C3%BC %2540 %zz 100%", "a@b ü @ %zz 100%"},
		{`J\u00fcrgen \ud83d\ude00 a\/b \"x\" n\nn`, "Jürgen 😀 a/b \"x\" n\nn"},
		{`\\u00fc \\\"x\\\"`, `ü "x"`},
		{`C:\dir\\`, `C:\dir\`},
		{"& &; &nosuch; &amp", "& &; &nosuch; &amp"},
		{"\xff\xc3(", "\ufffd\ufffd("},
	} {
		if got := newView(c.written).s; got != c.read {
			t.Errorf("%q reads as %q, want %q", c.written, got, c.read)
		}
	}
}

// TestViewMapsToWholeCharacters maps every range of random texts back.
func TestViewMapsToWholeCharacters(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for range 3000 {
		text := randomText(r)
		v := newView(text)
		last := 0
		for i := 0; i < len(v.s); {
			_, size := utf8.DecodeRuneInString(v.s[i:])
			from, to := v.original(i, i+size)
			if from < 0 || to <= from || to > len(text) || from < last && to < last {
				t.Fatalf("%q: %d maps to %d:%d after %d", text, i, from, to, last)
			}
			if !startsRune(text, from) || !startsRune(text, to) {
				t.Fatalf("%q: %d:%d cuts a character", text, from, to)
			}
			last = from
			i += size
		}
	}
}

// startsRune says whether no valid character is cut at i.
func startsRune(s string, i int) bool {
	for k := max(0, i-3); k < i; k++ {
		if r, size := utf8.DecodeRuneInString(s[k:]); r != utf8.RuneError && k+size > i {
			return false
		}
	}
	return true
}

func TestWordsFoldAlike(t *testing.T) {
	for _, same := range [][]string{
		{"Müller", "MÜLLER", "mueller", "Mu\u0308ller", "Muller", "Мüller"},
		{"Groß", "gross", "GROSS"},
		{"Ångström", "Aangstroem", "angstrom"},
		{"Łódź", "Lodz"},
		{"Œuvre", "oeuvre"},
		{"Ægir", "aegir"},
		{"Ελένη", "ΕΛΕΝΗ", "ελενη"},
	} {
		for _, other := range same[1:] {
			if hashWord(newView(same[0]).s) != hashWord(newView(other).s) {
				t.Errorf("%q and %q differ", same[0], other)
			}
		}
	}
	if hashWord("Anna") == hashWord("Anne") || hashWord("Muster") == hashWord("Meister") {
		t.Error("different names are the same")
	}
}
