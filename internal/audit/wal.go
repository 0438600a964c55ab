package audit

import (
	"bytes"
	"fmt"
	"hash/crc32"
	"strconv"
)

// The write-ahead log is text: batches, each a header line and then one entry per line, as canonical JSON.
//
//	=<first index> <entries> <bytes> <checksum of the lines> <checksum of this line so far>\n
//
// all in lower-case hexadecimal of fixed width, checksums CRC-32C. A batch is what one fdatasync made
// durable. The file starts with a batch of no entries, which says the first index.
//
// The format holds no NUL byte. That tells a torn write from damage: a sector that never reached the disk
// is missing or reads as zeros, while one changed byte leaves at most one zero.
const (
	walName   = "wal"
	headerLen = 1 + 16 + 1 + 8 + 1 + 8 + 1 + 8 + 1 + 8 + 1
	summedLen = headerLen - 10 // the part of a header that its own checksum covers
)

// batch is a parsed header.
type batch struct {
	first  int64
	count  int
	length int
	sum    uint32
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// appendBatch appends the batch of entries that starts at index first.
func appendBatch(buf []byte, first int64, entries [][]byte) []byte {
	start := len(buf)
	buf = append(buf, make([]byte, headerLen)...)
	for _, e := range entries {
		buf = append(append(buf, e...), '\n')
	}
	lines := buf[start+headerLen:]
	appendHeader(buf[:start], batch{first, len(entries), len(lines), crc32.Checksum(lines, castagnoli)})
	return buf
}

func appendHeader(buf []byte, b batch) []byte {
	start := len(buf)
	buf = fmt.Appendf(buf, "=%016x %08x %08x %08x", b.first, b.count, b.length, b.sum)
	return fmt.Appendf(buf, " %08x\n", crc32.Checksum(buf[start:], castagnoli))
}

// parseHeader accepts exactly what appendHeader writes.
func parseHeader(text []byte) (batch, bool) {
	if len(text) < headerLen || text[0] != '=' {
		return batch{}, false
	}
	var number [4]uint64
	for i, from := range []int{1, 18, 27, 36} {
		width := 8
		if i == 0 {
			width = 16
		}
		n, err := strconv.ParseUint(string(text[from:from+width]), 16, 63)
		if err != nil {
			return batch{}, false
		}
		number[i] = n
	}
	b := batch{int64(number[0]), int(number[1]), int(number[2]), uint32(number[3])}
	return b, bytes.Equal(appendHeader(nil, b), text[:headerLen])
}

// segment is what a write-ahead log holds: entries from index first on, and perhaps at its end bytes of a
// batch that was not acknowledged.
type segment struct {
	first   int64
	entries [][]byte
	torn    int // bytes
}

func (s segment) end() int64 { return s.first + int64(len(s.entries)) }

// walDamage says where a write-ahead log is not what was written: in the batch of the entries from First
// to Last, whose text, as far as it can be told, is Lines.
type walDamage struct {
	First, Last int64
	Lines       [][]byte
	Why         string
}

func (d *walDamage) Error() string {
	return fmt.Sprintf("entries %d to %d: %s", d.First, d.Last, d.Why)
}

// parseWAL reads a write-ahead log. On damage it returns what comes before as well.
func parseWAL(text []byte) (segment, *walDamage) {
	b, ok := parseHeader(text)
	if !ok || b.count != 0 || b.length != 0 {
		return segment{}, &walDamage{First: -1, Last: -1, Why: "the file does not start as a write-ahead log does"}
	}
	s := segment{first: b.first}
	for rest := text[headerLen:]; len(rest) > 0; {
		b, ok := parseHeader(rest)
		if !ok {
			return s.endAt(rest, &walDamage{s.end(), s.end(), nil, "a batch header was changed"}, len(rest) < headerLen)
		}
		body := rest[headerLen:]
		if len(body) < b.length {
			s.torn = len(rest)
			return s, nil
		}
		lines := bytes.Split(body[:b.length], []byte{'\n'}) // after the last line break comes nothing
		damage := &walDamage{b.first, b.first + int64(b.count) - 1, lines, ""}
		switch {
		case crc32.Checksum(body[:b.length], castagnoli) != b.sum:
			damage.Why = "the checksum does not fit"
			return s.endAt(rest, damage, false)
		case b.first != s.end():
			damage.Why = fmt.Sprintf("the batch should start with entry %d", s.end())
			return s, damage
		case len(lines) != b.count+1 || len(lines[b.count]) > 0:
			damage.Why = "the number of lines does not fit"
			return s, damage
		}
		s.entries = append(s.entries, lines[:b.count]...)
		rest = body[b.length:]
	}
	return s, nil
}

// endAt decides what a bad batch at the start of rest means. It was torn by a crash, and never
// acknowledged, only if it is the last one and has missing or zeroed sectors; a later intact batch would
// not have been written before this one was durable.
func (s segment) endAt(rest []byte, damage *walDamage, cut bool) (segment, *walDamage) {
	if !cut && !bytes.Contains(rest, []byte{0, 0}) || intactBatchIn(rest[1:]) {
		return s, damage
	}
	s.torn = len(rest)
	return s, nil
}

func intactBatchIn(text []byte) bool {
	for {
		at := bytes.IndexByte(text, '=')
		if at < 0 {
			return false
		}
		if b, ok := parseHeader(text[at:]); ok && len(text)-at-headerLen >= b.length &&
			crc32.Checksum(text[at+headerLen:][:b.length], castagnoli) == b.sum {
			return true
		}
		text = text[at+1:]
	}
}
