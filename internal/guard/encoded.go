package guard

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"encoding/ascii85"
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"io"
	"math/big"
	"strings"
	"unicode"
	"unicode/utf8"
)

// encoded adds what letters and digits spell that are no words: runs of base64
// and its like, also where lines, spaces, bullets or quotes break them.
func (r *readings) encoded(from reading, t string, c *sight) {
	if c.digits >= minEncoded/4 {
		r.addIf(from, "hex", t, spacedHex)
	}
	if c.of['<'] > 0 && c.of['~'] >= 2 {
		r.addIf(from, "ascii85", t, fromASCII85)
	}
	if codedLength(t) < minEncoded {
		return
	}
	d := runReader{to: r, from: from}
	end := 0
	for start, run := range codeRuns(t) {
		if start-end > longestGap {
			d.finish()
		}
		end = start + len(run)
		d.chain = append(d.chain, run)
	}
	d.finish()
}

// numeral reports whether a run is a number.
func numeral(run string) bool {
	for i := range len(run) {
		if run[i] < '0' || run[i] > '9' {
			return false
		}
	}
	return true
}

// codedLength counts the letters of runs that look neither like words nor like
// numbers.
func codedLength(s string) (n int) {
	start := 0
	for i := 0; i <= len(s); i++ {
		if i < len(s) && base64Byte[s[i]] {
			continue
		}
		if i-start >= shortPart && coded(s[start:i]) && (i-start >= shortBits || !numeral(s[start:i])) {
			n += i - start
		}
		start = i + 1
	}
	return n
}

const (
	maxTries    = 48 // runs of a text that are decoded
	longestGap  = 8  // bytes between two parts of one run
	shortPart   = 4  // letters of a part; a shorter one is a bullet, or the last
	mostPlain   = 6  // parts in a row that look like words
	longestCode = 1 << 14
	shortBits   = 7 // figures of a number that may be a byte
)

// runReader tries what may be encoded.
type runReader struct {
	to    *readings
	from  reading
	chain []string // runs that stand close together
	tried int
}

func (d *runReader) try(run string) bool {
	if d.tried++; d.tried > maxTries {
		return false
	}
	kind, s := readRun(run)
	if kind != "" {
		d.to.add(d.from, kind, s)
	}
	return kind != ""
}

// codeRuns yields the maximal runs of base64 characters and where they begin.
func codeRuns(s string) func(yield func(int, string) bool) {
	return func(yield func(int, string) bool) {
		start := 0
		for i := 0; i <= len(s); i++ {
			if i < len(s) && base64Byte[s[i]] {
				continue
			}
			if i > start && !yield(start, s[start:i]) {
				return
			}
			start = i + 1
		}
	}
}

// finish tries the runs of a chain as one that was broken, and by themselves.
// Words before and behind it do not belong to it; which ones these are, their
// looks tell, but for a few.
func (d *runReader) finish() {
	chain := d.chain
	for from := 0; from < len(chain); from++ {
		if !coded(chain[from]) {
			continue
		}
		to, plain := from+1, 0 // behind the last part that looks encoded
		for i := to; i < len(chain) && plain <= mostPlain; i++ {
			if plain++; coded(chain[i]) {
				to, plain = i+1, 0
			}
		}
		if to-from > 1 && lengthOf(chain[from:to]) >= minEncoded && d.parts(from, to) {
			from = to - 1
			continue
		}
		for _, run := range chain[from:to] {
			if len(run) >= minEncoded {
				d.try(run)
			}
		}
		from = to - 1
	}
	d.chain = chain[:0]
}

// parts tries the runs from:to as one, with a few more or fewer.
func (d *runReader) parts(from, to int) bool {
	for _, more := range [...][2]int{{0, 0}, {0, 1}, {1, 0}, {1, 1}, {2, 0}, {-1, 0}, {-1, 1}, {0, -1}} {
		a, b := from-more[0], to+more[1]
		if a < 0 || b > len(d.chain) || b-a < 2 {
			continue
		}
		var run strings.Builder
		for i, part := range d.chain[a:b] {
			if len(part) >= shortPart && part != strings.Repeat("-", len(part)) || a+i == b-1 {
				run.WriteString(part)
			}
		}
		if run.Len() >= minEncoded && d.try(run.String()) {
			return true
		}
	}
	return false
}

