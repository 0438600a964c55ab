package people

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
)

// compactFrom is how many bytes of dead records are worth a new file, if they are half of it.
const compactFrom = 4 << 20

// compact writes the living records into a new file, when half of the old one is dead. A crash leaves one of the
// two whole. The caller is the writer, and has committed.
func (x *Index) compact() error {
	old, ok := x.log.disk.(*os.File)
	if !ok || x.log.failed != nil || x.log.erased < compactFrom || x.log.erased*2 < x.log.size {
		return x.log.failed
	}
	path := old.Name() + ".new"
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	next := &log{disk: f, seal: x.log.seal, check: x.log.check}
	places, err := x.copyTo(next)
	if err == nil {
		err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	}
	if err == nil {
		err = os.Rename(path, old.Name())
	}
	if err != nil {
		f.Close()
		return errors.Join(err, os.Remove(path))
	}
	x.mu.Lock()
	for i, at := range places {
		x.records[i].at = at
	}
	x.mu.Unlock()
	x.log = next
	return errors.Join(old.Close(), syncDir(filepath.Dir(old.Name())))
}

// copyTo copies what is alive and returns the new places of the records, 0 for those that are free.
func (x *Index) copyTo(next *log) ([]int64, error) {
	if err := next.load(0, nil); err != nil {
		return nil, err
	}
	for token, n := range x.generations {
		if _, err := next.append(&content{kind: generationMark, generation: n, idHash: 1, subject: token}); err != nil {
			return nil, err
		}
	}
	places := make([]int64, len(x.records))
	for i := range x.records {
		if x.records[i].at == 0 {
			continue
		}
		c, err := x.log.read(x.records[i].at)
		if err != nil {
			return nil, err
		}
		if places[i], err = next.append(c); err != nil {
			return nil, err
		}
	}
	return places, next.commit()
}

// syncDir makes the names in a folder durable.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
