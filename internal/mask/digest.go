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
	ofNear                  // a word of a name, or that word without one of its letters
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
func lettersOf(dst []rune, s string) []rune {
	begin := len(dst)
	put := func(r rune) {
		if n := len(dst); n > begin {
			switch last := dst[n-1]; {
			case r == 'e' && (last == 'a' || last == 'o' || last == 'u'), r == 'a' && last == 'a':
				return
			}
		}
		dst = append(dst, r)
	}
	for _, r := range s {
		plainLetters(r, put, func(r rune) { dst = append(dst, r) })
	}
	return dst
}

// lettersHash returns the hash of a word of these letters.
func lettersHash(letters []rune) uint64 {
	h := uint64(hashStart)
	for _, r := range letters {
		h = (h ^ uint64(r)) * hashPrime
	}
	return h
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
