package attacks

import (
	"slices"
	"strings"
	"testing"
)

func TestTemplatesWrite(t *testing.T) {
	if got := (template{text: `{a|b}{|c} {d} $x`}).texts(map[string][]string{"x": {"y{1|2}"}}, 50, 1); !slices.Contains(got, "ac {d} y1") || !slices.Contains(got, "b {d} y2") || len(got) != 8 {
		t.Errorf("%q", got)
	}
	a := Own(5, 1)
	for _, f := range a {
		for _, s := range f.Texts {
			if s == "" || strings.ContainsAny(s, "\x00\x01") || strings.Contains(s, "{a|") {
				t.Errorf("%s: %q", f.Name, s)
			}
		}
	}
	if len(a) == 0 {
		t.Error("nothing written")
	}
	for i, s := range a[0].Texts[:5] { // of one template
		if a[0].Fold(i, 5) != a[0].Fold(0, 5) {
			t.Errorf("%q lies in another fold", s)
		}
	}
}

func TestPadStaysInItsPart(t *testing.T) {
	p := Pad(Own(3, 1), 30, 1)
	for i, s := range p.Texts {
		if got := p.Fold(i, Folds); got != i%Folds {
			t.Errorf("text %d lies in part %d", i, got)
		}
		if strings.Count(s, " ") < 60 {
			t.Errorf("%q is not long", s)
		}
	}
}
