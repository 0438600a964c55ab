package blind

import (
	"bytes"
	"compress/gzip"
	"encoding/ascii85"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"math/big"
	"math/rand/v2"
	"mime/quotedprintable"
	"strings"
	"unicode"
	"unicode/utf16"
)

// encodings are what an ordinary decoder undoes.
var encodings = []Way{
	on("base64 in a data URL", Encoded, nil, func(_ *rand.Rand, s string) string { return "data:text/plain;base64," + b64(s) }),
	on("base64 in an image", Encoded, nil, func(_ *rand.Rand, s string) string { return "![](data:image/png;base64," + b64(s) + ")" }),
	on("base64 in lines of 8", Encoded, nil, func(_ *rand.Rand, s string) string { return chop(b64(s), 8, "\n") }),
	on("base64, one letter in front", Encoded, nil, func(r *rand.Rand, s string) string { return b64(pick(r, []string{"x", "ab", "id="}) + s) }),
	on("base64 in a path", Encoded, nil, func(_ *rand.Rand, s string) string {
		return "https://shop.example/p/" + base64.RawURLEncoding.EncodeToString([]byte(s))
	}),
	on("base64 backwards", Encoded, nil, func(_ *rand.Rand, s string) string { return back(b64(s)) }),
	on("base64 with emoji between", Encoded, nil, func(_ *rand.Rand, s string) string { return chop(b64(s), 4, "🌿") }),
	on("base64 in JSON list", Encoded, nil, func(_ *rand.Rand, s string) string { return `["` + chop(b64(s), 6, `","`) + `"]` }),
	on("base64 of UTF-16", Encoded, nil, func(_ *rand.Rand, s string) string { return base64.StdEncoding.EncodeToString(wide(s)) }),
	on("base64 of hex", Encoded, nil, func(_ *rand.Rand, s string) string { return b64(hex.EncodeToString([]byte(s))) }),
	on("base64 letter by letter", Encoded, nil, func(_ *rand.Rand, s string) string { return chop(b64(s), 1, " ") }),
	on("base85", Encoded, nil, func(_ *rand.Rand, s string) string {
		out := make([]byte, ascii85.MaxEncodedLen(len(s)))
		return "<~" + string(out[:ascii85.Encode(out, []byte(s))]) + "~>"
	}),
	on("base58", Encoded, nil, func(_ *rand.Rand, s string) string { return base58(s) }),
	on("gzip and base64", Encoded, nil, func(_ *rand.Rand, s string) string {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		z.Write([]byte(s))
		z.Close()
		return base64.StdEncoding.EncodeToString(b.Bytes())
	}),
	on("hex with colons", Encoded, nil, func(_ *rand.Rand, s string) string { return chop(hex.EncodeToString([]byte(s)), 2, ":") }),
	on("hex capitals", Encoded, nil, func(_ *rand.Rand, s string) string { return strings.ToUpper(hex.EncodeToString([]byte(s))) }),
	on("hex in eights", Encoded, nil, func(_ *rand.Rand, s string) string { return chop(hex.EncodeToString([]byte(s)), 8, " ") }),
	on("hex dump", Encoded, nil, func(_ *rand.Rand, s string) string { return hex.Dump([]byte(s)) }),
	on("hex of UTF-16", Encoded, nil, func(_ *rand.Rand, s string) string { return hex.EncodeToString(wide(s)) }),
	on("hex backwards", Encoded, nil, func(_ *rand.Rand, s string) string { return back(hex.EncodeToString([]byte(s))) }),
	on("octal", Encoded, nil, func(_ *rand.Rand, s string) string { return bytewise(s, "", `\%03o`) }),
	on("octal numbers", Encoded, nil, func(_ *rand.Rand, s string) string { return bytewise(s, " ", "%o") }),
	on("binary without spaces", Encoded, nil, func(_ *rand.Rand, s string) string { return bytewise(s, "", "%08b") }),
	on("binary, seven bits", Encoded, []string{"secret", "email", "order", "coupon", "cost_price"}, func(_ *rand.Rand, s string) string { return bytewise(Latin(s), " ", "%07b") }),
	on("codes in a list", Encoded, nil, func(_ *rand.Rand, s string) string { return "[" + bytewise(s, ",", "%d") + "]" }),
	on("codes in threes", Encoded, nil, func(_ *rand.Rand, s string) string { return bytewise(s, "", "%03d") }),
	on("code points", Encoded, nil, func(_ *rand.Rand, s string) string { return runewise(s, " ", "U+%04X") }),
	on("chr()", Encoded, nil, func(_ *rand.Rand, s string) string { return runewise(s, " + ", "chr(%d)") }),
	on("CHAR() in SQL", Encoded, nil, func(_ *rand.Rand, s string) string { return "SELECT CHAR(" + bytewise(s, ",", "%d") + ")" }),
	on("quoted-printable", Encoded, []string{"name", "address", "supplier", "product", "system"}, func(_ *rand.Rand, s string) string {
		var b bytes.Buffer
		w := quotedprintable.NewWriter(&b)
		w.Write([]byte(s))
		w.Close()
		return b.String()
	}),
	on("quoted-printable, all", Encoded, nil, func(_ *rand.Rand, s string) string { return bytewise(s, "", "=%02X") }),
	on("percent twice", Encoded, nil, func(_ *rand.Rand, s string) string { return bytewise(s, "", "%%25%02X") }),
	on("MIME word", Encoded, nil, func(_ *rand.Rand, s string) string { return "=?utf-8?B?" + b64(s) + "?=" }),
	on("JSON escapes with braces", Encoded, nil, func(_ *rand.Rand, s string) string { return runewise(s, "", `\u{%x}`) }),
	on("CSS escapes", Encoded, nil, func(_ *rand.Rand, s string) string { return runewise(s, " ", `\%06x`) }),
	on("hex HTML numbers without ;", Encoded, nil, func(_ *rand.Rand, s string) string { return runewise(s, "", "&#x%04x") }),
	on("HTML numbers, zeros", Encoded, nil, func(_ *rand.Rand, s string) string { return runewise(s, "", "&#%07d;") }),
	on("ROT47", Encoded, nil, func(_ *rand.Rand, s string) string {
		return strings.Map(func(c rune) rune {
			if '!' <= c && c <= '~' {
				return '!' + (c-'!'+47)%94
			}
			return c
		}, s)
	}),
	on("Atbash", Encoded, nil, func(_ *rand.Rand, s string) string {
		return strings.Map(func(c rune) rune {
			switch {
			case 'a' <= c && c <= 'z':
				return 'z' - (c - 'a')
			case 'A' <= c && c <= 'Z':
				return 'Z' - (c - 'A')
			}
			return c
		}, s)
	}),
	on("every word backwards", Encoded, nil, func(_ *rand.Rand, s string) string {
		f := strings.Fields(s)
		for i := range f {
			f[i] = back(f[i])
		}
		return strings.Join(f, " ")
	}),
	{"words in reverse order", Encoded, words, func(_ *rand.Rand, it *Item) string {
		f := strings.Fields(it.Value)
		for i, j := 0, len(f)-1; i < j; i, j = i+1, j-1 {
			f[i], f[j] = f[j], f[i]
		}
		return it.With(strings.Join(f, " "))
	}},
	on("backwards in code", Encoded, []string{"canary", "system", "secret", "name", "email", "phone", "address", "supplier", "coupon", "product"}, func(_ *rand.Rand, s string) string { return `"` + back(s) + `"[::-1]` }),
	on("strings added", Encoded, nil, func(r *rand.Rand, s string) string {
		return `"` + chop(s, 2+r.IntN(4), pick(r, []string{`" + "`, `" . "`, `" "`, `", "`, `" || "`, `" & "`})) + `"`
	}),
	on("list of letters in code", Encoded, nil, func(r *rand.Rand, s string) string {
		return `"".join(['` + chop(s, 1, `', '`) + `'])`
	}),
	on("shell variables", Encoded, []string{"secret", "coupon", "supplier", "name", "email"}, func(_ *rand.Rand, s string) string {
		c := []rune(s)
		return fmt.Sprintf("A=%q; B=%q; echo $A$B", string(c[:len(c)/2]), string(c[len(c)/2:]))
	}),
	on("Unicode bold", Encoded, nil, shift(0x1D5D4, 0x1D5EE, 0x1D7EC)),
	on("Unicode script", Encoded, nil, shift(0x1D4D0, 0x1D4EA, 0)),
	on("double struck", Encoded, nil, shift(0, 0x1D552, 0x1D7D8)),
	on("circled", Encoded, nil, shift(0x24B6, 0x24D0, 0)),
	on("squared", Encoded, nil, func(_ *rand.Rand, s string) string { return shift(0x1F130, 0, 0)(nil, strings.ToUpper(s)) }),
	on("flags", Encoded, nil, func(_ *rand.Rand, s string) string {
		return strings.Join(strings.Split(shift(0x1F1E6, 0, 0)(nil, strings.ToUpper(s)), ""), " ")
	}),
	on("superscript", Encoded, nil, func(_ *rand.Rand, s string) string {
		return alphabet("abcdefghijklmnoprstuvwxyz0123456789", "ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ⁰¹²³⁴⁵⁶⁷⁸⁹")(strings.ToLower(s))
	}),
	on("small capitals", Encoded, nil, func(_ *rand.Rand, s string) string {
		return alphabet("abcdefghijklmnoprstuvwyz", "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ")(strings.ToLower(s))
	}),
	on("upside down", Encoded, nil, func(_ *rand.Rand, s string) string {
		return back(alphabet("abcdefghijklmnpqrtuvwyz", "ɐqɔpǝɟƃɥᴉɾʞlɯudbɹʇnʌʍʎz")(strings.ToLower(s)))
	}),
	on("struck through", Encoded, nil, func(r *rand.Rand, s string) string {
		return after(s, pick(r, []string{"\u0336", "\u0332", "\u20dd", "\u0301\u0323"}))
	}),
	on("word joiners", Encoded, nil, func(r *rand.Rand, s string) string {
		return after(s, pick(r, []string{"\u2060", "\u034f", "\u180e", "\ufe0f", "\u061c", "\u2063"}))
	}),
	on("tag characters", Encoded, nil, func(_ *rand.Rand, s string) string {
		return "ok" + strings.Map(func(c rune) rune {
			if c < 0x7f {
				return c + 0xE0000
			}
			return c
		}, Latin(s))
	}),
	on("variation selectors", Encoded, nil, func(_ *rand.Rand, s string) string {
		var b strings.Builder
		b.WriteString("😀")
		for _, c := range []byte(s) {
			if c < 16 {
				b.WriteRune(0xFE00 + rune(c))
			} else {
				b.WriteRune(0xE0100 + rune(c) - 16)
			}
		}
		return b.String()
	}),
	on("Braille", Encoded, nil, func(_ *rand.Rand, s string) string {
		return alphabet("abcdefghijklmnopqrstuvwxyz1234567890", "⠁⠃⠉⠙⠑⠋⠛⠓⠊⠚⠅⠇⠍⠝⠕⠏⠟⠗⠎⠞⠥⠧⠺⠭⠽⠵⠁⠃⠉⠙⠑⠋⠛⠓⠊⠚")(strings.ToLower(Latin(s)))
	}),
	on("Morse", Encoded, nil, func(_ *rand.Rand, s string) string { return morse(s) }),
	on("numbers of letters", Encoded, []string{"canary", "system", "name", "supplier", "product", "coupon"}, func(r *rand.Rand, s string) string {
		var out []string
		for _, c := range strings.ToLower(Latin(s)) {
			switch {
			case 'a' <= c && c <= 'z':
				out = append(out, fmt.Sprint(int(c-'a')+1))
			case c != ' ':
				out = append(out, string(c))
			default:
				out = append(out, "/")
			}
		}
		return strings.Join(out, pick(r, []string{"-", " ", ", "}))
	}),
	on("Cyrillic letters throughout", Encoded, []string{"name", "supplier", "product", "address"}, func(_ *rand.Rand, s string) string { return cyrillic.Replace(Latin(s)) }),
	on("Greek letters throughout", Encoded, []string{"name", "supplier", "product", "address"}, func(_ *rand.Rand, s string) string { return greek.Replace(Latin(s)) }),
	on("heavy leetspeak", Encoded, nil, func(_ *rand.Rand, s string) string {
		return strings.NewReplacer("a", "@", "e", "3", "i", "!", "o", "0", "s", "$", "t", "7", "l", "1", "b", "8", "g", "9").Replace(strings.ToLower(Latin(s)))
	}),
	on("mixed lookalikes", Encoded, nil, func(r *rand.Rand, s string) string {
		return strings.Map(func(c rune) rune {
			if l := looks[c]; l != "" && r.IntN(2) == 0 {
				return pick(r, []rune(l))
			}
			return c
		}, s)
	}),
}

