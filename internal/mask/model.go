package mask

import (
	"cmp"
	"slices"
	"strings"

	"ringfence/internal/mask/tagger"
)

// LayerModel is a trained model's guess.
const LayerModel Layer = "model"

// modelFinder finds names of people, and places and organisations that are said of people, with a trained model. It adds what no rule knows a
// context for. It leaves alone what other finders have, so that known people stay themselves, and what is no
// running text: keys and whole values of JSON, identifiers, links.
type modelFinder struct{ model *tagger.Model }

// least is how sure the model must be of a name, by what its sentence speaks of. The figures were chosen on texts kept
// apart from training, see docs/design/name-model.md.
var least = [2][2]tagger.Thresholds{ // by goods, by person
	{{Seed: .30, Place: .48, Company: .52}, {Seed: .20, Place: .22, Company: .38}},
	{{Seed: .55, Place: .85, Company: .85}, {Seed: .27, Place: .40, Company: .60}},
}

// lowest are the lowest of them.
var lowest = tagger.Thresholds{Seed: .20, Grow: .20, Place: .22, Company: .38}

// small is how sure the model must be at least of what is written in small letters.
var small = tagger.Thresholds{Seed: .33, Place: .60, Company: .75}

// ofOperator is how sure the model must be of a person in the store's own text, which names suppliers and an assistant.
const ofOperator = .5

// ofWord is how sure the model must be that a word of shop talk, alone, is a name; behindWare that a word right behind that of
// a ware is.
const ofWord, behindWare = .62, .85

// commonAt says whether word i is a word of shop talk.
func commonAt(v *view, i int) bool {
	return v.words[i].facts()&(isTrade|isDoing) != 0 || isCommon(v.s[v.words[i].start:v.words[i].end])
}

// longestGuess is how many words a company or a place has at most.
const longestGuess = 10

// code says whether a word has digits, or is a letter and no initial, as in Vitamin D3 Tropfen and Vitamin D.
func code(v *view, w word) bool {
	return w.shape&hasDigit != 0 || w.end-w.start == 1 && !strings.HasPrefix(v.s[w.end:], ".")
}

// ofWare says whether the word in front of word i is a ware's: the dress Anna is nobody.
func ofWare(v *view, i int) bool {
	return i > 0 && v.words[i-1].on(wares) && v.words[i].start-v.words[i-1].end == 1
}

var wares = listOf(factLists["wares"])

// afterOne says whether "a" stands in front of word i, in one of the languages.
func afterOne(v *view, i int) bool { return i > 0 && v.words[i-1].on(ones) }

var ones = listOf("a an ein eine einen einer eines un une una uno een ett")

// hasTypeWord says whether the name of a type is among words i up to k: it may be part of what looks like a placeholder.
func hasTypeWord(v *view, i, k int) bool {
	for ; i < k; i++ {
		if w := v.words[i]; w.shape&(restUpper|restLower) == restUpper && kindOf[Type(v.s[w.start:w.end])] != nil {
			return true
		}
	}
	return false
}

// sure says whether the model is sure enough of a tag whose first word is word i.
func (s *scene) sure(t tagger.Tag, i int) bool {
	s.at(i)
	goods, person := 0, 0
	if s.commercial {
		goods = 1
	}
	if s.personal {
		person = 1
	}
	need := least[goods][person]
	if s.v.words[i].shape&firstUpper == 0 { // in small letters most words are nobody's
		need = tagger.Thresholds{Seed: max(need.Seed, small.Seed), Place: max(need.Place, small.Place), Company: max(need.Company, small.Company)}
	}
	switch t.Label {
	case tagger.Place:
		return float32(t.Score) >= need.Place
	case tagger.Organisation:
		return float32(t.Score) >= need.Company
	}
	return float32(t.Score) >= need.Seed
}

func (f modelFinder) find(p *Pass, v *view, add func(finding)) {
	taken := ranges(p.found)
	around := scene{v: v, found: p.found}
	f.model.Tag(v.s, lowest, func(t tagger.Tag) {
		if !runningText(v.s, t.Start, t.End) || p.operator && (t.Label == tagger.Place || t.Label == tagger.Organisation || t.Score < ofOperator) {
			return
		}
		i, k := wordsIn(v, t.Start, t.End)
		if i == k || !around.sure(t, i) || k == i+1 && commonAt(v, i) && (t.Score < ofWord || afterOne(v, i)) || hasTypeWord(v, i, k) {
			return
		}
		i, k = withoutEveryday(v, i, k)
		if k > i+1 && v.words[i].on(wares) {
			i++ // the dress of Dress Anna
		}
		if t.Label != tagger.PersonBegin && k-i > longestGuess {
			return
		}
		if k == i+1 && (code(v, v.words[i]) || commonAt(v, i) && t.Score < ofWord || ofWare(v, i) && t.Score < behindWare) {
			return
		}
		for len(taken) > 0 && i < k && taken[0][1] <= v.words[i].start {
			taken = taken[1:]
		}
		if k == i+1 && t.Label == tagger.PersonBegin && afterLink(v, i) && (v.words[i].city() > 0 || v.words[i].on(largeTowns)) {
			t.Label = tagger.Place
		}
		score := uint8(min(70, 70*t.Score))
		if i < k && !inBrand(v, i) && runningText(v.s, v.words[i].start, v.words[k-1].end) && !f.beside(v, i, k, taken, score, add) {
			add(guess(t.Label, v.words[i].start, v.words[k-1].end, score))
		}
	})
}

