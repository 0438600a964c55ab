package sandbox_test

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"ringfence/internal/engine/sandbox"
)

// The ways in which a sandbox can be put up on a machine that has everything.
var ways = map[string]struct {
	without []string
	layers  []string // that must be in force
}{
	"all layers":        {nil, []string{"user namespace", "network namespace", "own file system", "no privileges", "seccomp"}},
	"no landlock":       {[]string{"landlock"}, []string{"user namespace", "own file system", "no privileges", "seccomp"}},
	"no user namespace": {[]string{"user namespace"}, []string{"no privileges", "seccomp"}},
	"no namespaces":     {[]string{"namespaces"}, []string{"no privileges", "seccomp"}},
}

// TestProbe tries everything that must be refused, as the user who runs the
// tests and, if that is root, as an ordinary user as well.
func TestProbe(t *testing.T) {
	for name, way := range ways {
		t.Run(name, func(t *testing.T) {
			r, err := sandbox.Probe(sandbox.Options{Program: publicCopy(t), Dir: publicDir(t), Without: way.without})
			if err != nil {
				t.Fatal(err)
			}
			judge(t, r, way.layers)
		})
		if os.Getuid() == 0 {
			t.Run(name+", uid 1000", func(t *testing.T) { judge(t, probeAs(t, 1000, way.without), way.layers) })
		}
	}
}

func judge(t *testing.T, r sandbox.ProbeReport, layers []string) {
	t.Helper()
	t.Logf("in force: %v; missing: %v", r.Layers.List(), r.Layers.Missing)
	if err := r.Err(); err != nil {
		t.Error(err)
	}
	for _, layer := range layers {
		if !slices.Contains(r.Layers.List(), layer) {
			t.Errorf("the layer %q is not in force", layer)
		}
	}
}

// TestProbeCanFail runs the attempts without a sandbox: those that any
// process may make must succeed there, or the probe would prove nothing.
func TestProbeCanFail(t *testing.T) {
	open, err := sandbox.ProbeOpen(publicDir(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{
		"tcp connect, IPv4", "tcp listen", "udp send", "netlink socket", "unix socket connect, abstract",
		"unix socket connect, by path", "unix datagram, by path", "unix socket pair", "read /etc/passwd",
		"read another file", "list another folder", "read /proc/self/maps", "write a file in its own folder",
		"make a folder", "make a link", "make a file in memory", "change a mode", "fork", "fork with clone3",
		"signal a process outside", "trace a process", "read another process's memory", "raise a limit",
		"outlive the parent", "execute a shell",
	} {
		if !slices.ContainsFunc(open, func(a sandbox.Attempt) bool { return a.Name == name && !a.Refused }) {
			t.Errorf("%q is refused even without a sandbox", name)
		}
	}
}

// probeAs runs TestProbeChild as another user and returns what it found.
func probeAs(t *testing.T, uid uint32, without []string) sandbox.ProbeReport {
	t.Helper()
	cmd := exec.Command(publicCopy(t), "-test.run=^TestProbeChild$")
	cmd.Env = []string{"RINGFENCE_PROBE_WITHOUT=" + strings.Join(without, ","), "TMPDIR=" + publicDir(t)}
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uid, Gid: uid}}
	cmd.Dir = "/"
	if err := os.Chmod(strings.TrimPrefix(cmd.Env[1], "TMPDIR="), 0o777); err != nil {
		t.Fatal(err)
	}
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	var r sandbox.ProbeReport
	if err := json.NewDecoder(bytes.NewReader(out)).Decode(&r); err != nil {
		t.Fatalf("%v in %s", err, out)
	}
	return r
}

// TestProbeChild is the body of probeAs; run by itself it probes all layers.
func TestProbeChild(t *testing.T) {
	var without []string
	if list := os.Getenv("RINGFENCE_PROBE_WITHOUT"); list != "" {
		without = strings.Split(list, ",")
	}
	r, err := sandbox.Probe(sandbox.Options{Program: publicCopy(t), Dir: publicDir(t), Without: without})
	if err != nil {
		t.Fatal(err)
	}
	if err := json.NewEncoder(os.Stdout).Encode(r); err != nil {
		t.Fatal(err)
	}
}

// TestRefusesWithoutSeccomp: one layer is never given up.
func TestRefusesWithoutSeccomp(t *testing.T) {
	for _, without := range [][]string{{"seccomp"}, {"namespaces", "landlock"}} {
		_, err := sandbox.Probe(sandbox.Options{Program: publicCopy(t), Dir: publicDir(t), Without: without})
		if err == nil || !strings.Contains(err.Error(), "not strong enough") {
			t.Errorf("without %v: error %v", without, err)
		}
	}
}

func publicDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "ringfence-test-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

// publicCopy is a copy of the test binary that every user can execute.
func publicCopy(t *testing.T) string {
	t.Helper()
	path := filepath.Join(publicDir(t), "program")
	in, err := os.Open("/proc/self/exe")
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	out, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY, 0o755)
	if err != nil {
		t.Fatal(err)
	}
	_, err = io.Copy(out, in)
	if cerr := out.Close(); err != nil || cerr != nil {
		t.Fatal(err, cerr)
	}
	return path
}
