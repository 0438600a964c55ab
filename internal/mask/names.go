package mask

import "strings"

// namer finds names behind cues.
type namer struct {
	v    *view
	add  func(finding)
	done int // words before this are part of a name already
}

// at judges the phrases that begin with word i.
func (n *namer) at(i int) {
	for _, c := range cues.at(&n.v.words[i]) {
		if n.matches(i, c) {
			n.behind(i, i+len(c.words), c.kind)
		}
	}
}

// matches says whether a phrase stands at word i.
func (n *namer) matches(i int, c cue) bool {
	if i+len(c.words) > len(n.v.words) || c.kind.sentence && !n.startsSentence(i) {
		return false
	}
	for k, h := range c.words {
		w := n.v.words[i+k]
		if w.hash != h || k > 0 && len(n.gap(i+k)) > 2 {
			return false
		}
		if k == len(c.words)-1 && k > 0 && !c.kind.line && w.shape&(firstUpper|restUpper) == firstUpper {
			return false // My Name Is: a title
		}
	}
	return true
}

// gap returns what stands in front of word i.
func (n *namer) gap(i int) string {
	if i == 0 || i >= len(n.v.words) {
		return ""
	}
	return n.v.s[n.v.words[i-1].end:n.v.words[i].start]
}

// startsSentence says whether something other than a space stands in front of word i.
func (n *namer) startsSentence(i int) bool {
	return i == 0 || strings.ContainsAny(n.gap(i), "\n\r.!?:;,\"„“»>*([{-–")
}

// behind looks for a name that begins at word i, behind a phrase that begins at word from.
func (n *namer) behind(from, i int, kind *cueKind) {
	if i < n.done || i >= len(n.v.words) || !kind.follows(n.gap(i)) ||
		kind.near && n.gap(i) == " " && !n.startsSentence(from) {
		return
	}
	for i < len(n.v.words) && n.v.words[i].on(titles) && len(n.gap(i+1)) <= 2 {
		i++
		if !kind.line {
			kind = honorific
		}
	}
	end := n.name(i, kind)
	if end > i && (kind == honorific && i > 0 && inBrand(n.v, i-1) || kind.name == "noun" && n.noName(i, end)) {
		return
	}
	if end == i || kind.line && !n.endsLine(end) || kind.ends && !n.endsPhrase(end) || kind.two && end-i < 2 {
		return
	}
	n.add(finding{n.v.words[i].start, n.v.words[end-1].end, PERSON, LayerContext, kind.rule, 75, ""})
	n.done = end
}

// follows says whether a name may follow over what stands behind the phrase.
func (k *cueKind) follows(gap string) bool {
	if k.line {
		return len(gap) <= 12 && strings.Trim(gap, " ,.!-\r\n*_") == "" && (k.near || strings.ContainsAny(gap, ",\n-"))
	}
	return len(gap) <= 3 && strings.Trim(gap, " .:") == ""
}

// noName says whether the words from i up to end, behind a label, are everyday words.
func (n *namer) noName(i, end int) bool {
	return end-i == 1 && (isCommon(n.v.s[n.v.words[i].start:n.v.words[i].end]) || everydayWord(n.v.words[i].hash))
}

const maxNameWords = 5

// name returns the end of the name that begins at word i, i if there is none.
func (n *namer) name(i int, kind *cueKind) int {
	end := i
	for k := i; k < len(n.v.words) && k-i < maxNameWords; k++ {
		w := n.v.words[k]
		if k > i && !nameGap(n.gap(k), n.v.words[k-1]) || w.on(titles) || w.on(notNames) {
			return end
		}
		switch {
		case w.on(particles) && w.shape&firstUpper == 0 && (k > i || w.on(leading)):
			// counts only if a name follows
		case w.shape.name() && n.goesOn(i, k) && !(kind.two && w.shape&(restUpper|restLower) == restUpper):
			end = k + 1
		case kind.small && k-i < 2 && n.smallName(i, k):
			end = k + 1
		default:
			return end
		}
	}
	return end
}

// goesOn says whether word k, with a capital, belongs to the name that begins at word i: not if that began
// in small letters.
func (n *namer) goesOn(i, k int) bool {
	return k == i || n.v.words[i].shape&firstUpper != 0 || n.v.words[i].on(particles)
}

// leading are the particles a name may begin with: mevrouw van den Berg, but not die Frau der Woche.
var leading = listOf("von vom van de di da del della du le la ter ten af")

// smallName takes a name in small letters, as in chats, if it is no common word.
func (n *namer) smallName(i, k int) bool {
	w := n.v.words[k]
	size := w.end - w.start
	if w.shape&(hasDigit|firstUpper) != 0 || size < 3 || size > 14 || w.on(smallWords) || isCommon(n.v.s[w.start:w.end]) {
		return false
	}
	// "my company name is", "the product name is": not of a person.
	for back := i - 4; back < i; back++ {
		if back >= 0 && n.v.words[back].on(thingWords) {
			return false
		}
	}
	return true
}

var (
	thingWords = listOf(`company product firm firma produkt marke brand shop store business domain file pet dog cat hund
		katze artikel unternehmen entreprise producto prodotto`)
	// smallWords may follow "my name is", or a first name in small letters, and are no names.
	smallWords = listOf(`not and und the on in is was für for from aus von with mit and my mein meine ich i et de la le
		y e en i och och the a an ein eine no nicht auf bei at to an der die das wrong misspelled falsch still
		spelled written geschrieben hier here there but aber mais pero ma maar ale men correct right booking
		confirmation number order account password email mail phone inc ltd bestellung bestellnummer kundennummer
		commande pedido ordine also just really different same it its please bitte so you your this that can could
		because weil have had has want need would like yes no ok okay im zip code last first name surname nachname
		date birth city address customer`)
)

// nameGap says whether a name may go on over what stands between two words.
func nameGap(gap string, before word) bool {
	switch gap {
	case " ", "-", "'", "’", "\u2011":
		return true
	case ". ", ".":
		return before.end-before.start <= 2 // an initial
	}
	return false
}

// endsLine says whether the line ends behind the word before i.
func (n *namer) endsLine(i int) bool {
	rest := strings.TrimLeft(n.v.s[n.v.words[i-1].end:], " .!,*_)")
	return rest == "" || strings.IndexByte("\n\r\"<", rest[0]) >= 0
}

// endsPhrase says whether a phrase ends behind the word before i.
func (n *namer) endsPhrase(i int) bool {
	rest := n.v.s[n.v.words[i-1].end:]
	return rest == "" || strings.IndexByte(",.!?:;\n\r\"<)", rest[0]) >= 0
}
