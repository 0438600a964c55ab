package facts

import (
	"bufio"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"

	"ringfence/internal/guard"
)

// The file is a mark and then entries, each with its length and checksum. A new
// entry with the id of an older one takes its place. What is removed is not
// marked: the file is written anew.
const magic = "ringfence facts 1\n"

const (
	head      = 4 + 4*8
	maxRecord = 16 << 20
)

func checksum(b []byte) uint32 { return crc32.Checksum(b, crc32.MakeTable(crc32.Castagnoli)) }

// load reads the file. A last entry that is not whole was never committed.
func (x *Index) load() error {
	f, err := os.Open(x.path)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	in := bufio.NewReaderSize(f, 1<<20)
	begins := make([]byte, len(magic))
	if _, err := io.ReadFull(in, begins); err != nil || string(begins) != magic {
		return errors.New("this is no index of facts")
	}
	for {
		key, e, err := readEntry(in)
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			break
		}
		if err != nil {
			return err
		}
		_, was := x.entries[key]
		x.stale = x.stale || was
		x.entries[key] = e
	}
	for _, e := range x.entries {
		r, err := guard.DecodeRecord(e.record)
		if err != nil {
			return err
		}
		x.known.Put(r)
	}
	return nil
}

func readEntry(in io.Reader) (key uint64, e entry, err error) {
	b := make([]byte, head)
	if _, err = io.ReadFull(in, b); err != nil {
		return 0, e, err
	}
	n := binary.LittleEndian.Uint32(b)
	if n > maxRecord {
		return 0, e, errors.New("an entry is too long")
	}
	b = append(b, make([]byte, n+4)...)
	if _, err = io.ReadFull(in, b[head:]); err != nil {
		return 0, e, io.ErrUnexpectedEOF
	}
	body, sum := b[:head+n], binary.LittleEndian.Uint32(b[head+n:])
	if checksum(body) != sum {
		return 0, e, errors.New("an entry is damaged")
	}
	at := func(i int) uint64 { return binary.LittleEndian.Uint64(body[4+8*i:]) }
	return at(0), entry{at(1), at(2), at(3), body[head:]}, nil
}

// write brings the file up to date: what is new is appended, or, once something
// was removed, the whole is written anew.
func (x *Index) write() error {
	if x.path == "" {
		x.pending, x.stale = nil, false
		return nil
	}
	if !x.stale {
		return x.extend()
	}
	tmp, err := os.CreateTemp(filepath.Dir(x.path), "facts-*")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	out := bufio.NewWriterSize(tmp, 1<<20)
	out.WriteString(magic)
	for k, e := range x.entries {
		out.Write(e.encode(k))
	}
	if err := errors.Join(out.Flush(), tmp.Sync(), tmp.Close()); err != nil {
		return err
	}
	if err := os.Rename(tmp.Name(), x.path); err != nil {
		return err
	}
	x.pending, x.stale = nil, false
	return syncDir(filepath.Dir(x.path))
}

// extend appends what is new. What a crash left half written is cut off first.
func (x *Index) extend() error {
	if len(x.pending) == 0 {
		return nil
	}
	f, err := os.OpenFile(x.path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	end, err := wholeEnd(f)
	if err != nil {
		return err
	}
	add := x.pending
	if end == 0 {
		add = append([]byte(magic), add...)
	}
	if err := f.Truncate(end); err != nil {
		return err
	}
	if _, err := f.WriteAt(add, end); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	x.pending = nil
	return syncDir(filepath.Dir(x.path))
}

// wholeEnd returns where the last whole entry ends.
func wholeEnd(f *os.File) (int64, error) {
	info, err := f.Stat()
	if err != nil || info.Size() < int64(len(magic)) {
		return 0, err
	}
	at := int64(len(magic))
	var n [4]byte
	for {
		if _, err := f.ReadAt(n[:], at); err != nil {
			return at, nil
		}
		next := at + head + int64(binary.LittleEndian.Uint32(n[:])) + 4
		if next > info.Size() {
			return at, nil
		}
		at = next
	}
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
