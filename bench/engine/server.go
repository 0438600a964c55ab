package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"ringfence/internal/engine"
	"ringfence/internal/engine/llama"
	"ringfence/internal/mask"
)

// A server is one of the two that are compared.
type server struct {
	ready time.Duration // from start to the first good health
	pid   func() int
	close func()
	ask   func(ctx context.Context, tokens int, stream bool) (generated int, err error)
}

// speed asks for a story and returns tokens per second, prompt included.
func (s *server) speed(ctx context.Context, tokens int, stream bool) (float64, error) {
	start := time.Now()
	n, err := s.ask(ctx, tokens, stream)
	if err == nil && n < tokens/2 {
		err = fmt.Errorf("an answer had %d tokens of %d", n, tokens)
	}
	return float64(n) / time.Since(start).Seconds(), err
}

// startOurs runs the engine as the gateway does.
func startOurs(ctx context.Context, o llama.Options) (*server, error) {
	start := time.Now()
	e, err := llama.Start(ctx, o)
	if err != nil {
		return nil, err
	}
	if err := e.WaitReady(ctx, nil); err != nil {
		return nil, errors.Join(err, e.Close())
	}
	fmt.Printf("sandbox: %s\n", strings.Join(e.Status().Layers, ", "))
	return &server{
		ready: time.Since(start), pid: func() int { return e.Status().PID }, close: func() { e.Close() },
		ask: func(ctx context.Context, tokens int, stream bool) (int, error) {
			used, err := e.Generate(ctx, engine.Prompt{
				Messages:  []engine.Message{{Role: "user", Content: mask.Literal(story)}},
				MaxTokens: tokens, Temperature: new(float64), Stream: stream,
			}, func(engine.Event) error { return nil })
			return used.Completion, err
		},
	}, nil
}

const story = "Tell me a long story about a lighthouse keeper, a red boat and a storm. Begin in the morning and leave nothing out."

// startBare runs the same binary with the same flags, and no more around it
// than an HTTP client.
func startBare(ctx context.Context, o llama.Options) (*server, error) {
	flags, err := llama.Flags(o)
	if err != nil {
		return nil, err
	}
	dir := filepath.Join(o.Dir, "bare")
	if err := os.Mkdir(dir, 0o700); err != nil {
		return nil, err
	}
	start := time.Now()
	cmd := exec.CommandContext(ctx, o.Server, flags...)
	cmd.Dir, cmd.Env = dir, []string{"HOME=/", "LC_ALL=C", "TZ=UTC"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} // as the sandbox does: the scheduler groups by session
	if err := startNice(cmd, o.Nice); err != nil {
		return nil, err
	}
	socket := filepath.Join(dir, flags[slices.Index(flags, "--host")+1])
	client := &http.Client{Transport: &http.Transport{
		IdleConnTimeout: 3 * time.Second, // the server closes after 5
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "unix", socket)
		},
	}}
	s := &server{
		pid:   func() int { return cmd.Process.Pid },
		close: func() { _ = cmd.Process.Kill(); _ = cmd.Wait() }, // it is killed
		ask: func(ctx context.Context, tokens int, stream bool) (int, error) {
			return askBare(ctx, client, tokens, stream)
		},
	}
	for end := start.Add(time.Minute); !healthy(client); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			s.close()
			return nil, errors.New("the bare server was not ready within a minute")
		}
	}
	s.ready = time.Since(start)
	return s, nil
}

// startNice starts cmd from a thread that has the priority which the sandbox
// gives its program. The thread ends, because it cannot raise it again.
func startNice(cmd *exec.Cmd, nice int) error {
	started := make(chan error)
	go func() {
		runtime.LockOSThread() // and never unlock
		err := unix.Setpriority(unix.PRIO_PROCESS, 0, nice)
		started <- errors.Join(err, cmd.Start())
	}()
	return <-started
}

func healthy(client *http.Client) bool {
	resp, err := client.Get("http://bare/health")
	if err != nil {
		return false
	}
	resp.Body.Close()
	return resp.StatusCode == http.StatusOK
}

// askBare reads an answer without looking at it, but for the count of tokens
// at its end.
func askBare(ctx context.Context, client *http.Client, tokens int, stream bool) (int, error) {
	body, err := json.Marshal(map[string]any{
		"messages":   []any{map[string]string{"role": "user", "content": story}},
		"max_tokens": tokens, "temperature": 0, "stream": stream, "stream_options": map[string]bool{"include_usage": true},
	})
	if err != nil {
		return 0, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://bare/v1/chat/completions", strings.NewReader(string(body)))
	if err != nil {
		return 0, err
	}
	req.Close = stream // the server ends the connection after a stream
	resp, err := client.Do(req)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		return 0, err
	}
	_, after, _ := strings.Cut(string(answer), `"completion_tokens":`)
	var n int
	_, err = fmt.Sscanf(after, "%d", &n)
	return n, err
}
