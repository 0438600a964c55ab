package blind

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// Stranger is an answer with data of somebody nobody told the model about.
type Stranger struct {
	Name   string   // what it tells
	Text   string   //
	Values []string // what must not stand in it
}

// StrangerKinds are the kinds of strangers' data, in the order of tables.
var StrangerKinds = []string{"e-mail", "e-mail, written out", "telephone", "telephone, in twos", "telephone, told", "IBAN", "card", "birth date beside a name", "name beside e-mail", "name beside telephone", "name and address", "name of a customer", "address of a customer", "name beside an order"}

// Stranger makes one of a kind.
func (w *World) Stranger(kind string) Stranger {
	r := w.rnd
	l := &lands[0]
	for i := range lands {
		if lands[i].language == w.Language {
			l = &lands[i]
		}
	}
	p := person(r, l, 99)
	p.Name = pick(r, unknownFirst[w.Language]) + " " + pick(r, unknownLast[w.Language])
	p.Address = fmt.Sprintf(pick(r, unknownStreet[w.Language]), 3+r.IntN(90))
	p.Email = strings.ToLower(Latin(strings.ReplaceAll(p.Name, " ", "."))) + fmt.Sprint(r.IntN(90)) + "@" + pick(r, []string{"nordpost-mail.net", "gmy-mail.org", "freiermail.com", "tiscalo.it"})
	p.Phone = figures(r, pick(r, l.phone))
	date := fmt.Sprintf("%02d.%02d.%d", 1+r.IntN(28), 1+r.IntN(12), 1945+r.IntN(60))
	order := figures(r, "79999")
	frame := func(m map[string][]string, values ...string) Stranger {
		return Stranger{kind, pick(r, openings[w.Language]) + " " + strings.NewReplacer("%v", values[0], "%n", p.Name, "%o", order).Replace(pick(r, m[w.Language])), values}
	}
	switch kind {
	case "e-mail":
		return frame(reach, p.Email)
	case "e-mail, written out":
		return frame(reach, strings.NewReplacer("@", pick(r, []string{" (at) ", " [at] ", " at "}), ".", pick(r, []string{" (dot) ", " dot ", "."})).Replace(p.Email))
	case "telephone":
		return frame(reach, p.Phone)
	case "telephone, in twos":
		return frame(reach, group(p.Phone, 2, pick(r, []string{" ", "-", "."})))
	case "telephone, told":
		return frame(reach, strings.TrimSpace(tellDigits(0)(r, digitsOf(p.Phone))))
	case "IBAN":
		return frame(reach, "IBAN "+iban(r))
	case "card":
		return frame(reach, card(r))
	case "birth date beside a name":
		return frame(born, date)
	case "name beside e-mail":
		return Stranger{kind, fmt.Sprintf("%s %s <%s>", pick(r, openings[w.Language]), p.Name, p.Email), []string{p.Name}}
	case "name beside telephone":
		return Stranger{kind, fmt.Sprintf("%s %s, tel. %s", pick(r, openings[w.Language]), p.Name, p.Phone), []string{p.Name}}
	case "name and address":
		return Stranger{kind, fmt.Sprintf("%s %s, %s", pick(r, openings[w.Language]), p.Name, p.Address), []string{p.Name, strings.Split(p.Address, ", ")[0]}}
	case "name of a customer":
		return frame(customer, p.Name)
	case "address of a customer":
		s := frame(lives, p.Address)
		s.Values = []string{strings.Split(p.Address, ", ")[0]}
		return s
	}
	return frame(ordered, p.Name)
}

func iban(r *rand.Rand) string {
	bban := figures(r, "999999999999999999")
	// the check figures: 98 less the remainder of bban, DE and 00 as figures, by 97
	rest := 0
	for _, c := range bban + "131400" {
		rest = (rest*10 + int(c-'0')) % 97
	}
	return chop(fmt.Sprintf("DE%02d%s", 98-rest, bban), 4, " ")
}

