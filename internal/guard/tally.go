package guard

import (
	"strconv"
	"strings"
	"sync"
)

// tally reads numbers that are told in words: "sixty-three", "dreiundsechzig
// Euro sieben", "cinquante-cinq virgule trois". What it reads says nothing of
// other numbers: "one" is an article, too.
type tally struct {
	total, current int
	last           int // what was told last, 0 for nothing
	words          int
	on             bool
	start, end     int
}

// countWords are the words for numbers below a hundred, in the eight languages;
// hundreds and thousands multiply.
var countWords = sync.OnceValue(func() map[string]int {
	m := map[string]int{}
	put := func(from, by int, list string) []string {
		words := strings.Fields(list)
		for i, w := range words {
			m[folded(w)] = from + i*by
		}
		return words
	}
	for _, l := range []struct{ units, tens, and string }{
		{"zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen", "twenty thirty forty fifty sixty seventy eighty ninety", ""},
		{"null ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn", "zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig", "und"},
		{"zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize", "vingt trente quarante cinquante soixante septante octante nonante", ""},
		{"nul een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien zeventien achttien negentien", "twintig dertig veertig vijftig zestig zeventig tachtig negentig", "en"},
		{"cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete dieciocho diecinueve", "veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa", ""},
		{"zero uno due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici diciassette diciotto diciannove", "venti trenta quaranta cinquanta sessanta settanta ottanta novanta", ""},
		{"zero jeden dwa trzy cztery pięć sześć siedem osiem dziewięć dziesięć jedenaście dwanaście trzynaście czternaście piętnaście szesnaście siedemnaście osiemnaście dziewiętnaście", "dwadzieścia trzydzieści czterdzieści pięćdziesiąt sześćdziesiąt siedemdziesiąt osiemdziesiąt dziewięćdziesiąt", ""},
		{"noll ett två tre fyra fem sex sju åtta nio tio elva tolv tretton fjorton femton sexton sjutton arton nitton", "tjugo trettio fyrtio femtio sextio sjuttio åttio nittio", ""},
	} {
		units, tens := put(0, 1, l.units), put(20, 10, l.tens)
		for i, t := range tens {
			for u := 1; u < 10; u++ {
				n, word := 20+10*i+u, folded(units[u])
				m[word+l.and+folded(t)], m[folded(t)+word] = n, n
				if c := word[0]; c == 'u' || c == 'o' { // ventuno
					m[folded(t)[:len(folded(t))-1]+word] = n
				}
			}
		}
	}
	for i, w := range strings.Fields("veintiuno veintidós veintitrés veinticuatro veinticinco veintiséis veintisiete veintiocho veintinueve") {
		m[folded(w)] = 21 + i
	}
	for i, w := range strings.Fields("doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos novecientos") {
		m[w] = 200 + 100*i
	}
	for i, w := range strings.Fields("dwieście trzysta czterysta pięćset sześćset siedemset osiemset dziewięćset") {
		m[folded(w)] = 200 + 100*i
	}
	for w, n := range map[string]int{"eins": 1, "eine": 1, "jedna": 1, "dwie": 2, "une": 1, "una": 1, "oh": 0, "ningún": 0} {
		m[folded(w)] = n
	}
	return m
})

var (
	hundreds  = map[string]bool{"hundred": true, "hundert": true, "cent": true, "cents": true, "honderd": true, "cien": true, "ciento": true, "cientos": true, "cento": true, "sto": true, "hundra": true}
	thousands = map[string]bool{"thousand": true, "tausend": true, "mille": true, "duizend": true, "mil": true, "mila": true, "tysiac": true, "tysiace": true, "tysiecy": true, "tusen": true}
	ands      = map[string]bool{"and": true, "und": true, "et": true, "en": true, "con": true, "y": true, "e": true, "i": true, "och": true}
	// scales are what compounds are split at: zweitausendsechshundertzwanzig.
	scales = []struct {
		word string
		by   int
	}{{"tausend", 1000}, {"duizend", 1000}, {"mila", 1000}, {"mille", 1000}, {"tusen", 1000}, {"hundert", 100}, {"honderd", 100}, {"cento", 100}, {"hundra", 100}}
)

// countOf returns what a word counts, or -1.
func countOf(w string) int {
	if n, ok := countWords()[w]; ok {
		return n
	}
	if len(w) < 8 {
		return -1
	}
	for _, s := range scales {
		head, rest, ok := strings.Cut(w, s.word)
		if !ok {
			continue
		}
		n, more := 1, 0
		if head != "" {
			n = countOf(head)
		}
		if rest = strings.TrimPrefix(rest, "und"); rest != "" {
			more = countOf(rest)
		}
		if n < 0 || more < 0 || n*s.by > 1_000_000 {
			return -1
		}
		return n*s.by + more
	}
	return -1
}

// word takes a word. It reports what was told before, if the word does not go on
// with it, and whether it is a number's.
func (t *tally) word(w string, start, end int) (done string, from, to int, counts bool) {
	n := countOf(w)
	switch {
	case t.on && hundreds[w] && t.current%100 < 10:
		t.current = max(t.current%100, 1) * 100
	case thousands[w] && (t.on || w != "mille"), w == "mille":
		if !t.on {
			t.begin(start)
		}
		t.total, t.current = t.total+max(t.current, 1)*1000, 0
	case n >= 0 && t.goesOn(n, w):
		t.current += n
	case n >= 0 || hundreds[w] && w != "cents" && w != "cent":
		done, from, to = t.finish()
		t.begin(start)
		if t.current = n; n < 0 {
			t.current = 100
		}
	case t.on && ands[w]:
		return "", 0, 0, true
	default:
		done, from, to = t.finish()
		return done, from, to, false
	}
	t.last, t.end = n, end
	t.words++
	if w == "vingt" && t.current%100 == 24 { // quatre-vingt
		t.current += 56
	}
	return done, from, to, true
}

func (t *tally) begin(start int) {
	*t = tally{on: true, start: start, last: -1}
}

// goesOn reports whether a number is added to what was told.
func (t *tally) goesOn(n int, w string) bool {
	switch {
	case !t.on:
		return false
	case w == "vingt" || w == "vingts":
		return t.current%100 == 4 || t.current%100 == 0
	case n < 10:
		return n > 0 && t.current%10 == 0 && (t.current%100 >= 20 || t.current%100 == 0 && t.current+t.total > 0)
	case n < 20 && (t.last == 60 || t.current%100 == 80): // soixante-dix
		return true
	case n < 100:
		return t.current%100 == 0 && t.current+t.total > 0
	}
	return t.current == 0 && t.total > 0
}

// finish ends what was told, and returns it.
func (t *tally) finish() (text string, from, to int) {
	if !t.on {
		return "", 0, 0
	}
	text, from, to = strconv.Itoa(t.total+t.current), t.start, t.end
	t.on, t.words = false, 0
	return text, from, to
}
