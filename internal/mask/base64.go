package mask

import (
	"encoding/base64"
	"strings"
	"unicode"
	"unicode/utf8"
)

// base64Finder reads what is written in base64 and masks all of it where personal data is in it: a placeholder inside
// would not decode.
type base64Finder struct{}

const (
	shortestBase64 = 16
	// decodedBytes bounds what is decoded of one text. What looks like text behind it is masked unread.
	decodedBytes = 64 << 10
	// nestedBase64 is how often base64 may be inside base64.
	nestedBase64 = 2
)

func (base64Finder) find(p *Pass, v *view, add func(finding)) {
	if p.nested >= nestedBase64 {
		return
	}
	done := 0
	for i := range v.words {
		w := &v.words[i]
		if w.start < done || w.end-w.start < shortestBase64/2 || !inBase64(v.s[w.start]) {
			continue
		}
		start, end := tokenAround(v.s, w.start, w.end, done)
		if done = end; end-start < shortestBase64 {
			continue
		}
		if typ := p.insideBase64(v.s[start:end]); typ != "" {
			add(finding{start, end, typ, LayerStructure, "base64", 90, v.s[start:end]})
		}
	}
}

// inBase64 says whether a byte may stand in base64, its signs for + and / in URLs too.
func inBase64(c byte) bool {
	return isAlnum(c) || c == '+' || c == '/' || c == '-' || c == '_'
}

// tokenAround steps from a word to the ends of what may be base64, not before least.
func tokenAround(s string, start, end, least int) (from, to int) {
	for start > least && inBase64(s[start-1]) {
		start--
	}
	for end < len(s) && inBase64(s[end]) {
		end++
	}
	for n := 0; n < 2 && end < len(s) && s[end] == '='; n++ {
		end++
	}
	return start, end
}

// insideBase64 returns the type of the personal data that is surest inside a token, "" if there is none or it holds no text.
func (p *Pass) insideBase64(token string) Type {
	if !mixedCase(token) {
		return ""
	}
	bare := strings.TrimRight(token, "=")
	coding := base64.RawStdEncoding
	if strings.ContainsAny(bare, "-_") {
		coding = base64.RawURLEncoding
	}
	head, err := coding.DecodeString(bare[:min(len(bare), 64)/4*4])
	if err != nil || !readable(head, true) {
		return ""
	}
	if p.decoded += len(bare); p.decoded > decodedBytes {
		return ID // unread
	}
	text, err := coding.DecodeString(bare)
	if err != nil || !readable(text, false) {
		return ""
	}
	return p.inside(string(text))
}

// mixedCase says whether a token has small letters, capitals or digits: words and paths mostly have but one of them.
func mixedCase(s string) bool {
	upper, lower := false, false
	for i := range len(s) {
		upper = upper || isUpper(s[i]) || isDigit(s[i])
		lower = lower || 'a' <= s[i] && s[i] <= 'z'
	}
	return upper && lower
}

// readable says whether bytes are text; cut off, if they may end within a character.
func readable(b []byte, cut bool) bool {
	for len(b) > 0 {
		r, size := utf8.DecodeRune(b)
		if r == utf8.RuneError && size <= 1 {
			return cut && len(b) < utf8.UTFMax && !utf8.FullRune(b)
		}
		if !unicode.IsPrint(r) && r != '\n' && r != '\t' && r != '\r' && !invisible(r) {
			return false
		}
		b = b[size:]
	}
	return true
}

// inside returns the type of the surest finding in a text that is part of the present one, "" if there is none. The model
// and the outside detector are not asked.
func (p *Pass) inside(text string) (surest Type) {
	found, catalogue := p.found, p.catalogue
	p.found, p.catalogue = nil, nil
	p.nested++
	defer func() { p.found, p.catalogue, p.nested = found, catalogue, p.nested-1 }()
	v := newView(text)
	v.words = splitWords(v.s, nil)
	score := uint8(0)
	add := func(f finding) {
		if f.start >= f.end || f.typ == LITERAL {
			return
		}
		p.found = append(p.found, f)
		if f.score > score {
			surest, score = f.typ, f.score
		}
	}
	for _, f := range p.masker.finders {
		switch f.(type) {
		case modelFinder, outsideFinder, titleFinder, sensitiveFinder:
		default:
			f.find(p, v, add)
		}
	}
	return surest
}
