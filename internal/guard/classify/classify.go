// Package classify scores how much a text reads like an attack on a model: a
// linear model over hashed features of its words, in windows, and a small network
// that weighs the loudest window against the rest of the text.
//
// First step: Default().Score(tokens), with the tokens package guard makes.
//
// Promise: a score depends on the tokens alone, time is linear in their number,
// and a window that reads like an attack counts, if less, however much harmless
// text stands around it.
//
// Danger: it knows what it was trained on. A low score proves nothing, and a
// high one means "reads like": what follows from it is decided by thresholds.
package classify

import (
	"math"
	"sync"

	_ "embed"
)

// Token is a word of a text.
type Token struct {
	Word     []byte   // folded
	Begins   bool     // a sentence
	Concepts []uint32 // hashes of what it means in any language: see Mark
	Rules    []uint32 // hashes of the rules that fired at it: see Mark
}

// Head is a question a model answers.
type Head int

// The heads of a model.
const (
	Direct   Head = iota // somebody who talks to the model attacks it
	Indirect             // a text that is only to be read gives orders to its reader
	heads
)

// Finding is the window that answers one head loudest.
type Finding struct {
	Logit    float64 // of the probability that it is an attack, by what was learnt
	From, To int     // tokens
}

// Model is trained weights. Safe for concurrent use.
type Model struct {
	cells  []int8 // feature*heads + head
	mask   uint32
	scale  [heads]float32
	bias   [heads]float32
	second [heads]Second
}

//go:embed data/weights.bin
var weightFile string

// Default returns the model that comes with the program.
var Default = sync.OnceValue(func() *Model {
	m, err := read(weightFile)
	if err != nil {
		panic(err) // a fault of the build
	}
	return m
})

// Windows: a text is judged in runs of these many words, and as a whole when it
// is shorter. Runs begin at every stride.
var windowSizes = [...]int{12, 32, 80}

const stride = 4

// minWords keeps a word or two from deciding alone.
const minWords = 8

// norm divides the sum of a window's weights.
func norm(words int) float64 { return math.Sqrt(float64(max(words, minWords))) }

// Score returns for each head how much the text reads like an attack, and the
// loudest window.
func (m *Model) Score(ts []Token) (out [2]Finding) {
	profiles := m.Profiles(ts)
	for h := range profiles {
		out[h] = profiles[h].Loudest
		out[h].Logit = m.second[h].Logit(profiles[h])
	}
	return out
}

// Profiles returns what the windows say, by head.
func (m *Model) Profiles(ts []Token) (out [2]Profile) {
	sums := m.sums(ts)
	for h := range out {
		out[h] = m.profile(ts, sums, h)
	}
	out[Direct].inputs[inOther] = out[Indirect].inputs[inLoudest]
	out[Indirect].inputs[inOther] = out[Direct].inputs[inLoudest]
	return out
}

// sums returns the running sums of the words' weights: the weight of any window
// is the difference of two of them.
func (m *Model) sums(ts []Token) [][heads]int32 {
	sums := make([][heads]int32, len(ts)+1)
	var x extractor
	var features []uint32
	for i := range ts {
		features = x.appendRules(x.appendConcepts(x.append(features[:0], ts, i), ts, i), ts, i)
		sums[i+1] = sums[i]
		for _, f := range features {
			at := int(f&m.mask) * int(heads)
			sums[i+1][Direct] += int32(m.cells[at])
			sums[i+1][Indirect] += int32(m.cells[at+1])
		}
	}
	return sums
}

// windows calls each for every window of a text of n words.
func windows(n int, each func(from, to int)) {
	for _, size := range windowSizes {
		runs(n, size, each)
		if n <= size {
			return
		}
	}
}

// runs calls each for every window of size words.
func runs(n, size int, each func(from, to int)) {
	for from := 0; from+size < n; from += stride {
		each(from, from+size)
	}
	each(max(0, n-size), n)
}

// Likely turns a logit into a probability.
func Likely(logit float64) float64 { return 1 / (1 + math.Exp(-logit)) }
