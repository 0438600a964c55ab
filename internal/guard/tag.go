package guard

// tagged takes a tag or a comment that the text goes on without: a word may
// begin behind it, and what stands within is a text of its own.
func (rd *layer) tagged(tag []rune, from []int, end int) {
	rd.mayBegin()
	rd.numbers.tag(tag, from[0], end)
	if rd.depth >= maxDepth || len(tag) < minAttribute {
		return
	}
	for i, r := range tag[1 : len(tag)-1] {
		rd.within.see(r, from[i+1], from[i+2])
	}
	rd.within.stop(end)
}

// mayBegin notes that a word may begin here.
func (rd *layer) mayBegin() {
	rd.letters.part()
	rd.secrets.since = 0
}

// minAttribute are the runes of a tag that may tell something.
const minAttribute = 8

// runsOn are tags that part no number: of a bold digit, say.
var runsOn = map[string]bool{"b": true, "i": true, "u": true, "s": true, "em": true, "strong": true, "span": true, "font": true, "mark": true, "code": true, "a": true, "tt": true}

// tag takes the tag before the next rune: a cell ends a number, and what is
// raised behind one are its cents.
func (n *numbers) tag(tag []rune, start, end int) {
	name := ""
	for _, r := range tag[1:] {
		if r == '/' && name == "" {
			continue
		}
		if r < 'A' || r > 'z' {
			break
		}
		name += string(r | 0x20)
	}
	switch {
	case name == "sup" && tag[1] != '/' && len(n.run) > 0:
		n.see('.', start, end)
	case !runsOn[name]:
		if len(n.run) > 0 && n.mayPart(' ') {
			n.run = append(n.run, ' ') // a figure in each cell
		} else {
			n.finish()
		}
		n.letter = false
	}
}
