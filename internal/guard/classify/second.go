package classify

import (
	"math"
	"math/rand/v2"
)

// hidden is the width of the second stage.
const hidden = 12

// Second decides by the profile of a text: a small network. Its fields are
// exported for the file of weights.
type Second struct {
	Mean, Scale [inputs]float32
	In          [hidden][inputs + 1]float32 // the last is the bias
	Out         [hidden + 1]float32
	Flag, Steep float32 // the logit that stands for 0.5, and how fast it goes on from there
}

// alone is how much the loudest window counts beside the network: whatever
// stands around it, a text does not talk a loud window away altogether.
const alone = 0.3

// Logit of the probability that a text with this profile is an attack.
func (s *Second) Logit(p Profile) float64 {
	var x [inputs]float64
	for i := range x {
		x[i] = float64(p.inputs[i]-s.Mean[i]) * float64(s.Scale[i])
	}
	z, _ := s.forward(&x)
	z = (1-alone)*z + alone*p.Loudest.Logit
	return (z - float64(s.Flag)) * float64(s.Steep)
}

func (s *Second) forward(x *[inputs]float64) (z float64, active [hidden]float64) {
	z = float64(s.Out[hidden])
	for j := range active {
		a := float64(s.In[j][inputs])
		for i, v := range x {
			a += float64(s.In[j][i]) * v
		}
		active[j] = math.Tanh(a)
		z += float64(s.Out[j]) * active[j]
	}
	return z, active
}

// Case is a text that the second stage learns from: what the windows of a model
// say that did not learn from it.
type Case struct {
	Profile Profile
	Attack  bool
	Weight  float32
}

// secondPasses and secondRate were chosen like TrainOptions.
const (
	secondPasses = 12
	secondRate   = 0.05
	secondShrink = 1e-5
)

// LearnSecond learns to decide by profiles.
func LearnSecond(cases []Case, seed uint64) *Second {
	s := &Second{Steep: 1}
	s.standardise(cases)
	r := rand.New(rand.NewPCG(seed, 11))
	for j := range s.In {
		for i := range s.In[j] {
			s.In[j][i] = float32(r.NormFloat64() * 0.4)
		}
		s.Out[j] = float32(r.NormFloat64() * 0.4)
	}
	weights := balanced(cases)
	var squares Second
	order := r.Perm(len(cases))
	for pass := range secondPasses {
		r.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		rate := secondRate / (1 + 0.2*float64(pass))
		for _, k := range order {
			s.step(&squares, &cases[k], weights[k], rate)
		}
	}
	return s
}

// balanced weighs attacks so that among texts of any length they count as much
// as harmless ones: length alone says nothing, or padding would make an attack
// pass.
func balanced(cases []Case) []float64 {
	const most = 20 // times the weight
	var sums [32][2]float64
	length := func(c *Case) int { return int(c.Profile.inputs[inWords]) }
	side := func(c *Case) int {
		if c.Attack {
			return 1
		}
		return 0
	}
	for i := range cases {
		sums[length(&cases[i])][side(&cases[i])] += float64(cases[i].Weight)
	}
	out := make([]float64, len(cases))
	for i := range cases {
		c := &cases[i]
		out[i] = float64(c.Weight)
		if sum := sums[length(c)]; c.Attack {
			out[i] *= min(most, sum[0]/sum[1])
		}
	}
	return out
}

func (s *Second) standardise(cases []Case) {
	for i := range inputs {
		sum, squares, n := 0.0, 0.0, float64(max(1, len(cases)))
		for k := range cases {
			v := float64(cases[k].Profile.inputs[i])
			sum, squares = sum+v, squares+v*v
		}
		mean := sum / n
		s.Mean[i] = float32(mean)
		s.Scale[i] = float32(1 / math.Sqrt(max(1e-6, squares/n-mean*mean)))
	}
}

func (s *Second) step(squares *Second, c *Case, weight, rate float64) {
	var x [inputs]float64
	for i := range x {
		x[i] = float64(c.Profile.inputs[i]-s.Mean[i]) * float64(s.Scale[i])
	}
	z, active := s.forward(&x)
	want := 0.0
	if c.Attack {
		want = 1
	}
	g := (Likely(z) - want) * weight
	move := func(w, sq *float32, g float64) {
		g += secondShrink * float64(*w)
		*sq += float32(g * g)
		*w -= float32(rate * g / math.Sqrt(float64(*sq)+1e-2))
	}
	for j, a := range active {
		back := g * float64(s.Out[j]) * (1 - a*a)
		move(&s.Out[j], &squares.Out[j], g*a)
		for i, v := range x {
			move(&s.In[j][i], &squares.In[j][i], back*v)
		}
		move(&s.In[j][inputs], &squares.In[j][inputs], back)
	}
	move(&s.Out[hidden], &squares.Out[hidden], g)
}

// Decide makes s the second stage of a head; its logits flag and block stand for
// the probabilities 0.5 and 0.85.
func (m *Model) Decide(h Head, s *Second, flag, block float64) {
	m.second[h] = *s
	m.second[h].Flag = float32(flag)
	m.second[h].Steep = float32(math.Log(0.85/0.15) / (block - flag))
}
