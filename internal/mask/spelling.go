package mask

import (
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Spelling collects the digests under which values of the store can be found in a text, however they are
// written there: in another case, with other accents, in another order. Use it again after Reset.
type Spelling struct {
	masker *Masker
	// Values are found where their words stand.
	Values []Digest
	// Near are the words of names, and those words without one letter, beside another word of the name: a word of a
	// text with one letter wrong, missing, doubled or in the wrong place shares one of them with what it was meant
	// to be. And what every word is asked for, so that most questions end there.
	Near []Digest

	letters, buf []rune
}

// Spelling returns an empty Spelling that reads phone numbers as the masker does.
func (m *Masker) Spelling() *Spelling { return &Spelling{masker: m} }

// Reset empties the Spelling.
func (s *Spelling) Reset() { s.Values, s.Near = s.Values[:0], s.Near[:0] }

func (s *Spelling) add(d Digest) { s.Values = append(s.Values, d) }

// asked adds a digest that every word of a text is asked for: Near says quickly that it is not there.
func (s *Spelling) asked(d Digest) {
	s.add(d)
	s.Near = append(s.Near, d)
}

// maxStoredParts bounds the words of a name: beyond them names are lists.
const maxStoredParts = 6

// Name adds a person's name: its words, each two of them, initials, and what lies near.
func (s *Spelling) Name(name string) {
	name = clean(name)
	words := splitWords(name, nil)
	if s.unspaced(name, words) {
		return
	}
	parts := storedParts(words)
	for i, w := range parts {
		if oneLetter(name, w) {
			continue
		}
		s.asked(ofName.digest(w.hash))
		for k, other := range parts {
			if k > i && !oneLetter(name, other) {
				s.add(namePair(w.hash, other.hash))
				s.near(w.hash, name[other.start:other.end])
				s.near(other.hash, name[w.start:w.end])
			}
			if k != i && (k < i || len(parts) > 2) {
				s.add(initialOf(name[other.start:], w.hash))
			}
		}
	}
}

// storedParts returns the words of a name without titles and particles, unless they are the name: Ben, Dona.
func storedParts(words []word) []word {
	var parts []word
	for _, w := range words {
		if !w.on(titles) && !w.on(particles) {
			parts = append(parts, w)
		}
	}
	if len(parts) < 2 {
		parts = words
	}
	return parts[:min(len(parts), maxStoredParts)]
}

// oneLetter says whether a word is a single letter.
func oneLetter(s string, w word) bool { return len(firstRune(s[w.start:w.end])) == w.end-w.start }

// near adds what lies near one word of a name beside another, with and without the e of ae, oe and ue.
func (s *Spelling) near(beside uint64, word string) {
	s.letters = rawLetters(s.letters[:0], word)
	raw := len(s.letters)
	if raw < minNear {
		return
	}
	s.nearLetters(beside)
	if s.letters = foldLetters(s.letters, 0); len(s.letters) < raw {
		s.nearLetters(beside)
	}
}

// nearLetters adds what lies near the present letters.
func (s *Spelling) nearLetters(beside uint64) {
	s.Near = append(s.Near, nearOf(beside, s.letters))
	s.buf = withoutOne(s.letters, s.buf, func(_ int, rest []rune) bool {
		s.Near = append(s.Near, nearOf(beside, rest))
		return true
	})
}

// minNear is how many letters a word must have to be recognised with one of them wrong.
const minNear = 3

// initialOf is the digest of a word's first letter beside another word.
func initialOf(word string, other uint64) Digest {
	var buf [4]rune
	letters := lettersOf(buf[:0], firstRune(word))
	if len(letters) == 0 {
		return 0
	}
	return ofInitial.digest(uint64(letters[0]), other)
}

func firstRune(s string) string {
	for i := range s {
		if i > 0 {
			return s[:i]
		}
	}
	return s
}

// unspaced adds a name written without spaces, as a whole.
func (s *Spelling) unspaced(name string, words []word) bool {
	single := 0
	for _, w := range words {
		if letters(name[w.start:w.end]) == 2 && len(firstRune(name[w.start:])) == w.end-w.start {
			single++
		}
	}
	if single < 2 {
		return false
	}
	s.phrase(ofWhole, words)
	return true
}

// phrase adds a sequence of words that is found by its first.
func (s *Spelling) phrase(k of, words []word) {
	if len(words) == 0 {
		return
	}
	words = words[:min(len(words), maxPhrase)]
	d := k.digest()
	for _, w := range words {
		d = d.with(w.hash)
	}
	s.asked(ofStart.digest(words[0].hash))
	s.add(d)
}

// maxPhrase bounds the words of a company's or product's name that count.
const maxPhrase = 6

// Company adds a company's name, with and without its legal form. One word alone says too little.
func (s *Spelling) Company(name string) {
	name = clean(name)
	words := splitWords(name, nil)
	for ; len(words) > 1; words = words[:len(words)-1] {
		s.phrase(ofCompany, words)
		if !words[len(words)-1].on(firmEnds) {
			return
		}
	}
}

// Product adds the name of something in the catalogue: a product, a brand, a category.
func (s *Spelling) Product(name string) {
	words := splitWords(clean(name), nil)
	if len(words) > 0 && (len(words) > 1 || letters(name) > 2) {
		s.phrase(ofProduct, words)
	}
}

// Email adds an address.
func (s *Spelling) Email(email string) {
	email = clean(email)
	if at := strings.IndexByte(email, '@'); at > 0 && at < len(email)-1 {
		s.add(ofEmail.text(identify(EMAIL, email)))
	}
}

// Phone adds a number, read as one of the store's countries writes it.
func (s *Spelling) Phone(phone string) {
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, norm.NFKC.String(phone))
	if len(digits) < minPhoneDigits || len(digits) > maxPhoneDigits {
		return
	}
	p := Pass{masker: s.masker}
	s.add(phoneDigest(p.phoneKey(clean(phone), digits)))
}

