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

// forward leaves the scaled sums over all beginnings in alpha.
func (s *scratch) forward(step *transitions) {
	for i := range s.emit {
		e := &s.emit[i]
		var sum float32
		for b := range e {
			from := step[labels][b]
			if i > 0 {
				from = 0
				for a := range step[:labels] {
					from += s.alpha[i-1][a] * step[a][b]
				}
			}
			s.alpha[i][b] = from * e[b]
			sum += s.alpha[i][b]
		}
		scale(&s.alpha[i], sum)
	}
}

// backward multiplies with the scaled sums over all endings.
func (s *scratch) backward(step *transitions) {
	beta := [labels]float32{1, 1, 1, 1, 1}
	for i := len(s.emit) - 1; i >= 0; i-- {
		var sum float32
		for b := range beta {
			s.prob[i][b] = s.alpha[i][b] * beta[b]
			sum += s.prob[i][b]
		}
		scale(&s.prob[i], sum)
		var before [labels]float32
		var total float32
		for a := range before {
			for b := range beta {
				before[a] += step[a][b] * s.emit[i][b] * beta[b]
			}
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
