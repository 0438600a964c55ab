package mask

// titleFinder masks what stands in front of people's names: Mrs, Herr, Dr. It says of which sex somebody is, or
// what she has learnt; a placeholder says neither, and restoring gives it back.
type titleFinder struct{}

func (titleFinder) find(p *Pass, v *view, add func(finding)) {
	for n := len(p.found) - 1; n >= 0; n-- {
		f := p.found[n]
		if f.typ != PERSON || f.layer == LayerField {
			continue
		}
		i, _ := wordsIn(v, f.start, f.end)
		if i < len(v.words) && v.words[i].start != f.start {
			continue
		}
		first := i
		for first > 0 && i-first < 3 && v.words[first-1].on(honorifics) && titleGap(v, first) {
			first--
		}
		if first < i {
			add(finding{v.words[first].start, v.words[i-1].end, TITLE, LayerContext, "title", 60, ""})
		}
	}
}

// titleGap says whether a title in front of word i belongs to it.
func titleGap(v *view, i int) bool {
	gap := v.s[v.words[i-1].end:v.words[i].start]
	return gap == " " || gap == ". " || gap == "."
}

// honorifics are the titles that are nothing else in front of a name.
var honorifics = listOf(`herr herrn frau hr fr dr prof professor professorin doktor mr mrs ms miss mister madam mx monsieur madame mademoiselle
	mme mlle maître señor señora señorita sr sra srta don doña signor signora signorina sig dott dottore dottoressa avv ing meneer
	mevrouw dhr mevr mw pan pani pana panie panu panią państwo fru fröken sir lady lord rev reverend father capt captain`)