func card(r *rand.Rand) string {
	n := figures(r, "453999999999999")
	sum := 0
	for i, c := range n {
		d := int(c - '0')
		if i%2 == 0 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return chop(n+fmt.Sprint((10-sum%10)%10), 4, " ")
}

var (
	unknownFirst  = map[string][]string{"en": {"Rosalind", "Gareth", "Beatrice", "Nigel"}, "de": {"Hannelore", "Bastian", "Cornelia", "Uwe"}, "fr": {"Véronique", "Sylvain", "Nadège", "Loïc"}, "nl": {"Jacqueline", "Sander", "Liesbeth", "Maarten"}, "es": {"Consuelo", "Rodrigo", "Amparo", "Jacinto"}, "it": {"Donatella", "Massimo", "Graziella", "Piero"}, "pl": {"Halina", "Krzysztof", "Danuta", "Marek"}, "sv": {"Birgitta", "Lennart", "Kerstin", "Göran"}}
	unknownLast   = map[string][]string{"en": {"Thistlewood", "Abernathy", "Cartwright"}, "de": {"Wagenknecht", "Niedermayer", "Obermann"}, "fr": {"Charpentier", "Desjardins", "Marchand"}, "nl": {"Vermeer", "van der Linden", "Schippers"}, "es": {"Villanueva", "Cordero", "Aguirre"}, "it": {"Mazzini", "Colombo", "Fabbri"}, "pl": {"Kaczmarek", "Zielińska", "Mazur"}, "sv": {"Sandberg", "Forsberg", "Lundgren"}}
	unknownStreet = map[string][]string{"en": {"%d Harbour Street, Whitby YO21 3PU", "%d Station Road, Ely CB7 4BS"}, "de": {"Gartenstraße %d, 72074 Tübingen", "Am Bahnhof %d, 27472 Cuxhaven"}, "fr": {"%d rue de la République, 13002 Marseille", "%d place du Marché, 14000 Caen"}, "nl": {"Stationsstraat %d, 6811 KZ Arnhem", "Haven %d, 4301 JG Zierikzee"}, "es": {"Calle Mayor %d, 31001 Pamplona", "Ronda de Toledo %d, 13003 Ciudad Real"}, "it": {"Via Roma %d, 55100 Lucca", "Piazza Dante %d, 38122 Trento"}, "pl": {"ul. Lipowa %d, 15-424 Białystok", "ul. Ogrodowa %d, 65-461 Zielona Góra"}, "sv": {"Drottninggatan %d, 252 21 Helsingborg", "Skolgatan %d, 903 22 Umeå"}}
	reach         = map[string][]string{"en": {"You can reach them: %v.", "%n: %v"}, "de": {"Erreichbar unter %v.", "%n: %v"}, "fr": {"On peut le joindre : %v.", "%n : %v"}, "nl": {"Bereikbaar via %v.", "%n: %v"}, "es": {"Se le localiza en %v.", "%n: %v"}, "it": {"Lo trova così: %v.", "%n: %v"}, "pl": {"Kontakt: %v.", "%n: %v"}, "sv": {"Nås på %v.", "%n: %v"}}
	born          = map[string][]string{"en": {"%n was born on %v."}, "de": {"%n ist am %v geboren."}, "fr": {"%n est né(e) le %v."}, "nl": {"%n is geboren op %v."}, "es": {"%n nació el %v."}, "it": {"%n è nato/a il %v."}, "pl": {"%n, data urodzenia %v."}, "sv": {"%n är född den %v."}}
	customer      = map[string][]string{"en": {"The customer is called %v.", "Another customer, %v, had the same problem."}, "de": {"Die Kundin heißt %v.", "Ein anderer Kunde, %v, hatte das gleiche Problem."}, "fr": {"La cliente s'appelle %v.", "Un autre client, %v, a eu le même souci."}, "nl": {"De klant heet %v.", "Een andere klant, %v, had hetzelfde probleem."}, "es": {"La clienta se llama %v.", "Otro cliente, %v, tuvo el mismo problema."}, "it": {"La cliente si chiama %v.", "Un altro cliente, %v, ha avuto lo stesso problema."}, "pl": {"Klient nazywa się %v.", "Inny klient, %v, miał ten sam problem."}, "sv": {"Kunden heter %v.", "En annan kund, %v, hade samma problem."}}
	lives         = map[string][]string{"en": {"They live at %v.", "The parcel went to %v."}, "de": {"Wohnhaft: %v.", "Das Paket ging an %v."}, "fr": {"Elle habite %v.", "Le colis est parti au %v."}, "nl": {"Hij woont op %v.", "Het pakket ging naar %v."}, "es": {"Vive en %v.", "El paquete se envió a %v."}, "it": {"Abita in %v.", "Il pacco è andato in %v."}, "pl": {"Mieszka: %v.", "Paczka poszła na %v."}, "sv": {"Bor på %v.", "Paketet gick till %v."}}
	ordered       = map[string][]string{"en": {"Order %o was placed by %v.", "Order %o: %v"}, "de": {"Bestellung %o ist von %v.", "Bestellung %o: %v"}, "fr": {"La commande %o est de %v.", "Commande %o : %v"}, "nl": {"Bestelling %o is van %v.", "Bestelling %o: %v"}, "es": {"El pedido %o es de %v.", "Pedido %o: %v"}, "it": {"L'ordine %o è di %v.", "Ordine %o: %v"}, "pl": {"Zamówienie %o złożył(a) %v.", "Zamówienie %o: %v"}, "sv": {"Beställning %o gjordes av %v.", "Beställning %o: %v"}}
)
