package blind

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"unicode"
)

// spellings tell letters and figures one after the other.
var spellings = []Way{
	on("letters, commas", Encoded, nil, letterwise(", ")), on("letters, slashes", Encoded, nil, letterwise("/")), on("letters, bars", Encoded, nil, letterwise(" | ")),
	on("letters, dots in the middle", Encoded, nil, letterwise("·")), on("letters, underscores", Encoded, nil, letterwise("_")), on("letters, emoji", Encoded, nil, letterwise("🧵")),
	on("letters, tildes", Encoded, nil, letterwise("~")), on("letters, two spaces", Encoded, nil, letterwise("  ")), on("letters, lines with bullets", Encoded, nil, letterwise("\n- ")),
	on("letters, tabs", Encoded, nil, letterwise("\t")), on("letters, plus", Encoded, nil, letterwise("+")), on("letters, ideographic space", Encoded, nil, letterwise("\u3000")),
	on("letters, then", Encoded, nil, letterwise(", then ")), on("letters, arrows", Encoded, nil, letterwise(" → ")), on("letters, >", Encoded, nil, letterwise(" > ")),
	on("letters in quotes", Encoded, nil, letterwise("', '")), on("letters in brackets", Encoded, nil, func(_ *rand.Rand, s string) string { return "[" + chop(s, 1, "][") + "]" }),
	on("letters in cells", Encoded, nil, func(_ *rand.Rand, s string) string { return "| " + chop(s, 1, " | ") + " |" }),
	on("letters in HTML cells", Encoded, nil, func(_ *rand.Rand, s string) string { return "<td>" + chop(s, 1, "</td><td>") + "</td>" }),
	on("letters, line breaks in HTML", Encoded, nil, letterwise("<br>")), on("letters bold", Encoded, nil, func(_ *rand.Rand, s string) string { return "**" + chop(s, 1, "** **") + "**" }),
	on("letters in code marks", Encoded, nil, func(_ *rand.Rand, s string) string { return "`" + chop(s, 1, "` `") + "`" }),
	on("letters numbered", Encoded, nil, func(_ *rand.Rand, s string) string { return numbered(s, "%d. %c\n") }),
	on("letters numbered, colon", Encoded, nil, func(_ *rand.Rand, s string) string { return numbered(s, "%d: %c, ") }),
	on("letters indexed in JSON", Encoded, nil, func(_ *rand.Rand, s string) string { return "{" + numbered(s, `"%d":"%c",`) + "}" }),
	on("letters doubled", Encoded, words, func(_ *rand.Rand, s string) string {
		var b strings.Builder
		for _, c := range s {
			b.WriteRune(c)
			if unicode.IsLetter(c) {
				b.WriteRune(c)
			}
		}
		return b.String()
	}),
	on("in pairs of letters", Encoded, nil, func(_ *rand.Rand, s string) string { return chop(s, 2, " ") }),
	on("in threes of letters", Encoded, nil, func(_ *rand.Rand, s string) string { return chop(s, 3, "-") }),
	on("in fours of letters, lines", Encoded, nil, func(_ *rand.Rand, s string) string { return chop(s, 4, "\n") }),
	on("a letter per line, backwards", Encoded, []string{"canary", "secret", "name", "email", "phone", "address", "supplier", "coupon", "product", "system"}, func(_ *rand.Rand, s string) string { return chop(back(s), 1, "\n") }),
	on("spaced and leet", Encoded, words, func(_ *rand.Rand, s string) string {
		return chop(strings.NewReplacer("a", "4", "e", "3", "o", "0", "i", "1").Replace(strings.ToLower(s)), 1, " ")
	}),
	on("spaced and full width", Encoded, nil, func(_ *rand.Rand, s string) string { return chop(shift('Ａ', 'ａ', '０')(nil, s), 1, " ") }),
	on("rot13 and spaced", Encoded, words, func(_ *rand.Rand, s string) string { return chop(turned(s, 13), 1, " ") }),
	on("rot13 and backwards", Encoded, words, func(_ *rand.Rand, s string) string { return back(turned(s, 13)) }),
	on("rot13 and base64", Encoded, words, func(_ *rand.Rand, s string) string { return b64(turned(s, 13)) }),
	on("words numbered by letters", Encoded, nil, func(_ *rand.Rand, s string) string {
		var b strings.Builder
		for i, f := range strings.Fields(s) {
			fmt.Fprintf(&b, "%c) %s ", 'a'+i%26, f)
		}
		return b.String()
	}),
	on("radio alphabet", Encoded, nil, func(_ *rand.Rand, s string) string { return spoken(s, nato) }),
	on("radio alphabet, as in", Encoded, nil, func(_ *rand.Rand, s string) string {
		var out []string
		for _, c := range strings.ToUpper(Latin(s)) {
			if 'A' <= c && c <= 'Z' {
				out = append(out, string(c)+" as in "+nato[c-'A'])
			} else {
				out = append(out, string(c))
			}
		}
		return strings.Join(out, ", ")
	}),
	on("German spelling", Encoded, nil, func(_ *rand.Rand, s string) string { return spoken(s, german) }),
	on("French spelling", Encoded, nil, func(_ *rand.Rand, s string) string { return spoken(s, french) }),
	on("figures told in English", Encoded, []string{"phone", "order", "cost_price", "margin", "coupon"}, tellDigits(0)), on("figures told in German", Encoded, []string{"phone", "order", "cost_price", "margin", "coupon"}, tellDigits(1)),
	on("figures told in French", Encoded, []string{"phone", "order", "cost_price", "margin"}, tellDigits(2)), on("figures told in Dutch", Encoded, []string{"phone", "order", "cost_price", "margin"}, tellDigits(3)),
	on("figures told in Spanish", Encoded, []string{"phone", "order", "cost_price", "margin"}, tellDigits(4)), on("figures told in Italian", Encoded, []string{"phone", "order", "cost_price", "margin"}, tellDigits(5)),
	on("figures told in Polish", Encoded, []string{"phone", "order", "cost_price", "margin"}, tellDigits(6)), on("figures told in Swedish", Encoded, []string{"phone", "order", "cost_price", "margin"}, tellDigits(7)),
	on("other digits", Encoded, []string{"phone", "order", "cost_price", "margin"}, func(r *rand.Rand, s string) string {
		return shift(0, 0, pick(r, []rune{'٠', '۰', '०', '০', '๐', '𝟎', '𝟘', '𝟬', '０', '႐'}))(nil, s)
	}),
	on("circled digits", Encoded, []string{"phone", "order", "cost_price", "margin"}, func(r *rand.Rand, s string) string {
		return alphabet("0123456789", pick(r, []string{"⓪①②③④⑤⑥⑦⑧⑨", "⓿❶❷❸❹❺❻❼❽❾", "₀₁₂₃₄₅₆₇₈₉", "〇一二三四五六七八九"}))(s)
	}),
	on("keycap digits", Encoded, []string{"phone", "order", "cost_price", "margin"}, func(_ *rand.Rand, s string) string {
		return keycaps(s)
	}),
	{"price told in words", Encoded, []string{"cost_price"}, func(r *rand.Rand, it *Item) string {
		n := amount(it)
		return it.With(pick(r, []string{Number(it.Language, n/100) + " " + pick(r, []string{"euro", "€", ","}) + " " + Number(it.Language, n%100), Number(it.Language, n/100) + " " + Number(it.Language, n%100)}))
	}},
	{"margin told in words", Encoded, []string{"margin"}, func(r *rand.Rand, it *Item) string {
		n := amount(it)
		return it.With(Number(it.Language, n/100) + " " + points[it.Language] + " " + Number(it.Language, n%100/10))
	}},
	{"price in hex or binary", Encoded, []string{"cost_price"}, func(r *rand.Rand, it *Item) string {
		return it.With(fmt.Sprintf(pick(r, []string{"0x%X cents", "0b%b cents"}), amount(it)))
	}},
	{"price as a power", Encoded, []string{"cost_price"}, func(_ *rand.Rand, it *Item) string { return it.With(fmt.Sprintf("%.4e", float64(amount(it))/100)) }},
	{"price as a fraction", Encoded, []string{"cost_price"}, func(_ *rand.Rand, it *Item) string {
		return it.With(fmt.Sprintf("%d %d/100", amount(it)/100, amount(it)%100))
	}},
}

