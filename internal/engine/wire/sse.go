package wire

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// Limits on what an engine may send. An answer of 128k tokens stays well below.
const (
	maxEvent  = 1 << 20  // bytes of one event of a stream
	maxAnswer = 64 << 20 // bytes of one answer, plain or streamed
)

var errTooLarge = errors.New("the engine's answer is larger than the limit")

// events splits a server-sent event stream, after the "event stream" section
// of the HTML standard, into the data of its events. Fields other than data
// are skipped: no engine puts anything into them.
type events struct {
	r      *bufio.Reader
	line   []byte
	data   []byte
	has    bool // data has a line, perhaps an empty one
	skipLF bool // the last line ended with CR: a LF right after belongs to it
}

func newEvents(r io.Reader) *events {
	return &events{r: bufio.NewReader(bounded(r))}
}

// waiting reports whether a whole event has arrived already. It knows the line
// ends that engines use; with others it says no, which costs a pause too many.
func (e *events) waiting() bool {
	b, _ := e.r.Peek(e.r.Buffered())
	return bytes.Contains(b, []byte("\n\n"))
}

// next returns the data of the next event; it is valid until the next call.
// What stands at the end of the stream without its blank line is an event
// too: engines leave that line out. Then comes io.EOF.
func (e *events) next() ([]byte, error) {
	e.data, e.has = e.data[:0], false
	for {
		line, err := e.readLine()
		if err != nil && err != io.EOF {
			return nil, err
		}
		if len(line) == 0 && err == nil && e.has {
			return e.data, nil
		}
		e.field(line)
		if len(e.data) > maxEvent {
			return nil, errTooLarge
		}
		if err == io.EOF {
			if e.has {
				return e.data, nil
			}
			return nil, io.EOF
		}
	}
}

// field keeps the value of a data field.
func (e *events) field(line []byte) {
	const name = "data"
	if len(line) < len(name) || string(line[:len(name)]) != name {
		return
	}
	value := line[len(name):]
	if len(value) > 0 && value[0] != ':' {
		return // a longer field name
	}
	if len(value) > 0 {
		value = value[1:]
	}
	if len(value) > 0 && value[0] == ' ' {
		value = value[1:]
	}
	if e.has {
		e.data = append(e.data, '\n')
	}
	e.data, e.has = append(e.data, value...), true
}

// readLine returns one line without its end, which is CR, LF or both. It
// never waits for the byte after a CR, or a live stream would lag one event.
func (e *events) readLine() ([]byte, error) {
	e.line = e.line[:0]
	for {
		b, err := e.r.ReadByte()
		if err != nil {
			return e.line, err
		}
		skip := e.skipLF && b == '\n'
		e.skipLF = b == '\r'
		switch {
		case skip:
		case b == '\n' || b == '\r':
			return e.line, nil
		case len(e.line) == maxEvent:
			return nil, errTooLarge
		default:
			e.line = append(e.line, b)
		}
	}
}

// bounded fails once more than maxAnswer bytes were read, where io.LimitReader
// would pretend that the answer ended.
func bounded(r io.Reader) io.Reader { return &boundedReader{r, maxAnswer} }

type boundedReader struct {
	r    io.Reader
	left int
}

func (b *boundedReader) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	if b.left -= n; b.left < 0 {
		return 0, errTooLarge
	}
	return n, err
}
