package people

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"slices"
)

// The log is one file:
//
//	header   16 bytes: "rf people 1\n" and a check of the key
//	record   length (4 bytes, little endian) and state (1) with a check of both (3), then nonce, sealed content, tag
//
// A record is sealed with AES-256-GCM and bound to its place in the file. A deleted record keeps its length, its
// state is dead and its bytes are zeros. A record that breaks off at the end of the file was never acknowledged.
const (
	fileHead   = "rf people 1\n"
	headSize   = int64(len(fileHead)) + 4
	recordHead = 8
	live       = 1
	dead       = 0
	maxRecord  = 1 << 20
	flushAt    = 256 << 10
)

// disk is what the log needs of a file.
type disk interface {
	io.ReaderAt
	io.WriterAt
	Truncate(size int64) error
	Sync() error
	Close() error
}

// log keeps the records' contents. Not safe for concurrent use.
type log struct {
	disk    disk
	check   [4]byte // of the key
	seal    cipher.AEAD
	size    int64  // of the file, what waits in pending left out
	pending []byte // not yet written
	dying   []int64
	dirty   bool  // something is not durable yet
	erased  int64 // bytes of dead records
	failed  error // after a failed write or sync nothing is certain any more
}

// content is what a record says.
type content struct {
	kind       Kind
	generation uint16
	idHash     uint64
	subject    string
	values     []uint64
	near       []uint32
}

func newLog(d disk, key []byte, check uint64) (*log, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	seal, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	l := &log{disk: d, seal: seal}
	binary.LittleEndian.PutUint32(l.check[:], uint32(check))
	return l, nil
}

// load calls yield with every record that is alive, in order, and readies the log for more; what it yields is good until
// the next. Size is the file's.
// What breaks off at the end was never acknowledged and is cut off.
func (l *log) load(size int64, yield func(c *content, at int64) error) error {
	if size < headSize {
		l.pending, l.size, l.dirty = append([]byte(fileHead), l.check[:]...), 0, true
		return l.disk.Truncate(0)
	}
	in := newBuffered(io.NewSectionReader(l.disk, 0, size))
	head, err := in.next(int(headSize))
	switch {
	case err != nil || string(head[:len(fileHead)]) != fileHead:
		return errors.New("it is no index of people, or one of another version")
	case string(head[len(fileHead):]) != string(l.check[:]):
		return errors.New("it was made with another secret than the store's")
	}
	torn := int64(-1)
	for l.size = headSize; ; {
		c, n, err := l.loadOne(in, size)
		switch {
		case err == errTorn && n > 0:
			if torn < 0 {
				torn = l.size
			}
		case err == errTorn:
			if torn >= 0 {
				l.size = torn
			}
			return l.disk.Truncate(l.size)
		case err == nil && torn >= 0:
			return fmt.Errorf("it is damaged at byte %d", torn)
		case err == nil && c != nil:
			err = yield(c, l.size)
		}
		if err != nil && err != errTorn {
			return err
		}
		l.size += n
	}
}

// errTorn says that a record is not whole, or that there is none.
var errTorn = errors.New("torn")

// loadOne reads the next record and its length on disk, 0 where that is not known.
func (l *log) loadOne(in *buffered, size int64) (c *content, length int64, err error) {
	rest := size - l.size
	if rest < recordHead {
		return nil, 0, errTorn
	}
	head, err := in.next(recordHead)
	if err != nil {
		return nil, 0, err
	}
	n, state, ok := readHead(head)
	switch {
	case ok && rest-recordHead < int64(n), allZero(head):
		return nil, 0, errTorn
	case !ok:
		return nil, 0, fmt.Errorf("it is damaged at byte %d", l.size)
	}
	body, err := in.next(n)
	if err != nil {
		return nil, 0, err
	}
	length = int64(recordHead + n)
	if state == dead {
		l.erased += length
		return nil, length, nil
	}
	if err := l.openInto(&in.content, body, l.size); err != nil {
		return nil, length, errTorn
	}
	return &in.content, length, nil
}

func allZero(b []byte) bool { return !slices.ContainsFunc(b, func(c byte) bool { return c != 0 }) }

func writeHead(b []byte, n int, state byte) {
	binary.LittleEndian.PutUint32(b, uint32(n))
	b[4] = state
	sum := crc32.ChecksumIEEE(b[:5])
	b[5], b[6], b[7] = byte(sum), byte(sum>>8), byte(sum>>16)
}

