package mask

import "strings"

const (
	maxPhoneDigits = 17 // 15 by ITU-T E.164, and a trunk zero or two people leave in
	minPhoneDigits = 7
	// maxPhoneTries bounds the numbers of one text that the number plans are asked about. Beyond it a
	// candidate is taken for a phone number unasked: rather too much masked than time without end.
	maxPhoneTries = 5000
)

// phoneText is a candidate: its digits and where each ends.
type phoneText struct {
	digits [maxPhoneDigits + 1]byte
	ends   [maxPhoneDigits + 1]int
	n      int
	plus   bool
	spaced int // separators between groups
	called int // what the words before say: 1 a phone number, -1 something else, 0 nothing
	zero   int // index of a trunk zero in brackets, as in +49 (0)30, or -1
}

// phone judges the phone number that may begin at i, with a plus or a digit.
func (sc *scanner) phone(i int) {
	if i < sc.doneTo[byPhone] || sc.s[i] == '+' && !isDigitAt(sc.s, i+1) && !strings.HasPrefix(sc.s[i+1:], "(") {
		return
	}
	var t phoneText
	sc.readPhone(i, &t)
	if t.n < minPhoneDigits-1 {
		return
	}
	start := i
	for start > 0 && (sc.s[start-1] == '(' || sc.s[start-1] == '+') {
		start--
	}
	if key, end := sc.p.people.phone(sc.s, &t); key != "" {
		end = sc.extension(end)
		sc.add(finding{start, end, PHONE, LayerPeople, "seeded-phone", 99, key})
		sc.doneTo[byPhone] = end
		return
	}
	if !sc.phoneMayStart(start, i) {
		return
	}
	if !t.plus {
		t.called = sc.calledPhone(start)
	}
	for k, tries := t.n, 0; k >= minPhoneDigits && tries < 3; k-- {
		if !sc.numberEnds(&t, k) {
			continue
		}
		tries++
		if key, score := sc.judgePhone(start, &t, k); key != "" {
			sc.found(byPhone, start, sc.extension(t.ends[k-1]), PHONE, "phone", score, key)
			return
		}
	}
	if k := sc.loosePhone(start, &t); k > 0 {
		sc.found(byPhone, start, sc.extension(t.ends[k-1]), PHONE, "phone-unplanned", 70, string(t.digits[:k]))
	}
}

// extension returns the end of an extension behind a number that ends at i: x123, ext. 12, Durchwahl is not one.
func (sc *scanner) extension(i int) int {
	rest := sc.s[i:min(len(sc.s), i+16)]
	k := len(rest) - len(strings.TrimLeft(rest, " ,"))
	for _, word := range [...]string{"extension ", "ext. ", "ext.", "ext ", "x"} {
		if len(rest) > k+len(word) && strings.EqualFold(rest[k:k+len(word)], word) {
			end := k + len(word)
			for end < len(rest) && isDigit(rest[end]) {
				end++
			}
			if end > k+len(word) && sc.wordEnds(i+end) {
				return i + end
			}
		}
	}
	return i
}

// numberEnds says whether a group of digits and a word end behind the first k digits.
func (sc *scanner) numberEnds(t *phoneText, k int) bool {
	end := t.ends[k-1]
	return !isDigitAt(sc.s, end) && (sc.wordEnds(end) || sc.s[end]|0x20 == 'x' && sc.extension(end) > end)
}

// loosePhone finds a number that no number plan knows but that is clearly meant as one: with a plus and a
// calling code, called a phone number, or grouped 3-3-4 as in America. It returns how many digits it has.
func (sc *scanner) loosePhone(start int, t *phoneText) int {
	for k := min(t.n, 15); k >= minPhoneDigits; k-- {
		if !sc.numberEnds(t, k) {
			continue
		}
		digits := string(t.digits[:k])
		switch {
		case allSame(digits) || looksDated(sc.s[start:t.ends[k-1]]):
			return 0
		case t.plus && k > 8 && hasCallingCode(digits), t.called > 0 && (k > 7 || t.spaced > 0):
			return k
		case t.called == 0 && strings.HasPrefix(digits, "00") && k > 10 && t.spaced > 0 && hasCallingCode(digits[2:]) &&
			sc.standsAlone(start, t.ends[k-1]):
			return k
		case t.called == 0 && k == 10 && t.spaced == 2 && t.american(sc.s) && sc.standsAlone(start, t.ends[k-1]),
			t.called == 0 && k >= 8 && k <= 12 && sc.s[start] == '(' && t.spaced > 0 && sc.standsAlone(start, t.ends[k-1]),
			t.called == 0 && k >= 9 && k <= 12 && digits[0] == '0' && digits[1] != '0' && t.spaced > 0 && sc.standsAlone(start, t.ends[k-1]):
			return k
		}
	}
	return 0
}

