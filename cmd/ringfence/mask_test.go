package main

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// runMask runs the verb and returns its exit code and output.
func runMask(stdin string, args ...string) (code int, stdout, stderr string) {
	var out, errs bytes.Buffer
	code = maskVerb(args, strings.NewReader(stdin), &out, &errs)
	return code, out.String(), errs.String()
}

func TestMaskText(t *testing.T) {
	file := filepath.Join(t.TempDir(), "text")
	if err := os.WriteFile(file, []byte("call 612 345 678"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		stdin string
		args  []string
		want  string
	}{
		{"", []string{"Write", "to anna@example.org"}, "Write to [EMAIL_1]\n"},
		{"Write to anna@example.org\n", nil, "Write to [EMAIL_1]\n"},
		{"", []string{"--file", file}, "call [PHONE_1]\n"},
		{"", []string{"--regions", "US,CA", "Dial (650) 253-0000"}, "Dial [PHONE_1]\n"},
	} {
		if code, out, errs := runMask(c.stdin, c.args...); code != exitFine || out != c.want {
			t.Errorf("%q: exit %d, %q, %s", c.args, code, out, errs)
		}
	}
}

func TestMaskExplains(t *testing.T) {
	code, out, _ := runMask("", "--explain", "Frau Müller, anna@example.org")
	for _, want := range []string{"[TITLE_1] [PERSON_1], [EMAIL_1]", "name-honorific", "context", `"Müller"`, "0.98"} {
		if code != exitFine || !strings.Contains(out, want) {
			t.Errorf("exit %d, no %q in\n%s", code, want, out)
		}
	}
}

func TestMaskLines(t *testing.T) {
	in := `{"id":7,"text":"😀 Frau Müller, anna@example.org"}
not json
{"id":"b"}

{"id":"c","text":"Rose Lang","people":[{"name":"Rose Lang"}]}
{"id":null,"text":""}`
	code, out, errs := runMask(in, "--jsonl")
	const want = `{"id":7,"masked":"😀 [TITLE_1] [PERSON_1], [EMAIL_1]","spans":[{"start":2,"end":6,"type":"TITLE","layer":"context","rule":"title"},{"start":7,"end":13,"type":"PERSON","layer":"context","rule":"name-honorific"},{"start":15,"end":31,"type":"EMAIL","layer":"structure","rule":"email"}]}
{"id":"c","masked":"[PERSON_1]","spans":[{"start":0,"end":9,"type":"PERSON","layer":"people","rule":"seeded-name"}]}
{"id":null,"masked":"","spans":[]}
`
	if out != want {
		t.Errorf("got\n%s\nwant\n%s", out, want)
	}
	if code != exitIncomplete || !strings.Contains(errs, "line 2:") || !strings.Contains(errs, "line 3:") || strings.Contains(errs, "line 4:") {
		t.Errorf("exit %d, %s", code, errs)
	}
}

// TestMaskAnswersEachLineAtOnce reads an answer before the next line is sent.
func TestMaskAnswersEachLineAtOnce(t *testing.T) {
	inRead, inWrite := io.Pipe()
	outRead, outWrite := io.Pipe()
	done := make(chan int)
	go func() {
		code := maskVerb([]string{"--jsonl"}, inRead, outWrite, io.Discard)
		outWrite.Close()
		done <- code
	}()
	answers := json.NewDecoder(outRead)
	for _, id := range []string{"a", "b"} {
		if _, err := io.WriteString(inWrite, `{"id":"`+id+`","text":"x"}`+"\n"); err != nil {
			t.Fatal(err)
		}
		var got struct{ ID string }
		if err := answers.Decode(&got); err != nil || got.ID != id {
			t.Fatalf("%v, %v", got, err)
		}
	}
	inWrite.Close()
	if code := <-done; code != exitFine {
		t.Errorf("exit %d", code)
	}
}

func TestMaskWrongUse(t *testing.T) {
	for _, args := range [][]string{{"--nope"}, {"--jsonl", "text"}, {"--file", "/nowhere/at/all"}} {
		if code, out, errs := runMask("", args...); code != exitUsage || out != "" || errs == "" {
			t.Errorf("%q: exit %d, %q, %q", args, code, out, errs)
		}
	}
}
