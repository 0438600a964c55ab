package classify

import (
	"math"
	"math/rand/v2"
	"slices"
	"sync"
)

// Example is a text to learn from.
type Example struct {
	Tokens []Token
	// Says whether the text is an attack, by head; 0 when it says nothing to a
	// head, +1 attack, -1 harmless.
	Says [2]int8
	// Weight is how much it counts; 0 is 1.
	Weight float32
	// Group is the same for texts that are versions of one another.
	Group uint32
}

// TrainOptions steer Train. The zero value is not useful; bench/trainguard has
// the values the shipped model was made with.
type TrainOptions struct {
	Bits     uint    // features, as a power of two
	Rounds   int     // of choosing windows; each learns from the windows that the one before found loudest
	Passes   int     // over the windows of a round
	Rate     float64 // step of the learner
	Shrink   float64 // pull of weights towards zero
	Drop     float64 // share of features left out at random while learning
	DropRule float64 // share of texts that are learnt without their rules
	DropWord float64 // share of texts that are learnt by the meaning of their words alone
	Groups   int     // a feature of attacks counts if attacks of so many groups have it
	Models   int     // that are trained and averaged; 0 is one
	Seed     uint64
	Progress func(round int, windows int, loss float64)
}

// text is an example with its features.
type text struct {
	says     [2]int8
	weight   float32
	features []uint32
	ends     []int32 // features of words up to and with i
	kindAt   []uint8 // what each feature comes from
}

// window is a part of a text that is learnt from.
type window struct {
	text     int32
	from, to int32
	weight   float32
}

// weight is one feature's, and the sum of its squared gradients (AdaGrad).
type weight struct{ value, squares float32 }

// trainer is weights while they are learnt.
type trainer struct {
	o       TrainOptions
	texts   []text
	weights [heads][]weight
	bias    [heads]float64
	random  [heads]*rand.Rand
}

// Train learns a model. Equal examples and options give equal bytes on one
// architecture.
func Train(examples []Example, o TrainOptions) *Model {
	t := &trainer{o: o}
	for i := range examples {
		t.texts = append(t.texts, t.study(&examples[i]))
	}
	t.forgetRare(examples)
	var both sync.WaitGroup
	for h := range heads {
		t.random[h] = rand.New(rand.NewPCG(o.Seed, 7+uint64(h)))
		both.Go(func() { t.learn(h) })
	}
	both.Wait()
	return t.model()
}

// learn trains some models for a head and averages them: what they have in
// common holds for other texts, too.
func (t *trainer) learn(h Head) {
	sum, bias, models := make([]weight, 1<<t.o.Bits), 0.0, max(1, t.o.Models)
	for range models {
		for round := range t.o.Rounds {
			chosen := t.choose(h, round == 0)
			t.weights[h] = make([]weight, 1<<t.o.Bits)
			t.bias[h] = -2
			loss := 0.0
			for pass := range min(t.o.Passes, round+1) { // the first rounds only choose
				loss = t.pass(h, chosen, pass)
			}
			if t.o.Progress != nil {
				t.o.Progress(round, len(chosen), loss/float64(max(1, len(chosen))))
			}
		}
		for f, w := range t.weights[h] {
			sum[f].value += w.value / float32(models)
		}
		bias += t.bias[h] / float64(models)
	}
	t.weights[h], t.bias[h] = sum, bias
}

func (t *trainer) study(e *Example) text {
	x := text{says: e.Says, weight: e.Weight}
	if x.weight == 0 {
		x.weight = 1
	}
	var ex extractor
	mask := uint32(1)<<t.o.Bits - 1
	x.ends = append(x.ends, 0)
	for i := range e.Tokens {
		x.features = ex.append(x.features, e.Tokens, i)
		x.mark(fromWord)
		x.features = ex.appendConcepts(x.features, e.Tokens, i)
		x.mark(fromConcept)
		x.features = ex.appendRules(x.features, e.Tokens, i)
		x.mark(fromRule)
		x.ends = append(x.ends, int32(len(x.features)))
	}
	for k := range x.features {
		x.features[k] &= mask
	}
	return x
}

// What features come from.
const (
	fromWord uint8 = iota
	fromConcept
	fromRule
)

func (x *text) mark(kind uint8) {
	for len(x.kindAt) < len(x.features) {
		x.kindAt = append(x.kindAt, kind)
	}
}

// forgetRare leaves out the features that attacks of only few groups have: they
// know what one author writes about, not what attacks have in common.
func (t *trainer) forgetRare(examples []Example) {
	groups := make([]uint8, 1<<t.o.Bits)
	last := make([]uint32, 1<<t.o.Bits)
	for i, e := range examples {
		if e.Says[Direct] <= 0 && e.Says[Indirect] <= 0 {
			continue
		}
		for _, f := range t.texts[i].features {
			if last[f] != e.Group && groups[f] < math.MaxUint8 {
				last[f] = e.Group
				groups[f]++
			}
		}
	}
	for i := range t.texts {
		t.texts[i].keep(func(f uint32) bool { return groups[f] == 0 || int(groups[f]) >= t.o.Groups })
	}
}

