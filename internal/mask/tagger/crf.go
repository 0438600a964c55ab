package tagger

import "math"

// transitions holds the score of a label behind another, by the label before; the last row is the start.
type transitions [labels + 1][labels]float32

func resize(s [][labels]float32, n int) [][labels]float32 {
	if cap(s) < n {
		return make([][labels]float32, n, 2*n)
	}
	return s[:n]
}

// exponentials turns the scores in emit into their exponentials, relative to the best of each word.
func (s *scratch) exponentials() {
	for i := range s.emit {
		e := &s.emit[i]
		top := max(e[0], e[1], e[2], e[3], e[4])
		for b := range e {
			e[b] = exp(e[b] - top)
		}
	}
}

// exponentials returns those of the scores.
func (t *transitions) exponentials() (step transitions) {
	for a := range t {
		for b := range t[a] {
			step[a][b] = exp(t[a][b])
		}
	}
	return step
}

// marginals computes the probability of every label of every word by the forward-backward algorithm from the exponentials
// of the scores, in emit and step, with sums rescaled at each word.
func (s *scratch) marginals(step *transitions) {
	n := len(s.words)
	s.alpha, s.prob = resize(s.alpha, n), resize(s.prob, n)
	s.forward(step)
	s.backward(step)
}

// forward leaves the scaled sums over all beginnings in alpha. Sums are written out: a loop would cost more than the sum.
func (s *scratch) forward(step *transitions) {
	p := [labels]float32{1}
	for i := range s.emit {
		e, to := &s.emit[i], &s.alpha[i]
		var sum float32
		for b := range e {
			from := step[labels][b]
			if i > 0 {
				from = p[0]*step[0][b] + p[1]*step[1][b] + p[2]*step[2][b] + p[3]*step[3][b] + p[4]*step[4][b]
			}
			to[b] = from * e[b]
			sum += to[b]
		}
		scale(to, sum)
		p = *to
	}
}

// backward multiplies with the scaled sums over all endings.
func (s *scratch) backward(step *transitions) {
	beta := [labels]float32{1, 1, 1, 1, 1}
	for i := len(s.emit) - 1; i >= 0; i-- {
		e, at, from := &s.emit[i], &s.prob[i], &s.alpha[i]
		var sum float32
		for b := range beta {
			at[b] = from[b] * beta[b]
			sum += at[b]
		}
		scale(at, sum)
		var before [labels]float32
		var total float32
		for a := range before {
			t := &step[a]
			before[a] = t[0]*e[0]*beta[0] + t[1]*e[1]*beta[1] + t[2]*e[2]*beta[2] + t[3]*e[3]*beta[3] + t[4]*e[4]*beta[4]
			total += before[a]
		}
		scale(&before, total)
		beta = before
	}
}

func scale(v *[labels]float32, sum float32) {
	if sum <= 0 {
		*v = [labels]float32{1}
		return
	}
	for i := range v {
		v[i] /= sum
	}
}

// lowest is the lowest score that is told from others.
const lowest = -30

func exp(x float32) float32 { return float32(math.Exp(float64(max(x, lowest)))) }
