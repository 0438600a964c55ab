package progress

import (
	"bytes"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestNilFuncIsFine(t *testing.T) {
	var f Func
	f.Step("x", 1, 2, Bytes)
	f.Note("x")
}

// Without a terminal: the beginning, the end, and something every few seconds.
func TestLog(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		term := NewTerminal(&out)
		for i := range int64(1000) {
			term.Report(Report{Step: "fetch model", Done: i * 100_000, Total: 100_000_000})
			time.Sleep(10 * time.Millisecond)
		}
		term.Report(Report{Step: "fetch model", Done: 100_000_000, Total: 100_000_000})
		term.Report(Report{Step: "compile", Done: 3, Total: 11, Unit: Files})
		term.Report(Report{Note: "a word"})
		term.Close()
		want := "fetch model:   0%  0.0 MB of 100.0 MB\n" +
			"fetch model:  50%  50.0 MB of 100.0 MB\n" +
			"fetch model: 100%  100.0 MB of 100.0 MB\n" +
			"compile:  27%  3 of 11\na word\n"
		if out.String() != want {
			t.Errorf("got\n%s", out.String())
		}
	})
}

func TestSameStepAgain(t *testing.T) {
	var out bytes.Buffer
	term := NewTerminal(&out)
	for range 2 {
		term.Report(Report{Step: "check", Done: 0, Total: 10})
		term.Report(Report{Step: "check", Done: 10, Total: 10})
	}
	if n := strings.Count(out.String(), "\n"); n != 4 {
		t.Errorf("%d lines:\n%s", n, out.String())
	}
}

func TestUnknownTotal(t *testing.T) {
	var out bytes.Buffer
	NewTerminal(&out).Report(Report{Step: "look", Done: 1_500_000})
	if out.String() != "look: 1.5 MB\n" {
		t.Errorf("got %q", out.String())
	}
}

// On a terminal one line moves, and whatever comes next begins on its own line.
func TestBar(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		term := &Terminal{out: &out, moving: true, every: 100 * time.Millisecond}
		for i := range int64(100) {
			term.Report(Report{Step: "fetch", Done: i, Total: 100})
			time.Sleep(10 * time.Millisecond)
		}
		term.Report(Report{Step: "fetch", Done: 100, Total: 100})
		term.Report(Report{Step: "unpack", Done: 1, Total: 2})
		term.Close()
		if moves := strings.Count(out.String(), "\r"); moves < 10 || moves > 15 {
			t.Errorf("the line moved %d times", moves)
		}
		if lines := strings.Split(out.String(), "\n"); len(lines) != 3 || !strings.Contains(lines[1], "unpack") {
			t.Errorf("got %q", lines)
		}
	})
}

func TestBarStaysInBounds(t *testing.T) {
	for _, r := range []Report{{Done: -5, Total: 10}, {Done: 50, Total: 10}, {Done: 5, Total: 0}, {Done: 1 << 40, Total: 1 << 42}} {
		if got := []rune(bar(r, 24)); len(got) != 24 {
			t.Errorf("%+v draws %q", r, string(got))
		}
	}
}

func TestReportsFromManySides(t *testing.T) {
	term := NewTerminal(&bytes.Buffer{})
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			for i := range int64(100) {
				term.Report(Report{Step: "compile", Done: i, Total: 100, Unit: Files})
			}
		})
	}
	wait.Wait()
}

func TestFilesAreNotTerminals(t *testing.T) {
	f, err := os.Create(t.TempDir() + "/log")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if NewTerminal(f).moving {
		t.Error("a bar would be drawn into a file")
	}
}
