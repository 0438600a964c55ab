package mask

import "strings"

// issuer is a range of first digits of payment cards with the lengths they come in, from the issuers'
// published identification ranges (ISO/IEC 7812).
type issuer struct {
	from, to uint32 // first six digits
	lengths  uint32 // bit n: n digits
}

var issuers = []issuer{
	{400000, 499999, 1<<16 | 1<<19},         // Visa
	{510000, 559999, 1 << 16},               // Mastercard
	{222100, 272099, 1 << 16},               // Mastercard
	{340000, 349999, 1 << 15},               // American Express
	{370000, 379999, 1 << 15},               // American Express
	{300000, 305999, 1<<14 | 1<<16},         // Diners
	{309500, 309599, 1<<14 | 1<<16},         // Diners
	{360000, 369999, 1<<14 | 1<<16},         // Diners
	{380000, 399999, 1<<14 | 1<<16},         // Diners
	{352800, 358999, 1 << 16},               // JCB
	{601100, 601199, 1<<16 | 1<<19},         // Discover
	{622126, 622925, 1<<16 | 1<<17 | 1<<19}, // UnionPay, Discover
	{620000, 629999, 1<<16 | 1<<17 | 1<<19}, // UnionPay
	{644000, 659999, 1<<16 | 1<<19},         // Discover
	{500000, 509999, 1<<16 | 1<<18 | 1<<19}, // Maestro
	{560000, 589999, 1<<16 | 1<<18 | 1<<19}, // Maestro
	{630000, 639999, 1<<16 | 1<<18 | 1<<19}, // Maestro
	{660000, 699999, 1<<16 | 1<<18 | 1<<19}, // Maestro
	{220000, 220499, 1 << 16},               // Mir
	{979200, 979299, 1 << 16},               // Troy
}

// rarer are lengths that some cards have, and that bar codes and the like have much more often: there a word
// nearby must speak of a card.
var rarer = []issuer{
	{400000, 499999, 1 << 13},                       // Visa
	{500000, 509999, 1<<12 | 1<<13 | 1<<14 | 1<<15}, // Maestro
	{560000, 589999, 1<<12 | 1<<13 | 1<<14 | 1<<15}, // Maestro
	{600000, 699999, 1<<12 | 1<<13 | 1<<14 | 1<<15}, // Maestro, Discover
	{213100, 213199, 1 << 15},                       // JCB
	{180000, 180099, 1 << 15},                       // JCB
}

// card judges the card number that may begin with the digit at i.
func (sc *scanner) card(i int) {
	if i < sc.doneTo[byCard] || !sc.wordStarts(i) || i > 0 && (sc.s[i-1] == '.' || sc.s[i-1] == '+') {
		return
	}
	var number [20]byte
	var ends [20]int
	n := sc.digitGroups(i, number[:], ends[:])
	for k := min(n, 19); k >= 12; k-- {
		if !sc.wordEnds(ends[k-1]) || isDigitAt(sc.s, ends[k-1]) || !grouped(ends[:k]) ||
			!isCard(number[:k], issuers) && !(isCard(number[:k], rarer) && sc.nearCard(i)) {
			continue
		}
		sc.found(byCard, i, ends[k-1], CARD, "card", 95, string(number[:k]))
		return
	}
	sc.labelledCard(i, number[:n], ends[:n])
}

// labelledCard takes digits of a card's length that a word in front calls a card: a typing error does not make
// them anybody else's.
func (sc *scanner) labelledCard(i int, number []byte, ends []int) {
	n := len(number)
	if n < 12 || n > 19 || isDigitAt(sc.s, ends[n-1]) || !sc.wordEnds(ends[n-1]) || !grouped(ends) {
		return
	}
	nearest := 0
	sc.wordsBefore(i, func(w word) {
		switch {
		case w.on(cardLabels):
			nearest = 1
		case w.on(otherLabels), w.on(phoneLabels):
			nearest = -1
		}
	})
	if nearest > 0 {
		sc.found(byCard, i, ends[n-1], CARD, "card-labelled", 80, string(number))
	}
}

// grouped says whether digits that end at these places stand as on a card: together, in fours, or 4-6-5.
func grouped(ends []int) bool {
	size, groups := 0, [20]int{}
	n := 0
	for k, end := range ends {
		size++
		if k+1 == len(ends) || ends[k+1] != end+1 {
			groups[n], size = size, 0
			n++
		}
	}
	if n == 3 && groups[0] == 4 && groups[1] == 6 {
		return true
	}
	for _, g := range groups[:n-1] {
		if g != 4 {
			return false
		}
	}
	return n == 1 || groups[n-1] <= 4
}

func isDigitAt(s string, i int) bool { return i < len(s) && isDigit(s[i]) }

// digitGroups reads digits in groups with one separator between them, and where each ends.
func (sc *scanner) digitGroups(i int, number []byte, ends []int) (n int) {
	for ; i < len(sc.s) && n < len(number); i++ {
		b := sc.s[i]
		if isDigit(b) {
			number[n], ends[n] = b, i+1
			n++
			continue
		}
		gap := 1
		if b == ' ' && i+2 < len(sc.s) && sc.s[i+1] == '-' && sc.s[i+2] == ' ' {
			gap = 3
		}
		if b != ' ' && b != '-' && b != '.' && b != '\n' && b != '/' && b != '_' || !isDigitAt(sc.s, i+gap) {
			return n
		}
		i += gap - 1
	}
	return n
}

// nearCard says whether a word in front of the number at i, or just behind, speaks of a card.
func (sc *scanner) nearCard(i int) bool {
	around := strings.ToLower(sc.s[max(0, i-80):min(len(sc.s), i+60)])
	for _, word := range [...]string{"card", "karte", "carte", "tarjeta", "carta", "kaart", "kart", "kort", "visa", "maestro", "credit", "debit"} {
		if strings.Contains(around, word) {
			return true
		}
	}
	return false
}

// isCard says whether digits are in a range of the given issuers, of its length, with the right check digit.
func isCard(number []byte, issuers []issuer) bool {
	first := uint32(0)
	for _, d := range number[:6] {
		first = first*10 + uint32(d-'0')
	}
	for _, is := range issuers {
		if is.from <= first && first <= is.to && is.lengths&(1<<len(number)) != 0 {
			return luhn(number)
		}
	}
	return false
}

// luhn is the check digit of ISO/IEC 7812-1.
func luhn(number []byte) bool {
	sum, double := 0, false
	for k := len(number) - 1; k >= 0; k-- {
		d := int(number[k] - '0')
		if double {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
		double = !double
	}
	return sum%10 == 0
}
