package llama_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"ringfence/internal/engine"
	"ringfence/internal/engine/enginetest"
	"ringfence/internal/engine/llama"
)

// TestServerDies: the answer in progress breaks off, the next prompts are
// refused for now, and a new server is there soon.
func TestServerDies(t *testing.T) {
	e := start(t, llama.Options{})
	pid := e.Status().PID
	p := hello()
	p.Stream, p.MaxTokens = true, 500
	events := 0
	used, err := e.Generate(t.Context(), p, func(ev engine.Event) error {
		if ev.Pause {
			return nil
		}
		if events++; events == 3 {
			return syscall.Kill(pid, syscall.SIGKILL)
		}
		return nil
	})
	if !errors.Is(err, engine.ErrInterrupted) || used.Completion < 3 {
		t.Errorf("the answer ended with %v, usage %+v", err, used)
	}
	if _, err := e.Generate(t.Context(), p, drop); !errors.Is(err, engine.ErrUnavailable) {
		t.Errorf("right after, the engine says %v", err)
	}
	for end := time.Now().Add(time.Minute); e.Status().Restarts == 0 && time.Now().Before(end); {
		time.Sleep(time.Millisecond)
	}
	waitReady(t, e)
	if s := e.Status(); s.Restarts != 1 || s.PID == pid || s.PID == 0 || s.Err != "" {
		t.Errorf("status %+v", s)
	}
	if _, err := e.Generate(t.Context(), hello(), drop); err != nil {
		t.Error(err)
	}
}

