package guard

import (
	"slices"
	"strings"
	"unicode"
)

// presented follows whether an answer presents somebody: a name beside an
// address, a telephone number or an order, or behind words such as "the customer
// is called". Names elsewhere are authors, makers and streets, and are left
// alone.
type presented struct {
	cue     int  // words for which such words count
	order   int  // words for which a number is an order's
	run     int  // words with a capital that wait
	several bool // of what waits, two words or more have a capital
	cued    bool // something that waits stands behind such words
	capital bool // the word under way begins with one
	begun   bool
}

const (
	cueReach   = 12 // words
	orderReach = 3
)

// peopleWords tell that a person follows; the plural tells nothing of one.
var peopleWords = wordSet(`customer buyer recipient addressee lives living resident deliver delivered shipped parcel
	kunde kundin käufer käuferin empfänger empfängerin wohnhaft wohnt paket
	cliente clienta client acheteur acheteuse destinataire habite colis
	klant koper ontvanger woont pakket
	comprador compradora destinatario destinataria vive paquete
	acquirente abita pacco
	klient klientka klientką kupujący odbiorca mieszka paczka
	kund kunden köpare mottagare bor paketet`)

var orderWords = wordSet(`order bestellung commande bestelling pedido ordine zamówienie beställning ordern beställningen`)

// contactWords stand between a name and how somebody is reached.
var contactWords = wordSet(`tel telefon telephone phone mobile mobil handy fon tél téléphone telefoon teléfono telefono e-mail email mail mel correo und and et en y e i och`)

// nameParticles are the small words of names.
var nameParticles = wordSet(`van von de der den del della di da du la le af zu zur zum y ter ten`)

func wordSet(list string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(list) {
		m[folded(w)] = true
	}
	return m
}

// see looks at the runes of a word.
func (p *presented) see(r rune) {
	if !p.begun && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
		p.begun, p.capital = true, unicode.IsUpper(r)
	}
}

// word takes a word that has ended, and reports whether what waits must wait
// for what follows it.
func (p *presented) word(w []byte, figure bool) (waits bool) {
	key := folded(strings.TrimFunc(string(w), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }))
	capital, ends := p.capital, endsSentence(w, key)
	p.begun, p.capital = false, false
	p.cue, p.order = max(0, p.cue-1), max(0, p.order-1)
	at := key == "at" && strings.IndexByte("([{<", w[0]) >= 0
	switch {
	case at: // an address that is told: its host follows
		p.cue, p.cued = 4, true
	case orderWords[key]:
		p.order = orderReach
	case peopleWords[key], figure && p.order > 0:
		p.cue, p.cued = cueReach, false
	}
	p.cued = p.cued || p.cue > 0
	if capital {
		p.run++
		p.several = p.several || p.run > 1
	}
	waits = !ends && (p.cue > 0 || capital || p.run > 0 && (nameParticles[key] || contactWords[key]))
	if ends {
		p.cue, p.order = 0, 0
	}
	if !waits {
		p.run = 0
	}
	return waits
}

// endsSentence reports whether a sentence ends behind a word: not behind an
// initial or a short form.
func endsSentence(w []byte, key string) bool {
	switch w[len(w)-1] {
	case '!', '?':
		return true
	case '.':
		return len(key) > 3 || strings.ContainsAny(key, "0123456789")
	}
	return false
}

// people returns what a group presents of a person: found holds all that the
// finder sees in it, from is where the group begins.
func (s *Strangers) people(found []Personal, group []byte, from int, reached bool) (out []Personal) {
	addressed := slices.ContainsFunc(found, func(p Personal) bool { return p.Kind == "ADDRESS" && p.Start >= from })
	named := false
	for _, p := range found {
		p.Start, p.End = p.Start-from, p.End-from
		if p.Start < 0 || p.End > len(group) {
			continue
		}
		value := string(group[p.Start:p.End])
		switch {
		case p.Kind == "PERSON" && (reached || addressed || s.shown.cued) && strings.Contains(value, " ") && !s.toldName(&p, value):
			out, named = append(out, p), true
		case p.Kind == "ADDRESS" && (named || s.shown.cued) && figures([]byte(value)) > 0 && !s.toldName(&p, value):
			out = append(out, p)
		}
	}
	return out
}

// toldName reports whether the model was given somebody's last name, or every
// word of an address.
func (s *Strangers) toldName(p *Personal, value string) bool {
	s.learn()
	all := true
	for w := range strings.FieldsFuncSeq(value, notOfName) {
		told := s.words[folded(w)]
		if all = all && told; p.Kind == "PERSON" {
			all = told
		}
	}
	return all
}

// notOfName reports whether a rune parts the words of a name.
func notOfName(r rune) bool { return !unicode.IsLetter(r) && r != '-' && r != '\'' && r != '’' }