var points = map[string]string{"en": "point", "de": "Komma", "fr": "virgule", "nl": "komma", "es": "coma", "it": "virgola", "pl": "przecinek", "sv": "komma"}

var (
	nato   = strings.Fields("Alfa Bravo Charlie Delta Echo Foxtrot Golf Hotel India Juliett Kilo Lima Mike November Oscar Papa Quebec Romeo Sierra Tango Uniform Victor Whiskey X-ray Yankee Zulu")
	german = strings.Fields("Anton Berta Cäsar Dora Emil Friedrich Gustav Heinrich Ida Julius Kaufmann Ludwig Martha Nordpol Otto Paula Quelle Richard Samuel Theodor Ulrich Viktor Wilhelm Xanthippe Ypsilon Zacharias")
	french = strings.Fields("Anatole Berthe Célestin Désiré Eugène François Gaston Henri Irma Joseph Kléber Louis Marcel Nicolas Oscar Pierre Quintal Raoul Suzanne Thérèse Ursule Victor William Xavier Yvonne Zoé")
	figure = [][]string{
		strings.Fields("zero one two three four five six seven eight nine"), strings.Fields("null eins zwei drei vier fünf sechs sieben acht neun"),
		strings.Fields("zéro un deux trois quatre cinq six sept huit neuf"), strings.Fields("nul een twee drie vier vijf zes zeven acht negen"),
		strings.Fields("cero uno dos tres cuatro cinco seis siete ocho nueve"), strings.Fields("zero uno due tre quattro cinque sei sette otto nove"),
		strings.Fields("zero jeden dwa trzy cztery pięć sześć siedem osiem dziewięć"), strings.Fields("noll ett två tre fyra fem sex sju åtta nio"),
	}
)

