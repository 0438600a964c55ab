package mask

import "strings"

// contextFinder finds names and addresses in free text by the words around them: greetings, closings,
// introductions, street words, postcodes. Its rules are few and miss what has no context.
type contextFinder struct{}

func (contextFinder) find(p *Pass, v *view, add func(finding)) {
	n := namer{v: v, add: add}
	for i := range v.words {
		n.at(i)
	}
	a := addresser{v: v, add: add}
	for i := range v.words {
		a.at(i)
	}
}

// cue is a phrase in front of a name.
type cue struct {
	words []uint64
	kind  cueKind
}

type cueKind uint8

const (
	greeting     cueKind = iota // Dear, Liebe, Bonjour: then a name in capitals
	introduction                // my name is, ich heiße: then a name, in chats also in small letters
	closing                     // Kind regards, then a name on the rest of the line or the next
	honorific                   // Frau, Monsieur: then a family name
)

var cueLists = map[cueKind]string{
	greeting: `hallo|liebe|lieber|guten tag|guten morgen|hi|hey|moin|servus|sehr geehrte|sehr geehrter|geehrte|geehrter|
		dear|hello|good morning|good evening|
		bonjour|cher|chère|salut|bonsoir|
		hola|estimado|estimada|querido|querida|buenos días|buenas tardes|
		ciao|buongiorno|gentile|egregio|egregia|cara|caro|salve|
		beste|geachte|goedemorgen|goedendag|
		cześć|witam|szanowny|szanowna|drogi|droga|dzień dobry|
		hej|hejsan|bästa|kära|käre|god morgon`,
	introduction: `mein name ist|ich heiße|ich bin der|ich bin die|mein name lautet|
		my name is|name is|i am called|this is|
		je m'appelle|je m appelle|mon nom est|je suis|
		me llamo|mi nombre es|soy|
		mi chiamo|il mio nome è|sono|
		mijn naam is|ik heet|ik ben|
		nazywam się|mam na imię|moje imię to|jestem|
		jag heter|mitt namn är`,
	closing: `mit freundlichen grüßen|mit freundlichem gruß|freundliche grüße|viele grüße|liebe grüße|beste grüße|
		herzliche grüße|schöne grüße|mfg|lg|vg|gruß|grüße|
		kind regards|best regards|regards|best wishes|warm regards|sincerely|yours sincerely|yours truly|
		yours faithfully|cheers|thanks|many thanks|thank you|
		cordialement|bien cordialement|bien à vous|sincères salutations|salutations distinguées|amicalement|
		un saludo|saludos|saludos cordiales|atentamente|muchas gracias|
		cordiali saluti|distinti saluti|saluti|grazie|
		met vriendelijke groet|met vriendelijke groeten|vriendelijke groet|groet|groeten|mvg|
		z poważaniem|pozdrawiam|z wyrazami szacunku|
		med vänliga hälsningar|vänliga hälsningar|mvh|hälsningar|vänligen`,
	honorific: `herr|herrn|frau|mr|mrs|ms|miss|monsieur|madame|mademoiselle|mme|mlle|señor|señora|señorita|sr|sra|
		signor|signora|sig|meneer|mevrouw|dhr|mevr|pan|pani|pana|panie|panu|panią|fru|fröken|dr|prof`,
}

// cues holds the phrases by their first word.
var cues = newCues()

func newCues() map[uint64][]cue {
	m := map[uint64][]cue{}
	for kind, list := range cueLists {
		for phrase := range strings.SplitSeq(list, "|") {
			var c cue
			for _, w := range splitWords(phrase, nil) {
				c.words = append(c.words, w.hash)
			}
			if len(c.words) > 0 {
				c.kind = kind
				m[c.words[0]] = append(m[c.words[0]], c)
			}
		}
	}
	return m
}

// namer finds names behind cues.
type namer struct {
	v    *view
	add  func(finding)
	done int // words before this are part of a name already
}

