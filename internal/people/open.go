package people

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"ringfence/internal/mask"
)

// Options say where an index is and how it reads.
type Options struct {
	// Dir is the folder that holds it; it is made where there is none. Empty: the index lives in memory only.
	Dir string
	// Secret is the store's, 32 bytes; the index's keys are derived from it.
	Secret []byte
	// Regions are the countries whose phone numbers need no code, as in mask.Options.
	Regions []string
	// ReadOnly opens the index beside a process that works on it, to look. Nothing can be put or deleted, and what
	// that process does later is not seen.
	ReadOnly bool
}

// ErrInUse says that another process works on the index.
var ErrInUse = errors.New("another process works on the index of people")

// Open opens the index of a folder, or begins one.
func Open(o Options) (*Index, error) {
	x := &Index{masker: mask.New(mask.Options{Regions: o.Regions, NoModel: true}), counts: map[Kind]int{}, generations: map[string]uint16{}}
	x.spelling = x.masker.Spelling()
	key, err := derive(o.Secret, "values", 48)
	if err != nil {
		return nil, err
	}
	x.values, x.ids = newSipKey(key), newSipKey(key[16:])
	seal, err := derive(o.Secret, "records", 32)
	if err != nil {
		return nil, err
	}
	d, size, err := openDisk(o.Dir, o.ReadOnly)
	if err != nil {
		return nil, err
	}
	if x.log, err = newLog(d, seal, x.ids.sum(0)); err != nil {
		return nil, err
	}
	x.near.Store(newFilter(int(size/9) + 1024)) // a record of some 180 bytes has 20 near ones
	if err := x.load(size); err != nil {
		d.Close()
		return nil, fmt.Errorf("%s: %w; restore it from a backup, or remove it and sync anew", fileOf(o.Dir), err)
	}
	return x, nil
}

func fileOf(dir string) string { return filepath.Join(dir, "people.idx") }

// openDisk opens the file and locks it against other processes.
func openDisk(dir string, readOnly bool) (disk, int64, error) {
	if dir == "" {
		return &memory{}, 0, nil
	}
	if readOnly {
		return openToRead(dir)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, 0, err
	}
	f, err := os.OpenFile(fileOf(dir), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, 0, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		f.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, 0, ErrInUse
		}
		return nil, 0, err
	}
	info, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, 0, err
	}
	return f, info.Size(), nil
}

// openToRead opens the file without a lock, and changes nothing of it.
func openToRead(dir string) (disk, int64, error) {
	f, err := os.Open(fileOf(dir))
	if err != nil {
		return nil, 0, err
	}
	info, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, 0, err
	}
	return looked{f}, info.Size(), nil
}

// looked is a file that is only looked at.
type looked struct{ *os.File }

func (looked) WriteAt([]byte, int64) (int, error) { return 0, errReadOnly }
func (looked) Truncate(int64) error               { return nil }
func (looked) Sync() error                        { return nil }

var errReadOnly = errors.New("the index was opened to look only")

// load reads the records. Of two with one id the later counts: the writer died before it overwrote the other.
func (x *Index) load(size int64) error {
	b := newBulk(x)
	err := x.log.load(size, func(c *content, at int64) error {
		if c.kind == generationMark {
			x.generations[c.subject] = c.generation
			x.current = max(x.current, c.generation)
			return nil
		}
		if b.waiting > gathered {
			if err := b.enter(); err != nil {
				return err
			}
		}
		return b.add(c, at)
	})
	if err != nil {
		return err
	}
	if err := b.enter(); err != nil {
		return err
	}
	if _, ok := x.log.disk.(looked); ok {
		x.log.dying = nil
		x.log.failed = errReadOnly
		return nil
	}
	return errors.Join(x.log.commit(), x.compact())
}

// Close makes everything durable and lets the file go.
func (x *Index) Close() error {
	x.writing.Lock()
	defer x.writing.Unlock()
	if x.log.failed == errReadOnly {
		return x.log.disk.Close()
	}
	return errors.Join(x.log.commit(), x.log.disk.Close())
}

// memory is a disk that is none.
type memory struct{ b []byte }

func (m *memory) ReadAt(b []byte, at int64) (int, error) {
	if at > int64(len(m.b)) {
		return 0, fs.ErrInvalid
	}
	n := copy(b, m.b[at:])
	if n < len(b) {
		return n, fs.ErrInvalid
	}
	return n, nil
}

func (m *memory) WriteAt(b []byte, at int64) (int, error) {
	if need := int(at) + len(b); need > len(m.b) {
		m.b = append(m.b, make([]byte, need-len(m.b))...)
	}
	return copy(m.b[at:], b), nil
}

func (m *memory) Truncate(size int64) error { m.b = m.b[:min(int64(len(m.b)), size)]; return nil }
func (m *memory) Sync() error               { return nil }
func (m *memory) Close() error              { return nil }
