package audit

import (
	"bytes"
	"io/fs"
	"math/rand/v2"
	"path"
	"strings"
	"sync"
	"syscall"
	"testing/fstest"
)

// memDisk is a disk that forgets. It keeps apart what programs see and what surely survives a power cut:
// data after Sync, names after SyncDir. fault may make any operation fail.
type memDisk struct {
	mu    sync.Mutex
	seen  map[string]*inode
	sure  map[string]*inode
	fault func(op, name string) error
	heads [][]byte // every checkpoint that was ever in place
}

// inode is a file or, with dir, a directory.
type inode struct {
	dir   bool
	data  []byte
	sure  int      // bytes that survive
	holes [][2]int // bytes that a failed sync dropped: seen until the power goes, never on the disk
}

func newMemDisk() *memDisk {
	return &memDisk{seen: map[string]*inode{}, sure: map[string]*inode{}}
}

func (d *memDisk) do(op, name string) error {
	if d.fault == nil {
		return nil
	}
	if err := d.fault(op, name); err != nil {
		return &fs.PathError{Op: op, Path: name, Err: err}
	}
	return nil
}

func (d *memDisk) Open(name string) (fs.File, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.do("open", name); err != nil {
		return nil, err
	}
	files := fstest.MapFS{}
	for n, i := range d.seen {
		if !i.dir && (n == name || name == "." || strings.HasPrefix(n, name+"/")) {
			files[n] = &fstest.MapFile{Data: bytes.Clone(i.data), Mode: 0o600}
		}
	}
	return files.Open(name)
}

func (d *memDisk) Create(name string) (file, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.do("create", name); err != nil {
		return nil, err
	}
	if parent := path.Dir(name); parent != "." && d.seen[parent] == nil {
		return nil, fs.ErrNotExist
	}
	d.seen[name] = &inode{}
	return &memFile{d, d.seen[name], name}, nil
}

func (d *memDisk) Rename(from, to string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.do("rename", to); err != nil {
		return err
	}
	if d.seen[from] == nil || path.Dir(to) != "." && d.seen[path.Dir(to)] == nil {
		return fs.ErrNotExist
	}
	d.seen[to] = d.seen[from]
	delete(d.seen, from)
	if to == checkpointName {
		d.heads = append(d.heads, bytes.Clone(d.seen[to].data))
	}
	return nil
}

func (d *memDisk) RemoveAll(name string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.do("remove", name); err != nil {
		return err
	}
	for n := range d.seen {
		if n == name || strings.HasPrefix(n, name+"/") {
			delete(d.seen, n)
		}
	}
	return nil
}

func (d *memDisk) Mkdir(name string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.do("mkdir", name); err != nil {
		return err
	}
	if d.seen[name] == nil {
		d.seen[name] = &inode{dir: true}
	}
	return nil
}

func (d *memDisk) SyncDir(name string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.do("syncdir", name); err != nil {
		return err
	}
	for n := range d.sure {
		if path.Dir(n) == name && d.seen[n] == nil {
			delete(d.sure, n)
		}
	}
	for n, i := range d.seen {
		if path.Dir(n) == name {
			d.sure[n] = i
		}
	}
	return nil
}

type memFile struct {
	disk *memDisk
	node *inode
	name string
}

// Write, when it fails, leaves half of what it was given.
func (f *memFile) Write(p []byte) (int, error) {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	err := f.disk.do("write", f.name)
	if err != nil {
		p = p[:len(p)/2]
	}
	f.node.data = append(f.node.data, p...)
	return len(p), err
}

// Sync, when it fails, drops the data and reports success the next time, as kernels do.
func (f *memFile) Sync() error {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	err := f.disk.do("sync", f.name)
	if err != nil {
		f.node.holes = append(f.node.holes, [2]int{f.node.sure, len(f.node.data)})
	}
	f.node.sure = len(f.node.data)
	return err
}

func (f *memFile) Close() error {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	return f.disk.do("close", f.name)
}

// kill returns the disk as the next process finds it: what was seen, synced or not.
func (d *memDisk) kill() *memDisk {
	d.mu.Lock()
	defer d.mu.Unlock()
	after := newMemDisk()
	for n, i := range d.seen {
		after.put(n, &inode{i.dir, bytes.Clone(i.data), i.sure, i.holes})
	}
	return after
}

// cut returns the disk after a power cut: of what was not made sure, anything may be there.
func (d *memDisk) cut(random *rand.Rand) *memDisk {
	d.mu.Lock()
	defer d.mu.Unlock()
	after := newMemDisk()
	names := map[string]bool{}
	for n := range d.seen {
		names[n] = true
	}
	for n := range d.sure {
		names[n] = true
	}
	for n := range names {
		i := d.sure[n]
		if d.seen[n] != i && random.IntN(2) == 0 {
			i = d.seen[n]
		}
		if i != nil {
			after.put(n, i.survive(random))
		}
	}
	after.dropOrphans()
	return after
}

func (d *memDisk) put(name string, i *inode) { d.seen[name], d.sure[name] = i, i }

// dropOrphans removes what lies in directories that did not survive.
func (d *memDisk) dropOrphans() {
	for n := range d.seen {
		for up := path.Dir(n); up != "."; up = path.Dir(up) {
			if d.seen[up] == nil {
				delete(d.seen, n)
				delete(d.sure, n)
			}
		}
	}
}

func (i *inode) survive(random *rand.Rand) *inode {
	data := bytes.Clone(i.data)
	for _, h := range i.holes {
		clear(data[h[0]:h[1]])
	}
	switch rest := len(data) - i.sure; {
	case rest == 0 || random.IntN(3) == 0:
	case random.IntN(2) == 0:
		data = data[:i.sure+random.IntN(rest+1)]
	default: // sectors in any order: one of them did not make it
		from := i.sure + random.IntN(rest)
		to := min(len(data), (from/512+1)*512)
		if to-from >= 2 {
			clear(data[from:to])
		}
	}
	return &inode{dir: i.dir, data: data, sure: len(data)}
}

// failing returns a fault that makes count operations fail from the k-th on, and a counter of all.
func failing(k, count int, err syscall.Errno) (fault func(op, name string) error, seen *int) {
	seen = new(int)
	return func(op, name string) error {
		*seen++
		if *seen >= k && *seen < k+count {
			return err
		}
		return nil
	}, seen
}
