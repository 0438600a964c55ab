package gguf

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"unicode/utf8"
)

// reader reads little-endian values and remembers the first thing that went
// wrong; after that everything it returns is zero.
type reader struct {
	r   *bufio.Reader
	at  int64
	err error
}

func (in *reader) fail(reason, format string, args ...any) {
	if in.err == nil {
		in.err = refuse(reason, format, args...)
	}
}

// broken notes a failed read: the file ended, or the disk failed.
func (in *reader) broken(err error) {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		in.fail("gguf_truncated", "it ends in the middle of its header; fetch it again")
	} else if in.err == nil {
		in.err = err
	}
}

// bytes returns the next n bytes; n is bounded by every caller.
func (in *reader) bytes(n int) []byte {
	out := make([]byte, n)
	if in.err != nil {
		return out
	}
	got, err := io.ReadFull(in.r, out)
	in.at += int64(got)
	if err != nil {
		in.broken(err)
		clear(out)
	}
	return out
}

func (in *reader) u32() uint32 { return binary.LittleEndian.Uint32(in.bytes(4)) }
func (in *reader) u64() uint64 { return binary.LittleEndian.Uint64(in.bytes(8)) }

// length reads a string's length, at most limit.
func (in *reader) length(limit int) int64 {
	n := in.u64()
	if n > uint64(limit) {
		in.fail("gguf_limit", "it claims a text of %d bytes where at most %d are accepted", n, limit)
		return 0
	}
	return int64(n)
}

// text reads a string of at most limit bytes, which must be UTF-8.
func (in *reader) text(limit int) string {
	n := in.length(limit)
	text := make([]byte, 0, min(n, 4096))
	for n > 0 && in.err == nil { // in pieces: a length is only a claim until the bytes are there
		piece := in.bytes(int(min(n, 64<<10)))
		text, n = append(text, piece...), n-int64(len(piece))
	}
	if in.err != nil {
		return ""
	}
	if !utf8.Valid(text) {
		in.fail("gguf_invalid", "it has a name that is not UTF-8")
		return ""
	}
	return string(text)
}

// discard reads over n bytes.
func (in *reader) discard(n int64) {
	if in.err != nil {
		return
	}
	got, err := io.CopyN(io.Discard, in.r, n)
	in.at += got
	if err != nil {
		in.broken(err)
	}
}
