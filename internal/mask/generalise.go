package mask

import "strings"

// Generalise masks a text that is to become a vector: each value gives way to
// its type alone, [PERSON], not to a placeholder with a number. Numbers differ
// from call to call, so the same product review would get another vector each
// time, and a search would find the number instead of the words. Nothing can be
// restored, and nothing is kept in the vault.
func (p *Pass) Generalise(text string) (Text, error) {
	v, err := p.prepare(text)
	if err != nil {
		return Text{}, err
	}
	text, cuts := p.act(text, p.cutOut(v, p.search(v, p.masker.finders)))
	var b strings.Builder
	b.Grow(len(text))
	at := 0
	for _, c := range cuts {
		b.WriteString(text[at:c.from] + "[" + string(c.typ) + "]")
		at = c.to
	}
	b.WriteString(text[at:])
	p.keep(text, cuts)
	return Text{b.String()}, nil
}
