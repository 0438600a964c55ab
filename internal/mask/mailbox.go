package mask

import "strings"

// mailbox masks the name in front of the e-mail address at start, as in Jane Doe <jane@example.org>. In round
// brackets, where a firm or a product may stand in front as well, two words are asked for.
func (sc *scanner) mailbox(words []word, start int) {
	if start < 2 || sc.s[start-1] != '<' && sc.s[start-1] != '(' && sc.s[start-1] != '[' {
		return
	}
	last := wordBefore(words, start)
	if last < 0 || strings.Trim(sc.s[words[last].end:start-1], " \"'") != "" {
		return
	}
	first := last + 1
	for k := last; k >= 0 && last-k < maxNameWords; k-- {
		w := words[k]
		if k < last && !nameGap(sc.s[w.end:words[k+1].start], w) || w.on(notNames) || w.on(titles) {
			break
		}
		if w.shape.name() {
			first = k
		} else if !w.on(particles) {
			break
		}
	}
	if n := last + 1 - first; n == 0 || n == 1 && sc.s[start-1] != '<' {
		return
	}
	sc.add(finding{words[first].start, words[last].end, PERSON, LayerContext, "name-mailbox", 80, ""})
}

// wordBefore returns the last word that ends before an offset, -1 if there is none.
func wordBefore(words []word, at int) int {
	lo, hi := 0, len(words)
	for lo < hi {
		if mid := (lo + hi) / 2; words[mid].end <= at {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo - 1
}

// studyEmail learns the name in an address such as anna.muster@example.org.
func (p *Pass) studyEmail(email string) {
	local, _, _ := strings.Cut(email, "@")
	words := splitWords(local, nil)
	if len(words) != 2 {
		return
	}
	for _, w := range words {
		if w.shape&hasDigit != 0 || w.end-w.start < 3 || w.on(mailboxes) || isCommon(local[w.start:w.end]) {
			return
		}
	}
	p.seedName(local[words[0].start:words[0].end]+" "+local[words[1].start:words[1].end], mailed)
}

// mailboxes are words in addresses of offices, not of people.
var mailboxes = listOf(`info kontakt contact contacto contatto hello hallo hola bonjour ciao office service services support
	help hilfe team sales verkauf vertrieb shop store order orders bestellung bestellungen commande pedido buchhaltung
	accounting billing invoice invoices rechnung rechnungen noreply reply donotreply news newsletter marketing press presse
	jobs career karriere admin webmaster post mail email customer kunden kundenservice care client clients returns retoure
	retouren privacy datenschutz legal security web online management example test user`)
