package guard

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// fold appends to dst the form in which r is compared: compatibility forms
// decomposed, lower case, no accents, lookalikes of other scripts as Latin. A
// hidden rune appends nothing. It works rune by rune, so a text folds alike
// however it is cut; words of the rules are folded by it too.
func fold(dst []byte, r rune) []byte {
	if r < utf8.RuneSelf {
		if 'A' <= r && r <= 'Z' {
			r += 'a' - 'A'
		}
		return append(dst, byte(r))
	}
	if hidden(r) {
		return dst
	}
	if s, ok := lookalike[r]; ok {
		return append(dst, s...)
	}
	if 0x1F1E6 <= r && r <= 0x1F1FF { // regional indicators spell words, too
		return append(dst, byte('a'+r-0x1F1E6))
	}
	var b [utf8.UTFMax]byte
	n := utf8.EncodeRune(b[:], r)
	d := norm.NFKD.Properties(b[:n]).Decomposition()
	if d == nil {
		return foldPart(dst, r)
	}
	for _, part := range string(d) {
		dst = foldPart(dst, part)
	}
	return dst
}

// foldPart folds a rune that does not decompose.
func foldPart(dst []byte, r rune) []byte {
	if unicode.In(r, unicode.Mn, unicode.Me) {
		return dst
	}
	r = unicode.ToLower(r)
	if n := figureOf(r); n >= 0 {
		return append(dst, byte('0'+n))
	}
	if s, ok := lookalike[r]; ok {
		return append(dst, s...)
	}
	return utf8.AppendRune(dst, r)
}

// figureOf returns what a figure of any script stands for, or -1.
func figureOf(r rune) int {
	switch { // white on black, and of the printers
	case r < 0x660:
		return -1
	case r == 0x24FF:
		return 0
	case 0x2776 <= r && r <= 0x2793 && (r-0x2776)%10 < 9:
		return int(r-0x2776)%10 + 1
	case !unicode.Is(unicode.Nd, r):
		return -1
	}
	for _, t := range unicode.Nd.R16 {
		if rune(t.Lo) <= r && r <= rune(t.Hi) {
			return int(r-rune(t.Lo)) % 10
		}
	}
	for _, t := range unicode.Nd.R32 {
		if rune(t.Lo) <= r && r <= rune(t.Hi) {
			return int(r-rune(t.Lo)) % 10
		}
	}
	return -1
}

// folded returns the folded form of a whole text.
func folded(s string) string {
	var dst []byte
	for _, r := range s {
		dst = fold(dst, r)
	}
	return string(dst)
}

// lookalike maps runes that read as Latin letters and do not decompose to them.
var lookalike = func() map[rune]string {
	m := map[rune]string{
		'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'ł': "l", 'đ': "d", 'ð': "d", 'þ': "th", 'ı': "i", 'ħ': "h", 'ŋ': "n",
		'Ø': "o", 'Ł': "l", 'Đ': "d", 'Æ': "ae", 'Œ': "oe", 'ẞ': "ss",
		'’': "'", '‘': "'", '“': "\"", '”': "\"", '–': "-", '—': "-", '‐': "-", '‑': "-", '−': "-", '⁄': "/", '∕': "/",
	}
	// Pairs of lookalike and Latin letter: Cyrillic, Greek, small capitals and
	// a few letters of the phonetic alphabet.
	pairs := []rune("аaеeоoрpсcуyхxіiјjѕsһhԁdԛqԝwкkмmтtвbнhгrпnԍgӏlАaЕeОoРpСcУyХxІiЈjЅsКkМmТtВbНh" +
		"αaοoρpνvιiκkτtυuχxεeηnωwγyσoΑaΒbΕeΖzΗhΙiΚkΜmΝnΟoΡpΤtΥyΧx" +
		"ЬbƅbҽeցgհhϳjոnօoꭇrսuѵvшwᴢzҮyЅsІiոnԝwՕoᏟcᎠdᎢtᏴbᏙvᏦkᏞlᎷmᏀgᏃzᎡr" +
		"ɐaɔcǝeɟfƃgɥhᴉiɾjʞkɯmɹrʇtʌvʍwʎy" +
		"ᴀaʙbᴄcᴅdᴇeꜰfɢgʜhɪiᴊjᴋkʟlᴍmɴnᴏoᴘpʀrꜱsᴛtᴜuᴠvᴡwʏyᴢzɑaɡgɩiʋv")
	for i := 0; i+1 < len(pairs); i += 2 {
		m[pairs[i]] = string(pairs[i+1])
	}
	for i, r := range []rune("⠁⠃⠉⠙⠑⠋⠛⠓⠊⠚⠅⠇⠍⠝⠕⠏⠟⠗⠎⠞⠥⠧⠺⠭⠽⠵") { // Braille
		m[r] = string(rune('a' + i))
	}
	for i := range rune(26) { // negative circled and squared letters
		for _, base := range []rune{0x1F150, 0x1F170} {
			m[base+i] = string('a' + i)
		}
	}
	return m
}()

// hidden reports whether a reader does not see r: zero-width and bidirectional
// controls, Unicode tags, variation selectors, soft hyphens, fillers.
func hidden(r rune) bool {
	switch {
	case r < 0xAD:
		return false
	case r == 0xAD, r == 0x34F, r == 0x61C, r == 0x115F, r == 0x1160, r == 0x17B4, r == 0x17B5, r == 0x180E,
		r == 0x3164, r == 0xFEFF, r == 0xFFA0,
		0x200B <= r && r <= 0x200F, 0x202A <= r && r <= 0x202E, 0x2060 <= r && r <= 0x206F,
		0xFE00 <= r && r <= 0xFE0F, 0x1D173 <= r && r <= 0x1D17A, 0xE0000 <= r && r <= 0xE0FFF:
		return true
	}
	return false
}