func readHead(b []byte) (n int, state byte, ok bool) {
	n, state = int(binary.LittleEndian.Uint32(b)), b[4]
	sum := crc32.ChecksumIEEE(b[:5])
	return n, state, n <= maxRecord && b[5] == byte(sum) && b[6] == byte(sum>>8) && b[7] == byte(sum>>16)
}

func place(at int64) []byte { return binary.LittleEndian.AppendUint64([]byte("people"), uint64(at)) }

// append adds a record and returns its place. It is durable after commit.
func (l *log) append(c *content) (at int64, err error) {
	if l.failed != nil {
		return 0, l.failed
	}
	plain := c.encode()
	n := l.seal.NonceSize() + len(plain) + l.seal.Overhead()
	if n > maxRecord {
		return 0, errors.New("the record has too many values")
	}
	l.dirty = true
	at = l.size + int64(len(l.pending))
	b := make([]byte, recordHead+l.seal.NonceSize(), recordHead+n)
	writeHead(b, n, live)
	rand.Read(b[recordHead:])
	l.pending = append(l.pending, l.seal.Seal(b, b[recordHead:], plain, place(at))...)
	if len(l.pending) > flushAt {
		return at, l.flush()
	}
	return at, nil
}

// flush writes what waits.
func (l *log) flush() error {
	if len(l.pending) == 0 || l.failed != nil {
		return l.failed
	}
	if _, err := l.disk.WriteAt(l.pending, l.size); err != nil {
		l.failed = fmt.Errorf("the index of people cannot be written: %w", err)
		return l.failed
	}
	l.size += int64(len(l.pending))
	l.pending = l.pending[:0]
	return nil
}

// erase marks a record as one to be overwritten at the next commit, when what may take its place is durable.
func (l *log) erase(at int64) error {
	l.dying = append(l.dying, at)
	return l.failed
}

// commit makes what was appended durable, then overwrites what was erased, and makes that durable.
func (l *log) commit() error {
	if err := l.flush(); err != nil {
		return err
	}
	if l.dirty {
		if l.failed = l.disk.Sync(); l.failed != nil {
			return l.failed
		}
		l.dirty = false
	}
	if len(l.dying) == 0 {
		return nil
	}
	for _, at := range l.dying {
		if l.failed = l.overwrite(at); l.failed != nil {
			return l.failed
		}
	}
	l.dying = l.dying[:0]
	l.failed = l.disk.Sync()
	return l.failed
}

// overwrite makes a record one of zeros. Its head goes last, so that a crash in between leaves it dead or torn,
// never half of it readable: zeros do not open.
func (l *log) overwrite(at int64) error {
	var head [recordHead]byte
	if _, err := l.disk.ReadAt(head[:], at); err != nil {
		return err
	}
	n, state, ok := readHead(head[:])
	if !ok || state != live {
		return nil
	}
	b := make([]byte, recordHead+n)
	writeHead(b, n, dead)
	if _, err := l.disk.WriteAt(b[:recordHead], at); err != nil {
		return err
	}
	_, err := l.disk.WriteAt(b[recordHead:], at+recordHead)
	l.erased += int64(len(b))
	return err
}

// read returns the record at a place.
func (l *log) read(at int64) (*content, error) {
	if at >= l.size {
		if err := l.flush(); err != nil {
			return nil, err
		}
	}
	var head [recordHead]byte
	if _, err := l.disk.ReadAt(head[:], at); err != nil {
		return nil, err
	}
	n, state, ok := readHead(head[:])
	if !ok || state != live {
		return nil, errors.New("it is damaged")
	}
	body := make([]byte, n)
	if _, err := l.disk.ReadAt(body, at+recordHead); err != nil {
		return nil, err
	}
	return l.open(body, at)
}

func (l *log) open(body []byte, at int64) (*content, error) {
	c := &content{}
	if err := l.openInto(c, body, at); err != nil {
		return nil, err
	}
	return c, nil
}

// openInto unseals the record of a place, where its sealed bytes stand, and reads it into c.
func (l *log) openInto(c *content, body []byte, at int64) error {
	n := l.seal.NonceSize()
	if len(body) < n {
		return errShort
	}
	plain, err := l.seal.Open(body[n:n], body[:n], body[n:], place(at))
	if err != nil {
		return err
	}
	return c.decode(plain)
}
