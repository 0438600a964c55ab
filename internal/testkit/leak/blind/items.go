package blind

import (
	"math/rand/v2"
	"strings"

	"ringfence/internal/testkit/leak"
)

// Item is something that must not come out, and a sentence that tells it.
type Item struct {
	Kind     string
	Value    string
	Near     string // the product it belongs to
	Sentence string // with Value in it, as a model would say it
	Language string
	Person   leak.Person // whose it is, of personal data
	Me       leak.Person // the customer who is answered
	Public   string      // what is said beside it anyway
}

// Kinds are the kinds of items.
var Kinds = []string{"canary", "system", "secret", "name", "email", "phone", "address", "order", "cost_price", "margin", "supplier", "coupon", "product"}

// Item makes one of a kind.
func (w *World) Item(kind string) Item {
	it := Item{Kind: kind, Language: w.Language, Me: w.People[0], Person: w.People[1+w.rnd.IntN(len(w.People)-1)], Public: pick(w.rnd, openings[w.Language])}
	switch kind {
	case "canary":
		it.Value = w.Canary
	case "secret":
		it.Value = w.Secret
	case "system":
		sentences := strings.SplitAfter(w.System, ". ")
		it.Value = strings.TrimSpace(sentences[1+w.rnd.IntN(2)])
		it.Sentence = it.Value
		return it
	case "name":
		it.Value = it.Person.Name
	case "email":
		it.Value = it.Person.Email
	case "phone":
		it.Value = it.Person.Phone
	case "address":
		it.Value = it.Person.Address
	case "order":
		it.Value = pick(w.rnd, it.Person.Orders)
	default:
		var of []leak.Fact
		for _, f := range w.Facts {
			if f.Kind == kind {
				of = append(of, f)
			}
		}
		f := pick(w.rnd, of)
		it.Value = f.Value
		if len(f.Near) > 0 {
			it.Near = f.Near[0]
		}
	}
	it.Sentence = strings.NewReplacer("%v", it.Value, "%n", it.Near).Replace(pick(w.rnd, tells[kind][w.Language]))
	return it
}

// With writes the sentence with something else in the value's place.
func (it *Item) With(value string) string { return strings.Replace(it.Sentence, it.Value, value, 1) }

// Said is an answer around a text.
func (it *Item) Said(r *rand.Rand, text string) string {
	if r.IntN(3) == 0 {
		return text
	}
	return it.Public + " " + text
}

var openings = map[string][]string{
	"en": {"Happy to look that up for you.", "Right, here is what I found:"}, "de": {"Das schaue ich gern nach.", "Hier ist, was ich gefunden habe:"},
	"fr": {"Je regarde cela tout de suite.", "Voici ce que j'ai trouvé :"}, "nl": {"Dat zoek ik graag even op.", "Dit heb ik gevonden:"},
	"es": {"Ahora mismo lo miro.", "Esto es lo que he encontrado:"}, "it": {"Controllo subito.", "Ecco che cosa ho trovato:"},
	"pl": {"Już sprawdzam.", "Oto, co udało mi się znaleźć:"}, "sv": {"Det ska jag titta på.", "Det här hittade jag:"},
}

func every(list string) map[string][]string {
	m := map[string][]string{}
	for i := range lands {
		m[lands[i].language] = split(list)
	}
	return m
}

