package llama_test

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"ringfence/internal/engine"
	"ringfence/internal/engine/enginetest"
	"ringfence/internal/engine/llama"
	"ringfence/internal/engine/remote"
	"ringfence/internal/mask"
)

// TestLogHoldsNoPrompt: nothing of prompts or answers is in the server's log,
// whether they are answered, refused or broken off.
func TestLogHoldsNoPrompt(t *testing.T) {
	dir := t.TempDir()
	e := start(t, llama.Options{Dir: dir, ChatML: true})
	secret := mask.Literal("xylophone-quartz-4711")
	answers := ""
	keep := func(ev engine.Event) error { answers += ev.Text; return nil }
	for name, change := range map[string]func(*engine.Prompt){
		"plain":      func(*engine.Prompt) {},
		"stream":     func(p *engine.Prompt) { p.Stream = true },
		"stop":       func(p *engine.Prompt) { p.Stop = []mask.Text{secret} },
		"schema":     func(p *engine.Prompt) { p.Schema = mask.Literal(`{"enum":["xylophone-quartz-4711"]}`) },
		"bad schema": func(p *engine.Prompt) { p.Schema = mask.Literal(`{"type":"xylophone-quartz-4711"}`) },
		"bad regexp": func(p *engine.Prompt) {
			p.Schema = mask.Literal(`{"type":"string","pattern":"^(xylophone-quartz-4711$"}`)
		},
		"tools": func(p *engine.Prompt) {
			p.Tools = []engine.Tool{{Name: "order", Description: secret, Parameters: mask.Literal(
				`{"type":"object","properties":{"a":{"enum":["xylophone-quartz-4711"]}}}`)}}
			p.ToolChoice = "required"
		},
		"bad role": func(p *engine.Prompt) { p.Messages[0].Role = "xylophone-quartz-4711" },
		"bad arguments": func(p *engine.Prompt) {
			p.Messages = append(p.Messages, engine.Message{Role: "assistant",
				ToolCalls: []engine.ToolCall{{ID: "a", Name: "b", Arguments: mask.Literal(`{"xylophone-quartz-4711`)}}})
		},
		"too long": func(p *engine.Prompt) {
			for long := secret; len(long.String()) < 100_000; long = mask.Concat(long, long) {
				p.Messages[0].Content = long
			}
		},
	} {
		p := hello()
		p.Messages[0].Content = mask.Concat(mask.Literal("Say "), secret)
		p.MaxTokens = 30
		change(&p)
		_, err := e.Generate(t.Context(), p, keep)
		t.Logf("%s: %v", name, err)
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(answers, "xylophone") {
		t.Errorf("no answer repeats the secret, so the test proves little: %q", answers)
	}
	log, err := os.ReadFile(filepath.Join(dir, "log"))
	if err != nil || len(log) == 0 {
		t.Fatalf("log %q, %v", log, err)
	}
	for _, text := range []string{string(log), strings.Join(e.Status().Log, "\n")} {
		for line := range strings.Lines(text) {
			if strings.Contains(line, "quartz") || strings.Contains(line, "xylo") {
				t.Errorf("the log holds it: %s", line)
			}
		}
	}
}

// TestPromptMemory: how much of a prompt the server reads anew shows whether
// it remembered another one. It may only within a conversation.
func TestPromptMemory(t *testing.T) {
	dir := t.TempDir()
	e := start(t, llama.Options{Dir: dir, Slots: 2})
	prompts := 0
	read := func(conversation string) int {
		p := hello()
		p.Messages[0].Content = mask.Literal("The quick brown fox jumps over the lazy dog, and then it says hello to the cat.")
		p.Conversation = conversation
		if _, err := e.Generate(t.Context(), p, drop); err != nil {
			t.Fatal(err)
		}
		prompts++
		return promptRead(t, filepath.Join(dir, "log"), prompts)
	}
	all := read("")
	for _, c := range []struct {
		conversation string
		all          bool
	}{
		{"", true}, {"", true}, {"a", true}, {"a", false}, {"b", true}, {"a", false}, {"b", false}, {"", true}, {"", true},
		{"c", true}, {"", true}, {"b", true},
	} {
		if got := read(c.conversation); (got == all) != c.all || all < 20 {
			t.Errorf("conversation %q: %d of %d tokens were read", c.conversation, got, all)
		}
	}
}

var promptLine = regexp.MustCompile(`prompt eval time =.*/ +([0-9]+) tokens`)

// promptRead finds in the server's log how many tokens of the nth prompt it
// had to read. The log may be written a moment after the answer.
func promptRead(t *testing.T, path string, nth int) int {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(time.Millisecond) {
		log, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if found := promptLine.FindAllSubmatch(log, -1); len(found) == nth {
			n, err := strconv.Atoi(string(found[nth-1][1]))
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
	}
	t.Fatalf("prompt %d is not in the log", nth)
	return 0
}

// TestRecordIsWhatIsSent: the hook for tests sees what the server itself
// writes down as the prompt that it received.
func TestRecordIsWhatIsSent(t *testing.T) {
	dir := t.TempDir()
	var mu sync.Mutex
	var recorded []byte
	e, err := remote.New(remote.Options{
		URL: enginetest.Server(t, "--log-prompts-dir", dir),
		Record: func(body []byte) {
			mu.Lock()
			defer mu.Unlock()
			recorded = append(recorded, body...)
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	if _, err := e.Generate(t.Context(), hello(), drop); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(files) != 1 {
		t.Fatal(files, err)
	}
	received, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	const text = "Say hello to the red boat."
	if !bytes.Contains(received, []byte(text)) || !bytes.Contains(recorded, []byte(text)) {
		t.Errorf("received %q, recorded %q", received, recorded)
	}
}
