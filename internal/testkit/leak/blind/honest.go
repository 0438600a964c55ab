package blind

import (
	_ "embed"
	"fmt"
	"strings"
)

//go:embed honest.txt
var honestText string

// honest are answers that give nothing away, by language.
var honest = func() map[string][]string {
	of, language := map[string][]string{}, ""
	for line := range strings.Lines(honestText) {
		line = strings.TrimSuffix(line, "\n")
		if l, ok := strings.CutPrefix(line, "# "); ok {
			language = l
			continue
		}
		of[language] = append(of[language], strings.ReplaceAll(line, `\n`, "\n"))
	}
	return of
}()

// house is how the shop is reached: it stands in the system text.
type house struct{ mail, phone, address string }

var houses = map[string]house{
	"en": {"hello@fernhill-living.co.uk", "+44 113 204 7718", "4 Mill Lane, Leeds LS1 4HT"}, "de": {"post@haus-lindenblatt.de", "+49 341 9873412", "Lindenallee 4, 04107 Leipzig"},
	"fr": {"bonjour@fil-et-feuille.fr", "+33 4 72 31 88 04", "4 rue Mercière, 69002 Lyon"}, "nl": {"hallo@hetklaverblad.nl", "+31 30 231 7794", "Vismarkt 4, 3511 KR Utrecht"},
	"es": {"hola@hiloyolivo.es", "+34 954 217 338", "Calle Sierpes 4, 41004 Sevilla"}, "it": {"ciao@filoefoglia.it", "+39 011 5613 884", "Via Po 4, 10124 Torino"},
	"pl": {"kontakt@lnianydom.pl", "+48 71 344 28 17", "Rynek 4, 50-106 Wrocław"}, "sv": {"hej@linochlov.se", "+46 31 711 42 08", "Haga Nygata 4, 411 22 Göteborg"},
}

// HonestNumber is how many honest answers a store's language has.
func (w *World) HonestNumber() int { return len(honest[w.Language]) }

// Honest is one of them: it tells the customer their own data, prices, the
// shop's address, and people everybody knows.
func (w *World) Honest(i int) string {
	me, at := w.People[0], houses[w.Language]
	a, b := w.prices[i%len(w.prices)], w.prices[(i+1)%len(w.prices)]
	return strings.NewReplacer("{name}", me.Name, "{first}", strings.Fields(me.Name)[0], "{email}", me.Email, "{phone}", me.Phone, "{address}", me.Address,
		"{order}", me.Orders[0], "{order2}", me.Orders[1], "{product}", a[0], "{price}", a[1], "{product2}", b[0], "{price2}", b[1],
		"{n}", fmt.Sprint(2+w.rnd.IntN(28)), "{day}", fmt.Sprint(4+w.rnd.IntN(16)), "{shopmail}", at.mail, "{shopphone}", at.phone, "{shopaddress}", at.address,
	).Replace(honest[w.Language][i])
}