func lengthOf(parts []string) (n int) {
	for _, p := range parts {
		n += len(p)
	}
	return n
}

// coded reports whether a run does not look like a word: it has capitals or
// digits among its letters, or is longer than words are.
func coded(run string) bool {
	if len(run) > longestCut {
		return true
	}
	if len(run) < shortPart {
		return false
	}
	changes, upper := 0, 0
	for i := range len(run) {
		c := run[i]
		if 'A' <= c && c <= 'Z' {
			upper++
		}
		if i > 0 && ('a' <= c && c <= 'z') != ('a' <= run[i-1] && run[i-1] <= 'z') {
			changes++
		}
	}
	return changes > 1 || changes == 1 && !('A' <= run[0] && run[0] <= 'Z' && upper == 1) || changes == 0 && upper == 0 && !letterByte(run[0])
}

var base64Byte = func() (is [256]bool) {
	for _, c := range []byte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_=") {
		is[c] = true
	}
	return is
}()

// readRun decodes a run in whatever way makes a text of it, also from its end.
func readRun(run string) (kind, text string) {
	run = run[:min(len(run), longestCode)]
	for _, s := range [...]string{run, backwardsASCII(strings.TrimLeft(run, "="))} {
		for _, d := range runDecoders {
			if len(s) > d.head {
				if head, ok := d.read(s[:d.head]); !ok || !promising(head) {
					continue
				}
			}
			if b, ok := d.read(s); ok {
				if text, ok := unpacked(b); ok {
					return d.kind, text
				}
			}
		}
	}
	return "", ""
}

// promising reports whether a text, or something packed, may begin with b.
func promising(b []byte) bool {
	if _, ok := packing(b); ok {
		return true
	}
	odd := 0
	for _, c := range b {
		if c < ' ' && c != '\n' && c != '\t' && c != '\r' || c == 0x7F || c == 0xC0 || c == 0xC1 || c > 0xF4 {
			odd++
		}
	}
	return odd*8 <= len(b)
}

var runDecoders = []struct {
	kind string
	head int // characters that tell whether it can be
	read func(string) ([]byte, bool)
}{{"binary", 64, fromBinary}, {"hex", 32, fromHex}, {"base64", 24, fromBase64}, {"base32", 32, fromBase32}, {"base58", maxBase58, fromBase58}}

func backwardsASCII(s string) string {
	b := []byte(s)
	for i, j := 0, len(b)-1; i < j; i, j = i+1, j-1 {
		b[i], b[j] = b[j], b[i]
	}
	return string(b)
}

var urlSafe = strings.NewReplacer("-", "+", "_", "/")

func fromBase64(run string) ([]byte, bool) {
	run = urlSafe.Replace(strings.TrimRight(run, "="))
	if len(run)%4 == 1 {
		run = run[:len(run)-1]
	}
	b, err := base64.RawStdEncoding.DecodeString(run)
	return b, err == nil
}

func fromHex(run string) ([]byte, bool) {
	b, err := hex.DecodeString(strings.TrimPrefix(run, "0x"))
	return b, err == nil
}

func fromBase32(run string) ([]byte, bool) {
	for i := range len(run) {
		if c := run[i]; !('A' <= c && c <= 'Z' || 'a' <= c && c <= 'z' || '2' <= c && c <= '7' || c == '=') {
			return nil, false
		}
	}
	b, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(strings.ToUpper(strings.TrimRight(run, "=")))
	return b, err == nil
}

// fromBinary reads bits that stand without spaces.
func fromBinary(run string) ([]byte, bool) {
	if len(run) < 8*minEncoded/2 || len(run)%8 != 0 {
		return nil, false
	}
	out := make([]byte, 0, len(run)/8)
	for i := 0; i < len(run); i += 8 {
		b, ok := bits(run[i : i+8])
		if !ok {
			return nil, false
		}
		out = append(out, b)
	}
	return out, true
}

// Base58 is a number, so decoding it takes time quadratic in its length.
const (
	minBase58   = 24
	maxBase58   = 600
	base58Signs = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
)

