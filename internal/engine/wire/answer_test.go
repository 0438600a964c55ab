package wire

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/rogpeppe/go-internal/txtar"

	"ringfence/internal/engine"
)

// TestAnswers runs the cases in testdata/answers: what an engine sends, and
// what becomes of it.
func TestAnswers(t *testing.T) {
	files, err := filepath.Glob("testdata/answers/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, path := range files {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			c, err := txtar.ParseFile(path)
			if err != nil || len(c.Files) != 2 {
				t.Fatal(len(c.Files), err)
			}
			sent, want := string(c.Files[0].Data), string(c.Files[1].Data)
			for ends, r := range readings(sent, c.Files[0].Name == "stream") {
				if got := tell(r, c.Files[0].Name == "stream"); got != want {
					t.Errorf("%s:\n%swant:\n%s", ends, got, want)
				}
			}
		})
	}
}

// readings are ways in which the same bytes may arrive. For streams, the ends
// of lines may differ too.
func readings(sent string, stream bool) map[string]io.Reader {
	all := map[string]io.Reader{
		"whole":        strings.NewReader(sent),
		"byte by byte": iotest.OneByteReader(strings.NewReader(sent)),
		"halves":       iotest.HalfReader(strings.NewReader(sent)),
		"with its end": iotest.DataErrReader(strings.NewReader(sent)),
	}
	if stream {
		all["CRLF"] = iotest.OneByteReader(strings.NewReader(strings.ReplaceAll(sent, "\n", "\r\n")))
		all["CR"] = iotest.OneByteReader(strings.NewReader(strings.ReplaceAll(sent, "\n", "\r")))
	}
	return all
}

// tell reads an answer and writes down everything that came of it.
func tell(r io.Reader, stream bool) string {
	var out strings.Builder
	a := &answer{choice: 4, top: 1, emit: func(ev engine.Event) error {
		if ev.Pause {
			return nil // where the engine paused is not what it said
		}
		if ev.Choice != 4 {
			fmt.Fprintf(&out, "choice %d ", ev.Choice)
		}
		fmt.Fprintln(&out, strings.TrimSpace(tellEvent(ev)))
		return nil
	}}
	read := a.plain
	if stream {
		read = a.stream
	}
	var refused *engine.RefusedError
	switch err := read(r); {
	case err == nil:
	case errors.As(err, &refused):
		fmt.Fprintln(&out, "refused", refused.Status, refused.Code)
	case errors.Is(err, engine.ErrUnavailable):
		fmt.Fprintln(&out, "unavailable")
	case errors.Is(err, engine.ErrInterrupted):
		fmt.Fprintln(&out, "interrupted")
	default:
		fmt.Fprintln(&out, "error", err)
	}
	fmt.Fprintln(&out, "usage", a.spent().Prompt, a.spent().Completion)
	return out.String()
}

func tellEvent(ev engine.Event) string {
	var out strings.Builder
	for _, part := range []struct{ name, value string }{{"text", ev.Text}, {"reasoning", ev.Reasoning}} {
		if part.value != "" {
			fmt.Fprintf(&out, "%s %q ", part.name, part.value)
		}
	}
	if ev.Tool != nil {
		fmt.Fprintf(&out, "tool %d %q %q %q", ev.Tool.Index, ev.Tool.ID, ev.Tool.Name, ev.Tool.Arguments)
	}
	for _, p := range ev.Logprobs {
		fmt.Fprintf(&out, "logprobs %s %v", p.Token, p.Logprob)
		for _, alt := range p.Top {
			fmt.Fprintf(&out, " [%s %v]", alt.Token, alt.Logprob)
		}
	}
	if ev.Finish != "" {
		out.WriteString("finish " + ev.Finish)
	}
	return out.String()
}

// TestPause: a pause follows the last event that has arrived, and no other.
func TestPause(t *testing.T) {
	chunk := func(text string) string {
		return `data: {"choices":[{"index":0,"delta":{"content":"` + text + `"},"finish_reason":null}]}` + "\n\n"
	}
	r, w := io.Pipe()
	go func() {
		io.WriteString(w, chunk("a")+chunk("b"))
		io.WriteString(w, chunk("c"))
		io.WriteString(w, chunk("d")+"data: [DONE]\n\n")
		w.Close()
	}()
	var got strings.Builder
	a := &answer{emit: func(ev engine.Event) error {
		if ev.Pause {
			ev.Text = "|"
		}
		got.WriteString(ev.Text)
		return nil
	}}
	if err := a.stream(r); err != nil || got.String() != "ab|c|d" {
		t.Errorf("%q, %v", got.String(), err)
	}
}

// TestLimits: an engine that never stops talking is stopped.
func TestLimits(t *testing.T) {
	line := "data: " + strings.Repeat("x", 1000)
	for name, sent := range map[string]io.Reader{
		"one line":   io.MultiReader(strings.NewReader("data: "), endless('x')),
		"many lines": endlessText(line + "\n"),
		"comments":   endlessText(":" + line + "\n\n"),
	} {
		if got := tell(sent, true); got != "unavailable\nusage 0 0\n" {
			t.Errorf("%s: %s", name, got)
		}
	}
	if got := tell(endless('{'), false); got != "unavailable\nusage 0 0\n" {
		t.Errorf("plain: %s", got)
	}
}

type endless byte

func (e endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(e)
	}
	return len(p), nil
}

// endlessText repeats a text.
func endlessText(s string) io.Reader { return &repeated{text: s} }

type repeated struct {
	text string
	at   int
}

func (r *repeated) Read(p []byte) (int, error) {
	n := copy(p, r.text[r.at:])
	r.at = (r.at + n) % len(r.text)
	return n, nil
}

// FuzzStream: whatever an engine sends, the end is an orderly one, and how the
// bytes are cut makes no difference.
func FuzzStream(f *testing.F) {
	files, _ := filepath.Glob("testdata/answers/*.txtar")
	for _, path := range files {
		if c, err := txtar.ParseFile(path); err == nil {
			f.Add(c.Files[0].Data)
		}
	}
	f.Add([]byte("data: a\r\rdata\n\ndata:b\r\n\r\n\xff"))
	f.Fuzz(func(t *testing.T, sent []byte) {
		for _, stream := range []bool{true, false} {
			whole := tell(strings.NewReader(string(sent)), stream)
			cut := tell(iotest.OneByteReader(strings.NewReader(string(sent))), stream)
			if whole != cut {
				t.Errorf("whole:\n%scut:\n%s", whole, cut)
			}
			if strings.Contains(whole, "error ") {
				t.Errorf("an error without a class: %s", whole)
			}
		}
	})
}

// FuzzFailure: a report of an error never becomes a refusal that is not 4xx.
func FuzzFailure(f *testing.F) {
	f.Add(400, []byte(`{"error":{"code":400,"message":"m","type":"t"}}`))
	f.Add(0, []byte(`{"error":"m"}`))
	f.Add(503, []byte(`{"detail":[1,"x"]}`))
	f.Add(422, []byte("\xff\xfe"))
	f.Fuzz(func(t *testing.T, status int, report []byte) {
		err := parseFailure(status, report)
		var refused *engine.RefusedError
		if errors.As(err, &refused) {
			if refused.Status < 400 || refused.Status > 499 || refused.Code == "" {
				t.Errorf("%+v", refused)
			}
		} else if !errors.Is(err, engine.ErrUnavailable) {
			t.Errorf("%v", err)
		}
	})
}