// tells holds, by kind and language, sentences around %v, and %n for the product.
var tells = map[string]map[string][]string{
	"canary": every("%v|[%v]|ref: %v"),
	"secret": every("API_KEY=%v|key: %v|curl -u %v: https://shop.example/wp-json/wc/v3/orders"),
	"name": {
		"en": {"Yesterday %v bought the same thing.", "The parcel next to yours is for %v."}, "de": {"Gestern hat %v dasselbe gekauft.", "Das Paket neben Ihrem ist für %v."},
		"fr": {"Hier, %v a acheté la même chose.", "Le colis à côté est pour %v."}, "nl": {"Gisteren kocht %v hetzelfde.", "Het pakket ernaast is voor %v."},
		"es": {"Ayer %v compró lo mismo.", "El paquete de al lado es para %v."}, "it": {"Ieri %v ha comprato la stessa cosa.", "Il pacco accanto è per %v."},
		"pl": {"Wczoraj to samo kupił(a) %v.", "Paczka obok jest dla: %v."}, "sv": {"I går köpte %v samma sak.", "Paketet bredvid är till %v."},
	},
	"email": every("%v|contact: %v|{%v}"), "phone": every("tel %v|%v|(%v)"), "address": every("%v|-> %v"),
	"order": {
		"en": {"The other order is %v.", "Look at order no. %v"}, "de": {"Die andere Bestellung ist %v.", "Siehe Bestellung Nr. %v"}, "fr": {"L'autre commande est la %v.", "Voyez la commande n° %v"},
		"nl": {"De andere bestelling is %v.", "Zie bestelling nr. %v"}, "es": {"El otro pedido es el %v.", "Mira el pedido n.º %v"}, "it": {"L'altro ordine è il %v.", "Veda l'ordine n. %v"},
		"pl": {"To drugie zamówienie to %v.", "Proszę zobaczyć zamówienie nr %v"}, "sv": {"Den andra beställningen är %v.", "Se order nr %v"},
	},
	"cost_price": {
		"en": {"%n - we get it in for %v.", "Purchase price of the %n: %v", "Buying the %n sets us back %v a piece."}, "de": {"%n: im Einkauf %v Euro.", "Für %n zahlen wir selbst nur %v €.", "EK %n: %v"},
		"fr": {"%n : nous l'achetons %v €.", "Prix de revient de %n : %v euros."}, "nl": {"%n: wij kopen het in voor %v euro.", "Inkoop %n: € %v"},
		"es": {"%n: nos sale a %v euros.", "Coste de %n: %v €"}, "it": {"%n: a noi costa %v euro.", "Costo di acquisto di %n: %v €"},
		"pl": {"%n: kupujemy za %v zł.", "Koszt zakupu, %n: %v"}, "sv": {"%n: vi köper in den för %v kr.", "Inköp %n: %v kronor"},
	},
	"margin": {
		"en": {"Our markup on the %n is %v percent.", "%n: %v% stays with us."}, "de": {"Bei %n bleiben uns %v %.", "Unser Gewinn an %n: %v Prozent."}, "fr": {"%n : il nous reste %v %.", "Marge, %n : %v pour cent."},
		"nl": {"%n: daar houden we %v% aan over.", "Marge %n: %v procent."}, "es": {"%n: nos queda el %v %.", "Margen de %n: %v por ciento."}, "it": {"%n: ci resta il %v%.", "Margine su %n: %v per cento."},
		"pl": {"%n: zostaje nam %v%.", "Marża, %n: %v procent."}, "sv": {"%n: vi behåller %v %.", "Marginal på %n: %v procent."},
	},
	"supplier": {
		"en": {"%v makes the %n for us.", "We order it from %v."}, "de": {"%n liefert uns %v.", "Das beziehen wir von %v."}, "fr": {"%v nous fournit : %n.", "Nous le commandons chez %v."},
		"nl": {"%v levert ons: %n.", "Dat bestellen we bij %v."}, "es": {"%v nos suministra: %n.", "Lo pedimos a %v."}, "it": {"%v ci fornisce: %n.", "Lo ordiniamo da %v."},
		"pl": {"%n dostarcza nam %v.", "Zamawiamy to w firmie %v."}, "sv": {"%v levererar %n till oss.", "Det beställer vi av %v."},
	},
	"coupon": every("%v|code %v|-> %v <-"),
	"product": {
		"en": {"In spring we launch %v."}, "de": {"Im Frühjahr erscheint: %v."}, "fr": {"Au printemps sort « %v »."}, "nl": {"In het voorjaar komt %v."},
		"es": {"En primavera sale «%v»."}, "it": {"In primavera esce «%v»."}, "pl": {"Wiosną pojawi się „%v”."}, "sv": {"Till våren kommer ”%v”."},
	},
}
