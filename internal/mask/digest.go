package mask

// Digest stands for a value of the store's own data: a person's name, an address line, an order number. It is
// made of folded spelling, so that Müller, MUELLER and Muller have one. It is no secret by itself: whoever keeps
// digests keys them first, as room people does.
type Digest uint64

// of is what a digest stands for: equal words of different kinds have different digests.
type of uint64

const (
	ofName    of = iota + 1 // one word of a name
	ofPair                  // two words of one name, in either order
	ofInitial               // the first letter of one word of a name, and another word
	ofNear                  // a word of a name, or that word without one of its letters, beside another word of it
	ofLine                  // a line of an address: street and number, postcode and town
	ofStart                 // the first word of a company, a product or a name without spaces
	ofWhole                 // all words of a name without spaces
	ofCompany
	ofProduct // of anything in the catalogue: never a person by itself
	ofEmail
	ofPhone
	ofVAT
	ofOrder
	ofTracking
)

func (k of) digest(parts ...uint64) Digest {
	d := Digest(hashStart ^ uint64(k)*0x9e3779b97f4a7c15)
	for _, p := range parts {
		d = d.with(p)
	}
	return d
}

// with continues a digest.
func (d Digest) with(part uint64) Digest {
	h := (uint64(d) ^ part) * 0x9e3779b97f4a7c15
	return Digest(h ^ h>>29)
}

// namePair is the digest of two words of one name.
func namePair(a, b uint64) Digest { return ofPair.digest(min(a, b), max(a, b)) }

// text is the digest of a value whose every character counts.
func (k of) text(s string) Digest {
	h := uint64(hashStart)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * hashPrime
	}
	return k.digest(h)
}

// lettersOf appends the folded letters of the word at the beginning of s: what [folder] hashes.
func lettersOf(dst []rune, s string) []rune { return foldLetters(rawLetters(dst, s), len(dst)) }

// rawLetters appends the plain letters of a word, with the e of ae, oe and ue in it: there a slip of the hand may
// be.
func rawLetters(dst []rune, s string) []rune {
	for _, r := range s {
		plainLetters(r, func(c rune) { dst = append(dst, c) }, func(c rune) { dst = append(dst, c|other) })
	}
	return dst
}

// other marks a letter that no plain one stands for.
const other = 1 << 30

// foldLetters takes what [folder] leaves out from the letters behind begin.
func foldLetters(letters []rune, begin int) []rune {
	out := letters[:begin]
	for _, r := range letters[begin:] {
		if n := len(out); n == begin || !silent(out[n-1], r) {
			out = append(out, r)
		}
	}
	return out
}

// silent says whether a letter is left out behind another.
func silent(last, r rune) bool {
	return r == 'e' && (last == 'a' || last == 'o' || last == 'u') || r == 'a' && last == 'a'
}

// lettersHash returns the hash of a word of these letters, folded or not.
func lettersHash(letters []rune) uint64 {
	h, last := uint64(hashStart), rune(0)
	for _, r := range letters {
		if silent(last, r) {
			continue
		}
		h = (h ^ uint64(r&^other)) * hashPrime
		last = r
	}
	return h
}

// nearOf is the digest of letters as they lie near a word that stands in a name beside another: none is left out.
func nearOf(beside uint64, letters []rune) Digest {
	h := uint64(hashStart)
	for _, r := range letters {
		h = (h ^ uint64(r&^other)) * hashPrime
	}
	return ofNear.digest(beside, h)
}

// withoutOne calls yield with the letters without each one of them, and its place. It reuses buf.
func withoutOne(letters, buf []rune, yield func(i int, rest []rune) bool) []rune {
	for i := range letters {
		if i > 0 && letters[i] == letters[i-1] {
			continue
		}
		buf = append(append(buf[:0], letters[:i]...), letters[i+1:]...)
		if !yield(i, buf) {
			break
		}
	}
	return buf
}

// Fold returns what a word has in common with all its spellings: Müller, MUELLER, Muller.
func Fold(word string) uint64 { return hashWord(word) }
