package guard

import "strings"

// amounts puts together what is told in two parts: "63 euros 7 cents", 63€07,
// 63:07, "twelve fifty"; and reads what is told in cents.
type amounts struct {
	whole      string
	start, end int
	on, joined bool // a whole number has come; what parts it from its cents, too
	point      bool // by a point: what follows are decimals as they stand
	words      bool // it was told in words
}

// smallMoney are the names of hundredths.
var smallMoney = map[string]bool{"cent": true, "cents": true, "ct": true, "centime": true, "centimes": true, "centesimo": true, "centesimi": true, "centimo": true, "centimos": true,
	"grosz": true, "groszy": true, "grosze": true, "ore": true, "penny": true, "pence": true}

// bigMoney are the names of money that may stand between a whole number and its
// cents.
var bigMoney = map[string]bool{"euro": true, "euros": true, "pound": true, "pounds": true, "dollar": true, "dollars": true, "franken": true, "francs": true, "krona": true, "kronor": true, "kroner": true, "zloty": true, "zlotych": true, "zlote": true, "eur": true, "usd": true, "gbp": true, "chf": true, "sek": true, "pln": true, "kr": true, "zl": true}

// amount takes a number without decimals; other ones end what was told.
func (n *numbers) amount(text string, start, end int) {
	a := &n.parts
	if strings.ContainsAny(text, ".,' ") {
		a.on = false
		return
	}
	if a.on && a.joined && (len(text) <= 2 || a.point) && len(a.whole) < maxRun/2 {
		cents := text
		if !a.point && len(text) == 1 {
			cents = "0" + text
		}
		n.tell(a.whole+"."+cents, a.start, end)
	}
	*a = amounts{whole: text, start: start, end: end, on: true}
}

// tell reports a number that was read in another way than as it stands.
func (n *numbers) tell(text string, start, end int) {
	for _, c := range canonical(text) {
		n.w.around.told(c, strings.Contains(text, "."), start, end, joinVia(n.via, "told"))
	}
}

// unit takes a word, or a sign, behind a number.
func (a *amounts) unit(w string, n *numbers) {
	switch {
	case !a.on:
	case bigMoney[w]:
		a.joined = true
	case smallMoney[w]:
		if len(a.whole) > 2 && !a.joined {
			n.tell(a.whole[:len(a.whole)-2]+"."+a.whole[len(a.whole)-2:], a.start, a.end)
		}
		a.on = false
	case ands[w] && a.joined:
	default:
		a.on = false
	}
}

// sign takes what is neither letter nor figure: but for what stands between two
// words, it ends a number that was told.
func (n *numbers) sign(r rune, start int) {
	if r >= 0x80 && apartFrom(r, []byte{0x80}) || r < 0x80 && !alphanumeric(byte(r)) {
		if n.tally.on && r != ' ' && r != '-' && r != '\n' {
			n.counted("", start, start)
		}
		n.parts.sign(r, start)
	}
}

// sign takes what parts a whole number from its cents, or ends it.
func (a *amounts) sign(r rune, start int) {
	switch r {
	case '€', '$', '£', '¥':
		a.joined = true
	case ':':
		a.joined = a.joined || a.end == start
	case ',':
		a.joined, a.on = a.joined || a.words, a.words
	case '-':
		a.joined = a.joined || a.end == start // of a name of a file
	case ' ', '\u00a0', '\u202f', '\n', '*', '`':
	default:
		a.on = false
	}
}
