package guard

import (
	"fmt"
	"maps"
	"slices"
)

// Threshold turns a prompt's score into an action. A score is at most 1, so a
// threshold above 1 is never reached.
type Threshold struct{ Flag, Block float64 }

// Never is a threshold no score reaches.
const Never = 2

// Policy says how strict a guard is. The zero value is the default.
type Policy struct {
	// Thresholds per origin; an origin left out has its default.
	Thresholds map[Origin]Threshold
	// Surfaces make the thresholds of untrusted texts stricter or milder where AI
	// touches the store: what is added to flag and block there. A surface left out
	// has its default, see DefaultSurfaces.
	Surfaces map[string]float64
	// AllowedURLs are the places an answer may link to with data: a host with
	// its subdomains (shop.example) or the beginning of a URL
	// (https://shop.example/account/). Default: none, so every link with a query
	// is flagged.
	AllowedURLs []string
	// Leak bounds how much of the system text an answer may repeat.
	Leak Leak
	// Off are the ids of rules that do not count.
	Off []string
}

// Leak counts letters and digits of the folded text; what is between them does
// not count. Five of them take about six characters of a text.
type Leak struct {
	// Hold: an overlap this long is held back until it ends. Default 20.
	Hold int
	// Chars, Words: an overlap with sentences that instruct the model is
	// blocked when it is this long. Default 52 letters or 10 words.
	Chars, Words int
	// Facts: an overlap with any sentence is blocked when it is this long.
	// Customers may be told the store's facts in the words of the system text,
	// but not page by page. Default 400.
	Facts int
}

// DefaultThresholds are the thresholds of an empty policy. Operators and
// developers write orders all day; a review that gives orders is odd. The error
// rates of these values are printed by "go run ./bench/guard".
func DefaultThresholds() map[Origin]Threshold {
	return map[Origin]Threshold{
		System:   {Flag: 0.95, Block: Never},
		Operator: {Flag: 0.95, Block: Never},
		User:     {Flag: 0.50, Block: 0.85},
		Catalog:  {Flag: 0.50, Block: 0.85},
		Tool:     {Flag: 0.50, Block: 0.80},
		Document: {Flag: 0.50, Block: 0.80},
		Review:   {Flag: 0.50, Block: 0.80},
	}
}

// DefaultSurfaces are the shifts of an empty policy. At the checkout a false
// alarm costs an answer and an attack costs money; in the back office staff
// write orders to assistants all day.
func DefaultSurfaces() map[string]float64 {
	return map[string]float64{"checkout": -0.15, "account": -0.10, "service": 0, "discovery": 0, "training": 0, "admin": 0.10}
}

// Surface thresholds stay within these, so that no shift makes a text that
// nothing was found in suspicious, or one beyond doubt harmless.
const (
	lowestThreshold  = 0.2
	highestThreshold = 0.98
)

// known returns the origin itself, or Document for one nobody knows.
func (p *Policy) known(o Origin) Origin {
	if _, known := p.Thresholds[o]; known {
		return o
	}
	return Document
}

// limit returns the threshold of an origin on a surface. What the store's own
// people write is judged alike everywhere.
func (p *Policy) limit(surface string, o Origin) Threshold {
	o = p.known(o)
	t := p.Thresholds[o]
	shift := p.Surfaces[surface]
	if shift == 0 || o == System || o == Operator {
		return t
	}
	return Threshold{moved(t.Flag, shift), moved(t.Block, shift)}
}

func moved(t, by float64) float64 {
	if t > 1 { // never stays never
		return t
	}
	return min(max(t+by, lowestThreshold), highestThreshold)
}

// complete fills in the defaults and checks the rest.
func (p Policy) complete() (Policy, error) {
	given := p.Thresholds
	p.Thresholds = DefaultThresholds()
	for o, t := range given {
		if _, known := p.Thresholds[o]; !known {
			return p, fmt.Errorf("guard: there is no origin %q; use one of %v", o, slices.Sorted(maps.Keys(p.Thresholds)))
		}
		if t.Flag <= 0 || t.Block < t.Flag {
			return p, fmt.Errorf("guard: origin %s: flag %v and block %v; flag must be above 0 and not above block", o, t.Flag, t.Block)
		}
		p.Thresholds[o] = t
	}
	shifts := DefaultSurfaces()
	for surface, shift := range p.Surfaces {
		if shift < -0.5 || shift > 0.5 {
			return p, fmt.Errorf("guard: surface %s: a shift of %v; it must be between -0.5 and 0.5", surface, shift)
		}
		shifts[surface] = shift
	}
	p.Surfaces = shifts
	for _, id := range p.Off {
		if !loaded().has(id) && id != directRule && id != indirectRule && id != hiddenText {
			return p, fmt.Errorf("guard: there is no rule %q to switch off", id)
		}
	}
	p.Leak = p.Leak.complete()
	if l := p.Leak; l.Hold < 8 || l.Hold >= ringSize || l.Chars < l.Hold || l.Facts < l.Chars || l.Words < 1 {
		return p, fmt.Errorf("guard: leak %+v; 8 <= hold <= chars <= facts, hold < %d and words >= 1 must hold", l, ringSize)
	}
	return p, nil
}

func (l Leak) complete() Leak {
	for _, d := range []struct {
		to    *int
		value int
	}{{&l.Hold, 20}, {&l.Chars, 52}, {&l.Words, 10}, {&l.Facts, 400}} {
		if *d.to == 0 {
			*d.to = d.value
		}
	}
	return l
}

func (t Threshold) action(score float64) Action {
	switch {
	case score >= t.Block:
		return Block
	case score >= t.Flag:
		return Flag
	}
	return Allow
}
