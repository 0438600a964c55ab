package guard

import (
	"strings"
	"sync"
	"unicode"
)

// saidDigits are the words for one figure, 0 to 9, in the eight languages, and
// those for the point between figures. Numbers told in other words ("twelve
// fifty") are not read.
var saidDigits = sync.OnceValue(func() map[string]byte {
	m := map[string]byte{}
	for _, list := range []string{
		"zero one two three four five six seven eight nine",
		"null eins zwei drei vier fünf sechs sieben acht neun",
		"oh eine zwo trois quatre cinq six sept huit neuf",
		"zéro un deux trois quatre cinq six sept huit neuf",
		"cero uno dos tres cuatro cinco seis siete ocho nueve",
		"nul een twee drie vier vijf zes zeven acht negen",
		"zero uno due tre quattro cinque sei sette otto nove",
		"zero jeden dwa trzy cztery pięć sześć siedem osiem dziewięć",
		"noll ett två tre fyra fem sex sju åtta nio",
	} {
		for i, w := range strings.Fields(list) {
			m[folded(w)] = byte('0' + i)
		}
	}
	for _, w := range strings.Fields("point dot komma comma virgule coma virgola punto punt przecinek kropka") {
		m[folded(w)] = '.'
	}
	return m
})

// words follows the words of a text for digits that are told.
func (n *numbers) words(r rune, start, end int) {
	letter := false
	if r < 0x80 {
		n.scratch = append(n.scratch[:0], byte(r))
		if 'A' <= r && r <= 'Z' {
			n.scratch[0] += 'a' - 'A'
		}
		letter = 'a' <= n.scratch[0] && n.scratch[0] <= 'z'
	} else if n.scratch = fold(n.scratch[:0], r); len(n.scratch) > 0 {
		letter = unicode.IsLetter(r) && wordByte(n.scratch[0])
	}
	if letter {
		if len(n.word) == 0 {
			n.wordStart = start
		}
		if len(n.word) < maxRun {
			n.word = append(n.word, n.scratch...)
		}
		n.wordEnd = end
		return
	}
	if len(n.scratch) == 0 || len(n.word) == 0 && (r == ' ' || r == '-' || r == ',' || r == '\n') {
		return // hidden, or between two words
	}
	n.endWord(r == ' ' || r == '-' || r == ',' || r == '\n')
}

// endWord adds a digit to those told so far, or ends them.
func (n *numbers) endWord(goesOn bool) {
	if len(n.word) == 0 {
		return
	}
	if shortMoney[string(n.word)] {
		n.w.around.unit(unitMoney, n.wordStart, n.wordEnd)
	}
	n.counted(string(n.word), n.wordStart, n.wordEnd)
	c, ok := saidDigits()[string(n.word)]
	n.word = n.word[:0]
	if ok && (c != '.' || len(n.said) > 0) && len(n.said) < maxRun {
		if len(n.said) == 0 {
			n.saidStart = n.wordStart
		}
		n.said, n.saidEnd = append(n.said, c), n.wordEnd
		if n.rd.digits == nil {
			n.rd.digits = &letters{w: n.w, via: joinVia(n.via, "digits told")}
		}
		if c != '.' {
			n.rd.digits.see(rune(c), n.wordStart, n.wordEnd)
		}
	} else {
		ok = false
	}
	if !ok || !goesOn {
		n.unsaid()
	}
}

// counted takes a word that may count, or be a unit.
func (n *numbers) counted(w string, start, end int) {
	done, from, to, counts := n.tally.word(w, start, end)
	if done != "" {
		n.tell(done, from, to)
		n.amount(done, from, to)
		n.parts.joined, n.parts.words = counts, true // the next number follows at once
	}
	switch {
	case counts || w == "":
	case saidDigits()[w] == '.' && n.parts.on:
		n.parts.joined, n.parts.point = true, true
	default:
		n.parts.unit(w, n)
	}
}

// unsaid ends a number that was told digit by digit.
func (n *numbers) unsaid() {
	if len(n.said) == 0 {
		return
	}
	text := strings.Trim(string(n.said), ".")
	n.said = n.said[:0]
	if len(text) > 1 {
		for _, c := range canonical(text) {
			n.w.around.number(c, strings.Contains(text, "."), n.saidStart, n.saidEnd, joinVia(n.via, "digits told"))
		}
	}
	n.rd.digits.part()
}

func joinVia(outer, inner string) string {
	if outer == "" {
		return inner
	}
	return outer + "/" + inner
}

// shortMoney are the names of money too short for labels.txt.
var shortMoney = map[string]bool{"eur": true, "usd": true, "gbp": true, "chf": true, "sek": true, "pln": true, "kr": true, "zl": true}
