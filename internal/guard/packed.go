package guard

import (
	"bytes"
	"compress/flate"
	"encoding/ascii85"
	"encoding/base64"
	"encoding/hex"
	"io"
	"math/big"
	"strings"
	"unicode/utf8"
)

// packed reads words that only make sense as a whole: base58, base85 between
// <~ and ~>, and what gzip or zlib packed, in base64.
type packed struct {
	word  []byte
	start int
	base  bool // between <~ and ~>
	last  rune
	out   outlet
}

const (
	minPacked   = 8       // characters of a word in base58
	maxPacked   = 1 << 11 // of any
	maxBig      = 128     // of a number in base58
	maxInflated = 1 << 12 // bytes that are read of what was packed
)

func (d *packed) see(r rune, start, end int) {
	switch {
	case d.base && r > ' ' && r < 0x7f && !(r == '>' && d.last == '~'):
	case d.base && (r == ' ' || r == '\n') && len(d.word) < maxPacked:
		return
	case !d.base && r == '~' && d.last == '<':
		d.word, d.start, d.base = d.word[:0], start, true
		d.last = 0
		return
	case !d.base && r < 0x80 && (alphanumeric(byte(r)) || r == '+' || r == '/' || r == '-' || r == '_'):
	default:
		d.end(end)
		d.last = r
		return
	}
	if len(d.word) == 0 {
		d.start = start
	}
	if len(d.word) < maxPacked {
		d.word = append(d.word, byte(r))
	}
	d.last = r
}

// end ends a word.
func (d *packed) end(end int) {
	var text []byte
	switch {
	case d.base:
		text = base85(bytes.TrimSuffix(d.word, []byte("~")))
	case len(d.word) < minPacked:
	case gzipped(d.word):
		text = inflated(d.word)
	case len(d.word) <= maxBig:
		if text = base58(d.word); !readableText(text) {
			text = backwardsCoded(d.word)
		}
	}
	if readableText(text) {
		for _, r := range string(text) {
			d.out.see(r, d.start, end)
		}
		d.out.stop(end)
	}
	d.word, d.base = d.word[:0], false
}

// hold returns where a word starts that may be packed, or free.
func (d *packed) hold() int {
	if d.base || len(d.word) > maxWord && (gzipped(d.word) || len(d.word) <= maxBig) {
		return d.start
	}
	return free
}

// gzipped reports whether a word begins as gzip and zlib do, in base64.
func gzipped(word []byte) bool {
	return bytes.HasPrefix(word, []byte("H4sI")) || len(word) >= 3*minPacked && word[0] == 'e' && (word[1] == 'J' || word[1] == 'N')
}

func inflated(word []byte) []byte {
	s := urlSafe.Replace(string(word))
	raw, err := base64.RawStdEncoding.DecodeString(s[:len(s)/4*4])
	if tail, e := base64.RawStdEncoding.DecodeString(s[len(s)/4*4:]); e == nil {
		raw = append(raw, tail...)
	}
	head := 2
	if len(raw) > 10 && raw[0] == 0x1f {
		head = 10 // no name, no comment: what programs write
	}
	if err != nil || len(raw) <= head {
		return nil
	}
	out, _ := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(raw[head:])), maxInflated)) // as far as it goes
	return out
}

func base85(word []byte) []byte {
	out := make([]byte, 4*len(word))
	n, _, err := ascii85.Decode(out, word, true)
	if err != nil {
		return nil
	}
	return out[:n]
}

// backwardsCoded undoes base64 or hex that was written from its end.
func backwardsCoded(word []byte) []byte {
	if !bytes.ContainsAny(word, "0123456789") && len(word) < 2*minPacked {
		return nil
	}
	turned := strings.NewReplacer("-", "+", "_", "/").Replace(string(word))
	turned = backwards(turned)
	if out, err := hex.DecodeString(turned); err == nil && readableText(out) {
		return out
	}
	out, err := base64.RawStdEncoding.DecodeString(turned)
	if err != nil {
		return nil
	}
	return out
}

// mixed reports whether a word has small letters, capitals and figures, and
// none that base58 leaves out.
func mixed(word []byte) bool {
	var small, capital, figure bool
	for _, c := range word {
		switch {
		case strings.IndexByte(base58Alphabet, c) < 0:
			return false
		case c <= '9':
			figure = true
		case c <= 'Z':
			capital = true
		default:
			small = true
		}
	}
	return small && capital && figure
}

const base58Alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"

func base58(word []byte) []byte {
	if !mixed(word) {
		return nil
	}
	n, by := new(big.Int), big.NewInt(58)
	for _, c := range word {
		n.Mul(n, by)
		n.Add(n, big.NewInt(int64(strings.IndexByte(base58Alphabet, c))))
	}
	return n.Bytes()
}

// readableText reports whether all of it is text.
func readableText(b []byte) bool {
	if len(b) < 3 || !utf8.Valid(b) {
		return false
	}
	for _, r := range string(b) {
		if r < ' ' && r != '\n' && r != '\t' && r != '\r' || r == 0x7f {
			return false
		}
	}
	return true
}
