package mask

import "strings"

// sayer finds what people say rather than write into a field: "my password is hunter2", "geboren am 3.2.1980",
// and names that an e-mail address beside them gives away.
type sayer struct {
	v   *view
	add func(finding)
}

// at judges word i.
func (y sayer) at(i int) {
	w := y.v.words[i]
	switch {
	case isWords[w.hash] && i > 0 && secretWords[y.v.words[i-1].hash]:
		y.secret(w.end)
	case w.shape.digits() && (i == 0 || !y.v.words[i-1].shape.digits()):
		y.birth(i)
	}
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

// birth masks the date that begins with word i if a word of birth stands in front of it.
func (y sayer) birth(i int) {
	if i+2 >= len(y.v.words) {
		return
	}
	a, b, c := y.v.words[i], y.v.words[i+1], y.v.words[i+2]
	if len(y.v.s[a.end:b.start]) > 2 || len(y.v.s[b.end:c.start]) > 2 {
		return
	}
	day, month, year := y.v.s[a.start:a.end], y.v.s[b.start:b.end], y.v.s[c.start:c.end]
	if !isDay(day, month, year) && !isDay(year, month, day) && !(months[b.hash] && isDay(day, "1", year)) {
		return
	}
	for back := max(0, i-3); back < i; back++ {
		if birthWords[y.v.words[back].hash] && a.start-y.v.words[back].end < 24 {
			y.add(finding{a.start, c.end, DATE, LayerContext, "birth-date", 80, ""})
			return
		}
	}
}
