package main

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
)

// Every verb has help, fine to ask for, and refuses options it does not know.
func TestEveryVerbHelps(t *testing.T) {
	for _, v := range verbs() {
		for option, want := range map[string]int{"-h": exitFine, "--no-such-option": exitUsage} {
			var stdout, stderr bytes.Buffer
			if code := run([]string{v.name, option}, strings.NewReader(""), &stdout, &stderr); code != want {
				t.Errorf("%s %s ended with %d, not %d", v.name, option, code, want)
			}
			if help := stdout.String() + stderr.String(); option == "-h" && !strings.Contains(strings.ToLower(help), "exit codes: 0 ") {
				t.Errorf("the help of %s does not state its exit codes:\n%s", v.name, help)
			}
		}
	}
}

func TestVerbsWithoutWords(t *testing.T) {
	for _, name := range []string{"up", "serve", "doctor", "version"} {
		if code := run([]string{name, "word"}, nil, io.Discard, io.Discard); code != exitUsage {
			t.Errorf("%s word ended with %d", name, code)
		}
	}
}

// A full disk behind standard output must not look like success.
func TestOutputThatIsLost(t *testing.T) {
	var stderr bytes.Buffer
	code := runWhole([]string{"key", "list", "--data", t.TempDir()}, nil, full{}, &stderr)
	if code != exitNotFine || !strings.Contains(stderr.String(), "disk full") {
		t.Errorf("ended with %d, %q", code, &stderr)
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("disk full") }

// What a terminal would obey is not printed.
func TestStoryIsHarmless(t *testing.T) {
	var stdout bytes.Buffer
	section(&stdout, "You get", "a\x1b[31mred\x07 \u009b2J\xff\nb\tä")
	if got, want := stdout.String(), "You get\n  a�[31mred� �2J�\n  b\tä\n\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// Options of try may stand after the text.
func TestTryTakesOptionsAnywhere(t *testing.T) {
	a, _ := parseTry([]string{"hello", "there", "--json", "--max-tokens", "7", "--", "--data"}, nil, io.Discard)
	if a == nil || a.text != "hello there --data" || !a.json || a.maxTokens != 7 {
		t.Errorf("read as %+v", a)
	}
}
