package guard

import (
	"math/rand/v2"
	"os"
	"strings"
	"testing"
)

// naive returns the length of the longest end of answer that stands in text.
func naive(text, answer string) int {
	for n := len(answer); n > 0; n-- {
		if strings.Contains(text, answer[len(answer)-n:]) {
			return n
		}
	}
	return 0
}

// The overlap must be what a slow search finds, whatever repeats in the text.
func TestOverlapEqualsSlowSearch(t *testing.T) {
	const k = 8
	for seed := range uint64(60) {
		rnd := rand.New(rand.NewPCG(seed, 7))
		letter := func() byte { return "ab"[rnd.IntN(2)] }
		if seed%3 == 0 {
			letter = func() byte { return "abcdefgh"[rnd.IntN(8)] }
		}
		var b strings.Builder
		for range 200 {
			b.WriteByte(letter())
		}
		text := b.String()
		x := newIndex([]string{text}, k, false)
		o := &overlap{index: x, leak: Leak{}.complete()}
		l := &letters{}
		answer := ""
		for len(answer) < 250 { // pieces of the text with noise between
			i := rnd.IntN(len(text) - 40)
			answer += text[i:i+rnd.IntN(40)] + string(letter())
		}
		for i := range len(answer) {
			l.ring[l.count%ringSize] = letterPos{c: answer[i], start: int32(i)}
			l.count++
			o.next(l)
			want := naive(text, answer[:i+1])
			if want < k {
				want = 0
			}
			if o.size != want {
				t.Fatalf("seed %d, after %d letters: overlap %d, want %d", seed, i+1, o.size, want)
			}
		}
	}
}

// answerCase is a line of testdata/guard/answers.txt.
func TestAnswers(t *testing.T) {
	raw, err := os.ReadFile("../../testdata/guard/answers.txt")
	if err != nil {
		t.Fatal(err)
	}
	system, cases, _ := strings.Cut(string(raw), "\n====\n")
	g := newGuard(t, Policy{})
	c := Context{System: []string{strings.TrimPrefix(system, "system\n")}, Canaries: []string{"heron-4711-blau"}, AllowedURLs: []string{"https://shop.example/"}}
	for one := range strings.SplitSeq(cases, "\n--\n") {
		want, answer, ok := strings.Cut(one, "\n")
		if !ok {
			t.Fatalf("no answer under %q", one)
		}
		_, found := through(t, g, c, []string{answer})
		got := "allow"
		if v := worst(found); v != nil {
			got = v.Action.String() + " " + v.Reason
		}
		if got != want {
			t.Errorf("%s, want %s: %q\n\t%+v", got, want, answer, found)
		}
	}
}
