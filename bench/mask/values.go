package main

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"
)

var (
	firstNames = map[string][]string{
		"de": {"Jürgen", "Käthe", "Lukas", "Anneliese"}, "en": {"Oliver", "Harriet", "Callum", "Imogen"},
		"fr": {"Camille", "Étienne", "Maëlys", "Gaspard"}, "nl": {"Sjoerd", "Fenna", "Joris", "Marloes"},
		"es": {"Íñigo", "Lucía", "Álvaro", "Begoña"}, "it": {"Giulia", "Matteo", "Fabrizio", "Noemi"},
		"pl": {"Wojciech", "Małgorzata", "Zbigniew", "Agnieszka"}, "sv": {"Åsa", "Björn", "Linnéa", "Torbjörn"},
	}
	lastNames = map[string][]string{
		"de": {"Müller", "Weiß-Schröder", "Böttcher", "Grünwald"}, "en": {"Thornton", "O'Sullivan", "Hargreaves", "Whitlock"},
		"fr": {"Lefèvre", "d'Aubigné", "Rousselot", "Bélanger"}, "nl": {"van der Meer", "de Groot", "Hoekstra", "Timmermans"},
		"es": {"García Ibáñez", "Muñoz", "Etxeberria", "Zubiri"}, "it": {"D'Angelo", "Esposito", "Mancini", "Lo Presti"},
		"pl": {"Wójcik", "Szczepański", "Kowalczyk", "Żurawska"}, "sv": {"Åkerström", "Lindqvist", "Öberg", "Sjögren"},
	}
	streets = map[string][]string{
		"de": {"Lindenstraße %d", "Berliner Str. %d", "Kirchweg %da", "Kaiser-Wilhelm-Allee %d"},
		"en": {"%d Baker Street", "%d Old Mill Lane", "%dB Station Road", "%d Kings Avenue"},
		"fr": {"%d rue de la Paix", "%d, avenue Victor Hugo", "%d bis boulevard Saint-Michel", "%d place du Marché"},
		"nl": {"Kerkstraat %d", "Prinsengracht %d", "Burgemeester de Vlugtlaan %d", "Dorpsweg %d"},
		"es": {"Calle Mayor %d", "Avenida de la Constitución, %d", "C/ Serrano %d", "Plaza de España %d"},
		"it": {"Via Garibaldi %d", "Corso Vittorio Emanuele II, %d", "Piazza San Marco %d", "Viale dei Mille %d"},
		"pl": {"ul. Długa %d", "ul. Jana Pawła II %d", "al. Niepodległości %d", "ulica Polna %d"},
		"sv": {"Storgatan %d", "Kungsvägen %d", "Norra Strandgatan %d", "Lilla Torget %d"},
	}
	towns = map[string][]string{
		"de": {"10115 Berlin", "50667 Köln", "D-80331 München"}, "en": {"SW1A 2AA", "M1 1AE", "EH1 1YZ"},
		"fr": {"75002 Paris", "69001 Lyon", "13001 Marseille"}, "nl": {"1016 DW Amsterdam", "3511 AA Utrecht", "2511CV Den Haag"},
		"es": {"28013 Madrid", "08001 Barcelona", "41001 Sevilla"}, "it": {"20121 Milano", "00184 Roma", "80121 Napoli"},
		"pl": {"00-950 Warszawa", "30-001 Kraków", "80-001 Gdańsk"}, "sv": {"111 35 Stockholm", "411 03 Göteborg", "211 20 Malmö"},
	}
	// vatNumbers are numbers with right check digits, as documentation uses them.
	vatNumbers = strings.Fields(`ATU13585627 BE0428759497 BG175074752 CY10259033P CZ25123891 DE136695976 DK13585628
		EE100931558 EL094259216 ESB58378431 FI20774740 FR40303265045 HR33392005961 HU12892312 IE6433435F IT00743110157
		LT119511515 LU15027442 LV40003521600 MT11679112 NL004495445B01 PL8567346215 PT501964843 RO18547290
		SE123456789701 SI50223054 SK2022749619 GB980780684 CHE107787577`)
	ibanForms = strings.Fields(`DE18n AT16n CH17n NL4a10n FR23n ES20n IT1a22n PL24n SE20n BE12n GB4a14n DK14n PT21n IE4a14n
		FI14n CZ20n`)
	cardForms = []struct {
		prefix string
		size   int
	}{{"4", 16}, {"51", 16}, {"55", 16}, {"2221", 16}, {"34", 15}, {"37", 15}, {"6011", 16}, {"3528", 16}, {"36", 14}}
)