// american says whether ten digits are grouped 3-3-4, with more than a space between them.
func (t *phoneText) american(s string) bool {
	after := func(k int) byte { return s[t.ends[k-1]] }
	return !isDigit(after(3)) && !isDigit(after(6)) && after(6) != ' ' && after(6) != '/'
}

// hasCallingCode says whether digits begin with a country's code.
func hasCallingCode(digits string) bool {
	return callingCodes[atoi(digits[:1])] || callingCodes[atoi(digits[:2])] || callingCodes[atoi(digits[:3])]
}

// phoneMayStart rejects the middle of other things: words, decimals, paths, ranges.
func (sc *scanner) phoneMayStart(start, i int) bool {
	if !sc.wordStarts(start) {
		return false
	}
	if start == 0 {
		return true
	}
	switch b := sc.s[start-1]; b {
	case '.', ',', '-', '/', '_', '#', '$', '=':
		return b == '=' || start > 1 && !isAlnum(sc.s[start-2]) && b != '#' && b != '$'
	}
	return sc.s[i] != '0' || i+1 >= len(sc.s) || sc.s[i+1] != '.' && sc.s[i+1] != ','
}

// readPhone reads digits in groups, with the separators people put between them.
func (sc *scanner) readPhone(i int, t *phoneText) {
	t.zero = -1
	if sc.s[i] == '+' {
		t.plus = true
		i++
	}
	for gap := 0; i < len(sc.s) && t.n <= maxPhoneDigits; i++ {
		b := sc.s[i]
		if isDigit(b) {
			if gap > 0 && t.n > 0 {
				t.spaced++
			}
			if b == '0' && sc.s[i-min(i, 1)] == '(' && i+1 < len(sc.s) && sc.s[i+1] == ')' && t.n > 0 {
				t.zero = t.n
			}
			t.digits[t.n], t.ends[t.n] = b, i+1
			t.n++
			gap = 0
			continue
		}
		if gap++; gap > 3 || strings.IndexByte(" -./()\t", b) < 0 {
			return
		}
	}
	if t.n > maxPhoneDigits && isDigitAt(sc.s, i) {
		t.n = 0 // too long for any number plan
	}
}

// judgePhone says whether the first k digits are a phone number and returns it in E.164.
func (sc *scanner) judgePhone(start int, t *phoneText, k int) (key string, score uint8) {
	digits := string(t.digits[:k])
	if t.zero > 0 && t.zero < k {
		digits = digits[:t.zero] + digits[t.zero+1:]
	}
	if allSame(digits) {
		return "", 0
	}
	if sc.phoneTry++; sc.phoneTry > maxPhoneTries {
		return digits, 50
	}
	if t.plus || strings.HasPrefix(digits, "00") {
		return international(strings.TrimPrefix(digits, "00")), 95
	}
	if t.called < 0 || t.called == 0 && !sc.plausible(start, t, k) {
		return "", 0
	}
	usual := t.spaced >= 2 && k >= 2*(t.spaced+1)
	for i := range sc.p.masker.regions {
		r := &sc.p.masker.regions[i]
		if key := r.national(digits, t.called > 0 || usual); key != "" {
			return key, 85
		}
	}
	return "", 0
}

// plausible says whether digits that nothing calls a phone number stand as one.
func (sc *scanner) plausible(start int, t *phoneText, k int) bool {
	least := 10 - min(t.spaced, 2)
	end := t.ends[k-1]
	return k >= least && sc.standsAlone(start, end) && !looksDated(sc.s[start:end])
}

// standsAlone says whether no more digits stand before or behind, as in a longer number of another kind.
func (sc *scanner) standsAlone(start, end int) bool {
	const between = " -./"
	if start > 1 && strings.IndexByte(between, sc.s[start-1]) >= 0 && isDigit(sc.s[start-2]) {
		return false
	}
	return end >= len(sc.s) || strings.IndexByte(between, sc.s[end]) < 0 || !isDigitAt(sc.s, end+1)
}

func allSame(s string) bool { return strings.Count(s, s[:1]) == len(s) }
