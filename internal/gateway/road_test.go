package gateway_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"flag"
	"io"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"ringfence/internal/testkit"
)

var update = flag.Bool("update", false, "rewrite the expected parts of testdata/road; read them before you commit")

// TestRoad runs testdata/road/*.txtar. A case holds
//
//	setup     the gateway and the integration, as JSON (may be missing)
//	request   method, path, headers and body as they come over the wire
//	engine    what the engine answers (see testkit.ParseScript)
//	upstream  the bodies the engine must have been sent; empty: it was not asked
//	answer    status, Ringfence and Retry-After headers, and body the caller gets
//	entries   the entries in the log, type and data
//
// Parts that differ from run to run (ids, times, commitments) are replaced by
// fixed words before the comparison.
func TestRoad(t *testing.T) {
	files, _ := filepath.Glob("../../testdata/road/*.txtar")
	if len(files) == 0 {
		t.Fatal("no cases")
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) { roadCase(t, file) })
	}
}

func roadCase(t *testing.T, file string) {
	ar, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	part := func(name string) string {
		for _, f := range ar.Files {
			if f.Name == name {
				return string(f.Data)
			}
		}
		return ""
	}
	h := newHarness(t, parseSetup(t, part("setup")))
	if script := part("engine"); script != "" {
		h.engine.Play(testkit.ParseScript(script))
	}
	answer := h.send(t, part("request"))
	got := []txtar.File{
		{Name: "upstream", Data: h.upstream(t)},
		{Name: "answer", Data: answer},
		{Name: "entries", Data: h.entries(t)},
	}
	if *update {
		ar.Files = slices.DeleteFunc(ar.Files, func(f txtar.File) bool {
			return f.Name == "upstream" || f.Name == "answer" || f.Name == "entries"
		})
		ar.Files = append(ar.Files, got...)
		if err := os.WriteFile(file, txtar.Format(ar), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	for _, f := range got {
		if want := part(f.Name); string(f.Data) != want {
			t.Errorf("%s: got\n%s\nwant\n%s", f.Name, f.Data, want)
		}
	}
}

// send plays a request as written in a case and returns the answer.
func (h *harness) send(t *testing.T, text string) []byte {
	t.Helper()
	head, body, _ := strings.Cut(text, "\n\n")
	lines := bufio.NewReader(strings.NewReader(head + "\n\n"))
	first, _ := lines.ReadString('\n')
	method, path, _ := strings.Cut(strings.TrimSpace(first), " ")
	headers, err := textproto.NewReader(lines).ReadMIMEHeader()
	if err != nil && err != io.EOF {
		t.Fatal(err)
	}
	req := httptest.NewRequest(method, path, strings.NewReader(strings.TrimSuffix(body, "\n")))
	req.Header = http.Header(headers)
	if req.Header == nil {
		req.Header = http.Header{}
	}
	for name, values := range req.Header {
		if values[0] == "KEY" {
			req.Header.Set(name, h.key)
		}
	}
	if req.Header.Get("Authorization") == "" {
		req.Header.Set("Authorization", "Bearer "+h.key)
	}
	rec := httptest.NewRecorder()
	h.gateway.Handler().ServeHTTP(rec, req)
	return stable(rendered(rec.Result()))
}

// rendered shows a response: the headers of ours, then the body.
func rendered(resp *http.Response) []byte {
	var b bytes.Buffer
	b.WriteString(strconv.Itoa(resp.StatusCode) + " " + resp.Header.Get("Content-Type") + "\n")
	var names []string
	for name := range resp.Header {
		if strings.HasPrefix(name, "Ringfence-") || name == "Retry-After" || name == "Allow" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		b.WriteString(name + ": " + strings.Join(resp.Header[name], " | ") + "\n")
	}
	b.WriteString("\n")
	body, _ := io.ReadAll(resp.Body)
	b.Write(bytes.TrimRight(body, "\n"))
	b.WriteString("\n")
	return b.Bytes()
}

// upstream shows what the engine was sent.
func (h *harness) upstream(t *testing.T) []byte {
	t.Helper()
	var out bytes.Buffer
	for _, body := range h.engine.Bodies() {
		if err := json.Indent(&out, body, "", "  "); err != nil {
			t.Fatalf("the engine was sent no JSON: %v", err)
		}
		out.WriteString("\n")
	}
	return stable(out.Bytes())
}

// volatile are the parts that differ from run to run, and what stands for them.
var volatile = []struct {
	find *regexp.Regexp
	with string
}{
	{regexp.MustCompile(`chatcmpl-[a-z2-7]+`), "chatcmpl-ID"},
	{regexp.MustCompile(`"created":\d+`), `"created":0`},
	{regexp.MustCompile(`"responseId":"[a-z2-7]+"`), `"responseId":"ID"`},
	{regexp.MustCompile(`"(msg|resp|modr|cmpl)([_-])[a-z2-7]{26}`), `"${1}${2}ID`},
	{regexp.MustCompile(`Ringfence-Call: .*`), "Ringfence-Call: ID"},
	{regexp.MustCompile(`"call":"[a-z2-7]+"`), `"call":"ID"`},
	{regexp.MustCompile(`"integration":"[a-z2-7]{8}"`), `"integration":"ID"`},
	{regexp.MustCompile(`,"millis":\d+`), ``},
	{regexp.MustCompile(`"(prompt|answer)_commitment":"[0-9a-f]{64}"`), `"${1}_commitment":"HMAC"`},
	{regexp.MustCompile(`\[(/?data) [2-9A-Za-z]{10}`), `[$1 NONCE`},
	{regexp.MustCompile(`names call [a-z2-7]+`), `names call ID`},
}

func stable(b []byte) []byte {
	for _, v := range volatile {
		b = v.find.ReplaceAll(b, []byte(v.with))
	}
	return b
}
