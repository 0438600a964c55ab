package corpora

import (
	"encoding/csv"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"ringfence/internal/mask/tagger"
)

// Names are the free name lists (CC0 and Unlicense), by language.
type Names struct {
	Given, Family map[string][]string // "" for all others
	Lists         map[uint64]uint8    // by fold, as the tagger's table wants them
}

var languageOf = map[string]string{"DE": "de", "AT": "de", "CH": "de", "LI": "de", "GB": "en", "US": "en", "CA": "en",
	"AU": "en", "IE": "en", "NZ": "en", "FR": "fr", "BE": "fr", "MC": "fr", "LU": "fr", "NL": "nl", "ES": "es",
	"MX": "es", "AR": "es", "CL": "es", "CO": "es", "CU": "es", "IT": "it", "SM": "it", "PL": "pl", "SE": "sv",
	"NO": "sv", "DK": "sv", "FI": "sv"}

// ReadNames reads the name lists. Names that are ordinary words are marked as such and left out of the lists
// to write texts with.
func ReadNames(folder string, ordinary map[uint64]bool) (*Names, error) {
	n := &Names{map[string][]string{}, map[string][]string{}, map[uint64]uint8{}}
	files := []struct {
		path          string
		family        bool
		name, romance int
		language      string
	}{{path: "names_cc0/common-forenames-by-country.csv", name: 10, romance: 11},
		{path: "names_cc0/common-surnames-by-country.csv", family: true, name: 4, romance: 5}}
	for _, f := range files {
		text, err := open(filepath.Join(folder, "train", f.path))
		if err != nil {
			return nil, err
		}
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff"))).ReadAll()
		if err != nil {
			return nil, err
		}
		for _, row := range rows[1:] {
			for _, name := range []string{row[f.name], row[f.romance]} {
				n.add(languageOf[row[0]], name, f.family, true, ordinary)
			}
		}
	}
	for _, l := range []string{"first_names__all:", "first_names__es:es", "first_names__us:en", "surnames__all:", "surnames__us:",
		"surnames__de:de", "surnames__es:es", "surnames__fr:fr", "surnames__it:it", "surnames__uk:en", "surnames__pt:",
		"surnames__ru:", "surnames__ie:en", "surnames__hi:", "surnames__il:", "surnames__cz:", "surnames__gk:"} {
		list, language, _ := strings.Cut(l, ":")
		text, err := open(filepath.Join(folder, "train/names_unlicense/NamesDatabases__"+list+".txt"))
		if err != nil {
			return nil, err
		}
		for name := range strings.Lines(text) {
			n.add(language, strings.TrimSpace(name), strings.HasPrefix(list, "sur"), false, ordinary)
		}
	}
	for language, name := range parts("front", "back") {
		for _, v := range name {
			n.add(language, v, true, true, ordinary)
		}
	}
	return n, nil
}

// add puts a name on its lists.
func (n *Names) add(language, name string, family, common bool, ordinary map[uint64]bool) {
	if utf8.RuneCountInString(name) < 2 || !utf8.ValidString(name) || strings.ContainsAny(name, "0123456789.,()/") {
		return
	}
	if name == strings.ToLower(name) {
		name = title(name)
	}
	plain := true
	for part := range strings.FieldsFuncSeq(name, func(r rune) bool { return r == ' ' || r == '-' || r == '\'' }) {
		fold := tagger.Fold(part)
		bits := n.Lists[fold]
		on := tagger.GivenName
		if family {
			on = tagger.FamilyName
		}
		if common {
			bits |= tagger.CommonName
		}
		bits |= on
		if ordinary[fold] {
			bits |= tagger.AlsoWord
			plain = false
		}
		if len(part) > 2 {
			n.Lists[fold] = bits
		}
	}
	if !plain && !common {
		return
	}
	if family {
		n.Family[language] = append(n.Family[language], name)
	} else {
		n.Given[language] = append(n.Given[language], name)
	}
}

func title(s string) string {
	_, size := utf8.DecodeRuneInString(s)
	return strings.ToUpper(s[:size]) + s[size:]
}

// parts composes family names for the languages the free lists know little of.
func parts(front, back string) map[string][]string {
	out := map[string][]string{}
	for _, language := range []string{"nl", "pl", "sv"} {
		for _, a := range values[front+" "+language] {
			for _, b := range values[back+" "+language] {
				out[language] = append(out[language], strings.TrimSpace(a+b))
			}
		}
	}
	return out
}

// Ordinary returns the folds of words that texts write in small letters at least twice outside names, and
// more often than as a person's name.
func Ordinary(sets []Set) map[uint64]bool {
	count := map[uint64]int{}
	for _, set := range sets {
		if strings.HasPrefix(set.Name, "multidogo") {
			continue // names in small letters without labels
		}
		for _, d := range set.Docs {
			for word := range strings.FieldsSeq(d.Text) {
				word = strings.Trim(word, `.,;:!?()[]"'„“»«`)
				if word != "" && word == strings.ToLower(word) && !strings.ContainsAny(word, "0123456789@/") {
					count[tagger.Fold(word)]++
				}
			}
		}
	}
	out := map[uint64]bool{}
	for fold, n := range count {
		if n >= 3 {
			out[fold] = true
		}
	}
	return out
}

// split returns the names of a list that are kept for development, or the others.
func split(list []string, held bool) []string {
	return slices.DeleteFunc(slices.Clone(list), func(name string) bool {
		last := name[strings.LastIndexByte(name, ' ')+1:]
		return tagger.HeldOut(tagger.Fold(last)) != held
	})
}
