package guard

import (
	"bytes"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Personal is personal data that was found in a text.
type Personal struct {
	Start, End int    // bytes
	Kind       string // as masking names it: EMAIL, PHONE, IBAN, CARD, ID, PERSON ...
}

// Finder finds personal data in a text.
type Finder func(text string) []Personal

// Strangers looks for personal data in an answer that nobody told the model:
// what it made up, or remembers from its training. It stands behind a Window and
// sees what that releases. Numbers and addresses by which somebody can be
// reached or charged are struck out while the answer goes by; it waits for no
// more than the group of figures or the address that is being written.
//
// Any chunking gives the same bytes and the same findings.
type Strangers struct {
	find    Finder
	said    func() []string // what was told to the model; asked for once, when something is found
	letters []byte          // of it
	figures []byte
	words   map[string]bool
	ready   bool
	hosts   allowList
	strike  bool

	pending []byte // not released
	word    int    // of pending: where the word under way begins
	open    bool   // a word with figures or an @ is among pending
	figure  bool   // the word under way has one
	shown   presented
	before  []byte // the end of what was released, as it was written
	struck  bool
	kinds   map[string]bool // reported
}

const (
	maxGroup    = 160 // bytes that wait
	beforeGroup = 48  // bytes that are looked at with them
	fewFigures  = 6   // fewer are no number of anybody's
)

// Struck stands where a stranger's data stood: no language, and nothing that
// reads like a placeholder.
const Struck = "•••"

// Strangers returns a filter for one text of an answer. Said are the texts the
// model was given; the hosts of allowed URLs are the store's own. With strike,
// what is found is struck out, otherwise it is only reported.
func (g *Guard) Strangers(c Context, find Finder, said func() []string, strike bool) *Strangers {
	more, _ := newAllowList(c.AllowedURLs) // AnswerIn names one that is none
	return &Strangers{find: find, said: said, hosts: append(more, g.allowed...), strike: strike, kinds: map[string]bool{}}
}

// Write takes the next part of an answer and returns what may go on, with what
// was found.
func (s *Strangers) Write(text string) (out string, found []Verdict) {
	var b strings.Builder
	for len(text) > 0 {
		r, n := utf8.DecodeRuneInString(text)
		s.see(r, text[:n], &b, &found)
		text = text[n:]
	}
	return b.String(), found
}

// Close ends the answer.
func (s *Strangers) Close() (out string, found []Verdict) {
	var b strings.Builder
	s.release(len(s.pending), &b, &found)
	return b.String(), found
}

// Struck reports whether anything was struck out.
func (s *Strangers) Struck() bool { return s.struck }

func (s *Strangers) see(r rune, raw string, b *strings.Builder, found *[]Verdict) {
	begins := s.word == len(s.pending)
	s.pending = append(s.pending, raw...)
	s.shown.see(r)
	switch {
	case r == '@' || unicode.IsDigit(r) || r == '+' && begins:
		s.figure = true
	case unicode.IsSpace(r):
		s.endWord(r, len(raw), b, found)
	}
	if len(s.pending) >= maxGroup {
		s.release(len(s.pending), b, found)
		s.figure, s.open = false, false
		s.shown = presented{}
	}
}

// endWord keeps a group together that goes on with figures, and lets go of one
// that ended.
func (s *Strangers) endWord(r rune, size int, b *strings.Builder, found *[]Verdict) {
	plain := !s.figure && s.word < len(s.pending)-size // a word without any
	waits := false
	if w := s.pending[s.word : len(s.pending)-size]; len(w) > 0 {
		waits = s.shown.word(w, s.figure)
	}
	if r == '\n' {
		waits, s.shown.cue, s.shown.run = false, 0, 0
	}
	switch {
	case waits, !plain && !s.figure && s.shown.run > 0 && r != '\n':
		s.open = true
	case s.shown.cued && !s.figure: // with the word that ends it
		s.release(len(s.pending), b, found)
		s.open = false
	case s.figure && r != '\n':
		s.open = true
	case s.figure:
		s.release(len(s.pending), b, found)
		s.open = false
	case plain || r == '\n' || !s.open:
		s.release(s.word, b, found)
		s.emit(len(s.pending), b)
		s.open = false
	}
	s.word, s.figure = len(s.pending), false
}

// release judges the first n bytes that wait, and lets them go.
func (s *Strangers) release(n int, b *strings.Builder, found *[]Verdict) {
	for _, p := range s.strangers(s.pending[:n]) {
		if kind := p.Kind; !s.kinds[kind] {
			s.kinds[kind] = true
			*found = append(*found, Verdict{Action: Flag, Reason: "stranger_data", Rule: "leak.stranger." + strings.ToLower(kind), Score: 0.5, Where: "answer"})
		}
		if s.strike {
			s.struck = true
			n -= s.replace(p)
		}
	}
	s.shown.cued, s.shown.several = false, false
	s.emit(n, b)
}

// replace strikes out a span of what waits, and returns by how much that became
// shorter. Spans come the last first.
func (s *Strangers) replace(p Personal) int {
	length := len(s.pending)
	rest := append([]byte(Struck), s.pending[p.End:]...)
	s.pending = append(s.pending[:p.Start], rest...)
	shorter := length - len(s.pending)
	switch {
	case p.End <= s.word:
		s.word -= shorter
	case p.Start < s.word:
		s.word = p.Start + len(Struck)
	}
	return shorter
}

func (s *Strangers) emit(n int, b *strings.Builder) {
	b.Write(s.pending[:n])
	s.before = append(s.before, s.pending[:n]...)
	s.before = s.before[max(0, len(s.before)-beforeGroup):]
	s.pending = s.pending[:copy(s.pending, s.pending[n:])]
	s.word = max(0, s.word-n)
}

// strangers returns the data in a group that nobody told the model, the last
// first.
func (s *Strangers) strangers(group []byte) (out []Personal) {
	contact := bytes.IndexByte(group, '@') >= 0 || figures(group) >= fewFigures || bytes.Contains(group, []byte("(at)")) || bytes.Contains(group, []byte("[at]"))
	if !contact && !s.shown.cued && !(s.shown.several && figures(group) > 0) {
		return nil
	}
	before := bytes.TrimLeftFunc(s.before, func(r rune) bool { return r == utf8.RuneError }) // a rune that was cut
	from := len(before)
	found := s.find(string(before) + string(group))
	next := len(group)
	if !contact {
		return latest(s.people(found, group, from, false))
	}
	for i := len(found) - 1; i >= 0; i-- {
		p := found[i]
		p.Start, p.End = max(p.Start-from, 0), p.End-from
		if p.End <= p.Start || p.End > next || !reachable[p.Kind] || s.told(p.Kind, string(group[p.Start:p.End])) {
			continue
		}
		out, next = append(out, p), p.Start
	}
	return latest(append(out, s.people(found, group, from, len(out) > 0)...))
}

// latest sorts spans, the last first, without those that overlap.
func latest(spans []Personal) []Personal {
	slices.SortFunc(spans, func(a, b Personal) int { return b.Start - a.Start })
	return slices.CompactFunc(spans, func(p, later Personal) bool { return p.End > later.Start })
}

// reachable are the kinds by which somebody can be reached, charged or taken
// for: what is struck out. Names and places stand in every other answer.
var reachable = map[string]bool{"EMAIL": true, "PHONE": true, "IBAN": true, "CARD": true, "ID": true}

func figures(b []byte) (n int) {
	for _, c := range b {
		if '0' <= c && c <= '9' {
			n++
		}
	}
	return n
}

// told reports whether the model was given a value, or it is nobody's.
func (s *Strangers) told(kind, value string) bool {
	s.learn()
	if kind == "EMAIL" {
		value = toldSigns.Replace(value)
		_, host, _ := strings.Cut(strings.ToLower(value), "@")
		if s.hosts.has(host) || setAside(host) {
			return true
		}
		letters, _ := squeezed(value)
		return bytes.Contains(s.letters, letters)
	}
	number := onlyFigures(value)
	if kind == "PHONE" {
		if bytes.Contains(number, []byte("55501")) { // set aside for films
			return true
		}
		number = number[max(0, len(number)-sameNumber):] // with or without the country's prefix
	}
	return len(number) > 0 && bytes.Contains(s.figures, number)
}

// learn asks, once, for what the model was given.
func (s *Strangers) learn() {
	if s.ready {
		return
	}
	s.ready = true
	all := strings.Join(s.said(), "\n")
	s.letters, _ = squeezed(all)
	s.figures = onlyFigures(all)
	s.words = map[string]bool{}
	for w := range strings.FieldsFuncSeq(all, notOfName) {
		s.words[folded(w)] = true
	}
}

// toldSigns are how the signs of an address are told.
var toldSigns = strings.NewReplacer(" (at) ", "@", " [at] ", "@", "(at)", "@", "[at]", "@", " (dot) ", ".", " dot ", ".", "(dot)", ".", "[dot]", ".")

// sameNumber is how many last figures make two telephone numbers the same.
const sameNumber = 7

func onlyFigures(s string) []byte {
	out := make([]byte, 0, len(s)/2)
	for i := range len(s) {
		if '0' <= s[i] && s[i] <= '9' {
			out = append(out, s[i])
		}
	}
	return out
}

// setAside reports whether a host is set aside for examples (RFC 2606, 6761).
func setAside(host string) bool {
	for _, end := range []string{"example.com", "example.org", "example.net", ".example", ".test", ".invalid", ".localhost"} {
		if host == strings.TrimPrefix(end, ".") || strings.HasSuffix(host, "."+strings.TrimPrefix(end, ".")) {
			return true
		}
	}
	return false
}
