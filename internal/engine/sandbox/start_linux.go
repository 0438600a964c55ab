package sandbox

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"syscall"
	"time"
)

const (
	childName  = "ringfence-sandbox"
	nobody     = 65534            // uid and gid inside, and outside too when the parent is root
	setupLimit = 20 * time.Second // for the child to shut itself in

	spaces = syscall.CLONE_NEWNET | syscall.CLONE_NEWPID | syscall.CLONE_NEWNS |
		syscall.CLONE_NEWIPC | syscall.CLONE_NEWUTS

	capSetPCap  = 8  // to give up the others for good
	capSysAdmin = 21 // over the child's own namespaces: to build its root
)

// spec is what the parent tells the child: its Options, and with which
// namespaces the child was born.
type spec struct {
	Program, Name, Dir string
	Args, Env, Read    []string
	Without            []string
	Memory             uint64
	Nice               int
	Spaces, User       bool
}

// report is what the child tells the parent once it is shut in.
type report struct {
	Layers Layers
	Err    string
}

// Start runs the program that o describes in as many layers as the machine
// gives: with namespaces of its own if the kernel or the container lets it
// have them, and without if not. It returns when the program runs. Root gives
// the working folder to uid 65534, as which the program will run.
func Start(o Options) (*Process, error) {
	if os.Getuid() == 0 {
		if err := os.Chown(o.Dir, nobody, nobody); err != nil {
			return nil, err
		}
	}
	var refused []string
	for _, flags := range ladder(o.Without) {
		p, err := launch(o, flags)
		var no *spacesError
		switch {
		case errors.As(err, &no):
			refused = append(refused, no.Error())
			continue
		case err != nil:
			return nil, err
		}
		p.Layers.Missing = append(refused, p.Layers.Missing...)
		if err := errors.Join(p.Layers.enough(), p.become()); err != nil {
			p.Kill()
			return nil, errors.Join(err, p.Wait())
		}
		return p, nil
	}
	return nil, fmt.Errorf("%w: %v", ErrNotEnough, refused)
}

// ladder lists the namespaces to ask for, best first. Root may have the others
// where user namespaces are switched off.
func ladder(without []string) []uintptr {
	switch {
	case slices.Contains(without, "namespaces"):
		return []uintptr{0}
	case slices.Contains(without, "user namespace"):
		return []uintptr{spaces, 0}
	case os.Getuid() == 0:
		return []uintptr{spaces | syscall.CLONE_NEWUSER, spaces, 0}
	}
	return []uintptr{spaces | syscall.CLONE_NEWUSER, 0}
}

// spacesError says that the kernel refused namespaces.
type spacesError struct {
	user bool
	err  error
}

func (e *spacesError) Error() string {
	if e.user {
		return fmt.Sprintf("user namespaces: %v", e.err)
	}
	return fmt.Sprintf("namespaces without a user namespace: %v", e.err)
}

// launch starts the child and waits until it has shut itself in.
func launch(o Options, flags uintptr) (*Process, error) {
	specIn, specOut, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	reportIn, reportOut, err := os.Pipe()
	if err != nil {
		return nil, errors.Join(err, specIn.Close(), specOut.Close())
	}
	cmd := exec.Command("/proc/self/exe")
	cmd.Args, cmd.Env = []string{childName}, []string{}
	cmd.Stdout, cmd.Stderr = o.Stdout, o.Stderr
	cmd.WaitDelay = time.Second
	cmd.ExtraFiles = []*os.File{specIn, reportOut} // descriptors 3 and 4
	cmd.SysProcAttr = attributes(flags)
	p := &Process{cmd: cmd, orders: specOut, reports: bufio.NewReader(reportIn), pipe: reportIn, exited: make(chan struct{})}
	err = p.start()
	specIn.Close()
	reportOut.Close()
	if err != nil {
		p.closePipes()
		if flags != 0 {
			return nil, &spacesError{flags&syscall.CLONE_NEWUSER != 0, err}
		}
		return nil, fmt.Errorf("the sandbox cannot be started: %w", err)
	}
	if err := p.shutIn(o, flags); err != nil {
		p.Kill()
		return nil, errors.Join(err, ignoreExit(p.Wait()))
	}
	return p, nil
}

// attributes maps the ids of a new user namespace. Root stays root inside
// until the child has built its file system, because only root may look into
// folders like /root; an ordinary user has one id to give, and gets the
// capabilities for building it by name.
func attributes(flags uintptr) *syscall.SysProcAttr {
	attr := &syscall.SysProcAttr{Cloneflags: flags, Setsid: true}
	if flags&syscall.CLONE_NEWUSER == 0 {
		return attr
	}
	if os.Getuid() == 0 {
		ids := []syscall.SysProcIDMap{{ContainerID: 0, HostID: 0, Size: 1}, {ContainerID: nobody, HostID: nobody, Size: 1}}
		attr.UidMappings, attr.GidMappings, attr.GidMappingsEnableSetgroups = ids, ids, true
		return attr
	}
	attr.UidMappings = []syscall.SysProcIDMap{{ContainerID: nobody, HostID: os.Getuid(), Size: 1}}
	attr.GidMappings = []syscall.SysProcIDMap{{ContainerID: nobody, HostID: os.Getgid(), Size: 1}}
	attr.AmbientCaps = []uintptr{capSetPCap, capSysAdmin}
	return attr
}

// start runs the child from a thread that lives as long as the child: the
// kernel kills the child when the thread that made it ends, and Go ends idle
// threads.
func (p *Process) start() error {
	started := make(chan error)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := p.cmd.Start()
		started <- err
		if err == nil {
			p.err = p.cmd.Wait()
			close(p.exited)
		}
	}()
	if err := <-started; err != nil {
		return err
	}
	p.PID = p.cmd.Process.Pid
	return nil
}

// shutIn tells the child what to do and hears how far it came.
func (p *Process) shutIn(o Options, flags uintptr) error {
	name := o.Name
	if name == "" {
		name = o.Program
	}
	if err := p.pipe.SetReadDeadline(time.Now().Add(setupLimit)); err != nil {
		return err
	}
	err := json.NewEncoder(p.orders).Encode(spec{
		Program: o.Program, Name: name, Dir: o.Dir, Args: o.Args, Env: o.Env, Read: o.Read,
		Without: o.Without, Memory: o.Memory, Nice: o.Nice,
		Spaces: flags != 0, User: flags&syscall.CLONE_NEWUSER != 0,
	})
	if err != nil {
		return fmt.Errorf("the sandbox does not listen: %w", err)
	}
	line, err := p.reports.ReadBytes('\n')
	if err != nil {
		return fmt.Errorf("the sandbox ended before it was closed: %w", err)
	}
	var r report
	if err := json.Unmarshal(line, &r); err != nil {
		return fmt.Errorf("the sandbox sent a bad report: %w", err)
	}
	if r.Err != "" {
		return fmt.Errorf("the sandbox could not be built: %s", r.Err)
	}
	p.Layers = r.Layers
	return nil
}

// become lets the child turn into the program. The child's end of the report
// pipe closes when it has.
func (p *Process) become() error {
	defer p.closePipes()
	if _, err := io.WriteString(p.orders, "go\n"); err != nil {
		return fmt.Errorf("the sandbox does not listen: %w", err)
	}
	said, err := io.ReadAll(p.reports)
	if err == nil && len(said) > 0 {
		err = errors.New(string(said))
	}
	if err != nil {
		return fmt.Errorf("the program cannot be started in its sandbox: %w", err)
	}
	return nil
}
