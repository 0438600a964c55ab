package mask

import (
	"net/netip"
	"strconv"
	"strings"
)

// Action is what is done with a value that was found.
type Action string

// The actions. What a policy does not name is reversible, but for the types that are forgotten at once.
const (
	Reversible   Action = "reversible"   // a placeholder, and the value back in the answer
	Irreversible Action = "irreversible" // a placeholder, and a neutral word in the answer
	Coarse       Action = "generalise"   // a coarser value that stays: a year, a region of postcodes, ten years of age, a network
	Keep         Action = "keep"         // nothing
)

// Apply sets what this pass does with each type. Cards and secrets are forgotten at once whatever it says; where a
// value has no coarser form it gets a placeholder.
func (p *Pass) Apply(policy map[Type]Action) *Pass {
	p.policy = policy
	return p
}

// actionOf returns what is done with a type. Without a word of the policy the vault's options decide what is
// forgotten at once.
func (p *Pass) actionOf(t Type) Action {
	a, ok := p.policy[t]
	switch {
	case !ok || t == LITERAL:
		return Reversible
	case t == SECRET || t == CARD:
		return Irreversible
	}
	return a
}

// act carries out what leaves no placeholder: it returns the text with coarser values in it, and the cuts that are
// left, in offsets of that text.
func (p *Pass) act(text string, cuts []cut) (string, []cut) {
	if len(p.policy) == 0 {
		return text, cuts
	}
	var b strings.Builder
	left := make([]cut, 0, len(cuts))
	at := 0
	for _, c := range cuts {
		value := text[c.from:c.to]
		switch p.actionOf(c.typ) {
		case Keep:
			continue
		case Coarse:
			if coarser, ok := coarse(c.typ, formOf(value).clean); ok && !c.number {
				b.WriteString(text[at:c.from] + coarser)
				at = c.to
				p.tally[c.typ]++
				continue
			}
		}
		b.WriteString(text[at:c.from])
		c.from, at, c.to = b.Len(), c.to, b.Len()+len(value)
		b.WriteString(value)
		left = append(left, c)
	}
	b.WriteString(text[at:])
	return b.String(), left
}

// coarse returns a coarser form of a value, if it has one that says little.
func coarse(t Type, value string) (string, bool) {
	switch t {
	case DATE:
		return yearOf(value)
	case AGE:
		return decadeOf(value)
	case ADDRESS:
		return regionOf(value)
	case IP:
		return networkOf(value)
	}
	return "", false
}

// yearOf returns the year in a date.
func yearOf(value string) (string, bool) {
	for _, w := range splitWords(value, nil) {
		if year := value[w.start:w.end]; w.shape.digits() && len(year) == 4 && (strings.HasPrefix(year, "19") || strings.HasPrefix(year, "20")) {
			return year, true
		}
	}
	return "", false
}

// decadeOf returns ten years around an age.
func decadeOf(value string) (string, bool) {
	for _, w := range splitWords(value, nil) {
		if w.shape.digits() && w.end-w.start <= 3 {
			low := atoi(value[w.start:w.end]) / 10 * 10
			return strconv.Itoa(low) + "-" + strconv.Itoa(low+9), true
		}
	}
	return "", false
}

// regionOf returns the first two digits of the postcode that an address begins with; one with a street has none.
func regionOf(value string) (string, bool) {
	words := splitWords(value, nil)
	if len(words) == 0 || len(words) > 4 || !words[0].shape.digits() {
		return "", false
	}
	code := value[words[0].start:words[0].end]
	for _, w := range words[1:] {
		if w.shape&hasDigit != 0 {
			return "", false
		}
	}
	if len(code) < 4 || len(code) > 5 {
		return "", false
	}
	return code[:2] + strings.Repeat("x", len(code)-2), true
}

// networkOf returns the network an address is in.
func networkOf(value string) (string, bool) {
	a, err := netip.ParseAddr(value)
	if err != nil {
		return "", false
	}
	bits := 24
	if a.Is6() {
		bits = 48
	}
	network, err := a.Prefix(bits)
	return network.String(), err == nil
}
