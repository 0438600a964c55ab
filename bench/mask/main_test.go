package main

import (
	"testing"

	"ringfence/internal/mask"
)

// TestAccuracyHolds runs a small part of the table and fails where it falls.
func TestAccuracyHolds(t *testing.T) {
	g, err := newGenerator(2)
	if err != nil {
		t.Fatal(err)
	}
	m := rulesAlone()
	types := map[string]*score{}
	for i := range 800 {
		text := g.text(g.languages[i%len(g.languages)])
		spans, err := spansOf(m, text)
		if err != nil {
			t.Fatal(err)
		}
		compare(text, spans, types, map[string]*score{}, "", "")
	}
	if len(types) < 9 {
		t.Errorf("only %d types in 800 texts", len(types))
	}
	for typ, s := range types {
		if float64(s.found) < .99*float64(s.there) || float64(s.right) < .99*float64(s.said) {
			t.Errorf("%s: %d of %d found, %d of %d spans right", typ, s.found, s.there, s.right, s.said)
		}
	}
}

// TestScoresCountMisses feeds the measure what it must not like.
func TestScoresCountMisses(t *testing.T) {
	text := generated{text: "call 0170 1234567 or a@example.org", slots: []slot{{5, 17, mask.PHONE}, {21, 34, mask.EMAIL}}}
	types := map[string]*score{}
	spans := []byteSpan{{slot{5, 16, mask.PHONE}, "cut"}, {slot{0, 4, mask.PERSON}, "false"}, {slot{21, 34, mask.IP}, "wrong type"}}
	compare(text, spans, types, map[string]*score{}, "", "")
	for _, typ := range []string{"PHONE", "EMAIL"} {
		if types[typ].found != 0 || types[typ].there != 1 {
			t.Errorf("%s: %+v", typ, types[typ])
		}
	}
	if types["PERSON"].said != 1 || types["PERSON"].right != 0 || types["IP"].right != 0 {
		t.Errorf("false masks are not counted: %+v %+v", types["PERSON"], types["IP"])
	}
	if leaked, personal := leak(text, spans); leaked != 1 || personal != 25 {
		t.Errorf("%d of %d characters leak, want 1 of 25", leaked, personal)
	}
}

func TestGeneratedValuesStandWhereSlotsSay(t *testing.T) {
	g, err := newGenerator(3)
	if err != nil {
		t.Fatal(err)
	}
	for range 200 {
		a := g.text("de")
		for i, s := range a.slots {
			if s.start >= s.end || s.end > len(a.text) || i > 0 && s.start < a.slots[i-1].end {
				t.Fatalf("%+v in %q", s, a.text)
			}
		}
	}
}