// TestCrashLoop: a server that cannot start is given up, and the status says
// why in its own words.
func TestCrashLoop(t *testing.T) {
	model := filepath.Join(t.TempDir(), "broken.gguf")
	if err := os.WriteFile(model, []byte("GGUF, but no more than that"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(filepath.Dir(filepath.Dir(model)), 0o755); err != nil {
		t.Fatal(err)
	}
	e := launch(t, llama.Options{Model: model})
	var states []string
	err := e.WaitReady(t.Context(), func(s engine.Status) {
		if len(states) == 0 || states[len(states)-1] != string(s.State) {
			states = append(states, string(s.State))
		}
	})
	s := e.Status()
	if !errors.Is(err, engine.ErrUnavailable) || s.State != engine.StateFailed || s.PID != 0 || s.Err == "" {
		t.Errorf("%v, status %+v", err, s)
	}
	if log := strings.Join(s.Log, "\n"); !strings.Contains(log, "broken.gguf") {
		t.Errorf("the log does not tell: %s", log)
	}
	if want := "starting backoff starting backoff"; !strings.HasPrefix(strings.Join(states, " "), want) {
		t.Errorf("states %v", states)
	}
	if err := e.Ready(t.Context()); !errors.Is(err, engine.ErrUnavailable) {
		t.Errorf("Ready: %v", err)
	}
}

// TestStops: the end of the context ends the server and all it left.
func TestStops(t *testing.T) {
	dir := t.TempDir()
	e := start(t, llama.Options{Dir: dir})
	pid := e.Status().PID
	began := time.Now()
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(began); took > 3*time.Second {
		t.Errorf("it took %v: the server had to be killed", took)
	}
	if alive(pid) {
		t.Error("the server is still there")
	}
	if s := e.Status(); s.State != engine.StateStopped || s.PID != 0 {
		t.Errorf("status %+v", s)
	}
	if _, err := e.Generate(t.Context(), hello(), drop); !errors.Is(err, engine.ErrUnavailable) {
		t.Errorf("a stopped engine says %v", err)
	}
}

// TestParentKilled: nothing can outlive this process, however it ends.
func TestParentKilled(t *testing.T) {
	for _, without := range []string{"", "namespaces"} {
		t.Run("without "+without, func(t *testing.T) {
			parent, pid, _ := runHelper(t, 0, without)
			if !alive(pid) {
				t.Fatal("the server is not there")
			}
			if err := parent.Process.Kill(); err != nil {
				t.Fatal(err)
			}
			_ = parent.Wait() // it was killed
			for end := time.Now().Add(5 * time.Second); alive(pid); time.Sleep(time.Millisecond) {
				if time.Now().After(end) {
					t.Fatal("the server outlives its parent")
				}
			}
		})
	}
}

// TestOrdinaryUser: nothing needs root.
func TestOrdinaryUser(t *testing.T) {
	if os.Getuid() != 0 {
		t.Log("the other tests run as an ordinary user already")
		return
	}
	for _, without := range []string{"", "namespaces", "landlock"} {
		t.Run("without "+without, func(t *testing.T) {
			_, _, layers := runHelper(t, 1000, without)
			if !strings.HasSuffix(layers, "seccomp") || strings.Contains(layers, "own file system") == (without == "namespaces") {
				t.Errorf("layers %s", layers)
			}
		})
	}
}

// TestServerIsHeld reads from the kernel what holds the server.
func TestServerIsHeld(t *testing.T) {
	e := start(t, llama.Options{})
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", e.Status().PID))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"NoNewPrivs:\t1", "Seccomp:\t2", "CapEff:\t0000000000000000", "CapBnd:\t0000000000000000"} {
		if !strings.Contains(string(status), want) {
			t.Errorf("no %q in %s", want, status)
		}
	}
	if os.Getuid() == 0 && !strings.Contains(string(status), "Uid:\t65534\t65534\t65534\t65534") {
		t.Errorf("the server runs as another user: %s", status)
	}
	env, err := os.ReadFile(fmt.Sprintf("/proc/%d/environ", e.Status().PID))
	if err != nil || strings.Contains(string(env), "RINGFENCE") || strings.Contains(string(env), "PATH=") {
		t.Errorf("environment %q, %v", env, err)
	}
}

// TestMemoryLimit: a server that needs more than it may have does not start.
func TestMemoryLimit(t *testing.T) {
	e := launch(t, llama.Options{Memory: 64 << 20, StartTimeout: 10 * time.Second})
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	if err := e.WaitReady(ctx, nil); err == nil {
		t.Error("it is ready")
	}
}

// runHelper starts the test binary as a program of its own that runs an
// engine, as another user if uid is not 0, and returns what that says.
func runHelper(t *testing.T, uid uint32, without string) (cmd *exec.Cmd, pid int, layers string) {
	t.Helper()
	server, model := publicFiles(t)
	dir := publicDir(t)
	cmd = exec.Command(publicCopy(t, "/proc/self/exe", "test"))
	cmd.Env = []string{helperDir + "=" + dir, "RINGFENCE_ENGINE=" + server, "RINGFENCE_MODEL=" + model, "RINGFENCE_TEST_WITHOUT=" + without}
	cmd.Dir, cmd.Stderr = "/", os.Stderr
	if uid != 0 {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uid, Gid: uid}}
		if err := os.Chown(dir, int(uid), int(uid)); err != nil {
			t.Fatal(err)
		}
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // it may be dead already
		_ = cmd.Wait()
	})
	line, _ := bufio.NewReader(out).ReadString('\n')
	if _, err := fmt.Sscanf(line, "%d", &pid); err != nil {
		t.Fatalf("the helper says %q", line)
	}
	_, layers, _ = strings.Cut(strings.TrimSpace(line), " ")
	return cmd, pid, layers
}

func alive(pid int) bool {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	return err == nil && !strings.Contains(string(status), "State:\tZ")
}

// publicFiles are the engine and the model where every user can read them.
func publicFiles(t *testing.T) (server, model string) {
	t.Helper()
	server, model = enginetest.Files(t)
	dir := publicDir(t)
	beside, err := filepath.Glob(filepath.Join(filepath.Dir(server), "*.so*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range append(beside, server, model) {
		publicCopyTo(t, path, filepath.Join(dir, filepath.Base(path)))
	}
	return filepath.Join(dir, filepath.Base(server)), filepath.Join(dir, filepath.Base(model))
}