// phoneDigest is the digest of a number in E.164, or of its digits where it cannot be read.
func phoneDigest(key string) Digest { return ofPhone.text(strings.TrimLeft(key, "+0")) }

// VAT adds a tax number.
func (s *Spelling) VAT(number string) {
	if number = clean(number); countDigits(number) > 4 {
		s.add(ofVAT.text(identify(VAT, number)))
	}
}

// Line adds a line of an address that has a number in it: street and house number, postcode and town.
func (s *Spelling) Line(line string) {
	v := newView(line)
	v.words = splitWords(v.s, nil)
	units := lineUnits(v, 0, len(v.words), nil)
	if len(units) < 2 || len(units) > maxUnits {
		return
	}
	d, number := ofLine.digest(), false
	for _, u := range units {
		d, number = d.with(u.hash), number || u.number
	}
	if number {
		s.add(d)
	}
}

// Town adds a postcode with its town, in either order.
func (s *Spelling) Town(postcode, city string) {
	if letters(city) > 0 && countDigits(postcode) > 1 {
		s.Line(postcode + " " + city)
		s.Line(city + " " + postcode)
	}
}

// Order adds an order's number.
func (s *Spelling) Order(number string) { s.code(ofOrder, number) }

// Tracking adds a parcel's number.
func (s *Spelling) Tracking(number string) { s.code(ofTracking, number) }

func (s *Spelling) code(k of, number string) {
	if code := codeOf(clean(number)); countDigits(code) > 0 && len(code) <= maxCode {
		s.add(k.text(code))
	}
}

// codeOf returns a number as it counts: letters and digits.
func codeOf(s string) string { return strings.ToUpper(strings.Map(keepAlnum, s)) }

// maxCode is how many letters and digits an order's or parcel's number may have.
const maxCode = 40
