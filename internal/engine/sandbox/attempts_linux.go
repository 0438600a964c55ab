package sandbox

import (
	"path/filepath"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// An attempt is something that must be refused. They use plain system calls,
// without Go's network poller, which an engine does not need. Where one
// cannot be tried without harm outside a sandbox, its arguments are such that
// the kernel would say ESRCH, EFAULT or EINVAL if it looked at them.
type attempt struct {
	name string
	do   func() error
}

// attempts lists all; the last two replace the process if they succeed.
func attempts(t Targets) []attempt {
	return append(append(append(network(t), files(t)...), processes(t)...), kernel()...)
}

func network(t Targets) []attempt {
	loop4 := func(port int) unix.Sockaddr { return &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}, Port: port} }
	return []attempt{
		{"tcp connect, IPv4", connect(unix.AF_INET, unix.SOCK_STREAM, loop4(t.TCP4))},
		{"tcp connect, IPv6", connect(unix.AF_INET6, unix.SOCK_STREAM, &unix.SockaddrInet6{Addr: [16]byte{15: 1}, Port: t.TCP6})},
		{"tcp connect, multipath", connectProto(unix.AF_INET, unix.SOCK_STREAM, unix.IPPROTO_MPTCP, loop4(t.TCP4))},
		{"tcp listen", listenTCP},
		{"udp send", send(unix.AF_INET, unix.SOCK_DGRAM, loop4(t.UDP))},
		{"dns query", send(unix.AF_INET, unix.SOCK_DGRAM, loop4(53))},
		{"raw socket", open(unix.AF_INET, unix.SOCK_RAW, unix.IPPROTO_ICMP)},
		{"netlink socket", open(unix.AF_NETLINK, unix.SOCK_RAW, unix.NETLINK_ROUTE)},
		{"packet socket", open(unix.AF_PACKET, unix.SOCK_RAW, 0)},
		{"vsock socket", open(unix.AF_VSOCK, unix.SOCK_STREAM, 0)},
		{"unix socket connect, abstract", connect(unix.AF_UNIX, unix.SOCK_STREAM, &unix.SockaddrUnix{Name: "@" + t.Abstract})},
		{"unix socket connect, by path", connect(unix.AF_UNIX, unix.SOCK_STREAM, &unix.SockaddrUnix{Name: t.Stream})},
		{"unix datagram, by path", send(unix.AF_UNIX, unix.SOCK_DGRAM, &unix.SockaddrUnix{Name: t.Gram})},
		{"unix socket pair", func() error { _, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_DGRAM, 0); return err }},
	}
}

func files(t Targets) []attempt {
	return []attempt{
		{"read /etc/passwd", read("/etc/passwd")},
		{"read another file", read(t.Secret)},
		{"list another folder", list(filepath.Dir(t.Secret))},
		{"list the home folder", list(t.Home)},
		{"read /proc/1/environ", read("/proc/1/environ")},
		{"read /proc/self/maps", read("/proc/self/maps")},
		{"read /dev/kmsg", read("/dev/kmsg")},
		{"write a file in its own folder", write("written")},
		{"write a file in /tmp", write("/tmp/ringfence-written")},
		{"make a folder", func() error { return unix.Mkdir("made", 0o700) }},
		{"make a link", func() error { return unix.Symlink("/etc", "linked") }},
		{"make a device", func() error { return unix.Mknod("device", unix.S_IFCHR|0o600, int(unix.Mkdev(1, 3))) }},
		{"make a file in memory", func() error { _, err := unix.MemfdCreate("memory", 0); return err }},
		{"change a mode", func() error { return unix.Chmod(".", 0o777) }},
		{"follow /proc/self/root", list("/proc/self/root/etc")},
	}
}

func processes(t Targets) []attempt {
	return []attempt{
		{"fork", raw(unix.SYS_CLONE, uintptr(unix.SIGCHLD), 0, 0, 0, 0)},
		{"fork with clone3", fork3},
		{"signal a process outside", raw(unix.SYS_KILL, uintptr(t.Parent), 0)},
		{"signal a thread outside", raw(unix.SYS_TGKILL, uintptr(t.Parent), uintptr(t.Parent), 0)},
		{"hold a process outside", raw(unix.SYS_PIDFD_OPEN, uintptr(t.Parent), 0)},
		{"trace a process", raw(unix.SYS_PTRACE, unix.PTRACE_ATTACH, noProcess, 0, 0)},
		{"read another process's memory", raw(unix.SYS_PROCESS_VM_READV, noProcess, 0, 0, 0, 0, 0)},
		{"own the signals of a descriptor", raw(unix.SYS_FCNTL, 1, unix.F_SETOWN, uintptr(t.Parent))},
		{"raise a limit", func() error {
			return unix.Prlimit(0, unix.RLIMIT_NOFILE, &unix.Rlimit{Cur: 64, Max: 64}, nil)
		}},
		{"outlive the parent", raw(unix.SYS_PRCTL, unix.PR_SET_PDEATHSIG, 0)},
		{"become root", raw(unix.SYS_SETUID, 0)},
		{"reach the program's descriptor", func() error {
			_, err := unix.FcntlInt(1, unix.F_DUPFD, programFD)
			if err == unix.EINVAL { // how the kernel says: above the limit
				err = unix.EPERM
			}
			return err
		}},
	}
}

