package guard

import (
	"bytes"
	"fmt"
	"net/url"
	"strings"
)

// allowList holds places an answer may link to with data.
type allowList []allowed

// allowed is one place. Written as a host, it stands for its subdomains too;
// written as a URL, for that host and what its path begins with.
type allowed struct {
	host, path string
	subdomains bool
}

func newAllowList(urls []string) (allowList, error) {
	var out allowList
	for _, s := range urls {
		full, bare := s, !strings.Contains(s, "://")
		if bare {
			full = "https://" + s
		}
		u, err := url.Parse(full)
		if err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
			return nil, fmt.Errorf("guard: allowed URL %q: give a host (shop.example) or the beginning of a URL (https://shop.example/account/)", s)
		}
		out = append(out, allowed{strings.ToLower(u.Host), strings.TrimSuffix(u.EscapedPath(), "/"), bare})
	}
	return out, nil
}

// has reports whether the list allows an address, the part of a URL after "//"
// that is known by now.
func (l allowList) has(address string) bool {
	end := strings.IndexAny(address, "/?#\\")
	if end < 0 {
		end = len(address)
	}
	host, rest := strings.ToLower(address[:end]), address[end:]
	path, _, _ := strings.Cut(rest, "?")
	if strings.Contains(path, "..") || strings.Contains(path, "\\") {
		return false
	}
	for _, a := range l {
		known := host == a.host || a.subdomains && strings.HasSuffix(host, "."+a.host)
		if known && (path == a.path || strings.HasPrefix(path, a.path+"/")) {
			return true
		}
	}
	return false
}

// links looks at the URLs of an answer: a link or an image that carries data to
// a place the store does not know is flagged, one that carries a placeholder,
// which stands for personal data, is blocked.
type links struct {
	allowed allowList
	recent  []byte // the last bytes, lower case
	open    bool
	marked  bool   // it stands in markdown or an HTML attribute: it can be clicked or is fetched
	flagged bool   // this URL was
	query   bool   // it has one, so far
	address []byte // after "//"
	run     int    // where the current word of the address begins, in the answer
	word    []byte // that word, upper case
	bracket bool   // it follows "[" or its escape
}

// maxAddress bounds the part of a URL that is looked at as a whole.
const maxAddress = 2048

func (l *links) see(r rune, start, end int) *Verdict {
	c := byte('~') // any other script: part of a URL, not of a placeholder
	if r < 0x80 {
		c = byte(r)
	}
	defer l.remember(c)
	if !l.open {
		l.begin(c)
		return nil
	}
	if linkEnd(c) {
		l.open = false
		return nil
	}
	if len(l.address) < maxAddress {
		l.address = append(l.address, c)
	}
	l.extend(c, start)
	if l.placeholder() && !l.allowed.has(string(l.address)) {
		return &Verdict{Action: Block, Reason: "data_in_link", Rule: "link.personal", Score: 1}
	}
	return l.carries(c)
}

// begin opens a URL after "http://", "https://", or "](//".
func (l *links) begin(c byte) {
	if c != '/' {
		return
	}
	before := string(l.recent)
	scheme := ""
	for _, s := range []string{"https:/", "http:/", "](/", `="/`, "='/"} {
		if strings.HasSuffix(before, s) {
			scheme = s
			break
		}
	}
	if scheme == "" {
		return
	}
	before = strings.TrimSuffix(before, scheme)
	l.open, l.flagged, l.query = true, false, false
	l.marked = scheme[0] != 'h' || strings.HasSuffix(before, "](") || strings.HasSuffix(before, "](<") || strings.HasSuffix(before, `="`) || strings.HasSuffix(before, "='")
	l.address, l.word, l.bracket = l.address[:0], l.word[:0], false
}

// extend follows the words of the address.
func (l *links) extend(c byte, start int) {
	switch {
	case alphanumeric(c), c == '_', c == '-':
		if len(l.word) == 0 {
			l.run = start
		}
		if 'a' <= c && c <= 'z' {
			c -= 'a' - 'A'
		}
		if len(l.word) < MaxHold {
			l.word = append(l.word, c)
		}
	default:
		l.word, l.bracket = l.word[:0], c == '['
	}
	if bytes.HasSuffix(l.address, []byte("%5B")) || bytes.HasSuffix(l.address, []byte("%5b")) {
		l.word, l.bracket = l.word[:0], true
	}
}

// placeholderTypes are the types of placeholders that are recognised without
// their brackets.
var placeholderTypes = []string{"PERSON", "EMAIL", "PHONE", "ADDRESS", "IBAN", "CARD", "IP", "VAT", "SECRET", "ORDER", "COMPANY", "DATE", "PLACE", "TITLE", "AGE", "GROUP", "ID", "ACCOUNT",
	"PARCEL", "DEVICE", "URL", "SENSITIVE", "LITERAL"}

// placeholder reports whether the current word has become one: TYPE_1.
func (l *links) placeholder() bool {
	w := string(l.word)
	i := strings.IndexAny(w, "_-")
	if i < 0 || i+1 >= len(w) || w[i+1] < '0' || w[i+1] > '9' {
		return false
	}
	return l.bracket && i >= 2 && letterRun(w[:i]) || knownType(w[:i])
}

func knownType(s string) bool {
	for _, t := range placeholderTypes {
		if s == t {
			return true
		}
	}
	return false
}

// carries flags a link with a query, once, at the query's first character.
func (l *links) carries(c byte) *Verdict {
	if !l.query {
		l.query = c == '?'
		return nil
	}
	if !l.marked || l.flagged {
		return nil
	}
	l.flagged = true
	if l.allowed.has(string(l.address)) {
		return nil
	}
	return &Verdict{Action: Flag, Reason: "data_in_link", Rule: "link.query", Score: 0.5}
}

// hold keeps back the beginning of a word that may become a placeholder.
func (l *links) hold() int {
	if !l.open || len(l.word) == 0 {
		return free
	}
	w := strings.TrimRight(string(l.word), "_-")
	if l.bracket && letterRun(w) {
		return l.run
	}
	for _, t := range placeholderTypes {
		if len(w) >= 2 && strings.HasPrefix(t, w) {
			return l.run
		}
	}
	return free
}

func letterRun(s string) bool {
	for i := range len(s) {
		if s[i] < 'A' || s[i] > 'Z' {
			return false
		}
	}
	return true
}

func (l *links) remember(c byte) {
	if 'A' <= c && c <= 'Z' {
		c += 'a' - 'A'
	}
	if len(l.recent) >= 64 {
		l.recent = l.recent[:copy(l.recent, l.recent[32:])]
	}
	l.recent = append(l.recent, c)
}

// linkEnd reports whether a URL of an answer ends before c.
func linkEnd(c byte) bool { return c <= ' ' || strings.IndexByte("\"'`)<>", c) >= 0 }
