package enginetest

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"testing"
	"time"
)

// Files returns the paths of the real llama-server and the real model. Tests
// without them fail: a check that is skipped looks like one that passed.
func Files(t testing.TB) (server, model string) {
	t.Helper()
	server, model = os.Getenv("RINGFENCE_ENGINE"), os.Getenv("RINGFENCE_MODEL")
	if server == "" || model == "" {
		t.Fatal("this test needs the real engine and model: run `make test`, which fetches them and sets RINGFENCE_ENGINE and RINGFENCE_MODEL")
	}
	return server, model
}

// Server starts a bare llama-server on loopback, outside any sandbox and
// supervision, and returns its URL when it is ready. It ends with the test.
func Server(t testing.TB, args ...string) string {
	t.Helper()
	server, model := Files(t)
	port := freePort(t)
	ctx, stop := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, server, append([]string{
		"--model", model, "--host", "127.0.0.1", "--port", strconv.Itoa(port),
		"--parallel", "2", "--ctx-size", "8192", "--threads", "1", "--offline", "--no-ui", "--cache-ram", "0",
	}, args...)...)
	cmd.Env, cmd.Stdout, cmd.Stderr = []string{"HOME=/"}, io.Discard, io.Discard
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		stop()
		_ = cmd.Wait() // it was killed
	})
	url := fmt.Sprintf("http://127.0.0.1:%d", port)
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		resp, err := http.Get(url + "/health")
		if err != nil {
			continue
		}
		resp.Body.Close()
		if resp.StatusCode == http.StatusOK {
			return url
		}
	}
	t.Fatal("llama-server was not ready within a minute")
	return ""
}

func freePort(t testing.TB) int {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}
