package known

import (
	"encoding/binary"
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"
)

var testKey = Key{1, 2, 3}

// ends reports what the set knows of a run of letters, read as the window reads:
// from its first letters on, one by one.
func ends(s *Set, letters string) (End, []End, bool) {
	b := []byte(letters)
	if len(b) < Shortest {
		return End{}, nil, false
	}
	n, ok := s.Start(binary.LittleEndian.Uint32(b))
	for i := Shortest + 1; ok && i <= min(len(b), Longest); i++ {
		n, ok = s.Next(n, b[:i])
	}
	if !ok {
		return End{}, nil, false
	}
	return s.Ends(n, b[:min(len(b), Longest)])
}

func set(t testing.TB, values ...string) *Set {
	t.Helper()
	s := New(testKey)
	for i, v := range values {
		w, ok := testKey.Compile([]byte(v))
		if !ok {
			t.Fatalf("%q is too short", v)
		}
		s.Put(w, End{Owner: uint64(i + 1), Kind: 3})
	}
	return s
}

func TestValuesAreFoundAndNothingElse(t *testing.T) {
	long := strings.Repeat("abcdefgh", 12)
	values := []string{"anna", "annabelle", "annabell", "maria@gmxde", "100kgofwool", long}
	s := set(t, values...)
	for i, v := range values {
		if e, _, ok := ends(s, v); !ok || e.Owner != uint64(i+1) {
			t.Errorf("%q: %+v %v", v, e, ok)
		}
	}
	for _, v := range []string{"ann", "annab", "annabel", "annabelles", "bnna", "maria@gmxd", "maria@gmxdex", "xabcdefgh", "", "100kg"} {
		if e, _, ok := ends(s, v); ok {
			t.Errorf("%q is known: %+v", v, e)
		}
	}
}

// Property: whatever is put is found, what differs in one letter is not, and a
// beginning that leads nowhere is given up.
func TestRandomValues(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 9))
	word := func() string {
		b := make([]byte, Shortest+r.IntN(70))
		for i := range b {
			b[i] = byte('a' + r.IntN(4))
		}
		return string(b)
	}
	had := map[string]bool{}
	s := New(testKey)
	for range 2000 {
		v := word()
		w, _ := testKey.Compile([]byte(v))
		s.Put(w, End{Owner: 1})
		had[v[:min(len(v), Longest)]] = true
	}
	for v := range had {
		if _, _, ok := ends(s, v); !ok {
			t.Fatalf("%q was put and is not found", v)
		}
		b := []byte(v)
		b[r.IntN(len(b))] = 'z'
		if _, _, ok := ends(s, string(b)); ok {
			t.Fatalf("%q was never put", b)
		}
	}
	if s.Len() != len(had) {
		t.Errorf("%d values of %d", s.Len(), len(had))
	}
}

func TestOneValueOfTwoOwners(t *testing.T) {
	s := set(t, "mariaschmidt", "mariaschmidt", "mariaschmidt")
	e, more, ok := ends(s, "mariaschmidt")
	if !ok || e.Owner != 1 || len(more) != 2 {
		t.Errorf("%+v %+v %v", e, more, ok)
	}
}

// What is stored is hashes, and does as well as what was compiled here.
func TestStoredWords(t *testing.T) {
	w, _ := testKey.Compile([]byte("supplierwollstein"))
	raw, err := json.Marshal(w)
	if err != nil || strings.Contains(string(raw), "supp") {
		t.Fatalf("%s %v", raw, err)
	}
	var again Word
	if err := json.Unmarshal(raw, &again); err != nil {
		t.Fatal(err)
	}
	s := New(testKey)
	s.Put(again, End{Kind: 7})
	for range 2 { // the second time from memory
		if e, _, ok := ends(s, "supplierwollstein"); !ok || e.Kind != 7 {
			t.Errorf("%+v %v", e, ok)
		}
		if _, _, ok := ends(s, "otherletters"); ok {
			t.Error("nobody put this")
		}
	}
	later, _ := testKey.Compile([]byte("otherletters"))
	s.Put(later, End{Kind: 8})
	if e, _, ok := ends(s, "otherletters"); !ok || e.Kind != 8 {
		t.Errorf("what was asked before it was put: %+v %v", e, ok)
	}
}

func TestKeysAndUsesDiffer(t *testing.T) {
	a, _ := Key{1}.Compile([]byte("wollstein"))
	b, _ := Key{2}.Compile([]byte("wollstein"))
	if a.Sum == b.Sum || a.Sum == (Key{1}).Mark("wollstein") || a.Steps[0] == a.Sum {
		t.Error("hashes of different keys or uses are equal")
	}
	if (Key{1}).Mark("ab", "c") == (Key{1}).Mark("a", "bc") {
		t.Error("the boundary of a mark's parts can be shifted")
	}
	if _, ok := testKey.Compile([]byte("abc")); ok {
		t.Error("three letters are a value")
	}
}

func TestSteps(t *testing.T) {
	for n, want := range map[int]int{0: 0, 3: 0, 4: 1, 5: 1, 6: 2, 63: 11, 64: 12, 200: 12} {
		if got := Steps(n); got != want {
			t.Errorf("%d letters: %d beginnings, want %d", n, got, want)
		}
	}
}