func (g *generator) person(language string) string {
	return pick(g, firstNames[language]) + " " + pick(g, lastNames[language])
}

// spelling writes a known name as people do.
func (g *generator) spelling(name string) string {
	first, last, _ := strings.Cut(name, " ")
	return pick(g, []string{name, name, name, strings.ToUpper(name), strings.ToLower(name), last + ", " + first,
		strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "ß", "ss").Replace(name), first + "  " + last, first + "\n" + last})
}

func (g *generator) digits(n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte('0' + g.rand.IntN(10))
	}
	return string(b)
}

func (g *generator) letters(n int, alphabet string) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = alphabet[g.rand.IntN(len(alphabet))]
	}
	return string(b)
}

const (
	small = "abcdefghijklmnopqrstuvwxyz"
	large = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
)

func (g *generator) email() string {
	local := g.letters(3+g.rand.IntN(6), small) + pick(g, []string{"", ".", "_", "+shop"}) + g.letters(2+g.rand.IntN(5), small)
	mail := local + "@" + g.letters(4+g.rand.IntN(6), small) + pick(g, []string{".de", ".com", ".co.uk", ".example", ".shop", ".fr"})
	if g.rand.IntN(8) == 0 {
		return strings.ToUpper(mail)
	}
	return mail
}

// phoneForms are ways to write numbers in ranges that are given out; x is any digit.
var phoneForms = map[string][]string{
	"de": {"+49 170 3xxxxxx", "0171/4xxxxxx", "0049 151 2xxxxxxx", "030 2xxxxxxx", "(089) 5xxxxx", "+49 (0)40 3xxxxxx", "+491762xxxxxxx"},
	"en": {"+44 7700 900xxx", "07700 900xxx", "020 7946 0xxx", "+44 20 7946 0xxx", "(0161) 496 0xxx", "0044 7700 900xxx"},
	"fr": {"+33 6 12 xx xx xx", "06 12 xx xx xx", "01.42.xx.xx.xx", "0033 1 42 xx xx xx", "+33142xxxxxx", "0612xxxxxx"},
	"nl": {"+31 6 25xxxxxx", "06-25xxxxxx", "020 555 xxxx", "0031 6 25xxxxxx", "+31 (0)20 555xxxx", "06 25 xx xx xx"},
	"es": {"+34 612 xxx xxx", "612 xx xx xx", "91 555 xx xx", "0034 612 xxx xxx", "+34612xxxxxx"},
	"it": {"+39 347 xxx xxxx", "347 xxx xxxx", "06 6982 xxxx", "0039 347 xxxxxxx", "+39 02 55xx xxxx"},
	"pl": {"+48 601 xxx xxx", "601 xxx xxx", "22 555 xx xx", "0048 601 xxx xxx", "+48601xxxxxx"},
	"sv": {"+46 70 5xx xx xx", "070-5xx xx xx", "08-555 xxx xx", "0046 70 5xx xx xx", "0705xxxxxx"},
}

// phone makes a number in one of the ways people write it.
func (g *generator) phone(language string) string {
	b := []byte(pick(g, phoneForms[language]))
	for i := range b {
		if b[i] == 'x' {
			b[i] = byte('0' + g.rand.IntN(10))
		}
	}
	return string(b)
}

func (g *generator) iban() string {
	form := pick(g, ibanForms)
	country, body := form[:2], ""
	for rest := form[2:]; rest != ""; {
		k := strings.IndexAny(rest, "an")
		n, _ := strconv.Atoi(rest[:k])
		if rest[k] == 'a' {
			body += g.letters(n, large)
		} else {
			body += g.digits(n)
		}
		rest = rest[k+1:]
	}
	iban := country + checkDigits(country, body) + body
	switch g.rand.IntN(5) {
	case 0:
		return iban
	case 1:
		return strings.ToLower(iban)
	case 2:
		return groups(iban, 4, "-")
	}
	return groups(iban, 4, " ")
}

