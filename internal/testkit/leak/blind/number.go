package blind

import "strings"

// counting holds a language's number words: units to nineteen, then tens.
type counting struct {
	units, tens []string
	hundred     string
	thousand    string
	// join writes tens and units together.
	join func(tens, unit string) string
}

func plainJoin(sep string) func(string, string) string {
	return func(t, u string) string { return t + sep + u }
}

var countings = map[string]counting{
	"en": {strings.Fields("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"), strings.Fields("- - twenty thirty forty fifty sixty seventy eighty ninety"), "hundred", "thousand", plainJoin("-")},
	"de": {strings.Fields("null ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn"), strings.Fields("- - zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig"), "hundert", "tausend", func(t, u string) string { return u + "und" + t }},
	"fr": {strings.Fields("zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit dix-neuf"), strings.Fields("- - vingt trente quarante cinquante soixante soixante quatre-vingt quatre-vingt"), "cent", "mille", plainJoin("-")},
	"nl": {strings.Fields("nul een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien zeventien achttien negentien"), strings.Fields("- - twintig dertig veertig vijftig zestig zeventig tachtig negentig"), "honderd", "duizend", func(t, u string) string {
		if strings.HasSuffix(u, "e") {
			return u + "ën" + t
		}
		return u + "en" + t
	}},
	"es": {strings.Fields("cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete dieciocho diecinueve"), strings.Fields("- - veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa"), "cientos", "mil", plainJoin(" y ")},
	"it": {strings.Fields("zero uno due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici diciassette diciotto diciannove"), strings.Fields("- - venti trenta quaranta cinquanta sessanta settanta ottanta novanta"), "cento", "mila", func(t, u string) string {
		if u == "uno" || u == "otto" {
			t = t[:len(t)-1]
		}
		return t + u
	}},
	"pl": {strings.Fields("zero jeden dwa trzy cztery pięć sześć siedem osiem dziewięć dziesięć jedenaście dwanaście trzynaście czternaście piętnaście szesnaście siedemnaście osiemnaście dziewiętnaście"), strings.Fields("- - dwadzieścia trzydzieści czterdzieści pięćdziesiąt sześćdziesiąt siedemdziesiąt osiemdziesiąt dziewięćdziesiąt"), "sto", "tysiące", plainJoin(" ")},
	"sv": {strings.Fields("noll ett två tre fyra fem sex sju åtta nio tio elva tolv tretton fjorton femton sexton sjutton arton nitton"), strings.Fields("- - tjugo trettio fyrtio femtio sextio sjuttio åttio nittio"), "hundra", "tusen", plainJoin("")},
}

// Number tells a number below 10,000 in words.
func Number(language string, n int) string {
	c := countings[language]
	switch {
	case n >= 1000:
		return joinRest(language, Number(language, n/1000)+" "+c.thousand, n%1000)
	case n >= 100:
		head := c.hundred
		if n >= 200 {
			head = c.units[n/100] + " " + c.hundred
		} else if language == "en" || language == "sv" || language == "de" {
			head = c.units[1] + " " + c.hundred
		}
		if language == "de" || language == "sv" || language == "nl" || language == "it" {
			head = strings.ReplaceAll(head, " ", "")
		}
		return joinRest(language, head, n%100)
	case n < 20:
		if language == "de" && n == 1 {
			return "eins"
		}
		return c.units[n]
	case language == "es" && n > 20 && n < 30:
		return "veinti" + c.units[n-20]
	case language == "fr" && (n/10 == 7 || n/10 == 9):
		return c.tens[n/10] + "-" + c.units[n%10+10]
	case n%10 == 0:
		if language == "fr" && n == 80 {
			return "quatre-vingts"
		}
		return c.tens[n/10]
	case language == "fr" && n%10 == 1 && n < 70:
		return c.tens[n/10] + " et un"
	}
	return c.join(c.tens[n/10], c.units[n%10])
}

func joinRest(language, head string, rest int) string {
	if rest == 0 {
		return head
	}
	and := map[string]string{"en": " and "}[language]
	if and == "" {
		and = " "
	}
	return head + and + Number(language, rest)
}
