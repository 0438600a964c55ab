package main

import (
	"encoding/binary"
	"os"
	"slices"
	"strings"
	"unicode"

	"ringfence/bench/corpora"
	"ringfence/internal/mask"
)

// everyday writes the list of words that mean something else than a person, as hashes of their folded spelling:
// those that the training corpora have outside persons' names at least three times, and a fifth as often as in
// them. Shop texts to train on are read too; those that are measured on are not.
func everyday(folder, file string) error {
	sets, err := corpora.Learn(folder)
	if err != nil {
		return err
	}
	inside, outside := map[uint64]int{}, map[uint64]int{}
	for _, set := range sets {
		if strings.HasPrefix(set.Name, "multidogo") {
			continue // names without labels
		}
		for _, d := range set.Docs {
			count(d, inside, outside)
		}
	}
	names, err := corpora.ReadNames(folder, corpora.Ordinary(sets))
	if err != nil {
		return err
	}
	w := corpora.NewWriter(names, false, 11)
	for _, language := range languages {
		for range 2000 {
			count(w.Text(language), inside, outside)
		}
	}
	var out []uint32
	for word, n := range outside {
		if n >= 3 && 5*n >= inside[word] {
			out = append(out, uint32(word>>32))
		}
	}
	slices.Sort(out)
	out = slices.Compact(out)
	var b []byte
	for _, h := range out {
		b = binary.LittleEndian.AppendUint32(b, h)
	}
	return os.WriteFile(file, b, 0o644)
}

// count counts the words of a text inside and outside persons' names.
func count(d corpora.Doc, inside, outside map[uint64]int) {
	at := 0
	for word := range strings.FieldsFuncSeq(d.Text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) }) {
		at += strings.Index(d.Text[at:], word)
		person := slices.ContainsFunc(d.Spans, func(s corpora.Span) bool { return s.Type == corpora.Person && s.Start <= at && at < s.End })
		if person {
			inside[mask.Fold(word)]++
		} else if len(word) > 2 {
			outside[mask.Fold(word)]++
		}
		at += len(word)
	}
}
