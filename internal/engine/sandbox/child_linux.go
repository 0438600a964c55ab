package sandbox

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strconv"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Main returns at once, unless this process is the child that Start made or
// the program of a Probe: then it does that work and never returns. Call it
// first thing in main, and in TestMain of tests that start sandboxes.
func Main() {
	switch os.Args[0] {
	case childName:
		child()
	case probeName:
		probe()
	}
}

// child shuts this process in, reports to the parent, waits for its word, and
// becomes the program. Everything happens on one thread: some layers are a
// thread's own, and this thread alone survives the last step.
func child() {
	runtime.LockOSThread()
	orders, reports := bufio.NewReader(os.NewFile(3, "orders")), os.NewFile(4, "reports")
	var s spec
	line, err := orders.ReadBytes('\n')
	if err == nil {
		err = json.Unmarshal(line, &s)
	}
	if err != nil {
		os.Exit(1) // the parent is gone
	}
	unix.CloseOnExec(3)
	unix.CloseOnExec(4)
	var r report
	program, err := s.shutIn(&r.Layers)
	if err != nil {
		r.Err = err.Error()
	}
	said, _ := json.Marshal(r) // plain strings and booleans
	_, err = reports.Write(append(said, '\n'))
	if word, _ := orders.ReadString('\n'); err != nil || r.Err != "" || word != "go\n" {
		os.Exit(1)
	}
	err = s.become(program)
	_, _ = reports.WriteString(err.Error())
	os.Exit(1)
}

// shutIn puts up one layer after the other and returns the descriptor of the
// program to execute. What the machine does not give is noted in l; an error
// is only for what every machine gives.
func (s spec) shutIn(l *Layers) (int, error) {
	s.behave(l)
	l.User, l.Net, l.PID, l.IPC, l.UTS = s.User, s.Spaces, s.Spaces, s.Spaces, s.Spaces
	if s.Spaces {
		if err := s.newRoot(); err != nil {
			l.missing("own file system", err)
		} else {
			l.Root = true
		}
	}
	if err := os.Chdir(s.Dir); err != nil {
		return 0, err
	}
	if err := dropPrivileges(); err != nil {
		return 0, fmt.Errorf("privileges: %w", err)
	}
	l.NoPrivileges = true
	// After the change of uid, which makes the kernel forget this.
	if err := unix.Prctl(unix.PR_SET_PDEATHSIG, uintptr(unix.SIGKILL), 0, 0, 0); err != nil {
		return 0, fmt.Errorf("parent death signal: %w", err)
	}
	if err := s.readable(); err != nil {
		return 0, err
	}
	s.landlock(l)
	program, err := s.open()
	if err != nil {
		return 0, err
	}
	if err := s.limits(l); err != nil {
		return 0, fmt.Errorf("limits: %w", err)
	}
	s.seccomp(l)
	return program, nil
}

// behave makes the program the first to yield and the first to go when memory
// runs out. It is no layer of protection, so a failure is only noted.
func (s spec) behave(l *Layers) {
	if err := unix.Setpriority(unix.PRIO_PROCESS, 0, s.Nice); err != nil {
		l.missing("nice", err)
	}
	if err := os.WriteFile("/proc/self/oom_score_adj", []byte("500"), 0); err != nil {
		l.missing("out-of-memory score", err)
	}
}

// readable explains what would otherwise be an engine that does not start:
// the program runs as another user than the one who placed the files.
func (s spec) readable() error {
	for _, path := range append([]string{s.Program}, s.Read...) {
		if err := unix.Access(path, unix.R_OK); err != nil {
			return fmt.Errorf("%s cannot be read by the user that the engine runs as (uid %d): %w; "+
				"make the file readable for all and its folders searchable (chmod a+rX)", path, os.Getuid(), err)
		}
	}
	if err := unix.Access(s.Dir, unix.R_OK|unix.W_OK|unix.X_OK); err != nil {
		return fmt.Errorf("%s cannot be written by the user that the engine runs as (uid %d): %w; "+
			"make the folders above it searchable (chmod a+X)", s.Dir, os.Getuid(), err)
	}
	return nil
}

// open puts the program at descriptor programFD, see there.
func (s spec) open() (int, error) {
	fd, err := unix.Open(s.Program, unix.O_PATH|unix.O_CLOEXEC, 0)
	if err != nil {
		return 0, &os.PathError{Op: "open", Path: s.Program, Err: err}
	}
	at, err := unix.FcntlInt(uintptr(fd), unix.F_DUPFD_CLOEXEC, programFD)
	if err == nil && at != programFD {
		err = errors.New("descriptor " + strconv.Itoa(programFD) + " is taken")
	}
	return at, errors.Join(err, unix.Close(fd))
}

// become executes the program. It returns only if that fails.
func (s spec) become(program int) error {
	argv, err := syscall.SlicePtrFromStrings(append([]string{s.Name}, s.Args...))
	if err != nil {
		return err
	}
	env, err := syscall.SlicePtrFromStrings(s.Env)
	if err != nil {
		return err
	}
	empty := []byte{0}
	_, _, errno := unix.RawSyscall6(unix.SYS_EXECVEAT, uintptr(program),
		uintptr(unsafe.Pointer(&empty[0])), uintptr(unsafe.Pointer(&argv[0])),
		uintptr(unsafe.Pointer(&env[0])), unix.AT_EMPTY_PATH, 0)
	return fmt.Errorf("execute %s: %w", s.Program, errno)
}

func (s spec) without(layer string) bool { return slices.Contains(s.Without, layer) }
