package guard

import "unicode"

// pairs looks for people whose two names do not stand side by side: "Ruben (Dr.)
// Zijlstra", "Ruben M. Zijlstra", "R. Zijlstra".
type pairs struct {
	rd    *layer
	words [3]nameWord // before the word under way, the newest last
	word  nameWord
}

// nameWord is a word, folded.
type nameWord struct {
	text       []byte
	start, end int
	capital    bool
	ends       bool // a sentence ends behind it
}

func (p *pairs) see(r rune, start, end int) {
	w := &p.word
	if wordRune(r) || len(w.text) > 0 && unicode.IsMark(r) {
		if len(w.text) == 0 {
			w.start, w.capital, w.ends = start, unicode.IsUpper(r), false
		}
		if len(w.text) < maxSpeller*2 {
			w.text = fold(w.text, r)
		}
		w.end = end
		return
	}
	if len(w.text) > 0 {
		p.endWord()
	}
	if r == '!' || r == '?' || r == '\n' || r == '.' && len(p.words[2].text) > 3 {
		p.words[2].ends = true
	}
}

// endWord looks whether the word makes a person with one of those before it.
func (p *pairs) endWord() {
	w := p.word
	if last := &p.words[2]; w.capital && len(w.text) == 1 && last.capital && !last.ends && len(last.text) > 1 {
		p.ask(&w, last) // Zijlstra, R.
	}
	if w.capital && len(w.text) > 1 {
		for back := 1; back <= 3; back++ {
			b := &p.words[3-back]
			if b.ends || len(b.text) == 0 {
				break
			}
			if b.capital && (back > 1 || len(b.text) == 1) {
				p.ask(b, &w)
			}
		}
	}
	p.word.text = p.words[0].text[:0] // its room
	copy(p.words[:], p.words[1:])
	p.words[2] = w
}

// ask asks every set for the pair.
func (p *pairs) ask(a, b *nameWord) {
	first, last := string(a.text), string(b.text)
	for _, k := range p.rd.w.known {
		e, more, ok := k.set.Marked(k.pair(first, last))
		if ok && personal(e.Kind) && !p.rd.w.own(k, e, more) && !p.rd.w.repeats([]byte(last)) {
			p.rd.w.fact(e, "", true, p.rd.via)
		}
	}
}

// pair is the mark of two names, in any order, or of a name and an initial.
func (k *Known) pair(a, b string) uint64 {
	if len(a) == 1 || a < b && len(b) > 1 {
		return k.key.Mark("pair", a, b)
	}
	return k.key.Mark("pair", b, a)
}
