package classify

import (
	"bytes"
	"math"
	"unicode/utf8"
)

// Profile is what the windows of a text say to one head, all together. The
// loudest of many windows is loud by chance in a long text; what stands around
// it tells whether it is.
type Profile struct {
	Loudest Finding // window, by the windows alone
	inputs  [inputs]float32
}

// What the second stage looks at.
const (
	inLoudest = iota // of all windows
	inShort          // the loudest of 12 words
	inMiddle         // of 32
	inLong           // of 80
	inSecond         // the loudest short one that is not beside it
	inWords          // logarithm
	inOther          // the loudest of the other head
	inRules          // that fired in the loudest window, up to 3
	inMeaning        // words of the loudest window that mean something in any language, share
	inForeign        // words of the loudest window in letters beyond ASCII, share
	inputs
)

const stretch = 32 // words in whose windows one is the loudest

// profile is what the windows say to a head, but for inOther.
func (m *Model) profile(ts []Token, sums [][heads]int32, h int) (p Profile) {
	p.Loudest.Logit = math.Inf(-1)
	loud := make([]float32, len(ts)/stretch+1) // the loudest short window of each stretch
	for i := range loud {
		loud[i] = float32(math.Inf(-1))
	}
	for k, size := range windowSizes {
		best := math.Inf(-1)
		runs(len(ts), size, func(from, to int) {
			z := float64(sums[to][h]-sums[from][h])*float64(m.scale[h])/norm(to-from) + float64(m.bias[h])
			best = max(best, z)
			if z > p.Loudest.Logit {
				p.Loudest = Finding{z, from, to}
			}
			if k == 0 {
				s := &loud[min(from/stretch, len(loud)-1)]
				*s = max(*s, float32(z))
			}
		})
		p.inputs[inShort+k] = float32(best)
	}
	p.inputs[inLoudest] = float32(p.Loudest.Logit)
	p.inputs[inSecond] = p.apart(loud)
	p.inputs[inWords] = float32(math.Log2(float64(max(len(ts), minWords))))
	p.within(ts[p.Loudest.From:p.Loudest.To])
	return p
}

// within says what the loudest window holds.
func (p *Profile) within(ts []Token) {
	rules, meaning, foreign := 0, 0, 0
	for _, t := range ts {
		rules += len(t.Rules)
		meaning += min(1, len(t.Concepts))
		if bytes.ContainsFunc(t.Word, func(r rune) bool { return r >= utf8.RuneSelf }) {
			foreign++
		}
	}
	words := float32(max(minWords, len(ts)))
	p.inputs[inRules] = float32(min(3, rules))
	p.inputs[inMeaning], p.inputs[inForeign] = float32(meaning)/words, float32(foreign)/words
}

// apart is the loudest short window that is not beside the loudest of all; in a
// text that has no other place, it is that one.
func (p *Profile) apart(loud []float32) float32 {
	at := p.Loudest.From / stretch
	apart := float32(math.Inf(-1))
	for i, z := range loud {
		if i < at-1 || i > p.Loudest.To/stretch+1 {
			apart = max(apart, z)
		}
	}
	if math.IsInf(float64(apart), -1) {
		return p.inputs[inShort]
	}
	return apart
}