func kernel() []attempt {
	list := []attempt{
		{"mount", raw(unix.SYS_MOUNT, 0, 0, 0, 0, 0)},
		{"unmount", raw(unix.SYS_UMOUNT2, 0, 0)},
		{"new namespaces", raw(unix.SYS_UNSHARE, unix.CLONE_NEWUTS)},
		{"join a namespace", raw(unix.SYS_SETNS, noFD, 0)},
		{"change the root", raw(unix.SYS_CHROOT, 0)},
		{"bpf", raw(unix.SYS_BPF, 9999, 0, 0)},
		{"kernel keys", raw(unix.SYS_KEYCTL, 9999, 0, 0)},
		{"io_uring", raw(unix.SYS_IO_URING_SETUP, 0, 0)},
		{"userfaultfd", raw(unix.SYS_USERFAULTFD, noFlags)},
		{"perf events", raw(unix.SYS_PERF_EVENT_OPEN, 0, 0, 0, noFD, 0)},
		{"kernel module", raw(unix.SYS_FINIT_MODULE, noFD, 0, 0)},
		{"new kernel", raw(unix.SYS_KEXEC_LOAD, 0, 0, 0, noFlags)},
		{"set the clock", raw(unix.SYS_CLOCK_SETTIME, 0, 0)},
		{"open by handle", raw(unix.SYS_OPEN_BY_HANDLE_AT, noFD, 0, 0)},
		{"terminal input", raw(unix.SYS_IOCTL, 0, unix.TIOCSTI, 0)},
		{"terminal settings", raw(unix.SYS_IOCTL, 0, unix.TCSETS, 0)},
		{"execute a descriptor", func() error { return execveat(noFD, "") }},
	}
	return append(list,
		attempt{"execute itself", execute("/proc/self/exe", probeName, again)},
		attempt{"execute a shell", execute("/bin/sh", "sh", "-c", `echo '{"Name":"execute a shell","Errno":"none"}'`)})
}

// Arguments that name nothing.
const (
	noProcess = 1 << 29
	noFD      = 1 << 20
	noFlags   = 1 << 30
)

// raw makes one system call.
func raw(number uintptr, args ...uintptr) func() error {
	return func() error {
		var a [6]uintptr
		copy(a[:], args)
		pid, _, errno := unix.RawSyscall6(number, a[0], a[1], a[2], a[3], a[4], a[5])
		if errno != 0 {
			return errno
		}
		if number == unix.SYS_CLONE && pid == 0 {
			unix.RawSyscall(unix.SYS_EXIT_GROUP, 0, 0, 0) // the child of a fork that succeeded
		}
		return nil
	}
}

func fork3() error {
	args := struct{ flags, pidfd, child, parent, exit, stack, size, tls uint64 }{exit: uint64(unix.SIGCHLD)}
	pid, _, errno := unix.RawSyscall(unix.SYS_CLONE3, uintptr(unsafe.Pointer(&args)), unsafe.Sizeof(args), 0)
	if errno != 0 {
		return errno
	}
	if pid == 0 {
		unix.RawSyscall(unix.SYS_EXIT_GROUP, 0, 0, 0)
	}
	return nil
}

func connect(domain, kind int, to unix.Sockaddr) func() error {
	return connectProto(domain, kind, 0, to)
}

func connectProto(domain, kind, protocol int, to unix.Sockaddr) func() error {
	return withSocket(domain, kind, protocol, func(fd int) error { return unix.Connect(fd, to) })
}

func send(domain, kind int, to unix.Sockaddr) func() error {
	return withSocket(domain, kind, 0, func(fd int) error { return unix.Sendto(fd, []byte("x"), 0, to) })
}

func open(domain, kind, protocol int) func() error {
	return withSocket(domain, kind, protocol, func(int) error { return nil })
}

func listenTCP() error {
	return withSocket(unix.AF_INET, unix.SOCK_STREAM, 0, func(fd int) error {
		if err := unix.Bind(fd, &unix.SockaddrInet4{}); err != nil {
			return err
		}
		return unix.Listen(fd, 1)
	})()
}

func withSocket(domain, kind, protocol int, use func(fd int) error) func() error {
	return func() error {
		fd, err := unix.Socket(domain, kind, protocol)
		if err != nil {
			return err
		}
		defer unix.Close(fd)
		return use(fd)
	}
}

func read(path string) func() error {
	return func() error {
		fd, err := unix.Open(path, unix.O_RDONLY|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
		if err != nil {
			return err
		}
		return unix.Close(fd)
	}
}

func list(path string) func() error {
	return func() error {
		fd, err := unix.Open(path, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
		if err != nil {
			return err
		}
		defer unix.Close(fd)
		_, err = unix.ReadDirent(fd, make([]byte, 4096))
		return err
	}
}

// write leaves no file behind where it succeeds.
func write(path string) func() error {
	return func() error {
		fd, err := unix.Open(path, unix.O_WRONLY|unix.O_CREAT|unix.O_CLOEXEC, 0o600)
		if err != nil {
			return err
		}
		defer unix.Close(fd)
		defer func() { _ = unix.Unlink(path) }()
		_, err = unix.Write(fd, []byte("x"))
		return err
	}
}

// execute replaces this process by one that reports the success; it comes back
// only when it is refused.
func execute(path string, argv ...string) func() error {
	return func() error { return syscall.Exec(path, argv, nil) }
}

func execveat(fd int, path string) error {
	p, err := unix.BytePtrFromString(path)
	if err != nil {
		return err
	}
	_, _, errno := unix.RawSyscall6(unix.SYS_EXECVEAT, uintptr(fd), uintptr(unsafe.Pointer(p)), 0, 0, unix.AT_EMPTY_PATH, 0)
	return errno
}
