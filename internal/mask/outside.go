package mask

// LayerOutside is an outside detector's guess.
const LayerOutside Layer = "outside"

// Outside is a detector that somebody else runs: it may add findings and can take none away. Where it fails, nothing of
// the text is released.
type Outside interface {
	// Spans returns what it finds in a text, in code points.
	Spans(text string) ([]OutsideSpan, error)
}

// OutsideSpan is one finding of an outside detector.
type OutsideSpan struct {
	Start, End int // code points, End behind the last
	Type       Type
	Score      float64 // 0 to 1
}

// outsideFinder asks the outside detector.
type outsideFinder struct{ by Outside }

func (f outsideFinder) find(p *Pass, v *view, add func(finding)) {
	if len(v.words) == 0 || p.outsideErr != nil {
		return
	}
	spans, err := f.by.Spans(v.s)
	if err != nil {
		p.outsideErr = ErrOutside
		return
	}
	at := codePoints(v.s)
	for _, s := range spans {
		if s.Start < 0 || s.End >= len(at) || s.Start >= s.End {
			p.outsideErr = ErrOutside // it speaks of another text
			return
		}
		if kindOf[s.Type] == nil || s.Type == LITERAL {
			s.Type = SENSITIVE
		}
		add(finding{at[s.Start], at[s.End], s.Type, LayerOutside, "outside", uint8(100 * max(0, min(1, s.Score))), ""})
	}
}

// codePoints returns the byte at which each code point begins, and the end.
func codePoints(s string) []int {
	at := make([]int, 0, len(s)+1)
	for i := range s {
		at = append(at, i)
	}
	return append(at, len(s))
}

// failed returns why the text at hand may not be released, nil if it may.
func (p *Pass) failed() error {
	err := p.outsideErr
	p.outsideErr = nil
	return err
}
