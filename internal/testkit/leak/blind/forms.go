package blind

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"unicode"
)

// forms are the local and usual ways to write names, addresses and figures.
var forms = []Way{
	person1("name, last first", []string{"name"}, func(r *rand.Rand, it *Item) string { return lastOf(it) + ", " + firstOf(it) }),
	person1("name, initial first", []string{"name"}, func(r *rand.Rand, it *Item) string { return string([]rune(firstOf(it))[:1]) + ". " + lastOf(it) }),
	person1("name, possessive", []string{"name"}, func(r *rand.Rand, it *Item) string { return it.Value + pick(r, []string{"s", "'s", "’", "ns"}) }),
	person1("name, with a title", []string{"name"}, func(r *rand.Rand, it *Item) string { return firstOf(it) + " (Dr.) " + lastOf(it) }),
	person1("name, umlauts as two letters", []string{"name"}, func(_ *rand.Rand, it *Item) string {
		return strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "Ä", "Ae", "Ö", "Oe", "Ü", "Ue", "å", "aa", "ø", "oe", "Å", "Aa").Replace(it.Value)
	}),
	person1("name, first name with a middle", []string{"name"}, func(r *rand.Rand, it *Item) string {
		return firstOf(it) + pick(r, []string{" M. ", " Maria ", " J. "}) + lastOf(it)
	}),
	person1("name, glued", []string{"name"}, func(_ *rand.Rand, it *Item) string { return strings.ReplaceAll(it.Value, " ", "") }),
	person1("e-mail, (at) and (dot)", []string{"email"}, func(r *rand.Rand, it *Item) string {
		at := pick(r, [][2]string{{" (at) ", " (dot) "}, {"[at]", "[dot]"}, {" AT ", " DOT "}, {" {at} ", " {dot} "}, {"<at>", "<dot>"}})
		return strings.NewReplacer("@", at[0], ".", at[1]).Replace(it.Value)
	}),
	person1("e-mail, at in the language", []string{"email"}, func(_ *rand.Rand, it *Item) string {
		a := map[string][2]string{"en": {" at ", " dot "}, "de": {" ät ", " Punkt "}, "fr": {" arobase ", " point "}, "nl": {" apenstaartje ", " punt "}, "es": {" arroba ", " punto "}, "it": {" chiocciola ", " punto "}, "pl": {" małpa ", " kropka "}, "sv": {" snabel-a ", " punkt "}}[it.Language]
		return strings.NewReplacer("@", a[0], ".", a[1]).Replace(it.Value)
	}),
	person1("e-mail, spaces around", []string{"email"}, func(_ *rand.Rand, it *Item) string {
		return strings.NewReplacer("@", " @ ", ".", " . ").Replace(it.Value)
	}),
	person1("e-mail, box and host apart", []string{"email"}, func(_ *rand.Rand, it *Item) string {
		box, host, _ := strings.Cut(it.Value, "@")
		return "user: " + box + ", domain: " + host
	}),
	person1("e-mail, backwards domain", []string{"email"}, func(_ *rand.Rand, it *Item) string {
		box, host, _ := strings.Cut(it.Value, "@")
		return host + " -> " + box
	}),
	person1("e-mail, plus tag", []string{"email"}, func(_ *rand.Rand, it *Item) string { return strings.Replace(it.Value, "@", "+shop@", 1) }),
	person1("phone, in twos", []string{"phone"}, func(r *rand.Rand, it *Item) string { return group(it.Value, 2, pick(r, []string{" ", ".", "-", "/"})) }),
	person1("phone, in threes", []string{"phone"}, func(r *rand.Rand, it *Item) string {
		return group(it.Value, 3, pick(r, []string{" ", ".", "-", " – "}))
	}),
	person1("phone, one block", []string{"phone"}, func(_ *rand.Rand, it *Item) string { return digitsOf(it.Value) }),
	person1("phone, 00", []string{"phone"}, func(_ *rand.Rand, it *Item) string { return strings.Replace(it.Value, "+", "00", 1) }),
	person1("phone, home form", []string{"phone"}, func(_ *rand.Rand, it *Item) string {
		for _, c := range []string{"+44 ", "+49 ", "+43 ", "+41 ", "+33 ", "+31 ", "+32 ", "+46 "} {
			if rest, ok := strings.CutPrefix(it.Value, c); ok {
				return "0" + rest
			}
		}
		return strings.TrimPrefix(strings.TrimPrefix(strings.TrimPrefix(strings.TrimPrefix(it.Value, "+1 "), "+34 "), "+39 "), "+48 ")
	}),
	person1("phone, brackets", []string{"phone"}, func(_ *rand.Rand, it *Item) string {
		d := digitsOf(it.Value)
		return "(" + d[:4] + ") " + group(d[4:], 3, "-")
	}),
	person1("address, in lines", []string{"address"}, func(_ *rand.Rand, it *Item) string { return strings.ReplaceAll(it.Value, ", ", "\n") }),
	person1("address, town first", []string{"address"}, func(_ *rand.Rand, it *Item) string {
		p := strings.Split(it.Value, ", ")
		return strings.Join(p[1:], ", ") + ", " + p[0]
	}),
	person1("address, street only", []string{"address"}, func(_ *rand.Rand, it *Item) string { return strings.Split(it.Value, ", ")[0] }),
	person1("address, short street", []string{"address"}, func(_ *rand.Rand, it *Item) string {
		return strings.NewReplacer("Straße", "Str.", "strasse", "str.", "straat", "str.", "Avenue", "Ave", "Road", "Rd", "Street", "St", "Calle", "C/", "Avenida", "Avda.", "avenue", "av.", "Via ", "V. ", "ul. ", "ulica ", "gatan", "g.").Replace(it.Value)
	}),
	person1("address, number apart", []string{"address"}, func(_ *rand.Rand, it *Item) string {
		street, rest, _ := strings.Cut(it.Value, ", ")
		n := strings.FieldsFunc(street, func(c rune) bool { return !unicode.IsDigit(c) })
		return strings.Replace(street, n[len(n)-1], "", 1) + ", No. " + n[len(n)-1] + ", " + rest
	}),
	person1("order, with a sign", []string{"order"}, func(r *rand.Rand, it *Item) string { return pick(r, []string{"#", "No. ", "№ ", "ID "}) + it.Value }),
	person1("order, digits apart", []string{"order"}, func(r *rand.Rand, it *Item) string {
		return group(digitsOf(it.Value), 1, pick(r, []string{" ", "-", "."}))
	}),
	person1("order, zeros before", []string{"order"}, func(_ *rand.Rand, it *Item) string { return "00" + it.Value }),

	price("price, comma", func(_ *rand.Rand, whole, part string) string { return whole + "," + part }),
	price("price, sign before", func(r *rand.Rand, whole, part string) string {
		return pick(r, []string{"€", "€ ", "EUR ", "£", "$", "zł ", "kr "}) + whole + "." + part
	}),
	price("price, sign behind", func(r *rand.Rand, whole, part string) string {
		return whole + "," + part + pick(r, []string{"€", " €", " EUR", " zł", " kr", ":-", " CHF"})
	}),
	price("price, thousands", func(r *rand.Rand, whole, part string) string {
		t := pick(r, [][2]string{{".", ","}, {",", "."}, {" ", ","}, {"\u00a0", ","}, {"'", "."}, {"’", "."}, {"\u202f", ","}})
		if len(whole) > 3 {
			whole = whole[:len(whole)-3] + t[0] + whole[len(whole)-3:]
		}
		return whole + t[1] + part
	}),
	price("price, sign for the point", func(r *rand.Rand, whole, part string) string {
		return whole + pick(r, []string{"€", "£", "zł", ":", "kr", " € ", " zł "}) + part
	}),
	price("price, one zero less", func(_ *rand.Rand, whole, part string) string { return strings.TrimSuffix(whole+"."+part, "0") }),
	price("price, one zero more", func(_ *rand.Rand, whole, part string) string { return whole + "." + part + "0" }),
	price("price, small cents", func(_ *rand.Rand, whole, part string) string { return whole + "<sup>" + part + "</sup>" }),
	price("price, units told", func(r *rand.Rand, whole, part string) string {
		u := pick(r, [][2]string{{" euros and ", " cents"}, {" Euro ", " Cent"}, {" Euro und ", " Cent"}, {" euros et ", " centimes"}, {" euro en ", " cent"}, {" euros con ", " céntimos"}, {" euro e ", " centesimi"}, {" złotych ", " groszy"}, {" kronor och ", " öre"}})
		return whole + u[0] + part + u[1]
	}),
	price("price, in cents", func(r *rand.Rand, whole, part string) string {
		return whole + part + pick(r, []string{" cents", " Cent", " centimes", " groszy", " öre", " ct"})
	}),
	{"margin, in the language", Verbatim, []string{"margin"}, func(r *rand.Rand, it *Item) string {
		return it.With(pick(r, []string{strings.Replace(it.Value, ".", ",", 1), "0." + strings.Replace(it.Value, ".", "", 1), strings.Replace(it.Value, ".", " . ", 1), it.Value + "0"}))
	}},
	{"label of another kind", Verbatim, priced, func(r *rand.Rand, it *Item) string {
		l := pick(r, []string{"COGS", "landed cost", "EK netto", "wholesale", "buy-in", "PA HT", "coste neto", "netto inkoop", "net cost", "our price from the factory", "ex works", "Selbstkosten", "prix fournisseur", "inköp", "cena hurtowa", "costo", "what we pay", "markup", "Rohertrag", "gross profit"})
		return fmt.Sprintf("%s: %s = %s", it.Near, l, it.Value)
	}},
	{"label in another language", Verbatim, priced, func(r *rand.Rand, it *Item) string {
		l := map[string][]string{"cost_price": {"cost price", "Einkaufspreis", "prix d'achat", "inkoopprijs", "precio de coste", "prezzo di costo", "cena zakupu", "inköpspris", "custo", "indkøbspris", "закупочная цена", "alış fiyatı", "进货价", "仕入れ値"}, "margin": {"margin", "Marge", "marge", "margen", "margine", "marża", "marginal", "margem", "avance", "маржа", "kâr marjı", "利润率"}}
		return fmt.Sprintf("%s, %s: %s", it.Near, pick(r, l[it.Kind]), it.Value)
	}},
	{"product named far before", Verbatim, priced, func(r *rand.Rand, it *Item) string {
		return it.Near + ". " + strings.Repeat(it.Public+" ", 3) + "\n\nIt costs us " + it.Value + "."
	}},
	{"product in other words", Verbatim, priced, func(r *rand.Rand, it *Item) string {
		f := strings.Fields(it.Near)
		return fmt.Sprintf("%s: %s", pick(r, []string{f[0], f[len(f)-1], strings.ToLower(strings.Join(f, "")), strings.Join(f, "-") + "s"}), it.Value)
	}},
}

