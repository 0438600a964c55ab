package guard

// postal reads e-mail addresses that are told: "anna (at) example (dot) org",
// "anna punto rossi chiocciola example punto it".
type postal struct {
	word  []placed
	key   []byte   // of the word, folded
	local []placed // words so far, with dots between
	dot   bool     // one is due
	at    bool     // the sign has come
	out   outlet
}

var (
	atWords = map[string]bool{"at": true, "ät": true, "arobase": true, "arrobas": true, "arroba": true, "apenstaartje": true, "apestaartje": true, "chiocciola": true, "malpa": true,
		"snabel": true, "snabela": true, "kringla": true, "klammeraffe": true, "affenschwanz": true}
	dotWords = map[string]bool{"dot": true, "punkt": true, "point": true, "punt": true, "punto": true, "kropka": true, "prick": true}
)

const maxLocal = 64

func (d *postal) see(r rune, start, end int) {
	if wordRune(r) || r == '_' || r == '-' || r == '+' || r == '.' && len(d.word) > 0 {
		if len(d.word) < maxLocal {
			d.word = append(d.word, placed{r, start, end})
			d.key = fold(d.key, r)
		}
		return
	}
	d.endWord(end)
	if r == '\n' || r == '@' {
		d.stop(end)
	}
}

func (d *postal) endWord(end int) {
	if len(d.word) == 0 {
		return
	}
	key := string(d.key)
	switch {
	case key == "snabel-a" || atWords[key]:
		if len(d.local) > 0 && !d.at {
			d.at = true
			d.tell(d.local)
			d.out.see('@', d.word[0].start, end)
		}
		d.dot = false
	case dotWords[key]:
		d.dot = true
	case d.at:
		if d.dot {
			d.out.see('.', d.word[0].start, d.word[0].end)
		}
		last := len(d.local) == 0 && !d.dot // a word that is not the host's first
		if last {
			d.stop(end)
		} else {
			d.tell(d.word)
			d.local, d.dot = d.local[:0], false
		}
	case d.dot && len(d.local) > 0 && len(d.local) < maxLocal:
		d.local = append(append(d.local, placed{'.', d.word[0].start, d.word[0].end}), d.word...)
		d.dot = false
	default:
		d.local, d.dot = append(d.local[:0], d.word...), false
	}
	d.word, d.key = d.word[:0], d.key[:0]
}

func (d *postal) tell(of []placed) {
	for _, p := range of {
		d.out.see(p.r, p.start, p.end)
	}
}

func (d *postal) stop(end int) {
	if d.at {
		d.out.stop(end)
	}
	d.local, d.at, d.dot = d.local[:0], false, false
}

// end ends the text.
func (d *postal) end(end int) {
	d.endWord(end)
	d.stop(end)
}