// checkDigits follows ISO 13616 with whole numbers, unlike the code under test.
func checkDigits(country, body string) string {
	var digits strings.Builder
	for _, r := range body + country + "00" {
		if r >= 'A' {
			fmt.Fprint(&digits, int(r-'A')+10)
		} else {
			digits.WriteRune(r)
		}
	}
	n, _ := new(big.Int).SetString(digits.String(), 10)
	return fmt.Sprintf("%02d", 98-new(big.Int).Mod(n, big.NewInt(97)).Int64())
}

func (g *generator) card() string {
	form := pick(g, cardForms)
	number := form.prefix + g.digits(form.size-len(form.prefix)-1)
	for d := range 10 {
		if luhnSum(number+strconv.Itoa(d))%10 == 0 {
			number += strconv.Itoa(d)
			break
		}
	}
	if form.size == 16 && g.rand.IntN(3) > 0 {
		return groups(number, 4, pick(g, []string{" ", "-"}))
	}
	return number
}

func luhnSum(number string) (sum int) {
	for i := range len(number) {
		d := int(number[len(number)-1-i] - '0')
		sum += d
		if i%2 == 1 {
			sum += d
			if d > 4 {
				sum -= 9
			}
		}
	}
	return sum
}

func groups(s string, n int, sep string) string {
	var parts []string
	for len(s) > n {
		parts, s = append(parts, s[:n]), s[n:]
	}
	return strings.Join(append(parts, s), sep)
}

func (g *generator) ip() string {
	if g.rand.IntN(3) == 0 {
		return fmt.Sprintf("2001:db8:%x:%x::%x", g.rand.IntN(65536), g.rand.IntN(65536), 1+g.rand.IntN(65535))
	}
	return fmt.Sprintf("%d.%d.%d.%d", 1+g.rand.IntN(126), g.rand.IntN(256), g.rand.IntN(256), g.rand.IntN(256))
}

func (g *generator) street(language string) string {
	return fmt.Sprintf(pick(g, streets[language]), 1+g.rand.IntN(199))
}

func (g *generator) secret(name string) string {
	if name == "password" {
		return g.letters(5, small) + g.digits(2) + g.letters(1, large) + pick(g, []string{"!", "#", "x", "?"}) + g.digits(1)
	}
	return pick(g, []string{"ck_", "cs_"}) + g.letters(40, "0123456789abcdef")
}

// tracking makes a number as carriers give parcels.
func (g *generator) tracking() string {
	return pick(g, []string{"1Z" + g.letters(16, "0123456789ABCDEFXYZ"), "003404341610" + g.digits(8), "JJD0" + g.digits(15)})
}

// harmless makes what looks like data and is none of anybody.
func (g *generator) harmless(name string) string {
	switch name {
	case "order":
		return pick(g, []string{"", "#", "WC-", "2026-"}) + strconv.Itoa(1000+g.rand.IntN(900_000))
	case "price":
		return fmt.Sprintf(pick(g, []string{"%d,%02d €", "€%d.%02d", "%d.%02d EUR"}), 1+g.rand.IntN(900), g.rand.IntN(100))
	case "date":
		return fmt.Sprintf(pick(g, []string{"%02d.%02d.2026", "%02d/%02d/2026", "%02d-%02d-2026"}), 1+g.rand.IntN(12), 1+g.rand.IntN(12))
	case "ean":
		return "40" + g.digits(11)
	case "size":
		return pick(g, []string{"M", "XL", "38", "42-44", "10.5"})
	case "product":
		return pick(g, []string{"Earl Grey", "Rose Gold Ring", "Levi's 501", "Sommer Kleid", "Ben & Jerry's", "iPhone 15 Pro"})
	}
	return fmt.Sprintf("%d.%d.%d", 8+g.rand.IntN(3), g.rand.IntN(10), g.rand.IntN(10))
}
