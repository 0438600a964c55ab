package sandbox

import (
	"errors"
	"os"

	"github.com/elastic/go-seccomp-bpf"
	"github.com/elastic/go-seccomp-bpf/arch"
	"golang.org/x/sys/unix"
)

// needed are the system calls of llama-server as traced from start to stop,
// with those that other C libraries use for the same work, and the few that
// Go's runtime needs between this filter and the execution of the program.
// Names that an architecture does not have are skipped.
var needed = []string{
	// memory
	"brk", "mmap", "mprotect", "munmap", "mremap", "madvise",
	// threads
	"futex", "set_robust_list", "get_robust_list", "rseq", "set_tid_address", "gettid", "getpid",
	"exit", "exit_group", "sched_yield", "sched_getaffinity", "sched_setaffinity", "membarrier",
	"rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sigaltstack", "restart_syscall",
	// time and chance
	"nanosleep", "clock_nanosleep", "clock_gettime", "clock_getres", "gettimeofday", "getrandom",
	// files; which ones is for the other layers
	"open", "openat", "close", "read", "readv", "pread64", "write", "writev", "lseek", "fadvise64",
	"fstat", "newfstatat", "stat", "lstat", "statx", "access", "faccessat", "faccessat2",
	"readlink", "readlinkat", "getcwd", "getdents64", "unlink", "unlinkat",
	// the socket that the gateway talks to
	"bind", "listen", "accept", "accept4", "recvfrom", "shutdown", "setsockopt", "getsockopt",
	"getsockname", "getpeername", "poll", "ppoll", "select", "pselect6",
	// Go's runtime, on the other threads, until the program is executed
	"epoll_create1", "epoll_ctl", "epoll_pwait", "epoll_pwait2", "epoll_wait", "eventfd2",
	// about itself
	"sysinfo", "uname", "getuid", "geteuid", "getgid", "getegid", "getrusage", "arch_prctl",
}

// seccomp makes everything that is not needed fail with EPERM.
//
// Execution is allowed once: the filter knows the program by its descriptor,
// which is the one number that the limit on descriptors (in force already, and
// out of reach afterwards) no longer gives out. The execution closes it, so
// the number can never mean a file again.
func (s spec) seccomp(l *Layers) {
	if s.without("seccomp") {
		l.missing("seccomp", errors.New("left out by choice"))
		return
	}
	known, err := arch.GetInfo("")
	if err != nil {
		l.missing("seccomp", err)
		return
	}
	var names []string
	for _, name := range needed {
		if _, ok := known.SyscallNames[name]; ok {
			names = append(names, name)
		}
	}
	err = seccomp.LoadFilter(seccomp.Filter{
		NoNewPrivs: true,
		Flag:       seccomp.FilterFlagTSync,
		Policy: seccomp.Policy{
			DefaultAction: seccomp.ActionErrno,
			Syscalls: []seccomp.SyscallGroup{
				{Names: names, Action: seccomp.ActionAllow},
				{NamesWithCondtions: conditional(), Action: seccomp.ActionAllow},
				// C libraries fall back to clone, whose flags can be judged.
				{Names: []string{"clone3"}, Action: seccomp.ActionErrno | seccomp.Action(unix.ENOSYS)},
			},
		},
	})
	if err != nil {
		l.missing("seccomp", err)
		return
	}
	l.Seccomp = true
}

// conditional are the system calls that are needed with some arguments only.
func conditional() []seccomp.NameWithConditions {
	rules := []seccomp.NameWithConditions{
		when("execveat", is(0, programFD), is(4, unix.AT_EMPTY_PATH)),
		when("clone", with(0, unix.CLONE_THREAD), no(0, newSpaces)),  // threads, no processes
		when("sendto", is(4, 0)),                                     // to the peer, no address
		when("tgkill", is(0, uint64(os.Getpid()))),                   // abort, to itself
		when("prlimit64", is(2, 0)),                                  // reading limits
		when("prctl", is(0, unix.PR_SET_NAME)),                       // of a thread
		when("prctl", is(0, unix.PR_SET_VMA)),                        // names of memory
		when("fcntl", upTo(1, unix.F_SETFL)),                         // no owners, no leases
		when("fcntl", is(1, unix.F_DUPFD_CLOEXEC)),                   //
		when("ioctl", is(1, unix.TCGETS)),                            // is it a terminal
		when("ioctl", is(1, fionread)),                               //
		when("ioctl", is(1, fionbio)),                                //
		when("socket", is(0, unix.AF_UNIX), is(1, unix.SOCK_STREAM)), // no datagrams: they need no connection
	}
	for _, flags := range []uint64{unix.SOCK_CLOEXEC, unix.SOCK_NONBLOCK, unix.SOCK_CLOEXEC | unix.SOCK_NONBLOCK} {
		rules = append(rules, when("socket", is(0, unix.AF_UNIX), is(1, unix.SOCK_STREAM|flags)))
	}
	return rules
}

// newSpaces are the flags of clone that ask for namespaces.
const newSpaces = spaces | unix.CLONE_NEWUSER | unix.CLONE_NEWCGROUP | unix.CLONE_NEWTIME

// Two requests of ioctl that x/sys/unix does not name everywhere: how many bytes
// wait, and do not block.
const (
	fionread = 0x541b
	fionbio  = 0x5421
)

func when(name string, c ...seccomp.Condition) seccomp.NameWithConditions {
	return seccomp.NameWithConditions{Name: name, Conditions: c}
}

func is(argument uint32, value uint64) seccomp.Condition {
	return seccomp.Condition{Argument: argument, Operation: seccomp.Equal, Value: value}
}

func upTo(argument uint32, value uint64) seccomp.Condition {
	return seccomp.Condition{Argument: argument, Operation: seccomp.LessOrEqual, Value: value}
}

func with(argument uint32, bits uint64) seccomp.Condition {
	return seccomp.Condition{Argument: argument, Operation: seccomp.BitsSet, Value: bits}
}

func no(argument uint32, bits uint64) seccomp.Condition {
	return seccomp.Condition{Argument: argument, Operation: seccomp.BitsNotSet, Value: bits}
}
