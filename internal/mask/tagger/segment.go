package tagger

import (
	"strings"
	"unicode/utf8"
)

// scratch is the memory of one reading, reused: less than a megabyte, of which a machine needs one for each core.
type scratch struct {
	words    []word
	after    gap // what stands behind the last word
	mode     mode
	voice    voice
	features []uint32
	late     []late  // features to be looked for in the table
	sums     []count // two for each word
	recent   *recent
	lexicon  *lexicon
	fetched  byte // keeps the compiler from leaving out what fetch reads
	emit     [][labels]float32
	alpha    [][labels]float32
	prob     [][labels]float32
}

func newScratch() *scratch { return &scratch{recent: newRecent(), lexicon: new(lexicon)} }

// mode is how a segment uses capitals.
type mode uint8

const (
	sentenceCase mode = iota
	noCapitals
	allCapitals
	titleCase
	oneCapital // the first word only: a sentence without names, or a chat on a telephone
)

// read takes the words of the next segment, up to a blank line, a sentence's end after half a segment, or
// its limit, and returns where the next begins.
func (s *scratch) read(text string, i int, m *Model) int {
	s.words = s.words[:0]
	gapFrom := i
	for i < len(text) {
		if !mayBegin(text, i) {
			_, size := utf8.DecodeRuneInString(text[i:])
			i += size
			continue
		}
		g := gapOf(bounded(text[gapFrom:i]))
		if len(s.words) > 0 && s.ends(text[gapFrom:i], g) {
			break
		}
		s.words = append(s.words, word{})
		w := &s.words[len(s.words)-1]
		readWord(text, i, w)
		s.place(w, g, m)
		i, gapFrom = w.end, w.end
	}
	s.after = gapOf(bounded(text[gapFrom:i]))
	s.mode = s.capitals()
	s.voice = s.speaker()
	return i
}

// bounded cuts what stands between two words to what matters of it.
func bounded(s string) string { return s[:min(len(s), 32)] }

// mayBegin says whether a word begins at text[i].
func mayBegin(text string, i int) bool {
	c := text[i]
	if c < utf8.RuneSelf {
		return c-'0' < 10 || c|0x20-'a' < 26
	}
	var w word
	readWord(text[:min(len(text), i+utf8.UTFMax)], i, &w)
	return w.end > i
}

// place notes where a word stands.
func (s *scratch) place(w *word, g gap, m *Model) {
	first := len(s.words) == 1
	w.gap = g
	if first && g != at && g != quote && g != opening && g != dash {
		w.gap = atEdge
	}
	w.first = first || g == fullStop || g == newline || g == ask || g == colon || g == quote || g == opening || g == dash
	known := s.lexicon.meet(w, m.names)
	w.voice = known.voice
	if w.shape != number && w.shape != code && (m.hidden == nil || !m.hidden(w.fold)) {
		w.list = known.list
	}
}

// ends says whether a segment ends at a gap.
func (s *scratch) ends(text string, g gap) bool {
	n := len(s.words)
	switch g {
	case newline:
		breaks := 0
		for i := range min(len(text), 32) {
			if text[i] == '\n' {
				breaks++
			}
		}
		return breaks > 1 || n >= segmentWords/2
	case fullStop, ask:
		return n >= segmentWords/2 && s.words[n-1].shape != initial
	}
	return n >= segmentWords
}

// capitals reads how the segment is written.
func (s *scratch) capitals() mode {
	var count [noCase + 1]int
	inner := 0
	for i := range s.words {
		w := &s.words[i]
		count[w.shape]++
		if w.shape == capital && !w.first {
			inner++
		}
	}
	upper := count[capital] + count[mixed]
	switch {
	case count[capitals] > 1 && count[capitals] >= 3*(count[lower]+upper):
		return allCapitals
	case upper+count[capitals] == 0:
		return noCapitals
	case upper > 3 && upper > 4*count[lower]:
		return titleCase
	case inner == 0 && count[capitals]+count[mixed] == 0:
		return oneCapital
	}
	return sentenceCase
}

// voice is of whom a segment speaks, as bits.
type voice uint8

const (
	firstPerson voice = 1 << iota // I, my
	thirdPerson                   // he, her; my mother
	wares                         // order, size, ml
)

// speaker looks for words that say of whom a segment speaks.
func (s *scratch) speaker() (v voice) {
	for i := range s.words {
		v |= s.words[i].voice
	}
	return v
}

// voices are words that say of whom a text speaks, by their folds.
var voices = newVoices(map[voice]string{
	firstPerson: `i me my mine im ich mich mir mein meine meinen meinem meiner je me mon ma mes moi ik mij mijn yo mi mis soy
		io mio mia miei sono ja mnie mój moja moje moim mi jestem mam jag mig min mitt mina`,
	thirdPerson: `he she him his her er ihm ihn elle lui hij haar hem ella él lui lei on ona jego jej han hon honom henne
		mother father son daughter wife husband brother sister mutter vater sohn tochter frau mann bruder schwester mère père
		fils fille mari femme moeder vader zoon dochter man vrouw madre padre hijo hija marido mujer figlio figlia marito moglie
		syn córka mąż żona matka ojciec mamma pappa dotter fru colleague kollege kollegin collègue collega colega kollega`,
	wares: `size cm ml kg gram material cotton wool colour color price ships shipping delivery largest größe baumwolle wolle farbe
		preis versand lieferung stück taille coton laine couleur prix livraison maat katoen wol kleur prijs levering talla algodón
		lana precio envío taglia cotone colore prezzo spedizione rozmiar bawełna wełna kolor cena wysyłka dostawa storlek bomull
		ull färg pris frakt leverans collection serie series kollektion collezione colección kolekcja stål steel stahl acier`,
})

func newVoices(lists map[voice]string) map[uint64]voice {
	m := map[uint64]voice{}
	for v, list := range lists {
		for _, word := range strings.Fields(list) {
			m[Fold(word)] |= v
		}
	}
	return m
}
