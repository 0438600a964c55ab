//go:build linux

package model

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// onSmallDisk runs the calling test again in a child whose data folder is a file
// system of its own, and returns true in that child only. Where the kernel
// allows no user namespaces the test says that it was skipped.
func onSmallDisk(t *testing.T, size string) (inside bool) {
	t.Helper()
	if os.Getenv("RINGFENCE_TEST_SMALL_DISK") != "" {
		return true
	}
	cmd := exec.Command("/proc/self/exe", "-test.run=^"+t.Name()+"$", "-test.v")
	cmd.Env = append(os.Environ(), "RINGFENCE_TEST_SMALL_DISK="+size)
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS,
		UidMappings: []syscall.SysProcIDMap{{HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{HostID: os.Getgid(), Size: 1}},
	}
	out, err := cmd.CombinedOutput()
	switch {
	case errors.Is(err, syscall.EPERM) || errors.Is(err, syscall.EACCES) || errors.Is(err, syscall.ENOSYS):
		t.Fatalf("this test mounts a small disk of its own and needs user namespaces; run it as root, or allow them: %v", err)
	case err != nil:
		t.Errorf("%v\n%s", err, out)
	case !strings.Contains(string(out), "--- PASS: "+t.Name()):
		t.Errorf("the child ran no test:\n%s", out)
	}
	return false
}

// mount gives the world's data folder its own file system.
func (w *world) mount(options string) {
	w.t.Helper()
	if err := os.MkdirAll(w.o.Dir, 0o755); err != nil {
		w.t.Fatal(err)
	}
	if err := unix.Mount("tmpfs", w.o.Dir, "tmpfs", 0, options); err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { unix.Unmount(w.o.Dir, unix.MNT_DETACH) })
}

func (w *world) readOnly() {
	w.t.Helper()
	if err := unix.Mount("", w.o.Dir, "", unix.MS_REMOUNT|unix.MS_RDONLY, ""); err != nil {
		w.t.Fatal(err)
	}
}

// A full disk is said as such, whichever step it stops, and once there is room
// the same folder works.
func TestFullDisk(t *testing.T) {
	if !onSmallDisk(t, "small") {
		return
	}
	for pages := 2; pages < 40; pages++ {
		w := newWorld(t)
		w.mount(fmt.Sprintf("size=%d", pages*os.Getpagesize()))
		_, err := w.ensure()
		if err == nil {
			return // from here on there is room
		}
		if !errors.Is(err, syscall.ENOSPC) {
			t.Errorf("with %d pages: %v", pages, err)
		}
		if err := unix.Mount("", w.o.Dir, "", unix.MS_REMOUNT, "size=1m"); err != nil {
			t.Fatal(err)
		}
		if _, err := w.ensure(); err != nil {
			t.Errorf("with room again after %d pages: %v", pages, err)
		}
	}
	t.Error("no size was enough")
}

func TestReadOnlyFolder(t *testing.T) {
	if !onSmallDisk(t, "read-only") {
		return
	}
	w := newWorld(t)
	w.mount("size=1m")
	w.must()
	w.readOnly()
	w.o.Offline = true
	w.must() // everything is here: nothing needs to be written

	empty := newWorld(t)
	empty.mount("size=1m")
	empty.readOnly()
	if _, err := empty.ensure(); !errors.Is(err, syscall.EROFS) || !strings.Contains(err.Error(), "data folder") {
		t.Errorf("got %v", err)
	}
}
