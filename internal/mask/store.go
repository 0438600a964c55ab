package mask

// Store is what the store knows of its own people and things. Room people keeps one; this room asks it about
// digests of what stands in a text and never learns the values.
type Store interface {
	// For opens the store's knowledge for one call, which is made on behalf of subject, "" for nobody.
	For(subject string) Known
}

// Known answers for one call. It must be quick: a text of 1,000 characters asks some hundred times.
type Known interface {
	// Whose says whether a value is known and whose it is: the id of the one customer it belongs to, the call's
	// subject if that is one of several, Several if it belongs to several others, "" if to nobody.
	Whose(d Digest) (owner string, known bool)
	// Near says whether a digest is one of [Spelling.Near]. It may say yes where it is none, never no where it is one.
	Near(d Digest) bool
}

// Several is the owner of a value that several customers share, none of them the call's subject.
const Several = "*"

// For says on whose behalf the pass works: what is known of that customer is looked for a little harder.
func (p *Pass) For(subject string) *Pass {
	if p.masker.options.Store != nil {
		p.known = p.masker.options.Store.For(subject)
	}
	p.subject = subject
	return p
}

// own notes whose a value is. A value of two owners belongs to neither alone.
func (p *Pass) own(id identity, owner string) {
	if owner == "" || id.key == "" {
		return
	}
	if p.owners == nil {
		p.owners = map[identity]string{}
	}
	switch old, ok := p.owners[id]; {
	case !ok || old == owner:
		p.owners[id] = owner
	case owner == p.subject || old == p.subject:
		p.owners[id] = p.subject
	default:
		p.owners[id] = Several
	}
}

// ownerOf says whose a value is, "" if that is not known.
func (p *Pass) ownerOf(id identity) string {
	if owner, ok := p.owners[id]; ok {
		return owner
	}
	if p.known == nil {
		return ""
	}
	var d Digest
	switch id.typ {
	case EMAIL:
		d = ofEmail.text(id.key)
	case PHONE:
		d = phoneDigest(id.key)
	case VAT:
		d = ofVAT.text(id.key)
	case ORDER:
		d = ofOrder.text(codeOf(id.key))
	case PARCEL:
		d = ofTracking.text(codeOf(id.key))
	default:
		return ""
	}
	owner, _ := p.known.Whose(d)
	p.own(id, owner)
	return owner
}
