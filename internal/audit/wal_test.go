package audit

import (
	"bytes"
	"fmt"
	"testing"
)

// sampleWAL is a write-ahead log of three batches from index 7 on, and where its batches start.
func sampleWAL() (text []byte, starts []int) {
	text = appendBatch(nil, 7, nil)
	next := int64(7)
	for _, count := range []int{1, 3, 2} {
		var entries [][]byte
		for i := range count {
			entries = append(entries, fmt.Appendf(nil, `{"n":%d,"t":"%s"}`, next+int64(i), bytes.Repeat([]byte("x"), 90)))
		}
		starts = append(starts, len(text))
		text = appendBatch(text, next, entries)
		next += int64(count)
	}
	return text, starts
}

func TestWALRoundTrip(t *testing.T) {
	text, _ := sampleWAL()
	s, damage := parseWAL(text)
	if damage != nil || s.first != 7 || s.end() != 13 || s.torn != 0 {
		t.Fatalf("%+v, %v", s, damage)
	}
	for i, e := range s.entries {
		if want := fmt.Sprintf(`{"n":%d,`, 7+i); !bytes.HasPrefix(e, []byte(want)) {
			t.Errorf("entry %d is %s", i, e)
		}
	}
}

// A crash leaves the last batch cut short, or with sectors that read as zeros: torn, not damaged.
func TestWALTornTail(t *testing.T) {
	text, starts := sampleWAL()
	last := starts[len(starts)-1]
	for cut := last + 1; cut < len(text); cut++ {
		s, damage := parseWAL(text[:cut])
		if damage != nil || s.end() != 11 || s.torn != cut-last {
			t.Fatalf("cut at %d: end %d, torn %d, %v", cut, s.end(), s.torn, damage)
		}
	}
	for from := last; from < len(text)-2; from += 3 {
		torn := bytes.Clone(text)
		clear(torn[from:min(from+64, len(torn))])
		if s, damage := parseWAL(torn); damage != nil || s.end() != 11 || s.torn != len(text)-last {
			t.Fatalf("zeros from %d: end %d, torn %d, %v", from, s.end(), s.torn, damage)
		}
	}
}

// One changed byte is never taken for a torn write, wherever it is and whatever it became.
func TestWALChangedByteIsDamage(t *testing.T) {
	text, starts := sampleWAL()
	for at := range text {
		for _, value := range []byte{0, text[at] ^ 0x20, text[at] ^ 1, '\n', '='} {
			if value == text[at] {
				continue
			}
			changed := bytes.Clone(text)
			changed[at] = value
			s, damage := parseWAL(changed)
			if damage == nil {
				t.Fatalf("byte %d to %q: end %d, torn %d, no damage", at, value, s.end(), s.torn)
			}
			if at >= starts[1] && at < starts[2] && (damage.First != 8 || s.end() != 8) {
				t.Fatalf("byte %d to %q: damage from %d, %d before it", at, value, damage.First, s.end())
			}
		}
	}
}

// An earlier batch was acknowledged before a later one was written: it cannot be torn.
func TestWALHoleBeforeAnIntactBatchIsDamage(t *testing.T) {
	text, starts := sampleWAL()
	clear(text[starts[1]:starts[2]])
	if _, damage := parseWAL(text); damage == nil || damage.First != 8 {
		t.Errorf("a hole in the middle: %v", damage)
	}
}

func TestWALLinesInPlace(t *testing.T) {
	one := []byte(`{"n":1}`)
	for name, text := range map[string][]byte{
		"a gap":            appendBatch(appendBatch(nil, 0, nil), 1, [][]byte{one}),
		"an overlap":       appendBatch(appendBatch(appendBatch(nil, 0, nil), 0, [][]byte{one}), 0, [][]byte{one}),
		"two lines in one": appendBatch(appendBatch(nil, 0, nil), 0, [][]byte{[]byte("a\nb")}),
		"no start":         appendBatch(nil, 0, [][]byte{one}),
		"nothing":          nil,
	} {
		if _, damage := parseWAL(text); damage == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func FuzzParseWAL(f *testing.F) {
	text, _ := sampleWAL()
	f.Add(text)
	f.Add(text[:len(text)-5])
	f.Add(appendBatch(nil, 0, nil))
	f.Fuzz(func(t *testing.T, in []byte) {
		s, damage := parseWAL(in)
		if damage == nil && s.torn == 0 && len(in) < headerLen {
			t.Fatalf("%q accepted", in)
		}
		if damage == nil {
			rest := in[len(in)-s.torn:]
			if again, _ := parseWAL(in[:len(in)-len(rest)]); again.end() != s.end() || again.torn != 0 {
				t.Fatalf("without its torn tail it reads otherwise: %+v", again)
			}
		}
	})
}
