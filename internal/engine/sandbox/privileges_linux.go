package sandbox

import (
	"errors"
	"fmt"
	"syscall"

	"golang.org/x/sys/unix"
)

// programFD is where the program waits to be executed: just above the highest
// descriptor that the limit allows. See seccomp.
const programFD = 512

// maxProcesses bounds threads, counted inside the user namespace.
const maxProcesses = 512

// dropPrivileges leaves root, gives up every capability and the way back.
func dropPrivileges() error {
	for c := uintptr(0); ; c++ {
		err := unix.Prctl(unix.PR_CAPBSET_DROP, c, 0, 0, 0)
		if errors.Is(err, unix.EINVAL) || errors.Is(err, unix.EPERM) {
			break // past the last one, or never had the right to
		}
		if err != nil {
			return err
		}
	}
	if syscall.Getuid() == 0 {
		if err := errors.Join(syscall.Setgroups(nil), syscall.Setresgid(nobody, nobody, nobody),
			syscall.Setresuid(nobody, nobody, nobody)); err != nil {
			return fmt.Errorf("become uid %d: %w", nobody, err)
		}
	}
	err := unix.Prctl(unix.PR_CAP_AMBIENT, unix.PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0)
	if err != nil {
		return err
	}
	none := [2]unix.CapUserData{}
	if err := unix.Capset(&unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}, &none[0]); err != nil {
		return err
	}
	return unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
}

// limits bounds what the kernel counts. Files may have no size: the program
// writes to sockets and pipes only.
func (s spec) limits(l *Layers) error {
	set := []struct {
		what  int
		value uint64
	}{
		{unix.RLIMIT_CORE, 0}, {unix.RLIMIT_FSIZE, 0}, {unix.RLIMIT_MSGQUEUE, 0},
		{unix.RLIMIT_NOFILE, programFD},
	}
	if l.User { // elsewhere all processes of the same user would count
		set = append(set, struct {
			what  int
			value uint64
		}{unix.RLIMIT_NPROC, maxProcesses})
	}
	if s.Memory > 0 {
		set = append(set, struct {
			what  int
			value uint64
		}{unix.RLIMIT_AS, s.Memory})
	}
	for _, limit := range set {
		r := unix.Rlimit{Cur: limit.value, Max: limit.value}
		if err := unix.Setrlimit(limit.what, &r); err != nil {
			return err
		}
	}
	return nil
}
