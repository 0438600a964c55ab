package guard

import "strings"

// morse maps letters in Morse code to letters.
var morse = func() map[string]byte {
	m := map[string]byte{}
	for i, code := range strings.Fields(".- -... -.-. -.. . ..-. --. .... .. .--- -.- .-.. -- -. --- .--. --.- .-. ... - ..- ...- .-- -..- -.-- --..") {
		m[code] = byte('a' + i)
	}
	for i, code := range strings.Fields("----- .---- ..--- ...-- ....- ..... -.... --... ---.. ----.") {
		m[code] = byte('0' + i)
	}
	return m
}()

var morseSigns = strings.NewReplacer("·", ".", "•", ".", "–", "-", "—", "-", "−", "-", "_", "-", "/", " / ", "|", " / ", "   ", " / ")

// minMorse is how many letters in Morse code are a text.
const minMorse = 10

// fromMorse reads the letters in Morse code of a text; a slash, or more than one
// space, parts words.
func fromMorse(s string) (string, bool) {
	if strings.Count(s, ".")+strings.Count(s, "-")+strings.Count(s, "·") < 2*minMorse {
		return "", false
	}
	s = morseSigns.Replace(s)
	var out strings.Builder
	letters, others := 0, 0
	for w := range strings.FieldsSeq(s) {
		switch c, ok := morse[w]; {
		case ok:
			out.WriteByte(c)
			letters++
		case w == "/":
			out.WriteByte(' ')
		default:
			others++
			out.WriteByte(' ')
		}
	}
	return out.String(), letters >= minMorse && letters > 2*others
}

// latin reports whether a folded word has the letters a to z alone.
func latin(w []byte) bool {
	for _, c := range w {
		if c < 'a' || c > 'z' {
			return false
		}
	}
	return true
}

// rotated shifts the letters of s in the alphabet.
func rotated(dst, s []byte, shift int) []byte {
	for _, c := range s {
		switch {
		case 'a' <= c && c <= 'z':
			c = 'a' + byte((int(c-'a')+shift)%26)
		case 'A' <= c && c <= 'Z':
			c = 'A' + byte((int(c-'A')+shift)%26)
		}
		dst = append(dst, c)
	}
	return dst
}

// mirrored turns every letter into its partner from the other end of the
// alphabet (atbash).
func mirrored(dst, s []byte) []byte {
	for _, c := range s {
		switch {
		case 'a' <= c && c <= 'z':
			c = 'a' + 'z' - c
		case 'A' <= c && c <= 'Z':
			c = 'A' + 'Z' - c
		}
		dst = append(dst, c)
	}
	return dst
}

// flips are letters written upside down, and those whose turned form is another
// letter.
var flips = func() map[rune]rune {
	m := map[rune]rune{}
	pairs := []rune("ɐaqbɔcpdǝeɟfƃgɥhᴉiıiɾjʞkןlɯmunodbqɹrʇtnuʌvʍwʎy∀aƎeℲfפgſjW̄m")
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i] != 'o' && pairs[i] != 'W' && pairs[i] != '\u0304' {
			m[pairs[i]] = pairs[i+1]
		}
	}
	m['d'], m['p'], m['b'], m['q'], m['u'], m['n'] = 'p', 'd', 'q', 'b', 'n', 'u'
	return m
}()

// upright reads a text that was written upside down.
func upright(s string) (string, bool) {
	turned := 0
	for _, r := range s {
		if r >= 0x80 && strings.ContainsRune("ɐɔǝɟɥᴉɯɹʇʌʍʎʞ", r) {
			turned++
		}
	}
	if turned < 4 {
		return "", false
	}
	rs := []rune(s)
	for i, j := 0, len(rs)-1; i < j; i, j = i+1, j-1 {
		rs[i], rs[j] = rs[j], rs[i]
	}
	for i, r := range rs {
		if f, ok := flips[r]; ok {
			rs[i] = f
		}
	}
	return string(rs), true
}