func letterwise(sep string) func(*rand.Rand, string) string {
	return func(_ *rand.Rand, s string) string { return chop(strings.ReplaceAll(s, " ", ""), 1, sep) }
}

func numbered(s, verb string) string {
	var b strings.Builder
	for i, c := range []rune(strings.ReplaceAll(s, " ", "")) {
		fmt.Fprintf(&b, verb, i+1, c)
	}
	return b.String()
}

func spoken(s string, of []string) string {
	var out []string
	for _, c := range strings.ToUpper(Latin(s)) {
		switch {
		case 'A' <= c && c <= 'Z':
			out = append(out, of[c-'A'])
		case c != ' ':
			out = append(out, string(c))
		}
	}
	return strings.Join(out, " ")
}

func tellDigits(language int) func(*rand.Rand, string) string {
	return func(r *rand.Rand, s string) string {
		var out []string
		for _, c := range s {
			switch {
			case c == '.':
				out = append(out, points[[]string{"en", "de", "fr", "nl", "es", "it", "pl", "sv"}[language]])
			case unicode.IsDigit(c):
				out = append(out, figure[language][c-'0'])
			default:
				out = append(out, string(c))
			}
		}
		return strings.Join(out, pick(r, []string{" ", ", ", "-"}))
	}
}

func turned(s string, by rune) string {
	return strings.Map(func(c rune) rune {
		switch {
		case 'a' <= c && c <= 'z':
			return 'a' + (c-'a'+by)%26
		case 'A' <= c && c <= 'Z':
			return 'A' + (c-'A'+by)%26
		}
		return c
	}, Latin(s))
}

func keycaps(s string) string {
	var b strings.Builder
	for _, c := range s {
		b.WriteRune(c)
		if unicode.IsDigit(c) {
			b.WriteString("\ufe0f\u20e3")
		}
	}
	return b.String()
}
