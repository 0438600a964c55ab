package corpora

import (
	"fmt"
	"strings"

	"ringfence/internal/mask/tagger"
)

// Places, organisations, streets and numbers that the texts of the Writer are filled with.

// place writes a town or region: of the language, of anywhere, or an invented one.
func (w *Writer) place(language string) string {
	list := values["town "+language]
	switch w.rand.IntN(10) {
	case 0, 1:
		list = values["town *"]
	case 2, 3:
		list = values["city "+language]
	case 4, 5, 6:
		return w.inventedTown(language)
	}
	for range 20 {
		if name := w.pick(list); w.keeps(name) {
			return name
		}
	}
	return w.inventedTown(language)
}

// keeps says whether a value belongs to the writer's part of a list.
func (w *Writer) keeps(value string) bool {
	return tagger.HeldOut(tagger.Fold(value[strings.LastIndexByte(value, ' ')+1:])) == w.held
}

// inventedTown composes a name as towns have them.
func (w *Writer) inventedTown(language string) string {
	base := w.last(language)
	if w.rand.IntN(3) == 0 {
		base = w.first(language)
	}
	base = strings.TrimRight(base, "aeiouy")
	town := base + w.pick(values["ends "+language])
	fronts := map[string]string{"en": "North |South |East |West |New |Lake |Port |Mount |Fort |St. |Great ", "de": "Bad |Sankt |Neu|Alt|Groß |Ober|Unter",
		"fr": "Saint-|Sainte-|Le |La |Les ", "nl": "Nieuw-|Oud-|Sint-|De ", "es": "San |Santa |Villa|La |El ", "it": "San |Santa |Castel|Monte",
		"pl": "Nowy |Stary |Nowa |Wielka ", "sv": "Norra |Södra |Nya |Sankt "}
	if w.rand.IntN(3) == 0 {
		front := w.pick(strings.Split(fronts[language], "|"))
		if language == "en" && w.rand.IntN(2) == 0 || strings.HasPrefix(front, "Sa") || strings.HasPrefix(front, "St") {
			return front + w.first(language)
		}
		if !strings.HasSuffix(front, " ") && !strings.HasSuffix(front, "-") {
			town = strings.ToLower(town)
		}
		return front + town
	}
	return town
}

// organisation writes a known one or composes one.
func (w *Writer) organisation(language string) string {
	switch w.rand.IntN(9) {
	case 0:
		return w.pick(values["org *"])
	case 1:
		return w.pick(values["place "+language]) + " " + w.place(language)
	case 2:
		and := map[string]string{"de": " & ", "fr": " et ", "es": " y ", "it": " e ", "pl": " i ", "nl": " & ", "sv": " & "}[language]
		if and == "" {
			and = w.pick([]string{" and ", " & "})
		}
		first := w.last(language)
		if w.rand.IntN(2) == 0 {
			first += ", " + w.last(language)
		}
		return first + and + w.last(language)
	case 3:
		return w.last(language) + "-" + w.last(language)
	case 4, 5:
		return w.last(language) + " " + w.pick(values["field "+language])
	case 6:
		return title(w.pick(values["syllable *"])+w.pick(values["syllable *"])) + " " + w.pick(values["field "+language])
	case 7:
		return title(w.pick(values["syllable *"])+w.pick(values["syllable *"])) + " " + w.pick(values["firm "+language])
	}
	return w.last(language) + " " + w.pick(values["firm "+language])
}

// ware writes a person's name as wares and shops have it.
func (w *Writer) ware(language string) string {
	switch w.rand.IntN(3) {
	case 0:
		return w.last(language)
	case 1:
		return w.first("")
	}
	return w.first(language)
}

// street writes a street with a number; nobody is meant by the names in it.
func (w *Writer) street(language string) string {
	line := w.pick(values["street "+language])
	line = strings.ReplaceAll(line, "{first}", w.first(language))
	line = strings.ReplaceAll(line, "{last}", w.last(language))
	return strings.ReplaceAll(line, "{no}", w.houseNumber())
}

func (w *Writer) houseNumber() string {
	n := fmt.Sprint(1 + w.rand.IntN(250))
	if w.rand.IntN(6) == 0 {
		n += string(rune('a' + w.rand.IntN(3)))
	}
	return n
}

// postcode writes one of the language's first country.
func (w *Writer) postcode(language string) string {
	n := 10000 + w.rand.IntN(89000)
	switch language {
	case "en":
		if w.rand.IntN(2) == 0 {
			return fmt.Sprint(n)
		}
		return fmt.Sprintf("%s%d %d%s", w.pick([]string{"M", "LS", "SW", "EH", "B", "CF"}), 1+n%19, n%10, w.pick([]string{"AA", "DT", "XE", "QU"}))
	case "nl":
		return fmt.Sprintf("%d %s", 1000+n%8999, w.pick([]string{"AB", "DW", "XK", "VR"}))
	case "pl":
		return fmt.Sprintf("%02d-%03d", n%100, n%1000)
	case "sv":
		return fmt.Sprintf("%03d %02d", 100+n%900, n%100)
	}
	return fmt.Sprint(n)
}

// phone writes one as people in the language's first country do.
func (w *Writer) phone(language string) string {
	digits := func(n int) string {
		s := ""
		for range n {
			s += string(rune('0' + w.rand.IntN(10)))
		}
		return s
	}
	switch language {
	case "de":
		return w.pick([]string{"0170 " + digits(7), "030/" + digits(7), "+49 151 " + digits(8), "0911 " + digits(6)})
	case "en":
		return w.pick([]string{"07700 900" + digits(3), "020 7946 0" + digits(3), "+44 7700 900" + digits(3), "(212) 555-0" + digits(3)})
	case "fr":
		return w.pick([]string{"06 12 34 " + digits(2) + " " + digits(2), "+33 6 39 98 " + digits(2) + " " + digits(2)})
	case "nl":
		return w.pick([]string{"06-1" + digits(7), "020 624 " + digits(4), "+31 6 1" + digits(7)})
	case "es":
		return w.pick([]string{"612 34 " + digits(2) + " " + digits(2), "+34 91 " + digits(3) + " " + digits(2) + " " + digits(2)})
	case "it":
		return w.pick([]string{"347 " + digits(7), "+39 06 " + digits(8)})
	case "pl":
		return w.pick([]string{"601 " + digits(3) + " " + digits(3), "+48 22 555 " + digits(2) + " " + digits(2)})
	}
	return w.pick([]string{"070-174 " + digits(2) + " " + digits(2), "+46 8 46 50 " + digits(2) + " " + digits(2)})
}

// email writes one that has a name in it, often.
func (w *Writer) email(language string) string {
	local := strings.ToLower(Plain(w.first(language)))
	if w.rand.IntN(2) == 0 {
		local += w.pick([]string{".", "_", ""}) + strings.ToLower(Plain(w.last(language)))
	}
	local = strings.Map(func(r rune) rune {
		if r < 0x80 && r > ' ' && r != '\'' {
			return r
		}
		return -1
	}, local)
	return local + w.pick([]string{"", "", "7", "1985"}) + "@" + w.pick([]string{"example.org", "example.com", "mail.example", "posta.example", "example.net"})
}
