package mask

import "strings"

// sayer finds what people say rather than write into a field: "my password is hunter2".
type sayer struct {
	v   *view
	add func(finding)
}

// at judges word i.
func (y sayer) at(i int) {
	w := y.v.words[i]
	if w.on(isWords) && i > 0 && y.v.words[i-1].on(secretWords) {
		y.secret(w.end)
	} else if i > 0 && y.v.words[i-1].on(secretWords) && y.v.s[y.v.words[i-1].end:w.start] == " " && w.end-w.start > 3 && y.odd(w.start) {
		y.secret(y.v.words[i-1].end) // password Gr33nTea!77
	}
}

// odd says whether the token at i has letters, digits and something else in it, as nothing but a password has.
func (y sayer) odd(i int) bool {
	letters, digits, others := false, false, false
	for s := y.v.s; i < len(s) && s[i] > ' '; i++ {
		switch c := s[i]; {
		case isDigit(c):
			digits = true
		case isLetter(c) || c >= 0x80:
			letters = true
		default:
			others = others || strings.IndexByte("!#$%&*+=?@^_~", c) >= 0
		}
	}
	return letters && digits && others
}

// secret masks the token behind "password is", if it has the look of one.
func (y sayer) secret(i int) {
	s := y.v.s
	for i < len(s) && strings.IndexByte(" \t:\"'`", s[i]) >= 0 {
		i++
	}
	end := i
	for end < len(s) && end-i < 128 && s[end] > ' ' && strings.IndexByte("\"'`<>", s[end]) < 0 {
		end++
	}
	end = i + len(strings.TrimRight(s[i:runeStart(s, end)], ".,;)!?"))
	if end-i >= 4 && mixed(s[i:end]) {
		y.add(finding{i, end, SECRET, LayerContext, "secret-said", 80, ""})
	}
}
