package audit

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
)

// disk is the little that the log asks of a file system. Names are relative to the log's directory and
// use slashes. The log only ever creates whole new files and renames them into place; what it appends to
// is a file it created itself since it was opened.
type disk interface {
	fs.FS
	Create(name string) (file, error) // for writing; emptied when it exists
	Rename(from, to string) error
	RemoveAll(name string) error
	Mkdir(name string) error   // fs.ErrExist is no error
	SyncDir(name string) error // makes creations and renames in the directory durable
}

// file is open for writing at its end.
type file interface {
	io.WriteCloser
	Sync() error // fdatasync: data, and what is needed to read it back
}

// dirDisk is the disk under one directory of the machine.
type dirDisk struct {
	fs.FS
	dir string
}

func newDirDisk(dir string) dirDisk { return dirDisk{os.DirFS(dir), dir} }

func (d dirDisk) at(name string) string { return filepath.Join(d.dir, filepath.FromSlash(name)) }

func (d dirDisk) Create(name string) (file, error) {
	f, err := os.OpenFile(d.at(name), os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, err
	}
	return dataFile{f}, nil
}

func (d dirDisk) Rename(from, to string) error { return os.Rename(d.at(from), d.at(to)) }

func (d dirDisk) RemoveAll(name string) error { return os.RemoveAll(d.at(name)) }

func (d dirDisk) Mkdir(name string) error {
	if err := os.Mkdir(d.at(name), 0o700); !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}

func (d dirDisk) SyncDir(name string) error {
	f, err := os.Open(d.at(name))
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// makeDir creates the log's directory and its parents, durably.
func makeDir(dir string) error {
	if info, err := os.Stat(dir); err == nil && info.IsDir() {
		return nil
	}
	parent := filepath.Dir(dir)
	if err := makeDir(parent); err != nil {
		return err
	}
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return newDirDisk(parent).SyncDir(".")
}

// scratch is where new files are written before they are renamed into place. Only the committer writes
// scratchWAL, only the publisher the other.
const (
	scratchWAL  = "new.wal"
	scratchFile = "new.file"
)

// replace puts content at name: whole or not at all, and synced. The caller syncs the directory.
func replace(d disk, name string, content []byte) error {
	f, err := d.Create(scratchFile)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	return d.Rename(scratchFile, name)
}

// makeParents creates the directories above name that are not in made, and returns those whose content
// it changed.
func makeParents(d disk, name string, made map[string]bool) (changed []string, err error) {
	dir := path.Dir(name)
	if made[dir] || dir == "." {
		return nil, nil
	}
	changed, err = makeParents(d, dir, made)
	if err == nil {
		err = d.Mkdir(dir)
	}
	if err == nil {
		made[dir] = true
		changed = append(changed, path.Dir(dir))
	}
	return changed, err
}
