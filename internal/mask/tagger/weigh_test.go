package tagger

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// TestWeighingIsAddingUp holds the way weights are added up against what it means: the sum over a word's features, in a
// table that remembers nothing.
func TestWeighingIsAddingUp(t *testing.T) {
	m := Default()
	s := newScratch()
	random := rand.New(rand.NewPCG(1, 2))
	words := strings.Fields(`Anna anna ANNA Müller de la O'Neil 12 A12 漢字 straße und Straße, bestellt. I my size: wool - (Petra) "ask"
		Donaudampfschifffahrtsgesellschaftskapitän Kowalskiego Anny è x ́ !`)
	for range 400 {
		var b strings.Builder
		for range random.IntN(150) {
			word := words[random.IntN(len(words))]
			if random.IntN(3) == 0 { // a word nobody has met
				letters := []rune(word + "aeßö")
				random.Shuffle(len(letters), func(i, k int) { letters[i], letters[k] = letters[k], letters[i] })
				word = string(letters)
			}
			b.WriteString(word + " ")
		}
		checkWeights(t, m, s, b.String())
	}
}

func checkWeights(t *testing.T, m *Model, s *scratch, text string) {
	t.Helper()
	for at := 0; at < len(text); {
		at = s.read(text, at, m)
		s.weigh(m.weights)
		for i := range s.words {
			var want [1][labels]float32
			features := s.describe(i)
			for _, f := range features {
				for k := 1; k < labels; k++ {
					want[0][k] += float32(int(uint8(m.weights.of(f)>>(8*(k-1))))-128) * weightScale
				}
			}
			if len(features) > mostFeatures {
				t.Fatalf("%d features, more than can be added up", len(features))
			}
			plain := scratch{emit: want[:]}
			plain.exponentials()
			if s.emit[i] != want[0] {
				t.Fatalf("word %d in %q weighs %v, want %v", i, text, s.emit[i], want[0])
			}
		}
	}
}