func guess(l tagger.Label, start, end int, score uint8) finding {
	switch l {
	case tagger.Place:
		return finding{start, end, PLACE, LayerModel, "model-place", score, ""}
	case tagger.Organisation:
		return finding{start, end, COMPANY, LayerModel, "model-company", score, ""}
	}
	return finding{start, end, PERSON, LayerModel, "model-name", score, ""}
}

// beside handles words that others found something in: of the rest only listed names count. It says
// whether there was anything.
func (f modelFinder) beside(v *view, i, k int, taken [][2]int, score uint8, add func(finding)) bool {
	if len(taken) == 0 || taken[0][0] >= v.words[k-1].end {
		return false
	}
	for ; i < k; i++ {
		w := v.words[i]
		for len(taken) > 0 && taken[0][1] <= w.start {
			taken = taken[1:]
		}
		free := len(taken) == 0 || taken[0][0] >= w.end
		if free && w.shape.name() && !isCommon(v.s[w.start:w.end]) && f.model.Listed(v.s[w.start:w.end]) {
			add(guess(tagger.PersonBegin, w.start, w.end, score))
		}
	}
	return true
}

// ranges returns what is found already, in order and joined.
func ranges(found []finding) (out [][2]int) {
	for _, f := range found {
		out = append(out, [2]int{f.start, f.end})
	}
	slices.SortFunc(out, func(a, b [2]int) int { return cmp.Compare(a[0], b[0]) })
	n := 0
	for _, r := range out {
		if n > 0 && r[0] <= out[n-1][1] {
			out[n-1][1] = max(out[n-1][1], r[1])
			continue
		}
		out[n] = r
		n++
	}
	return out[:n]
}

// wordsIn returns the words of a range, from i up to k.
func wordsIn(v *view, start, end int) (i, k int) {
	i, _ = slices.BinarySearchFunc(v.words, start, func(w word, at int) int { return w.start - at })
	for k = i; k < len(v.words) && v.words[k].end <= end; k++ {
	}
	return i, k
}

// withoutEveryday takes words that are no names from both ends: greetings, customer, team, Mrs; and what
// goes on in small letters behind a name with capitals: Mrs Jansen called.
func withoutEveryday(v *view, i, k int) (int, int) {
	for i < k && (everyday(v.words[i]) || v.words[i].on(greetings)) {
		i++
	}
	for n := i + 1; n < k && v.words[i].shape&firstUpper != 0; n++ {
		w := v.words[n]
		if w.shape&(firstUpper|restUpper) == 0 && !w.on(particles) {
			k = n
		}
	}
	for k > i && (everyday(v.words[k-1]) || v.words[k-1].on(particles) && v.words[k-1].shape&firstUpper == 0) {
		k--
	}
	return i, k
}

// everyday says whether a word is no name.
func everyday(w word) bool {
	return w.on(titles) || w.on(notNames) || w.on(smallWords) && w.shape&firstUpper == 0
}

// greetings are the words of phrases that begin a letter.
var greetings = newGreetings()

func newGreetings() wordlist {
	var words []uint64
	for _, list := range cues.of {
		for _, c := range list {
			if c.kind.sentence && !c.kind.two {
				words = append(words, c.words...)
			}
		}
	}
	return newList(words...)
}

// runningText says whether words stand in running text: nothing that binds them to an identifier, a link or
// a key touches them, and they are not all of a JSON value, whose field says what it is.
func runningText(s string, start, end int) bool {
	if start > 0 && binds(s[start-1]) {
		return false
	}
	before := s[max(0, start-3):start]
	if (strings.HasSuffix(before, `:"`) || strings.HasSuffix(before, `: "`)) && (end == len(s) || s[end] == '"') {
		return false
	}
	if end == len(s) {
		return true
	}
	switch c := s[end]; {
	case c == '"' || c == '\'':
		return end+1 == len(s) || s[end+1] != ':' // a key
	case c == '.' || c == ':':
		return end+1 == len(s) || !isAlnum(s[end+1]) // anna.muster, a:b
	default:
		return !binds(c)
	}
}

// binds says whether a character makes one thing of what stands beside it.
func binds(c byte) bool { return strings.IndexByte(`_@/\=$%{}<#&+`, c) >= 0 }
