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
	a, b := Own(false, 5, 1), Own(true, 5, 1)
	for _, f := range append(a, b...) {
		for _, s := range f.Texts {
			if s == "" || strings.ContainsAny(s, "|\x00\x01") && !strings.Contains(s, "system(") {
				t.Errorf("%s: %q", f.Name, s)
			}
		}
	}
	if len(a) == 0 || len(b) == 0 {
		t.Error("nothing written")
	}
}
