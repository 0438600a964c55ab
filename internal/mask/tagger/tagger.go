// Package tagger finds names of people and places in running text with a small trained model: a linear
// conditional random field over hashed features, in pure Go, with its weights in the binary.
//
// First step: [Default], then [Model.Tag] for a text. [Train] makes a new model from marked examples.
//
// Promise: time and memory are linear in the text, a tag never cuts a word, the same text gives the same
// tags on every machine of one architecture, and a [Model] is safe for concurrent use.
//
// Danger: it guesses. It knows eight European languages, some of them from few examples, and misses names
// that look like ordinary words. Treat it as one more pair of eyes, never as the only one.
package tagger

import (
	"runtime"
	"sync"
)

// Label is what a word is part of.
type Label uint8

// The labels. Organisations are told apart so that they are not taken for people.
const (
	Other Label = iota
	PersonBegin
	PersonInside
	Place
	Organisation
	labels = iota
)

// Tag is a run of words that the model takes for a name.
type Tag struct {
	Start, End int // bytes
	Label      Label
	// Score is the model's probability for the surest of the words.
	Score float64
}

// Thresholds say how sure the model must be of a word, as probabilities: of one word of a name at least
// (Seed), and of its neighbours (Grow); of the surest word of a place or an organisation.
type Thresholds struct{ Seed, Grow, Place, Company float32 }

// A Model holds weights. It is immutable, but for memory that is used again.
type Model struct {
	weights *weights
	names   *names
	hidden  func(fold uint64) bool // names to treat as unlisted; nil: none
	idle    chan *scratch
}

// Default returns the model that is part of the program.
var Default = sync.OnceValue(func() *Model {
	w, err := readWeights(weightFile)
	if err != nil {
		panic("tagger: damaged weights in the binary: " + err.Error())
	}
	return newModel(w, nameFile)
})

// New returns a model of a file that [Train] made and the name table it was made with.
func New(weightFile, nameTable []byte) (*Model, error) {
	w, err := readWeights(string(weightFile))
	return newModel(w, string(nameTable)), err
}

func newModel(w *weights, nameTable string) *Model {
	return &Model{weights: w, names: readNames(nameTable), idle: make(chan *scratch, runtime.GOMAXPROCS(0))}
}

// Without returns the model as it is for people whose names are not on its lists: it treats a tenth of the
// list, chosen by hash, as not being there. It is for measuring.
func (m *Model) Without() *Model {
	without := newModel(m.weights, m.names.table)
	without.hidden = HeldOut
	return without
}

// Listed says whether a word is on a list of names.
func (m *Model) Listed(word string) bool { return m.names.of(Fold(word))&(GivenName|FamilyName) != 0 }

// HeldOut says whether a folded name belongs to the tenth that is kept for measuring.
func HeldOut(fold uint64) bool { return fold%10 == 3 }

// segmentWords is the most words the model reads together.
const segmentWords = 100

// Tag finds names in a text. Tags are disjoint and in order.
func (m *Model) Tag(text string, t Thresholds, add func(Tag)) {
	s := m.take()
	defer m.giveBack(s)
	for at := 0; at < len(text); {
		at = s.read(text, at, m)
		s.weigh(m.weights)
		s.marginals(&m.weights.step)
		s.tags(t, add)
	}
}

// take returns memory for one reading. It is kept from reading to reading, also over collections: what it remembers saves
// most of the next one's time.
func (m *Model) take() *scratch {
	select {
	case s := <-m.idle:
		return s
	default:
		return newScratch()
	}
}

func (m *Model) giveBack(s *scratch) {
	select {
	case m.idle <- s:
	default:
	}
}

// tags turns probabilities into runs of words.
func (s *scratch) tags(t Thresholds, add func(Tag)) {
	for i := 0; i < len(s.words); {
		switch {
		case s.person(i) >= t.Grow:
			i = s.personRun(i, t, add)
		case s.prob[i][Place] >= t.Place:
			i = s.run(i, Place, t.Place, add)
		case s.prob[i][Organisation] >= t.Company:
			i = s.run(i, Organisation, t.Company, add)
		default:
			i++
		}
	}
}

func (s *scratch) person(i int) float32 { return s.prob[i][PersonBegin] + s.prob[i][PersonInside] }

// personRun reads one person from word i on and returns the word behind.
func (s *scratch) personRun(i int, t Thresholds, add func(Tag)) int {
	end, best := i+1, s.person(i)
	for end < len(s.words) && s.person(end) >= t.Grow && s.words[end].joined() && !s.begins(end) {
		best = max(best, s.person(end))
		end++
	}
	if best >= t.Seed {
		add(Tag{s.words[i].start, s.words[end-1].end, PersonBegin, float64(best)})
	}
	return end
}

// begins says whether a second person begins at word i.
func (s *scratch) begins(i int) bool { return s.prob[i][PersonBegin] > s.prob[i][PersonInside] }

// run reads a place or an organisation from word i on and returns the word behind.
func (s *scratch) run(i int, l Label, least float32, add func(Tag)) int {
	end, best := i+1, s.prob[i][l]
	for end < len(s.words) && s.prob[end][l] >= least/2 && (s.words[end].joined() || l == Organisation && s.words[end].gap == path) {
		best = max(best, s.prob[end][l])
		end++
	}
	add(Tag{s.words[i].start, s.words[end-1].end, l, float64(best)})
	return end
}
