package mask

import (
	"maps"
	"strings"
	"unicode/utf8"
)

// Pass masks the texts of one request. Not safe for concurrent use.
type Pass struct {
	masker *Masker
	vault  *Vault
	people *people
	full   bool // more was to be learnt than may be
	tally  map[Type]int

	known     Known  // the store's own people, nil for none
	subject   string // on whose behalf
	seeding   string // whose values are being made known
	owners    map[identity]string
	catalogue [][2]int   // where the present text names things of the catalogue
	names     []nameWord // reused from text to text
	looked    map[string]looked
	policy    map[Type]Action
	operator  bool // the present text is the store's own

	nested     int   // how deep in base64 the present text is
	decoded    int   // bytes of the present text that were read as base64
	outsideErr error // the outside detector failed on the present text

	categories map[string]int // of Article 9, found so far
	sensitive  []finding      // of it, in the present text
	flags      []cut          // the same, in the text hidden last

	views  map[string]*view
	viewed int       // bytes of texts read
	words  []word    // reused from text to text
	found  []finding // reused from text to text
	text   string    // the text hidden last, and what was masked in it
	cuts   []cut
}

// cut is a part of a text that gives way to a placeholder, in bytes of the text.
type cut struct {
	finding
	from, to    int
	placeholder string
	owner       string // whose it is, as far as is known
	number      bool   // of JSON
}

// Hide masks a text of any form; JSON inside it is understood, but not kept valid where a value is a number.
func (p *Pass) Hide(text string) (Text, error) {
	v, err := p.prepare(text)
	if err != nil {
		return Text{}, err
	}
	return p.write(p.act(text, p.cutOut(v, p.search(v, p.masker.finders))))
}

// Operator says whether the texts that follow are the operator's own, as instructions to the model are. The model's guesses
// at places and companies are left out of them: they speak of the store. Everything else is found as anywhere.
func (p *Pass) Operator(own bool) { p.operator = own }

// prepare makes the view that all finders share.
func (p *Pass) prepare(text string) (*view, error) {
	p.text, p.cuts = "", nil
	if len(text) > p.masker.options.MaxText {
		return nil, ErrTextTooLong
	}
	if p.full {
		return nil, ErrTooManyPeople
	}
	return p.view(text), nil
}

// view returns a text with its words. A text is studied first and hidden later, so what is read of texts is kept, up to
// keptViews bytes of them.
func (p *Pass) view(text string) *view {
	if v := p.views[text]; v != nil {
		return v
	}
	v := newView(text)
	if p.viewed += len(text); p.viewed > keptViews {
		p.words = splitWords(v.s, p.words)
		v.words = p.words
		return v
	}
	if p.views == nil {
		p.views = map[string]*view{}
	}
	v.words = splitWords(v.s, nil)
	p.views[text] = v
	return v
}

const keptViews = 256 << 10

// search asks every finder and settles where they overlap.
func (p *Pass) search(v *view, finders []finder) []finding {
	p.found, p.catalogue, p.decoded = p.found[:0], p.catalogue[:0], 0
	add := func(f finding) {
		if f.start < f.end && !(f.layer == LayerModel && p.inCatalogue(f.start, f.end)) {
			p.found = append(p.found, f)
		}
	}
	for _, f := range finders {
		f.find(p, v, add)
	}
	p.noteSensitive(v)
	return settle(p.found, v.s)
}

// cutOut maps findings to the original text, whole characters only.
func (p *Pass) cutOut(v *view, found []finding) []cut {
	cuts := make([]cut, 0, len(found))
	last := 0
	for _, f := range found {
		if f.key == "" {
			f.key = identify(f.typ, v.s[f.start:f.end])
		}
		from, to := v.original(f.start, f.end)
		if from = max(from, last); from < to {
			cuts = append(cuts, cut{finding: f, from: from, to: to, owner: p.ownerOf(identity{f.typ, f.key})})
			last = to
		}
	}
	return cuts
}

// write puts placeholders in place of the cuts and proves that they can be found again. Text that looks
// like a placeholder becomes one itself: nobody can forge one, and restoring gives the text back.
func (p *Pass) write(text string, cuts []cut) (Text, error) {
	if err := p.failed(); err != nil {
		return Text{}, err
	}
	for range maxRounds {
		masked, err := p.replace(text, cuts)
		if err != nil {
			return Text{}, err
		}
		more, err := p.lookalikes(text, masked, cuts)
		if err != nil {
			return Text{}, err
		}
		if len(more) == 0 {
			p.keep(text, cuts)
			return Text{masked}, nil
		}
		cuts = merge(cuts, more)
	}
	return Text{}, ErrRoundTrip
}

