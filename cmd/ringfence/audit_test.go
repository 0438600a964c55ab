package main

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ringfence/internal/audit"
	"ringfence/proof"
)

// auditCLI runs "ringfence audit" on a data directory.
func auditCLI(data string, args ...string) (code int, out, errs string) {
	var stdout, stderr strings.Builder
	code = auditVerb(append(args, "--data", data), &stdout, &stderr)
	return code, stdout.String(), stderr.String()
}

// calls makes a log of two calls, one answered and one refused, and returns its data directory.
func calls(t *testing.T) (data string) {
	t.Helper()
	data = t.TempDir()
	l := openAudit(t, data)
	for _, e := range []struct {
		typ  string
		call proof.Call
	}{
		{proof.TypeIntent, proof.Call{Call: "c1", Name: "Order bot"}},
		{proof.TypeResult, proof.Call{Call: "c1", Name: "Order bot", Outcome: proof.Answered}},
		{proof.TypeRefused, proof.Call{Call: "c2", Name: "Bad\x1b[2Jbot", Outcome: proof.Refused, Reason: "guard_injection"}},
	} {
		if _, err := l.Append(context.Background(), e.typ, "cust:1", e.call); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	return data
}

func openAudit(t *testing.T, data string) *audit.Log {
	t.Helper()
	l, err := audit.Open(audit.Options{Dir: auditDir(data), Origin: "shop.example/audit"})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestAuditVerify(t *testing.T) {
	data := calls(t)
	code, out, errs := auditCLI(data, "verify")
	if code != exitFine || !strings.HasPrefix(out, "OK: all 3 entries of shop.example/audit") {
		t.Fatalf("%d %s%s", code, out, errs)
	}
	code, out, _ = auditCLI(data, "verify", "--json")
	var report audit.Report
	if err := json.Unmarshal([]byte(out), &report); err != nil || code != exitFine || report.Verdict != audit.OK || report.Size != 3 {
		t.Fatalf("%d %s %v", code, out, err)
	}
	bundle := filepath.Join(auditDir(data), "tile", "entries", "000.p", "3")
	change(t, bundle, "Order bot", "Other bot")
	code, out, _ = auditCLI(data, "verify")
	if code != exitNotFine || !strings.Contains(out, "INVALID: the first bad entry is 0\n") || !strings.Contains(out, "tile/entries/000.p/3") {
		t.Errorf("one changed byte: %d %s", code, out)
	}
	if code, out, _ = auditCLI(data, "verify", "--json"); code != exitNotFine || !strings.Contains(out, `"first_bad": 0`) {
		t.Errorf("one changed byte: %d %s", code, out)
	}
}

// change replaces the first occurrence of a text in a file.
func change(t *testing.T, name, from, to string) {
	t.Helper()
	text, err := os.ReadFile(name)
	if err == nil {
		err = os.WriteFile(name, []byte(strings.Replace(string(text), from, to, 1)), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestAuditVerifyAgainstKnown(t *testing.T) {
	data, other := calls(t), calls(t)
	checkpoint, key := filepath.Join(auditDir(data), "checkpoint"), filepath.Join(auditDir(data), "key.pub")
	text, err := os.ReadFile(checkpoint)
	if err != nil {
		t.Fatal(err)
	}
	root := strings.Split(string(text), "\n")[2]
	for name, c := range map[string]struct {
		data string
		args []string
		code int
		says string
	}{
		"its own checkpoint": {data, []string{"--known", checkpoint}, exitFine, "OK"},
		"its own root":       {data, []string{"--known-size", "3", "--known-root", root}, exitFine, "OK"},
		"its own key":        {data, []string{"--key", key}, exitFine, "OK"},
		"another's log":      {other, []string{"--known", checkpoint}, exitNotFine, "DIVERGED"},
		"another's root":     {other, []string{"--known-size", "3", "--known-root", root}, exitNotFine, "DIVERGED"},
		"another's key":      {other, []string{"--key", key}, exitNotFine, "INVALID"},
		"a longer log":       {data, []string{"--known-size", "4", "--known-root", root}, exitNotFine, "TRUNCATED: the first bad entry is 3"},
		"half a root":        {data, []string{"--known-size", "3"}, exitUsage, ""},
		"no such file":       {data, []string{"--known", "/nowhere"}, exitUsage, ""},
		"no key":             {data, []string{"--key", checkpoint}, exitUsage, ""},
		"no log":             {t.TempDir(), nil, exitIncomplete, ""},
	} {
		code, out, errs := auditCLI(c.data, append([]string{"verify"}, c.args...)...)
		if code != c.code || !strings.Contains(out, c.says) || (code > 1) != (errs != "") {
			t.Errorf("%s: %d %s%s", name, code, out, errs)
		}
	}
}

// A receipt goes to a stranger, who checks it without the log.
func TestAuditReceipt(t *testing.T) {
	data := calls(t)
	file, key := filepath.Join(t.TempDir(), "one.tlog-proof"), filepath.Join(auditDir(data), "key.pub")
	if code, out, errs := auditCLI(data, "prove", "1", "--out", file); code != exitFine || !strings.Contains(out, file) {
		t.Fatalf("%d %s%s", code, out, errs)
	}
	nowhere := t.TempDir()
	code, out, _ := auditCLI(nowhere, "verify", "--receipt", file, "--key", key)
	if code != exitFine || !strings.Contains(out, "number 1 of the 3 that shop.example/audit signed") || !strings.Contains(out, "Order bot  answered") {
		t.Errorf("%d %s", code, out)
	}
	code, out, _ = auditCLI(nowhere, "verify", "--receipt", file, "--key", key, "--json")
	var report receiptReport
	if err := json.Unmarshal([]byte(out), &report); err != nil || code != exitFine || report.Verdict != audit.OK || report.Entry.Type != proof.TypeResult {
		t.Errorf("%d %s %v", code, out, err)
	}
	if code, _, errs := auditCLI(nowhere, "verify", "--receipt", file); code != exitUsage || !strings.Contains(errs, "--key") {
		t.Errorf("without a key: %d %s", code, errs)
	}
	if code, _, _ := auditCLI(data, "verify", "--receipt", filepath.Join(nowhere, "x"), "--key", key); code != exitIncomplete {
		t.Errorf("no such receipt: %d", code)
	}
	change(t, file, "index 1", "index 2")
	if code, out, _ := auditCLI(nowhere, "verify", "--receipt", file, "--key", key); code != exitNotFine || !strings.HasPrefix(out, "INVALID") {
		t.Errorf("a changed receipt: %d %s", code, out)
	}
}

func TestAuditProveBesideAWriter(t *testing.T) {
	data := t.TempDir()
	l := openAudit(t, data)
	defer l.Close()
	r, err := l.Append(context.Background(), proof.TypeIntent, "", proof.Call{})
	if err != nil {
		t.Fatal(err)
	}
	code, out, errs := auditCLI(data, "prove", "0")
	if code != exitFine || !strings.HasPrefix(out, "c2sp.org/tlog-proof@v1\n") {
		t.Errorf("%d %s%s", code, out, errs)
	}
	code, out, _ = auditCLI(data, "prove", "0", "--json")
	var report receiptReport
	if err := json.Unmarshal([]byte(out), &report); err != nil || code != exitFine || report.Entry.ID != r.ID || report.Receipt == "" {
		t.Errorf("%d %s %v", code, out, err)
	}
}

func TestAuditProveRefuses(t *testing.T) {
	data := calls(t)
	for word, want := range map[string]int{"3": exitNotFine, "-1": exitUsage, "x": exitUsage, "1e3": exitUsage} {
		if code, _, errs := auditCLI(data, "prove", word); code != want || errs == "" {
			t.Errorf("prove %s: %d %s, want %d", word, code, errs, want)
		}
	}
	if code, _, _ := auditCLI(t.TempDir(), "prove", "0"); code != exitIncomplete {
		t.Errorf("no log: %d", code)
	}
	change(t, filepath.Join(auditDir(data), "tile", "entries", "000.p", "3"), "answered", "withheld")
	if code, _, errs := auditCLI(data, "prove", "1"); code != exitNotFine || !strings.Contains(errs, "entry 1") {
		t.Errorf("a damaged entry: %d %s", code, errs)
	}
	if code, _, errs := auditCLI(data, "prove", "0"); code != exitFine {
		t.Errorf("its neighbour: %d %s", code, errs)
	}
}

func TestAuditTail(t *testing.T) {
	data := calls(t)
	code, out, _ := auditCLI(data, "tail")
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if code != exitFine || len(lines) != 3 {
		t.Fatalf("%d %s", code, out)
	}
	for i, words := range []string{"#0 call.intent Order bot", "#1 call.result Order bot answered", "#2 call.refused Bad\uFFFD[2Jbot refused guard_injection"} {
		if got := strings.Join(strings.Fields(lines[i])[2:], " "); got != words {
			t.Errorf("line %d: %q, want %q", i, got, words)
		}
	}
	if _, out, _ = auditCLI(data, "tail", "-n", "1"); !strings.Contains(out, "#2 ") || strings.Contains(out, "#1 ") {
		t.Errorf("-n 1: %s", out)
	}
	if _, out, _ = auditCLI(data, "tail", "--from", "1"); strings.Contains(out, "#0 ") || !strings.Contains(out, "#1 ") {
		t.Errorf("--from 1: %s", out)
	}
	_, out, _ = auditCLI(data, "tail", "--from", "1", "--json")
	var line struct {
		Index int64
		Entry proof.Entry
	}
	first, _, _ := strings.Cut(out, "\n")
	if err := json.Unmarshal([]byte(first), &line); err != nil || line.Index != 1 || line.Entry.Type != proof.TypeResult {
		t.Errorf("--json: %s %v", first, err)
	}
	if code, _, _ := auditCLI(data, "tail", "-n", "0"); code != exitUsage {
		t.Errorf("-n 0: %d", code)
	}
	if code, _, _ := auditCLI(t.TempDir(), "tail"); code != exitIncomplete {
		t.Errorf("no log: %d", code)
	}
}

func TestAuditTailFollows(t *testing.T) {
	data := calls(t)
	l := openAudit(t, data)
	defer l.Close()
	ctx, stop := context.WithCancel(context.Background())
	in, out := io.Pipe()
	run := auditRun{auditArgs{follow: true, from: -1, last: 1}, ctx, auditDir(data), out, io.Discard}
	done := make(chan int)
	go func() { done <- run.tail() }()
	lines := bufio.NewScanner(in)
	for _, want := range []string{"#2 ", "#3 ", "#4 "} {
		if !lines.Scan() || !strings.Contains(lines.Text(), want) {
			t.Fatalf("%q instead of %s", lines.Text(), want)
		}
		r, err := l.Append(ctx, proof.TypeIntent, "", nil)
		if err == nil {
			_, err = l.Prove(ctx, r.Index) // so that the test need not wait for the second to end
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	stop()
	go func() {
		for lines.Scan() { // what came in the meantime
		}
	}()
	if code := <-done; code != exitFine {
		t.Errorf("after an interrupt: %d", code)
	}
}

func TestAuditUsage(t *testing.T) {
	for _, args := range [][]string{nil, {"forge"}, {"prove"}, {"tail", "5"}, {"verify", "--nonsense"}} {
		if code, _, errs := auditCLI(t.TempDir(), args...); code != exitUsage || errs == "" {
			t.Errorf("%q: %d", args, code)
		}
	}
	code, _, errs := auditCLI("", "-h")
	if code != exitFine || !strings.Contains(errs, "Exit codes:") {
		t.Errorf("-h: %d %s", code, errs)
	}
}