// keep drops the other features.
func (x *text) keep(wanted func(uint32) bool) {
	n, k := 0, 0
	for w := 1; w < len(x.ends); w++ {
		for ; k < int(x.ends[w]); k++ {
			if wanted(x.features[k]) {
				x.features[n], x.kindAt[n] = x.features[k], x.kindAt[k]
				n++
			}
		}
		x.ends[w] = int32(n)
	}
	x.features, x.kindAt = x.features[:n], x.kindAt[:n]
}

// loudest is how many windows of a text are learnt from: of an attack those that
// read most like one, of a harmless text those that read most unlike harmless.
const loudest = 3

func (t *trainer) choose(h Head, first bool) (out []window) {
	for i := range t.texts {
		x := &t.texts[i]
		if x.says[h] == 0 {
			continue
		}
		var all []window
		var scores []float64
		windows(len(x.ends)-1, func(from, to int) {
			all = append(all, window{int32(i), int32(from), int32(to), x.weight})
			if !first {
				scores = append(scores, t.logit(h, x, from, to))
			}
		})
		if len(all) > loudest {
			all = t.few(h, all, scores)
		}
		for k := range all {
			all[k].weight = x.weight / float32(len(all))
			if x.says[h] < 0 { // one loud window is enough for a false alarm
				all[k].weight = x.weight / float32(math.Sqrt(float64(len(all))))
			}
		}
		out = append(out, all...)
	}
	return out
}

// few picks the loudest windows, one of them at random so that no part of a
// text is forgotten; without scores all are picked at random.
func (t *trainer) few(h Head, all []window, scores []float64) []window {
	if scores == nil {
		t.random[h].Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		return all[:min(len(all), 2*loudest)]
	}
	order := make([]int, len(all))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		if scores[a] > scores[b] {
			return -1
		} else if scores[a] < scores[b] {
			return 1
		}
		return 0
	})
	out := make([]window, 0, loudest)
	for _, i := range order[:loudest-1] {
		out = append(out, all[i])
	}
	return append(out, all[t.random[h].IntN(len(all))])
}

func (t *trainer) logit(h Head, x *text, from, to int) float64 {
	sum := 0.0
	for _, f := range x.features[x.ends[from]:x.ends[to]] {
		sum += float64(t.weights[h][f].value)
	}
	return sum/norm(to-from) + t.bias[h]
}

// pass learns from every window once, in random order.
func (t *trainer) pass(h Head, chosen []window, pass int) (loss float64) {
	t.random[h].Shuffle(len(chosen), func(i, j int) { chosen[i], chosen[j] = chosen[j], chosen[i] })
	rate := t.o.Rate / (1 + 0.3*float64(pass))
	var used []uint32
	for _, w := range chosen {
		x := &t.texts[w.text]
		used = t.pick(h, used[:0], x, w)
		scale := 1 / norm(int(w.to-w.from))
		sum := 0.0
		for _, f := range used {
			sum += float64(t.weights[h][f].value)
		}
		p := Likely(sum*scale/(1-t.o.Drop) + t.bias[h])
		want := 0.0
		if x.says[h] > 0 {
			want = 1
		}
		loss -= float64(w.weight) * math.Log(math.Max(1e-9, 1-math.Abs(want-p)))
		t.step(h, used, (p-want)*float64(w.weight), scale, rate)
	}
	return loss
}

func (t *trainer) pick(h Head, dst []uint32, x *text, w window) []uint32 {
	without := [...]bool{fromWord: t.random[h].Float64() < t.o.DropWord, fromConcept: false, fromRule: t.random[h].Float64() < t.o.DropRule}
	for k := x.ends[w.from]; k < x.ends[w.to]; k++ {
		if without[x.kindAt[k]] || t.random[h].Float64() < t.o.Drop {
			continue
		}
		dst = append(dst, x.features[k])
	}
	return dst
}

func (t *trainer) step(h Head, used []uint32, gradient, scale, rate float64) {
	t.bias[h] -= 0.02 * rate * gradient
	for _, f := range used {
		w := &t.weights[h][f]
		g := gradient*scale + t.o.Shrink*float64(w.value)
		w.squares += float32(g * g)
		w.value -= float32(rate * g / math.Sqrt(float64(w.squares)+1e-4))
	}
}

// model rounds the weights to bytes.
func (t *trainer) model() *Model {
	m := &Model{mask: 1<<t.o.Bits - 1, cells: make([]int8, int(heads)<<t.o.Bits)}
	for h := range heads {
		top := largest(t.weights[h])
		m.scale[h], m.bias[h] = float32(top/127), float32(t.bias[h])
		for f, w := range t.weights[h] {
			q := math.Round(float64(w.value) / top * 127)
			m.cells[f*int(heads)+int(h)] = int8(math.Max(-127, math.Min(127, q)))
		}
	}
	return m
}

// largest is the weight that a byte's end stands for; the very few above it are
// cut.
func largest(weights []weight) float64 {
	var all []float64
	for _, w := range weights {
		if w.value != 0 {
			all = append(all, math.Abs(float64(w.value)))
		}
	}
	if len(all) == 0 {
		return 1
	}
	slices.Sort(all)
	return math.Max(all[len(all)*9995/10000], 1e-6)
}
