package mask

// Found is personal data in a text that is not to be masked, as in an answer that is to be judged.
type Found struct {
	Start int    `json:"start"` // bytes of the text
	End   int    `json:"end"`   // behind the last
	Type  Type   `json:"type"`
	Layer Layer  `json:"layer"`
	Rule  string `json:"rule"`
	// Owner is the customer it belongs to, Several if it may be one of several, "" if that is not known.
	Owner string `json:"owner,omitempty"`
}

// Find returns all personal data in a text, in order, and changes nothing.
func (p *Pass) Find(text string) ([]Found, error) {
	v, err := p.prepare(text)
	if err != nil {
		return nil, err
	}
	cuts := p.cutOut(v, p.search(v, p.masker.finders))
	if err := p.failed(); err != nil {
		return nil, err
	}
	return p.report(cuts), nil
}

// Owned returns the data of known customers in a text: what the store or the call's people say belongs to
// somebody. It is several times as quick as Find, for it asks neither the words around nor the model.
func (p *Pass) Owned(text string) ([]Found, error) {
	v, err := p.prepare(text)
	if err != nil {
		return nil, err
	}
	cuts := p.cutOut(v, p.search(v, exactFinders))
	owned := cuts[:0]
	for _, c := range cuts {
		if c.owner != "" {
			owned = append(owned, c)
		}
	}
	return p.report(owned), nil
}

// exactFinders find what belongs to somebody.
var exactFinders = []finder{storeFinder{}, peopleFinder{}, structureFinder{}}

func (p *Pass) report(cuts []cut) []Found {
	found := make([]Found, len(cuts))
	for i, c := range cuts {
		found[i] = Found{c.from, c.to, c.typ, c.layer, c.rule, c.owner}
	}
	return found
}
