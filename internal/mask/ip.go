package mask

import (
	"net/netip"
	"strings"
)

// ip4 judges the address that may begin with the digit at i.
func (sc *scanner) ip4(i int) {
	if !sc.wordStarts(i) || i > 0 && (sc.s[i-1] == '.' || sc.s[i-1] == '-') {
		return
	}
	end, dots := i, 0
	for end < len(sc.s) && end-i < 16 && (isDigit(sc.s[end]) || sc.s[end] == '.' && isDigitAt(sc.s, end+1)) {
		if sc.s[end] == '.' {
			dots++
		}
		end++
	}
	if dots != 3 || !sc.wordEnds(end) || sc.isVersion(i) {
		return
	}
	addr, err := netip.ParseAddr(sc.s[i:end])
	if err != nil || isNobody(addr) {
		return
	}
	sc.add(finding{i, end, IP, LayerStructure, "ip4", 95, addr.String()})
}

// isVersion says whether the number at i is called a version.
func (sc *scanner) isVersion(i int) bool {
	before := strings.ToLower(sc.s[max(0, i-12):i])
	before = strings.TrimRight(before, " :.=\"'")
	for _, w := range []string{"version", "release", "versión", "versione", "wersja", "build", " v", "plugin"} {
		if strings.HasSuffix(before, w) {
			return true
		}
	}
	return before == "v"
}

// isNobody says whether an address is nobody's: of the machine itself, of all, or a mask.
func isNobody(a netip.Addr) bool {
	return a.IsLoopback() || a.IsUnspecified() || a.Is4() && a.As4()[0] == 255
}

// ip6 judges the address around the colon at i.
func (sc *scanner) ip6(i int) {
	if i < sc.doneTo[byIP6] {
		return
	}
	start, end := i, i
	for start > 0 && i-start < 5 && (isHex(sc.s[start-1]) || sc.s[start-1] == ':') {
		start--
	}
	colons := 0
	for end < len(sc.s) && end-start < 46 && (isHex(sc.s[end]) || sc.s[end] == ':' || sc.s[end] == '.' && colons > 1) {
		if sc.s[end] == ':' {
			colons++
		}
		end++
	}
	for end > start && (sc.s[end-1] == '.' || sc.s[end-1] == ':' && (end < 2 || sc.s[end-2] != ':')) {
		end--
	}
	if colons < 3 && !(colons == 2 && end-start > 5 && strings.IndexByte("23fF", sc.s[start]) >= 0) || !sc.wordStarts(start) || !sc.wordEnds(end) {
		return
	}
	addr, err := netip.ParseAddr(sc.s[start:end])
	if err != nil || isNobody(addr) {
		return
	}
	sc.found(byIP6, start, end, IP, "ip6", 95, addr.String())
}
