package sandbox

import (
	"debug/elf"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unsafe"

	"golang.org/x/sys/unix"
)

// What each version of Landlock can refuse, from its kernel documentation.
// Everything that the kernel knows is refused, but for the rules below.
var refusable = []struct {
	since int
	files uint64
	net   uint64
	scope uint64
}{
	{since: 1, files: unix.LANDLOCK_ACCESS_FS_MAKE_SYM<<1 - 1}, // all up to this one
	{since: 2, files: unix.LANDLOCK_ACCESS_FS_REFER},
	{since: 3, files: unix.LANDLOCK_ACCESS_FS_TRUNCATE},
	{since: 4, net: unix.LANDLOCK_ACCESS_NET_BIND_TCP | unix.LANDLOCK_ACCESS_NET_CONNECT_TCP},
	{since: 5, files: unix.LANDLOCK_ACCESS_FS_IOCTL_DEV},
	{since: 6, scope: unix.LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET | unix.LANDLOCK_SCOPE_SIGNAL},
	{since: 9, files: unix.LANDLOCK_ACCESS_FS_RESOLVE_UNIX},
	{since: 10, net: unix.LANDLOCK_ACCESS_NET_BIND_UDP | unix.LANDLOCK_ACCESS_NET_CONNECT_SEND_UDP},
}

// landlock closes the file system a second time, and the first time where
// there is no mount namespace. Only the program and its loader can be
// executed; in the working folder sockets can be made and removed, no files.
func (s spec) landlock(l *Layers) {
	err := errors.New("left out by choice")
	if !s.without("landlock") {
		l.Landlock, err = s.restrict()
	}
	if err != nil {
		l.Landlock = 0
		l.missing("landlock", err)
	}
}

// restrict returns the version in force. It restricts this thread, which is
// the one that becomes the program.
func (s spec) restrict() (int, error) {
	version, _, errno := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, 0, 0, unix.LANDLOCK_CREATE_RULESET_VERSION)
	if errno != 0 {
		return 0, fmt.Errorf("the kernel has none: %w", errno)
	}
	var attr unix.LandlockRulesetAttr
	for _, r := range refusable {
		if int(version) >= r.since {
			attr.Handled_access_fs |= r.files
			attr.Handled_access_net |= r.net
			attr.Scoped |= r.scope
		}
	}
	// Older kernels accept the longer struct as long as what they do not know
	// is zero.
	rules, _, errno := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET,
		uintptr(unsafe.Pointer(&attr)), unsafe.Sizeof(attr), 0)
	if errno != 0 {
		return 0, fmt.Errorf("make the rules: %w", errno)
	}
	defer unix.Close(int(rules))
	if err := s.allow(rules); err != nil {
		return 0, err
	}
	if _, _, errno := unix.Syscall(unix.SYS_LANDLOCK_RESTRICT_SELF, rules, 0, 0); errno != 0 {
		return 0, fmt.Errorf("enforce the rules: %w", errno)
	}
	return int(version), nil
}

// allow adds what the program needs.
func (s spec) allow(rules uintptr) error {
	const read = unix.LANDLOCK_ACCESS_FS_READ_FILE
	for _, path := range s.executables() {
		if err := allow(rules, path, read|unix.LANDLOCK_ACCESS_FS_EXECUTE); err != nil {
			return err
		}
	}
	for _, path := range slices.Concat(libraries, s.Read, []string{filepath.Dir(s.Program)}) {
		info, err := os.Stat(path)
		if err != nil {
			continue // not every system has every library folder
		}
		access := uint64(read)
		if info.IsDir() {
			access |= unix.LANDLOCK_ACCESS_FS_READ_DIR
		}
		if err := allow(rules, path, access); err != nil {
			return err
		}
	}
	return allow(rules, s.Dir, unix.LANDLOCK_ACCESS_FS_READ_DIR|
		unix.LANDLOCK_ACCESS_FS_MAKE_SOCK|unix.LANDLOCK_ACCESS_FS_REMOVE_FILE)
}

// allow adds one rule for path and everything below it.
func allow(rules uintptr, path string, access uint64) error {
	fd, err := unix.Open(path, unix.O_PATH|unix.O_CLOEXEC, 0)
	if err != nil {
		return &os.PathError{Op: "open", Path: path, Err: err}
	}
	defer unix.Close(fd)
	attr := unix.LandlockPathBeneathAttr{Allowed_access: access, Parent_fd: int32(fd)}
	_, _, errno := unix.Syscall6(unix.SYS_LANDLOCK_ADD_RULE, rules, unix.LANDLOCK_RULE_PATH_BENEATH,
		uintptr(unsafe.Pointer(&attr)), 0, 0, 0)
	if errno != 0 {
		return fmt.Errorf("allow %s: %w", path, errno)
	}
	return nil
}

// executables are the program and, if it is linked dynamically, the loader
// that it names. A program that is no ELF file fails later, at its execution.
func (s spec) executables() []string {
	paths := []string{s.Program}
	f, err := elf.Open(s.Program)
	if err != nil {
		return paths
	}
	defer f.Close()
	for _, p := range f.Progs {
		if p.Type != elf.PT_INTERP || p.Filesz > 4096 {
			continue
		}
		if name, err := io.ReadAll(p.Open()); err == nil {
			paths = append(paths, strings.TrimRight(string(name), "\x00"))
		}
	}
	return paths
}
