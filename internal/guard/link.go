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
	if l.forwards(rest) {
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

var plainSlashes = strings.NewReplacer("%2f", "/", "%3a", ":", "\\", "/")

// forwards reports whether the rest of an address names another host that the
// list does not hold: a page of the store may send people on.
func (l allowList) forwards(rest string) bool {
	if !strings.ContainsAny(rest, ":/%") {
		return false
	}
	rest = plainSlashes.Replace(strings.ToLower(rest))
	for {
		i := strings.Index(rest, "//")
		if i < 0 {
			return false
		}
		rest = strings.TrimLeft(rest[i:], "/")
		host := rest[:len(rest)-len(strings.TrimLeft(rest, hostBytes))]
		if strings.Contains(host, ".") && !l.has(host) {
			return true
		}
	}
}

const hostBytes = "abcdefghijklmnopqrstuvwxyz0123456789.-_@:~"

// links looks at the URLs of an answer: a link or an image that carries data to
// a place the store does not know is flagged, one that carries a placeholder,
// which stands for personal data, is blocked.
type links struct {
	allowed allowList
	recent  []byte // the last bytes, lower case
	open    bool
	start   int    // where it begins in the answer
	mail    bool   // mailto: the host is behind the @
	bare    []byte // a word that may be a host without a scheme
	bareAt  int
	waits   int    // data of the customer's own stand in its host, from here on; free for none
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
	switch {
	case r < 0x80:
		c = byte(r)
	case hidden(r):
		return nil
	case 0xFF01 <= r && r <= 0xFF5E: // full width
		c = byte(r - 0xFF01 + '!')
	case r == '。' || r == '｡':
		c = '.'
	}
	v := l.read(c, start)
	l.remember(c)
	return v
}

func (l *links) read(c byte, start int) *Verdict {
	if !l.open {
		if l.begin(c, start); !l.open || len(l.address) == 0 {
			l.bareWord(c, start)
			return nil
		}
	} else {
		if linkEnd(c) {
			return l.close()
		}
		if (c == '/' || c == '\\') && len(l.address) == 0 {
			return nil
		}
		if len(l.address) < maxAddress {
			l.address = append(l.address, c)
		}
	}
	if v := l.decided(c); v != nil {
		return v
	}
	l.extend(c, start)
	if l.placeholder() && !l.known() {
		return &Verdict{Action: Block, Reason: "data_in_link", Rule: "link.personal", Score: 1}
	}
	return l.carries(c)
}

// schemes are those of URLs that lead to a host.
var schemes = []string{"https:", "http:", "ftp:", "ftps:", "wss:", "ws:", "hxxps:", "hxxp:", "sftp:"}

// begin opens a URL: after a scheme and a slash, after // where a word may
// begin, after the first slash behind what looks like a host, after mailto:.
func (l *links) begin(c byte, start int) {
	switch c {
	case '/', '\\', '?', '#', ':':
	default:
		return
	}
	before := string(l.recent)
	switch {
	case c == '/' || c == '\\':
		for _, s := range schemes {
			if rest, ok := strings.CutSuffix(before, s); ok && !strings.HasSuffix(rest, "x"+s) {
				l.opens(rest, start-len(s))
				return
			}
		}
		if n := len(before); n > 0 && before[n-1] == c && (n == 1 || !alphanumeric(before[n-2]) && before[n-2] != ':' && before[n-2] != c) {
			l.opens(before[:n-1], start-1)
			return
		}
		if c == '/' && l.host() {
			l.opens(before[:max(0, len(before)-len(l.bare))], l.bareAt)
			l.address = append(append(l.address, l.bare...), c)
		}
	case (c == '?' || c == '#') && l.host():
		l.opens(before[:max(0, len(before)-len(l.bare))], l.bareAt)
		l.address = append(append(l.address, l.bare...), c)
		l.query = c == '?'
	case c == ':' && (strings.HasSuffix(before, "mailto") || strings.HasSuffix(before, "sms")):
		l.opens(before, start)
		l.mail = true
	}
}

// opens begins a URL; before is what stands in front of it.
func (l *links) opens(before string, start int) {
	l.open, l.flagged, l.query, l.mail, l.start, l.waits = true, false, false, false, start, free
	l.marked = strings.HasSuffix(before, "](") || strings.HasSuffix(before, "](<") || strings.HasSuffix(before, `="`) || strings.HasSuffix(before, "='") || strings.HasSuffix(before, "src=") || strings.HasSuffix(before, "url(")
	l.address, l.word, l.bracket = l.address[:0], l.word[:0], false
}

// bareWord follows the word that may be a host.
func (l *links) bareWord(c byte, start int) {
	if c == '.' && len(l.bare) > 0 || alphanumeric(c) || c == '-' && len(l.bare) > 0 || c == '~' {
		if len(l.bare) == 0 {
			l.bareAt = start
		}
		if len(l.bare) <= maxHost {
			l.bare = append(l.bare, c)
		}
		return
	}
	l.bare = l.bare[:0]
}

const maxHost = 253

// host reports whether the word before is a host's name: shop.example, not 1.5
// nor e.g.
func (l *links) host() bool {
	i := bytes.LastIndexByte(l.bare, '.')
	if i < 2 || len(l.bare)-i < 3 || len(l.bare) > maxHost {
		return false
	}
	for _, c := range l.bare[i+1:] {
		if !letterByte(c) {
			return false
		}
	}
	return true
}

// known reports whether the URL leads, as far as it is known, to an allowed
// place.
func (l *links) known() bool {
	address := string(l.address)
	if l.mail {
		to, _, _ := strings.Cut(address, "?")
		_, address, _ = strings.Cut(to, "@")
	}
	return l.allowed.has(address)
}

// authority reports whether the host has not ended.
func (l *links) authority() bool {
	if l.mail {
		return bytes.IndexByte(l.address, '?') < 0
	}
	return !bytes.ContainsAny(l.address, "/?#\\")
}

// own takes data of the customer's own that was found from a place of the answer
// on. They may be told, but not be carried away: it reports whether they stand
// in a URL that leads elsewhere.
func (l *links) own(from int) bool {
	if !l.open || from < l.start {
		return false
	}
	if l.authority() {
		if !l.mail {
			l.waits = min(l.waits, from)
		}
		return false
	}
	return !l.known()
}

// decided blocks a URL in whose host data were found, once the host is known.
func (l *links) decided(c byte) *Verdict {
	if l.waits == free || !strings.ContainsRune("/?#\\", rune(c)) {
		return nil
	}
	l.waits = free
	if l.known() {
		return nil
	}
	return carried()
}

// close ends a URL.
func (l *links) close() *Verdict {
	l.open, l.bare = false, l.bare[:0]
	if l.waits == free {
		return nil
	}
	l.waits = free
	if l.known() || bytes.IndexByte(l.address, '.') < 0 {
		return nil
	}
	return carried()
}

func carried() *Verdict {
	return &Verdict{Action: Block, Reason: "data_in_link", Rule: "link.own", Score: 1}
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
	if l.flagged {
		return nil
	}
	l.flagged = true
	if l.known() {
		return nil
	}
	return &Verdict{Action: Flag, Reason: "data_in_link", Rule: "link.query", Score: 0.5}
}

// hold keeps back the beginning of a word that may become a placeholder.
func (l *links) hold() int {
	if !l.open || len(l.word) == 0 {
		return l.waits
	}
	if l.waits != free {
		return l.waits
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