// maxRounds bounds how often masking a lookalike may uncover another.
const maxRounds = 8

// replace writes the masked text.
func (p *Pass) replace(text string, cuts []cut) (string, error) {
	if len(cuts) == 0 {
		return text, nil
	}
	var b strings.Builder
	b.Grow(len(text) + 8*len(cuts))
	at := 0
	for i := range cuts {
		c := &cuts[i]
		if c.placeholder == "" {
			name, err := p.vault.placeholder(identity{c.typ, c.key}, formOf(text[c.from:c.to]), c.owner, p.actionOf(c.typ) == Irreversible)
			if err != nil {
				return "", err
			}
			c.placeholder = name
		}
		b.WriteString(text[at:c.from])
		b.WriteString(c.placeholder)
		at = c.to
	}
	b.WriteString(text[at:])
	return b.String(), nil
}

// lookalikes reads the masked text as the restorer will and returns what else it takes for a placeholder.
// Placeholders inside URLs are noted in the vault, to be restored in the same place only.
func (p *Pass) lookalikes(text, masked string, cuts []cut) (more []cut, err error) {
	w := newWalker(&p.vault.linkKey)
	k, shift := 0, 0 // cuts passed, and bytes the text is shorter by up to there
	for i := 0; i < len(masked); {
		plain, m, n := w.next(masked, i, true)
		if i += plain; n == 0 {
			break
		}
		if k < len(cuts) && i == cuts[k].from-shift && masked[i:i+n] == cuts[k].placeholder {
			if err := p.note(&w, cuts[k].placeholder); err != nil {
				return nil, err
			}
			shift += cuts[k].to - cuts[k].from - n
			k++
		} else {
			// Up to the next placeholder of ours, should the lookalike reach into it.
			end := i + n + shift
			if k < len(cuts) {
				end = min(end, cuts[k].from)
			}
			more = append(more, literalCut(text, i+shift, end))
			for k < len(cuts) && cuts[k].from-shift < i+n {
				shift += cuts[k].to - cuts[k].from - len(cuts[k].placeholder)
				k++
			}
		}
		w.over(m)
		i += n
	}
	if k < len(cuts) && len(more) == 0 {
		return nil, ErrRoundTrip
	}
	return more, nil
}

// note remembers a placeholder of ours that stands inside a URL.
func (p *Pass) note(w *walker, placeholder string) error {
	inside := w.url.inside()
	sum := w.url.place(placeholder)
	if !inside {
		return nil
	}
	return p.vault.link(sum)
}

func literalCut(text string, from, to int) cut {
	return cut{finding: finding{typ: LITERAL, layer: LayerLiteral, rule: "placeholder-lookalike", score: 100,
		key: text[from:to]}, from: from, to: to}
}

// merge joins two lists of disjoint cuts in order.
func merge(a, b []cut) []cut {
	out := make([]cut, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		if a[0].from < b[0].from {
			out, a = append(out, a[0]), a[1:]
		} else {
			out, b = append(out, b[0]), b[1:]
		}
	}
	return append(append(out, a...), b...)
}

// keep remembers what was done, for Tally and Spans.
func (p *Pass) keep(text string, cuts []cut) {
	p.text, p.cuts = text, cuts
	for _, c := range cuts {
		p.tally[c.typ]++
	}
}

// Tally returns how often each type was masked in this pass.
func (p *Pass) Tally() map[Type]int { return maps.Clone(p.tally) }

// Spans returns what was masked in the text hidden last, in order.
func (p *Pass) Spans() []Span { return p.spansOf(p.cuts) }

// spansOf counts cuts of the text hidden last in code points.
func (p *Pass) spansOf(cuts []cut) []Span {
	spans := make([]Span, len(cuts))
	at, points := 0, 0
	for i, c := range cuts {
		points += utf8.RuneCountInString(p.text[at:c.from])
		size := utf8.RuneCountInString(p.text[c.from:c.to])
		spans[i] = Span{points, points + size, c.typ, c.layer, c.rule, float64(c.score) / 100, c.placeholder, c.owner}
		at, points = c.to, points+size
	}
	return spans
}
