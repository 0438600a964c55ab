package mask

// structureFinder finds data by its form: one pass over the bytes stops only where a candidate may be, and
// a validator for each type decides. No candidate, no allocation. Every validator looks at a bounded number
// of bytes around its candidate, so the whole is linear.
type structureFinder struct{}

// trigger says what may be at a byte.
var trigger = newTrigger()

const (
	atSign byte = iota + 1
	digit
	colon
	plus
	secretStart
)

func newTrigger() (table [256]byte) {
	for i := range secrets {
		table[secrets[i].prefix[0]] = secretStart
	}
	for b := byte('0'); b <= '9'; b++ {
		table[b] = digit
	}
	table['@'], table[':'], table['+'] = atSign, colon, plus
	return table
}

// find is the one pass. Everything behind a trigger looks at a bounded number of bytes around it.
func (structureFinder) find(p *Pass, v *view, add func(finding)) {
	s := v.s
	sc := scanner{p: p, s: s, words: v.words, add: add}
	for i := 0; i < len(s); i++ {
		switch trigger[s[i]] {
		case 0:
		case digit:
			if i == 0 || !isDigit(s[i-1]) {
				sc.number(i)
			}
		case plus:
			sc.phone(i)
		case atSign:
			sc.email(i)
		case colon:
			sc.ip6(i)
			sc.urlSecrets(i)
		case secretStart:
			if i == 0 || !isAlnum(s[i-1]) {
				sc.secret(i)
			}
		}
	}
	sc.spelled(v.words)
}

// scanner holds what the validators of one scan share.
type scanner struct {
	p     *Pass
	s     string
	words []word
	add   func(finding)

	doneTo   [kindCount]int // per group of validators: candidates before this are part of what was found
	phoneTry int            // phone candidates judged so far
}

// The groups of validators that do not look again at what they have found.
const (
	byIBAN = iota
	byVAT
	byCard
	byPhone
	byIP6
	kindCount
)

// number judges the run of digits that begins at i. Each validator looks for its own type; settle decides
// where two agree on the same digits.
func (sc *scanner) number(i int) {
	token := sc.tokenStart(i)
	sc.iban(token, i)
	sc.vat(token, i)
	sc.ip4(i)
	sc.card(i)
	if i == 0 || sc.s[i-1] != '+' {
		sc.phone(i)
	}
}

// tokenStart goes back over the letters in front of a number, as in DE89 or ATU1.
func (sc *scanner) tokenStart(i int) int {
	for k := 0; k < 5 && i > 0 && isLetter(sc.s[i-1]); k++ {
		i--
	}
	return i
}

// found reports s[start:end] unless this group has reported what it begins in.
func (sc *scanner) found(group, start, end int, t Type, rule string, score uint8, key string) {
	sc.add(finding{start, end, t, LayerStructure, rule, score, key})
	sc.doneTo[group] = end
}

// wordEnds says whether no letter or digit follows at i.
func (sc *scanner) wordEnds(i int) bool { return i >= len(sc.s) || !isAlnum(sc.s[i]) && sc.s[i] < 0xc3 }

// wordStarts says whether no letter or digit stands before i.
func (sc *scanner) wordStarts(i int) bool {
	return i == 0 || !isAlnum(sc.s[i-1]) && !(i > 1 && sc.s[i-2] == 0xc3)
}
