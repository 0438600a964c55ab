package mask

import (
	"encoding/json"
	"strings"
)

// HideJSON masks a JSON text and keeps it JSON: placeholders stand inside strings only, everything else
// stays byte for byte. A number that is personal data becomes a string. Text that is no JSON is masked as
// Hide does.
func (p *Pass) HideJSON(raw string) (Text, error) {
	if !json.Valid([]byte(raw)) {
		return p.Hide(raw)
	}
	v, err := p.prepare(raw)
	if err != nil {
		return Text{}, err
	}
	raw, cuts := p.act(raw, p.insideValues(raw, p.cutOut(v, p.search(v, p.masker.finders))))
	masked, err := p.write(raw, cuts)
	if err != nil {
		return Text{}, err
	}
	out := quoteNumbers(masked.s, raw, p.cuts)
	if !json.Valid([]byte(out)) {
		p.text, p.cuts = "", nil
		return Text{}, ErrRoundTrip
	}
	return Text{out}, nil
}

// jsonValue is a string's inside or a number, in bytes.
type jsonValue struct {
	from, to int
	number   bool
}

// nextValue returns the next string or number at or behind i.
func nextValue(s string, i int) (val jsonValue, ok bool) {
	for ; i < len(s); i++ {
		switch b := s[i]; {
		case b == '"':
			end := i + 1
			for end < len(s) && s[end] != '"' {
				if s[end] == '\\' {
					end++
				}
				end++
			}
			return jsonValue{i + 1, min(end, len(s)), false}, true
		case b == '-' || isDigit(b):
			end := i + 1
			for end < len(s) && strings.IndexByte("0123456789+-.eE", s[end]) >= 0 {
				end++
			}
			return jsonValue{i, end, true}, true
		}
	}
	return val, false
}

// insideValues fits cuts to the strings and numbers of a JSON text: what reaches over a border is divided
// there, a number is taken whole, and what is neither is left.
func (p *Pass) insideValues(s string, cuts []cut) (fit []cut) {
	at := 0
	val, ok := nextValue(s, 0)
	for i := 0; i < len(cuts) && ok; {
		c := cuts[i]
		c.from = max(c.from, at)
		switch {
		case c.from >= c.to:
			i++
		case val.to <= c.from:
			next := val.to
			if !val.number {
				next++
			}
			val, ok = nextValue(s, next)
		case c.to <= val.from:
			i++
		case val.number:
			c.from, c.to, at, c.number = val.from, val.to, val.to, true
			fit = append(fit, c)
		default:
			c.from, c.to = max(c.from, val.from), min(c.to, val.to)
			at = c.to
			fit = append(fit, c)
			if c.to == cuts[i].to {
				i++
			}
		}
	}
	return fit
}

// quoteNumbers puts quotes around the placeholders that stand for numbers.
func quoteNumbers(masked, raw string, cuts []cut) string {
	var b strings.Builder
	at, shift := 0, 0
	val, ok := nextValue(raw, 0)
	for _, c := range cuts {
		for ok && val.to < c.to {
			next := val.to
			if !val.number {
				next++
			}
			val, ok = nextValue(raw, next)
		}
		from := c.from - shift
		if ok && val.number && val.from == c.from && val.to == c.to {
			b.WriteString(masked[at:from])
			b.WriteString(`"` + c.placeholder + `"`)
			at = from + len(c.placeholder)
		}
		shift += c.to - c.from - len(c.placeholder)
	}
	b.WriteString(masked[at:])
	return b.String()
}