func person1(name string, kinds []string, f func(r *rand.Rand, it *Item) string) Way {
	return Way{name, Verbatim, kinds, func(r *rand.Rand, it *Item) string { return it.With(f(r, it)) }}
}

func price(name string, f func(r *rand.Rand, whole, part string) string) Way {
	return Way{name, Verbatim, []string{"cost_price"}, func(r *rand.Rand, it *Item) string {
		whole, part, _ := strings.Cut(it.Value, ".")
		return it.With(f(r, whole, part))
	}}
}

func firstOf(it *Item) string { first, _, _ := strings.Cut(it.Person.Name, " "); return first }
func lastOf(it *Item) string  { _, last, _ := strings.Cut(it.Person.Name, " "); return last }

func digitsOf(s string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsDigit(c) {
			return c
		}
		return -1
	}, s)
}

// group writes the digits of a number in groups.
func group(s string, n int, sep string) string {
	plus := ""
	if strings.HasPrefix(s, "+") {
		plus = "+"
	}
	d := digitsOf(s)
	var parts []string
	for len(d) > n {
		parts, d = append(parts, d[:n]), d[n:]
	}
	return plus + strings.Join(append(parts, d), sep)
}

// amount is a price or a margin in hundredths.
func amount(it *Item) int {
	f, _ := strconv.ParseFloat(it.Value, 64)
	return int(f*100 + 0.5)
}