func fromBase58(run string) ([]byte, bool) {
	if len(run) < minBase58 || len(run) > maxBase58 {
		return nil, false
	}
	if run == strings.ToLower(run) || !strings.ContainsAny(run, "123456789") || strings.ContainsAny(run, "0OIl+/-_=") {
		return nil, false
	}
	n, base := new(big.Int), big.NewInt(58)
	for i := range len(run) {
		d := strings.IndexByte(base58Signs, run[i])
		n.Add(n.Mul(n, base), big.NewInt(int64(d)))
	}
	return n.Bytes(), true
}

// fromASCII85 reads what stands between <~ and ~>.
func fromASCII85(s string) (string, bool) {
	_, run, _ := strings.Cut(s, "<~")
	run, _, ok := strings.Cut(run, "~>")
	if !ok || len(run) > longestCode {
		return "", false
	}
	out := make([]byte, 4*len(run)+4)
	n, _, err := ascii85.Decode(out, []byte(run), true)
	if err != nil {
		return "", false
	}
	return unpacked(out[:n])
}

// maxUnpacked bounds what is unpacked.
const maxUnpacked = 1 << 13

// packing returns how to unpack what begins with b.
func packing(b []byte) (open func(io.Reader) (io.Reader, error), ok bool) {
	switch {
	case len(b) < 8:
		return nil, false
	case b[0] == 0x1F && b[1] == 0x8B:
		return func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) }, true
	case b[0] == 0x78 && (int(b[0])<<8|int(b[1]))%31 == 0:
		return func(r io.Reader) (io.Reader, error) { return zlib.NewReader(r) }, true
	}
	return nil, false
}

// unpacked is sentence for bytes that may be compressed.
func unpacked(b []byte) (string, bool) {
	if open, ok := packing(b); ok {
		if r, err := open(bytes.NewReader(b)); err == nil {
			b, _ = io.ReadAll(io.LimitReader(r, maxUnpacked)) // of a broken one, the beginning
		}
	}
	return sentence(b)
}

// spacedHex reads "49 67 6e 6f" and "0x49, 0x67".
func spacedHex(s string) (string, bool) { return spelledBytes(s, hexByte) }

func hexByte(word string) (byte, bool) {
	if len(word) == 4 && word[0] == '0' && word[1] == 'x' {
		word = word[2:]
	}
	if len(word) != 2 {
		return 0, false
	}
	r, ok := hexRune(word)
	return byte(r), ok
}

// binary reads "01001001 01100111".
func binary(s string) (string, bool) { return spelledBytes(s, bits) }

// bits reads a byte of seven or eight bits.
func bits(word string) (b byte, ok bool) {
	if len(word) != 8 && len(word) != 7 {
		return 0, false
	}
	for i := range len(word) {
		if word[i]&^1 != '0' {
			return 0, false
		}
		b = b<<1 | word[i]&1
	}
	return b, true
}

// spelledBytes returns the longest run of words that each spell a byte.
func spelledBytes(s string, spell func(string) (byte, bool)) (string, bool) {
	var run, best []byte
	start := 0
	for i := 0; i <= len(s); i++ {
		if i < len(s) && s[i] != ' ' && s[i] != ':' && s[i] != ',' && s[i] != '\n' {
			continue
		}
		if i > start {
			if b, ok := spell(s[start:i]); ok {
				run = append(run, b)
			} else if len(run) > 0 {
				best, run = longer(best, run), nil
			}
		}
		start = i + 1
	}
	best = longer(best, run)
	if len(best) < minEncoded/2 {
		return "", false
	}
	return sentence(best)
}

func longer(a, b []byte) []byte {
	if len(b) > len(a) {
		return b
	}
	return a
}

// sentence reports whether decoded bytes are text: nearly all letters, digits,
// spaces and the usual signs. Ids, hashes and images are not.
func sentence(b []byte) (string, bool) {
	if len(b) < 8 || !utf8.Valid(b) {
		return "", false
	}
	readable, all := 0, 0
	for _, r := range string(b) {
		all++
		if r >= utf8.RuneSelf && (unicode.IsPrint(r) || unicode.IsMark(r)) || unicode.IsLetter(r) || unicode.IsDigit(r) || r == ' ' || r == '\n' || strings.ContainsRune(".,:;!?'\"-_()[]<>/|#*=&{}@%+\\~^$`", r) || hidden(r) {
			readable++
		}
	}
	return string(b), readable*100 >= all*95
}
