// Package mask finds personal data in text, puts placeholders in its place before a model sees it, and puts
// the customer's own words back into what the model writes.
//
// First step: open a [Pass] for one request with [Masker.Open], tell it what is known ([Pass.Seed],
// [Pass.Study]), then [Pass.Hide] every text of the request. Answers go through [Vault.Restore], streams
// through [Vault.Restorer].
//
// Promise: only this package makes a [Text]. For every text x, restoring the masked x gives x back byte for
// byte (setting [Exact]); any chunking of a stream gives the same bytes; two values never share a
// placeholder; one conversation's [Vault] knows nothing of another's; a value masked is masked whole. Where
// a limit is hit the answer is an error, never unmasked text.
//
// Danger: no detector finds everything. Exact people and field names are near certain, structured types are
// checked by their checksums, names and addresses in free text are found by context and will be missed where
// there is none. Never tell anyone that "all personal data" is removed.
package mask

import (
	"slices"

	"ringfence/internal/mask/tagger"
)

// Options says what a Masker should expect. The zero value is ready to use.
type Options struct {
	// Regions are ISO 3166 codes of the countries the store sells to, most likely first: they decide how a
	// phone number without country code is read. Default: DE AT CH FR NL BE ES IT PL SE GB.
	Regions []string
	// MaxText is the longest text, in bytes, that Hide accepts: about a million tokens by default, 4 MiB.
	// Masking takes up to twenty times as much memory.
	MaxText int
	// MaxLiterals bounds what Seed and Study may remember in one pass. Default 20,000.
	MaxLiterals int
	// Store is what the store knows of its own people; nil for nothing.
	Store Store
	// Sensitive is what becomes of facts of Article 9 GDPR. Default: flag.
	Sensitive Sensitive
	// Hosts are the store's own, as in shop.example: they are nobody's data.
	Hosts []string
	// Orders and Parcels are forms of numbers to mask, # for a digit and ? for a letter.
	Orders, Parcels []string
	// Outside is a detector that somebody else runs; nil for none.
	Outside Outside
	// NoModel leaves out the trained model for names nobody gave us.
	NoModel bool
}

var homeRegions = []string{"DE", "AT", "CH", "FR", "NL", "BE", "ES", "IT", "PL", "SE", "GB"}

// A Masker holds what every request shares: the rules and their settings. It is immutable and safe for
// concurrent use.
type Masker struct {
	options Options
	regions []region
	finders []finder
}

// A finder looks at one prepared text and reports what it would mask. Finders only add: what one has found,
// no other can take back. A trained model plugs in here.
type finder interface {
	find(p *Pass, v *view, add func(finding))
}

// New returns a Masker.
func New(o Options) *Masker {
	if len(o.Regions) == 0 {
		o.Regions = homeRegions
	}
	if o.MaxText <= 0 {
		o.MaxText = 4 << 20
	}
	if o.MaxLiterals <= 0 {
		o.MaxLiterals = 20_000
	}
	o.Regions = slices.Clone(o.Regions)
	m := &Masker{options: o, regions: newRegions(o.Regions)}
	m.finders = []finder{storeFinder{}, fieldFinder{}, peopleFinder{}, structureFinder{}, formFinder{}, idFinder{}, factFinder{}, contextFinder{}, homeFinder{}, placeFinder{}, base64Finder{}}
	if !o.NoModel {
		m.finders = append(m.finders, modelFinder{tagger.Default()})
	}
	if len(o.Orders)+len(o.Parcels) > 0 {
		m.finders = append(m.finders, numberFinder{o.Orders, o.Parcels})
	}
	if o.Outside != nil {
		m.finders = append(m.finders, outsideFinder{o.Outside})
	}
	m.finders = append(m.finders, titleFinder{}, sensitiveFinder{o.Sensitive == SensitiveMask})
	return m
}

// Open starts one request's masking; its placeholders come from v, the vault of the conversation. Names,
// addresses and companies that were masked in this conversation before are known from the start.
func (m *Masker) Open(v *Vault) *Pass {
	p := &Pass{masker: m, vault: v, people: newPeople(), tally: map[Type]int{}}
	v.known(p.recall)
	return p.For("")
}
