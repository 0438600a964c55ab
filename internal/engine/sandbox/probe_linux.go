package sandbox

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"syscall"

	"golang.org/x/sys/unix"
)

// Targets are things outside the sandbox that really are there, so that an
// attempt that is refused is refused by the sandbox and not for want of a
// target.
type Targets struct {
	TCP4, TCP6, UDP int    // ports on loopback where somebody listens
	Abstract        string // name of an abstract unix socket, without the @
	Stream, Gram    string // paths of unix sockets
	Secret          string // a file that everybody may read, in a folder of its own
	Home            string
	Parent          int // a process id outside
}

// Probe runs this binary in the sandbox that o describes, lets it try what it
// must not be able to do, and reports. Of o, Name, Args, Env and the outputs
// are replaced. Program may name a copy of this binary, for one that the
// sandbox's user cannot read.
func Probe(o Options) (ProbeReport, error) {
	targets, done, err := openTargets()
	if err != nil {
		return ProbeReport{}, fmt.Errorf("the probe cannot prepare its targets: %w", err)
	}
	defer done()
	if o.Program == "" {
		if o.Program, err = os.Executable(); err != nil {
			return ProbeReport{}, err
		}
	}
	arg, err := json.Marshal(targets)
	if err != nil {
		return ProbeReport{}, err
	}
	var out bytes.Buffer
	o.Name, o.Args, o.Env = probeName, []string{string(arg)}, []string{"GOTRACEBACK=none"}
	o.Stdout, o.Stderr = &out, &out
	p, err := Start(o)
	if err != nil {
		return ProbeReport{}, err
	}
	if err := p.Wait(); err != nil {
		return ProbeReport{}, fmt.Errorf("the probe ended early: %w: %s", err, out.String())
	}
	r := ProbeReport{Layers: p.Layers}
	r.Attempts, err = readAttempts(&out)
	return r, err
}

// readAttempts reads what a probe printed; all attempts must be there.
func readAttempts(out *bytes.Buffer) ([]Attempt, error) {
	var got []Attempt
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		var a Attempt
		if err := json.Unmarshal(lines.Bytes(), &a); err != nil {
			return nil, fmt.Errorf("the probe said %q", lines.Text())
		}
		got = append(got, a)
	}
	if want := len(attempts(Targets{})); len(got) != want {
		return nil, fmt.Errorf("the probe made %d attempts of %d", len(got), want)
	}
	return got, lines.Err()
}

// again is the argument of a probe that could execute itself.
const again = "again"

// probe is the program of a Probe.
func probe() {
	var t Targets
	list := attempts(t)
	if os.Args[1] == again {
		say(list[len(list)-2].name, nil)
		list = list[len(list)-1:]
	} else if err := json.Unmarshal([]byte(os.Args[1]), &t); err != nil {
		os.Exit(1)
	} else {
		list = attempts(t)
	}
	for _, try := range list {
		say(try.name, try.do())
	}
	os.Exit(0)
}

// say prints one attempt with a plain system call: Go's own output would use
// calls that an engine does not need.
func say(name string, err error) {
	a := Attempt{Name: name, Refused: refused(err), Errno: "none"}
	var no syscall.Errno
	switch {
	case errors.As(err, &no):
		a.Errno = unix.ErrnoName(no)
	case err != nil:
		a.Errno = err.Error()
	}
	line, _ := json.Marshal(a)
	_, _ = syscall.Write(1, append(line, '\n'))
}

// refused tells a refusal from a kernel that tried: "connection refused" or
// "no such process" mean that the request got through.
func refused(err error) bool {
	var no syscall.Errno
	return errors.As(err, &no) && slices.Contains([]syscall.Errno{
		unix.EPERM, unix.EACCES, unix.ENOSYS, unix.EROFS, unix.ENOENT, unix.ENETUNREACH, unix.EFBIG,
	}, no)
}

// openTargets opens what an unconfined process could reach.
func openTargets() (t Targets, done func(), err error) {
	dir, err := os.MkdirTemp("", "ringfence-probe-")
	if err != nil {
		return t, nil, err
	}
	o := opener{}
	done = func() {
		for _, c := range o.open {
			_ = c.Close()
		}
		_ = os.RemoveAll(dir)
	}
	t = Targets{
		Abstract: filepath.Base(dir), Stream: filepath.Join(dir, "stream.sock"),
		Gram: filepath.Join(dir, "gram.sock"), Secret: filepath.Join(dir, "secret"), Parent: os.Getpid(),
	}
	t.Home, _ = os.UserHomeDir() // none is fine: then the attempt is on ""
	t.TCP4 = o.listen("tcp4", "127.0.0.1:0")
	t.UDP = o.packets("udp4", "127.0.0.1:0")
	o.listen("unix", "@"+t.Abstract)
	o.listen("unix", t.Stream)
	o.packets("unixgram", t.Gram)
	err = errors.Join(o.err, os.WriteFile(t.Secret, []byte("secret"), 0o644), os.Chmod(dir, 0o755),
		os.Chmod(t.Stream, 0o777), os.Chmod(t.Gram, 0o777))
	if err != nil {
		done()
		return t, nil, err
	}
	t.TCP6 = o.listen("tcp6", "[::1]:0") // 0 on machines without IPv6
	return t, done, nil
}

// An opener opens listeners and keeps the errors.
type opener struct {
	open []io.Closer
	err  error
}

// listen returns the port, if the network has ports.
func (o *opener) listen(network, address string) int {
	l, err := net.Listen(network, address)
	if err != nil {
		o.err = errors.Join(o.err, err)
		return 0
	}
	o.open = append(o.open, l)
	if tcp, ok := l.Addr().(*net.TCPAddr); ok {
		return tcp.Port
	}
	return 0
}

func (o *opener) packets(network, address string) int {
	c, err := net.ListenPacket(network, address)
	if err != nil {
		o.err = errors.Join(o.err, err)
		return 0
	}
	o.open = append(o.open, c)
	if udp, ok := c.LocalAddr().(*net.UDPAddr); ok {
		return udp.Port
	}
	return 0
}
