package child_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"ringfence/internal/model/child"
)

func shell(script string) child.Command {
	return child.Command{Name: "/bin/sh", Args: []string{"-c", script}}
}

func TestOutputIsTheAnswerAndErrorsAreNot(t *testing.T) {
	out, err := child.Run(t.Context(), shell("echo answer; echo chatter >&2"))
	if err != nil || string(out) != "answer\n" {
		t.Errorf("got %q, %v", out, err)
	}
	both := shell("echo answer; echo chatter >&2")
	both.Both = true
	out, err = child.Run(t.Context(), both)
	if err != nil || !strings.Contains(string(out), "answer") || !strings.Contains(string(out), "chatter") {
		t.Errorf("with Both: got %q, %v", out, err)
	}
}

func TestFailureCarriesCodeAndLastWords(t *testing.T) {
	_, err := child.Run(t.Context(), shell("echo first >&2; echo 'no such package' >&2; exit 7"))
	var failed *child.Error
	if !errors.As(err, &failed) || failed.Code != 7 || !strings.HasSuffix(failed.Said, "no such package") {
		t.Errorf("got %v", err)
	}
	if _, err := child.Run(t.Context(), child.Command{Name: "/nonexistent/program"}); err == nil {
		t.Error("a program that does not exist ran")
	}
}

func TestLastWordsAreTheErrors(t *testing.T) {
	for script, want := range map[string]string{
		"echo 'WARNING: retrying' >&2; echo 'ERROR: no such package' >&2; echo 'see the log' >&2; exit 1": "ERROR: no such package",
		"echo 'curl: (6) Could not resolve host' >&2; exit 6":                                             "curl: (6) Could not resolve host",
		"exit 3": "",
	} {
		_, err := child.Run(t.Context(), shell(script))
		var failed *child.Error
		if !errors.As(err, &failed) || failed.Said != want {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

func TestOutputIsBounded(t *testing.T) {
	out, err := child.Run(t.Context(), shell("head -c 3000000 /dev/zero; head -c 3000000 /dev/zero >&2; exit 1"))
	if len(out) != 1<<20 {
		t.Errorf("kept %d bytes", len(out))
	}
	if err == nil || len(err.Error()) > 5000 {
		t.Errorf("the error has %d bytes", len(err.Error()))
	}
}

func TestBareChildHasNoEnvironment(t *testing.T) {
	t.Setenv("LLAMA_ARG_HOST", "0.0.0.0")
	bare := shell("echo ${LLAMA_ARG_HOST-none} ${GIVEN-none}")
	bare.Bare, bare.Env = true, []string{"GIVEN=yes"}
	out, err := child.Run(t.Context(), bare)
	if err != nil || string(out) != "none yes\n" {
		t.Errorf("got %q, %v", out, err)
	}
}

// A cancelled run must not leave grandchildren: npm and g++ both have them.
func TestCancelEndsTheWholeGroup(t *testing.T) {
	pids := filepath.Join(t.TempDir(), "pids")
	if err := syscall.Mkfifo(pids, 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		_, err := child.Run(ctx, shell("sleep 1000 & echo $! > '"+pids+"'; wait"))
		ended <- err
	}()
	text, err := os.ReadFile(pids) // waits until the grandchild runs
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	grandchild := "/proc/" + strings.TrimSpace(string(text)) + "/stat"
	for deadline := time.Now().Add(5 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		stat, err := os.ReadFile(grandchild)
		if err != nil || strings.Contains(string(stat), ") Z ") {
			return // gone, or dead and waiting for init
		}
		if time.Now().After(deadline) {
			t.Fatal("the grandchild still runs")
		}
	}
}

// While a child lives, the lock it inherited keeps others out, even when we are gone.
func TestLockLivesAsLongAsTheChild(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	held, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Flock(int(held.Fd()), syscall.LOCK_EX); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	waiting := shell("cat")
	waiting.Held = held
	cmd := child.Prepare(ctx, waiting)
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	held.Close()
	other, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	if err := syscall.Flock(int(other.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); !errors.Is(err, syscall.EWOULDBLOCK) {
		t.Errorf("while the child runs: %v", err)
	}
	stdin.Close()
	cmd.Wait()
	cancel()
	if err := syscall.Flock(int(other.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		t.Errorf("after the child: %v", err)
	}
}
