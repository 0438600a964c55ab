package sandbox

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/sys/unix"
)

// Where the system's libraries and the list that finds them are.
var libraries = []string{"/lib", "/lib32", "/lib64", "/usr/lib", "/usr/lib64", "/etc/ld.so.cache"}

// A view is one thing of the old root that is in the new one, at the same
// path.
type view struct {
	path  string
	attr  uint64 // of the mount
	mount int    // a detached copy of the mount
	dir   bool
}

// newRoot replaces the whole file system of this process by a small one in
// memory with nothing in it but views of the program's folder, the system's
// libraries, the files to read and the working folder. There is no /proc: the
// one link in it that programs need to find themselves is written by hand.
func (s spec) newRoot() error {
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return fmt.Errorf("detach the mounts: %w", err)
	}
	views, links, err := s.views()
	if err != nil {
		return err
	}
	// Any folder can carry the new root: it is out of sight once it is done.
	base := filepath.Dir(s.Program)
	if err := unix.Mount("tmpfs", base, "tmpfs", unix.MS_NOSUID|unix.MS_NODEV|unix.MS_NOEXEC, "mode=0755,size=1m"); err != nil {
		return fmt.Errorf("mount a file system in memory: %w", err)
	}
	links["/proc/self/exe"] = s.Program
	if err := furnish(base, views, links); err != nil {
		// What the mount covers is needed by whoever goes on without a root.
		return errors.Join(err, unix.Unmount(base, unix.MNT_DETACH))
	}
	return enter(base)
}

// furnish puts everything into the new root at base.
func furnish(base string, views []view, links map[string]string) error {
	for _, v := range views {
		if err := v.place(base); err != nil {
			return fmt.Errorf("show %s: %w", v.path, err)
		}
	}
	for path, target := range links {
		path = filepath.Join(base, path)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.Symlink(target, path)); err != nil {
			return err
		}
	}
	return nil
}

// views takes hold of all that will be seen. The system's links from one
// library folder to another are kept as links.
func (s spec) views() (views []view, links map[string]string, err error) {
	const closed = unix.MOUNT_ATTR_RDONLY | unix.MOUNT_ATTR_NOSUID | unix.MOUNT_ATTR_NODEV
	add := func(path string, attr uint64) {
		v := view{path: path, attr: attr}
		err = errors.Join(err, v.take())
		views = append(views, v)
	}
	links = map[string]string{}
	for _, path := range libraries {
		switch info, e := os.Lstat(path); {
		case e != nil: // not on this system
		case info.Mode()&os.ModeSymlink != 0:
			target, e := os.Readlink(path)
			err = errors.Join(err, e)
			links[path] = target
		default:
			add(path, closed)
		}
	}
	add(filepath.Dir(s.Program), closed)
	for _, path := range s.Read {
		add(path, closed|unix.MOUNT_ATTR_NOEXEC)
	}
	add(s.Dir, unix.MOUNT_ATTR_NOSUID|unix.MOUNT_ATTR_NODEV|unix.MOUNT_ATTR_NOEXEC)
	// Folders before what is in them, or they would cover it.
	slices.SortFunc(views, func(a, b view) int { return strings.Compare(a.path, b.path) })
	return views, links, err
}

// take makes a copy of the mount at path that is not attached anywhere yet,
// so that the order of covering and showing does not matter.
func (v *view) take() error {
	info, err := os.Stat(v.path)
	if err != nil {
		return err
	}
	v.dir = info.IsDir()
	v.mount, err = unix.OpenTree(unix.AT_FDCWD, v.path, unix.OPEN_TREE_CLONE|unix.OPEN_TREE_CLOEXEC|unix.AT_RECURSIVE)
	if err != nil {
		return fmt.Errorf("take %s: %w", v.path, err)
	}
	err = unix.MountSetattr(v.mount, "", unix.AT_EMPTY_PATH|unix.AT_RECURSIVE, &unix.MountAttr{Attr_set: v.attr})
	if err != nil {
		return fmt.Errorf("restrict %s: %w", v.path, err)
	}
	return nil
}

// place attaches the view below base.
func (v *view) place(base string) error {
	at := filepath.Join(base, v.path)
	parent := at
	if !v.dir {
		parent = filepath.Dir(at)
	}
	if err := os.MkdirAll(parent, 0o755); err != nil {
		return err
	}
	if _, err := os.Lstat(at); err != nil { // else a view of its folder shows it already
		if err := os.WriteFile(at, nil, 0o444); err != nil {
			return err
		}
	}
	err := unix.MoveMount(v.mount, "", unix.AT_FDCWD, at, unix.MOVE_MOUNT_F_EMPTY_PATH)
	return errors.Join(err, unix.Close(v.mount))
}

// enter makes base the root, lets go of the old root and freezes the new one.
func enter(base string) error {
	if err := os.Chdir(base); err != nil {
		return err
	}
	if err := unix.PivotRoot(".", "."); err != nil { // the old root now covers the new one
		return fmt.Errorf("change the root: %w", err)
	}
	if err := unix.Unmount(".", unix.MNT_DETACH); err != nil {
		return fmt.Errorf("let go of the old root: %w", err)
	}
	if err := os.Chdir("/"); err != nil {
		return err
	}
	err := unix.MountSetattr(unix.AT_FDCWD, "/", 0, &unix.MountAttr{Attr_set: unix.MOUNT_ATTR_RDONLY})
	if err != nil {
		return fmt.Errorf("freeze the root: %w", err)
	}
	return nil
}