func (n *namer) at(i int) {
	for _, c := range cues[n.v.words[i].hash] {
		if n.matches(i, c.words) {
			n.behind(i+len(c.words), c.kind)
		}
	}
}

func (n *namer) matches(i int, words []uint64) bool {
	if i+len(words) > len(n.v.words) {
		return false
	}
	for k, h := range words {
		if n.v.words[i+k].hash != h || k > 0 && len(n.gap(i+k)) > 2 {
			return false
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

// behind looks for a name that begins at word i.
func (n *namer) behind(i int, kind cueKind) {
	if i < n.done || i >= len(n.v.words) || !n.gapFits(n.gap(i), kind) {
		return
	}
	for i < len(n.v.words) && titles[n.v.words[i].hash] && len(n.gap(i+1)) <= 2 {
		i++
		if kind == greeting {
			kind = honorific
		}
	}
	end := n.name(i, kind)
	if end == i || kind == closing && !n.endsLine(end) {
		return
	}
	first, last := n.v.words[i], n.v.words[end-1]
	n.add(finding{first.start, last.end, PERSON, LayerContext, ruleOf(kind), 75, ""})
	n.done = end
}

func ruleOf(kind cueKind) string {
	return [...]string{"name-greeting", "name-introduction", "name-closing", "name-honorific"}[kind]
}

func (n *namer) gapFits(gap string, kind cueKind) bool {
	if kind == closing {
		return len(gap) <= 12 && strings.Trim(gap, " ,.!-\r\n*_") == "" && strings.ContainsAny(gap, ",\n-")
	}
	return len(gap) <= 3 && strings.Trim(gap, " .:") == ""
}

// name returns the end of the name that begins at word i, i if there is none.
func (n *namer) name(i int, kind cueKind) int {
	end := i
	for k := i; k < len(n.v.words) && k-i < 5; k++ {
		w := n.v.words[k]
		if k > i && !nameGap(n.gap(k), n.v.words[k-1]) || titles[w.hash] {
			break
		}
		switch {
		case particles[w.hash] && w.shape&firstUpper == 0 && (k > i || leading[w.hash]):
			continue // counts only if a name follows
		case w.shape.name() && !(k == i && notNames[w.hash]) && !(k > i && notNames[w.hash]):
			end = k + 1
		case kind == introduction && k-i < 2 && n.smallName(k):
			end = k + 1
		default:
			return end
		}
	}
	return end
}

// leading are the particles a name may begin with: mevrouw van den Berg, but not die Frau der Woche.
var leading = hashes("von vom van de di da del della du le la ter ten af")

// smallName takes a name in small letters, as in chats, if it is no common word.
func (n *namer) smallName(k int) bool {
	w := n.v.words[k]
	size := w.end - w.start
	return w.shape&(hasDigit|firstUpper) == 0 && size >= 3 && size <= 14 && !smallWords[w.hash] && n.strong(k)
}

// strong says whether only one cue can be meant: "my name is", not "I am".
func (n *namer) strong(k int) bool {
	for back := 1; back <= 3 && k-back >= 0; back++ {
		if nameWords[n.v.words[k-back].hash] {
			return true
		}
	}
	return false
}

var (
	nameWords = hashes("name heiße heisse appelle llamo nombre chiamo nome naam heet nazywam imię heter namn nom")
	// smallWords may follow "my name is" or a first name in small letters and are no names.
	smallWords = hashes(`not and und the on in is was für for from aus von with mit and my mein meine ich i et de la le
		y e en i och och the a an ein eine no nicht auf bei at to an der die das wrong misspelled falsch still
		spelled written geschrieben hier here there but aber mais pero ma maar ale men correct right`)
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
	rest := n.v.s[n.v.words[i-1].end:]
	rest = strings.TrimLeft(rest, " .!,*_)")
	return rest == "" || rest[0] == '\n' || rest[0] == '\r' || rest[0] == '"' || rest[0] == '<'
}