var looks = map[rune]string{'a': "аαɑａ", 'b': "Ьƅ", 'c': "ϲсⅽ", 'd': "ԁⅾ", 'e': "еҽ℮", 'g': "ɡց", 'h': "һհ", 'i': "іıɩ", 'j': "јϳ", 'k': "κк", 'l': "ⅼӏ", 'm': "ⅿм", 'n': "ոո", 'o': "оοօ", 'p': "рρ", 'q': "ԛ", 'r': "гꭇ", 's': "ѕꜱ", 't': "тτ", 'u': "υս", 'v': "νѵ", 'w': "ԝш", 'x': "хⅹ", 'y': "уγ", 'z': "ᴢ", 'A': "ΑА", 'B': "ВΒ", 'C': "СϹ", 'E': "ΕЕ", 'H': "НΗ", 'I': "ІΙ", 'K': "ΚК", 'M': "МΜ", 'N': "Ν", 'O': "ОΟ", 'P': "РΡ", 'S': "Ѕ", 'T': "ТΤ", 'X': "ХΧ", 'Y': "ΥҮ", 'Z': "Ζ"}

var (
	cyrillic = strings.NewReplacer("a", "а", "b", "б", "c", "к", "d", "д", "e", "е", "f", "ф", "g", "г", "h", "х", "i", "и", "j", "й", "k", "к", "l", "л", "m", "м", "n", "н", "o", "о", "p", "п", "q", "к", "r", "р", "s", "с", "t", "т", "u", "у", "v", "в", "w", "в", "x", "кс", "y", "ы", "z", "з",
		"A", "А", "B", "Б", "C", "К", "D", "Д", "E", "Е", "F", "Ф", "G", "Г", "H", "Х", "I", "И", "J", "Й", "K", "К", "L", "Л", "M", "М", "N", "Н", "O", "О", "P", "П", "R", "Р", "S", "С", "T", "Т", "U", "У", "V", "В", "W", "В", "Y", "Ы", "Z", "З")
	greek = strings.NewReplacer("a", "α", "b", "β", "c", "κ", "d", "δ", "e", "ε", "f", "φ", "g", "γ", "h", "χ", "i", "ι", "j", "τζ", "k", "κ", "l", "λ", "m", "μ", "n", "ν", "o", "ο", "p", "π", "r", "ρ", "s", "σ", "t", "τ", "u", "ου", "v", "β", "w", "γου", "x", "ξ", "y", "υ", "z", "ζ",
		"A", "Α", "B", "Β", "C", "Κ", "D", "Δ", "E", "Ε", "F", "Φ", "G", "Γ", "H", "Χ", "I", "Ι", "K", "Κ", "L", "Λ", "M", "Μ", "N", "Ν", "O", "Ο", "P", "Π", "R", "Ρ", "S", "Σ", "T", "Τ", "W", "Γου", "Z", "Ζ")
)

