package tagger

import (
	"math"
	"math/rand/v2"
)

// Example is a text with its names marked.
type Example struct {
	Text  string
	Marks []Mark // in order, disjoint
}

// Mark is a name in an example, in bytes.
type Mark struct {
	Start, End int
	Label      Label // PersonBegin, Place or Organisation
}

// TrainOptions say how to learn. All are needed.
type TrainOptions struct {
	Names    []byte // a NameTable
	Rounds   int
	Rate     float64 // AdaGrad's step
	Shrink   float64 // L2, per update
	Drop     float64 // share of features left out at random, so that none is relied on alone
	Keep     int     // features at most in the result
	Seed     uint64
	Progress func(round int, loss float64) // called after each round
}

// sizes of the tables of the learner, in bits of a feature's hash. Features that share a slot share weights.
const (
	seenBits = 28
	slotBits = 24
	// rare is how often a feature must be met to be learnt.
	rare = 3
)

// slot is a feature's weights with the sums of their squared gradients.
type slot struct{ w, g [labels - 1]float32 }

// trainer learns one model. Equal examples and options give equal weights on one architecture.
type trainer struct {
	TrainOptions
	scratch
	model Model
	slots []slot
	seen  []uint8 // how often each feature was met, up to 255
	trans [labels + 1][labels]struct{ w, g float32 }
	gold  []Label
	flow  transitions
	step  transitions // exponentials of flow
	rows  [][]uint32
	salt  uint64 // of the example
	dice  *rand.Rand
}

// Train returns the file of weights learnt from examples. A part of the names counts as unlisted while
// learning, so that the model does not rest on its lists alone.
func Train(examples []Example, o TrainOptions) []byte {
	t := &trainer{TrainOptions: o, slots: make([]slot, 1<<slotBits), seen: make([]uint8, 1<<seenBits)}
	t.lexicon = new(lexicon)
	t.model = Model{names: readNames(string(o.Names)), hidden: t.hides}
	t.dice = rand.New(rand.NewPCG(o.Seed, 5))
	order := rand.New(rand.NewPCG(o.Seed, 1))
	for _, e := range examples {
		t.each(e, t.count)
	}
	for round := range o.Rounds {
		order.Shuffle(len(examples), func(i, j int) { examples[i], examples[j] = examples[j], examples[i] })
		loss, n := 0.0, 0
		for _, e := range examples {
			t.each(e, func() { loss += t.learn(); n += len(t.words) })
		}
		o.Progress(round, loss/float64(n))
	}
	return writeWeights(weightScale, t.transitions(), t.best(examples))
}

// hides says whether the example at hand is read as if a name were on no list.
func (t *trainer) hides(fold uint64) bool {
	return HeldOut(fold) || (fold^t.salt)*mixA>>56 < hiddenShare
}

// hiddenShare of 256 names are hidden, others in every example.
const hiddenShare = 80

// each reads an example segment by segment.
func (t *trainer) each(e Example, do func()) {
	t.salt = uint64(len(e.Text))*mixB ^ Fold(e.Text)
	for at := 0; at < len(e.Text); {
		at = t.read(e.Text, at, &t.model)
		t.label(e.Marks)
		if len(t.words) > 0 {
			do()
		}
	}
}

// label gives each word the label of the mark it touches.
func (t *trainer) label(marks []Mark) {
	t.gold = t.gold[:0]
	k, last := 0, -1
	for i := range t.words {
		w := &t.words[i]
		for k < len(marks) && marks[k].End <= w.start {
			k++
		}
		switch {
		case k == len(marks) || marks[k].Start >= w.end:
			t.gold = append(t.gold, Other)
		case marks[k].Label == PersonBegin && last == k:
			t.gold = append(t.gold, PersonInside)
		default:
			t.gold = append(t.gold, marks[k].Label)
			last = k
		}
	}
}

func (t *trainer) count() {
	for i := range t.words {
		for _, f := range t.describe(i) {
			if n := &t.seen[f>>(32-seenBits)]; *n < 255 {
				*n++
			}
		}
	}
}

// learn takes one step for the segment at hand and returns its loss.
func (t *trainer) learn() float64 {
	n := len(t.words)
	for len(t.rows) < n {
		t.rows = append(t.rows, nil)
	}
	t.emit = resize(t.emit, n)
	for i := range n {
		t.rows[i] = t.known(t.rows[i][:0], i)
		t.emit[i] = [labels]float32{}
		for _, f := range t.rows[i] {
			for k, w := range t.slots[f].w {
				t.emit[i][k+1] += w
			}
		}
	}
	for a := range t.flow {
		for b := range t.flow[a] {
			t.flow[a][b] = t.trans[a][b].w
		}
	}
	t.exponentials()
	t.step = t.flow.exponentials()
	t.marginals(&t.step)
	t.stepWeights()
	t.stepTransitions()
	loss := 0.0
	for i, y := range t.gold {
		loss -= math.Log(float64(t.prob[i][y]) + 1e-9)
	}
	return loss
}

// known lists the cells of a word's features that were met more than once.
func (t *trainer) known(row []uint32, i int) []uint32 {
	for _, f := range t.describe(i) {
		if t.seen[f>>(32-seenBits)] >= rare && t.dice.Float64() >= t.Drop {
			row = append(row, f>>(32-slotBits))
		}
	}
	return row
}

// smallest is the gradient below which a word teaches nothing.
const smallest = 0.004

func (t *trainer) stepWeights() {
	rate, shrink := float32(t.Rate), float32(t.Shrink)
	for i, y := range t.gold {
		var grad [labels - 1]float32
		most := float32(0)
		for k := range grad {
			grad[k] = -t.prob[i][k+1]
			if int(y) == k+1 {
				grad[k]++
			}
			most = max(most, grad[k], -grad[k])
		}
		if most < smallest {
			continue
		}
		for _, f := range t.rows[i] {
			s := &t.slots[f]
			for k, g := range grad {
				g -= shrink * s.w[k]
				s.g[k] += g * g
				s.w[k] += rate * g / float32(math.Sqrt(0.5+float64(s.g[k])))
			}
		}
	}
}

// stepTransitions moves the transitions towards the pairs at hand, and away from those the model expected.
func (t *trainer) stepTransitions() {
	var grad [labels + 1][labels]float32
	for i, y := range t.gold {
		if i == 0 {
			grad[labels][y]++
			for b := range labels {
				grad[labels][b] -= t.prob[0][b]
			}
			continue
		}
		grad[t.gold[i-1]][y]++
		for b := range labels {
			t.expect(&grad, i, b)
		}
	}
	for a := range grad {
		for b, g := range grad[a] {
			s := &t.trans[a][b]
			s.g += g * g
			s.w += float32(t.Rate) * g / float32(math.Sqrt(0.5+float64(s.g)))
		}
	}
}

// expect takes away how probable each label in front of label b of word i is.
func (t *trainer) expect(grad *[labels + 1][labels]float32, i, b int) {
	var sum float32
	for a := range labels {
		sum += t.alpha[i-1][a] * t.step[a][b]
	}
	if sum <= 0 {
		return
	}
	for a := range labels {
		grad[a][b] -= t.prob[i][b] * t.alpha[i-1][a] * t.step[a][b] / sum
	}
}
