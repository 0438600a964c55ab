package mask

import "strings"

// Label replaces personal data by the name of its type alone: [PERSON], not [PERSON_1]. It is for texts that are
// turned into vectors: a number would make two texts differ that say the same of two people, and an index must
// not hold who is who. Nothing of it can be restored, and the vault learns nothing.
func (p *Pass) Label(text string) (Text, error) {
	v, err := p.prepare(text)
	if err != nil {
		return Text{}, err
	}
	cuts := p.cutOut(v, p.search(v, p.masker.finders))
	var b strings.Builder
	at := 0
	for i := range cuts {
		c := &cuts[i]
		c.placeholder = "[" + string(c.typ) + "]"
		b.WriteString(text[at:c.from])
		b.WriteString(c.placeholder)
		at = c.to
	}
	b.WriteString(text[at:])
	p.keep(text, cuts)
	return Text{b.String()}, nil
}