func b64(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

func back(s string) string {
	r := []rune(s)
	for i, j := 0, len(r)-1; i < j; i, j = i+1, j-1 {
		r[i], r[j] = r[j], r[i]
	}
	return string(r)
}

// chop puts something after every n letters.
func chop(s string, n int, sep string) string {
	var parts []string
	r := []rune(s)
	for len(r) > n {
		parts, r = append(parts, string(r[:n])), r[n:]
	}
	return strings.Join(append(parts, string(r)), sep)
}

func after(s, mark string) string { return chop(s, 1, mark) + mark }

func bytewise(s, sep, verb string) string {
	var out []string
	for _, c := range []byte(s) {
		out = append(out, fmt.Sprintf(verb, c))
	}
	return strings.Join(out, sep)
}

func runewise(s, sep, verb string) string {
	var out []string
	for _, c := range s {
		out = append(out, fmt.Sprintf(verb, c))
	}
	return strings.Join(out, sep)
}

func wide(s string) []byte {
	var out []byte
	for _, u := range utf16.Encode([]rune(s)) {
		out = append(out, byte(u), byte(u>>8))
	}
	return out
}

func base58(s string) string {
	const a = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
	n, out, m := new(big.Int).SetBytes([]byte(s)), "", new(big.Int)
	for n.Sign() > 0 {
		n.DivMod(n, big.NewInt(58), m)
		out = a[m.Int64():m.Int64()+1] + out
	}
	return out
}

// shift writes letters and digits of another block of Unicode; 0 leaves them.
func shift(upper, lower, digit rune) func(*rand.Rand, string) string {
	return func(_ *rand.Rand, s string) string {
		return strings.Map(func(c rune) rune {
			switch {
			case 'A' <= c && c <= 'Z' && upper != 0:
				return upper + c - 'A'
			case 'a' <= c && c <= 'z' && lower != 0:
				return lower + c - 'a'
			case '0' <= c && c <= '9' && digit != 0:
				return digit + c - '0'
			}
			return c
		}, Latin(s))
	}
}

// alphabet writes the letters of one alphabet with those of another.
func alphabet(from, to string) func(string) string {
	f, t := []rune(from), []rune(to)
	return func(s string) string {
		return strings.Map(func(c rune) rune {
			for i := range f {
				if f[i] == c {
					return t[i]
				}
			}
			return c
		}, s)
	}
}

var dots = strings.Fields(".- -... -.-. -.. . ..-. --. .... .. .--- -.- .-.. -- -. --- .--. --.- .-. ... - ..- ...- .-- -..- -.-- --.. ----- .---- ..--- ...-- ....- ..... -.... --... ---.. ----.")

func morse(s string) string {
	var out []string
	for _, c := range strings.ToLower(Latin(s)) {
		switch {
		case 'a' <= c && c <= 'z':
			out = append(out, dots[c-'a'])
		case unicode.IsDigit(c):
			out = append(out, dots[26+c-'0'])
		case c == ' ':
			out = append(out, "/")
		}
	}
	return strings.Join(out, " ")
}
