package mask

import (
	"strings"
	"unicode/utf8"
)

const (
	maxLocal  = 128 // bytes; RFC 5321 says 64 octets, people write more
	maxDomain = 253
)

// email judges the e-mail address around the @ at i.
func (sc *scanner) email(i int) {
	start, end := sc.local(i), domainEnd(sc.s, i+1)
	if start == i || end == i+1 || isFileName(sc.s[i+1:end]) || sc.inCredentials(start) {
		return
	}
	sc.add(finding{start, end, EMAIL, LayerStructure, "email", 98, ""})
	sc.mailbox(sc.words, start)
}

// inCredentials says whether a password in a URL ends here, as in https://anna:secret@shop.example/.
func (sc *scanner) inCredentials(start int) bool {
	if start == 0 || sc.s[start-1] != ':' {
		return false
	}
	before := sc.s[max(0, start-64) : start-1]
	k := strings.LastIndex(before, "://")
	return k >= 0 && !strings.ContainsAny(before[k+3:], " /\n\t")
}

// local returns where the local part in front of the @ at i begins.
func (sc *scanner) local(i int) int {
	if i > 1 && sc.s[i-1] == '"' {
		if k := strings.LastIndexByte(sc.s[max(0, i-maxLocal):i-1], '"'); k >= 0 {
			if k += max(0, i-maxLocal); !strings.ContainsAny(sc.s[k:i], ":,\n") && i-k > 2 {
				return k
			}
		}
	}
	start := i
	for start > 0 && i-start < maxLocal {
		r, size := utf8.DecodeLastRuneInString(sc.s[:start])
		if !isWordRune(r) && !strings.ContainsRune("._+-'!$^~#%", r) {
			break
		}
		start -= size
	}
	for start < i && strings.IndexByte(".'!$^~#%-", sc.s[start]) >= 0 {
		start++ // quotes and lists before it, not part of it
	}
	if start < i && sc.s[i-1] == '\'' {
		return i
	}
	return start
}

// domainEnd returns where the domain name at i ends, or i if there is none with a top-level domain.
func domainEnd(s string, i int) int {
	if end := domainLiteral(s, i); end > i {
		return end
	}
	end, label, labels := i, i, 0
	for j := i; j-i <= maxDomain; {
		if j == len(s) || s[j] == '.' {
			if j == label {
				break
			}
			labels++
			if labels > 1 && isTopLevel(s[label:j]) {
				end = j
			}
			if j == len(s) {
				break
			}
			j++
			label = j
			continue
		}
		r, size := utf8.DecodeRuneInString(s[j:])
		if !isWordRune(r) && (r != '-' || j == label) {
			if j > label {
				labels++
				if word := strings.TrimRight(s[label:j], "-"); labels > 1 && isTopLevel(word) {
					end = label + len(word)
				}
			}
			break
		}
		j += size
	}
	return end
}

// domainLiteral reads [192.0.2.1].
func domainLiteral(s string, i int) int {
	if i >= len(s) || s[i] != '[' {
		return i
	}
	end := strings.IndexByte(s[i:min(len(s), i+48)], ']')
	if end < 8 || strings.Trim(s[i+1:i+end], "0123456789abcdefABCDEF.:IPv") != "" {
		return i
	}
	return i + end + 1
}

// isTopLevel says whether a label can end a domain name: letters of any script, or punycode. There is no list
// of them here: new ones come every month, and what is lost by a wrong guess is small.
func isTopLevel(label string) bool {
	if strings.HasPrefix(label, "xn--") {
		return true
	}
	letters := 0
	for _, r := range label {
		if r < 0x80 && !isLetter(byte(r)) {
			return false
		}
		letters++
	}
	return letters >= 2 && letters <= 18
}

// isFileName knows logo@2x.png from an address.
func isFileName(domain string) bool {
	name, ext, _ := strings.Cut(domain, ".")
	if len(name) == 0 || !isDigit(name[0]) || name[len(name)-1]|0x20 != 'x' {
		return false
	}
	switch strings.ToLower(ext) {
	case "png", "jpg", "jpeg", "gif", "webp", "svg", "avif":
		return true
	}
	return false
}

// The words people write for @ and the dot so that machines do not read them.
var (
	atWords = listOf("at ät arroba chiocciola kropka małpa snabela")
	// Only these end a domain that is spelled out: "at this point" is none.
	spelledTops = listOf(`com org net info biz eu de at ch fr nl be lu es it pl se dk no fi pt ie uk us cz sk hu ro gr
		shop store online io app dev example test mail`)
	dotWords = listOf("dot punkt point punto punt kropka prick")
)

// spelled finds "anna (at) example.org" and "anna at example dot org".
func (sc *scanner) spelled(words []word) {
	for i := 1; i+1 < len(words); i++ {
		if !words[i].on(atWords) {
			continue
		}
		before, after := sc.s[words[i-1].end:words[i].start], sc.s[words[i].end:words[i+1].start]
		bracketed := strings.ContainsAny(before, "([{<") && strings.ContainsAny(after, ")]}>")
		if !bracketed && (strings.TrimSpace(before) != "" || strings.TrimSpace(after) != "") ||
			len(before) > 4 || len(after) > 4 {
			continue
		}
		end, dots := sc.spelledDomain(words, i+1)
		if end == 0 || !bracketed && dots == 0 {
			continue
		}
		start := sc.local(words[i-1].end)
		sc.add(finding{min(start, words[i-1].start), end, EMAIL, LayerStructure, "email-spelled", 90, ""})
	}
}

// spelledDomain reads words joined by dots, spelled or not, and returns the end of the last and how many
// dots were spelled.
func (sc *scanner) spelledDomain(words []word, i int) (end, spelled int) {
	for n := 0; n < 6 && i < len(words); n++ {
		w := words[i]
		if n > 0 && w.on(spelledTops) {
			end = w.end
		}
		if i+1 < len(words) && sc.s[w.end:words[i+1].start] == "." {
			i++
			continue
		}
		if i+2 >= len(words) || !words[i+1].on(dotWords) || words[i+2].start-w.end > 16 {
			break
		}
		spelled++
		i += 2
	}
	return end, spelled
}
