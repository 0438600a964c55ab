package scan_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"ringfence/internal/scan"
	"ringfence/internal/scan/fact"
)

const cases = "../../testdata/php/*.txtar"

// TestCases scans every small plugin under testdata/php. Its "want" file lists what the
// report must say, one fact per line; a line starting with ! must not be there. A line
// matches every reported line that starts with it.
func TestCases(t *testing.T) {
	files, err := filepath.Glob(cases)
	if err != nil || len(files) < 20 {
		t.Fatalf("found %d cases: %v", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			dir, want := unpack(t, file)
			r, err := scan.Run(context.Background(), scan.Options{Dir: dir})
			if err != nil {
				t.Fatal(err)
			}
			check(t, lines(r), want)
		})
	}
}

// unpack writes a case's files to a directory and returns its expectations.
func unpack(t *testing.T, file string) (dir, want string) {
	t.Helper()
	a, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	dir = t.TempDir()
	for _, f := range a.Files {
		if f.Name == "want" {
			want = string(f.Data)
			continue
		}
		path := filepath.Join(dir, f.Name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, f.Data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir, want
}

func check(t *testing.T, got []string, want string) {
	t.Helper()
	failed := false
	for _, w := range strings.Split(strings.TrimSpace(want), "\n") {
		w, not := strings.CutPrefix(w, "!")
		found := false
		for _, g := range got {
			found = found || g == w || strings.HasPrefix(g, w+" ")
		}
		if found == not {
			t.Errorf("want %v for: %s", !not, w)
			failed = true
		}
	}
	if failed {
		t.Logf("reported:\n%s", strings.Join(got, "\n"))
	}
}

// lines renders a report as the lines that cases expect.
func lines(r *fact.Report) []string {
	var out []string
	add := func(format string, a ...any) { out = append(out, fmt.Sprintf(format, a...)) }
	for _, s := range r.Services {
		called := ""
		if s.Called {
			called = "called"
		}
		add("service %s %s %s", s.Host, s.Class, called)
	}
	for _, f := range r.Flows {
		add("flow %s %s %s %s", f.Class, f.Origin, f.To, f.Trigger)
	}
	for _, c := range r.Calls {
		add("call %s %s", c.Via, strings.Join(c.To, " "))
	}
	for _, d := range r.Endpoints {
		open, ai := "-", ""
		if d.Open {
			open = "open"
		}
		if d.ReachesAI {
			ai = "ai"
		}
		add("door %s %s %s %s %s", d.Kind, d.Name, d.Who, open, ai)
		add("door-callback %s %s %s", d.Kind, d.Name, d.Callback)
	}
	for _, k := range r.Keys {
		add("key %s", k.Storage)
	}
	for _, f := range r.Findings {
		to := f.To
		if to == "" {
			to = "-"
		}
		where := f.Entry
		if parts := strings.Split(f.Key, " | "); f.Entry == "" || strings.HasPrefix(f.Rule, "answer") || strings.HasPrefix(f.Rule, "log") {
			where = strings.Join(parts[2:], " ")
		}
		add("finding %s %s %s %s", f.Rule, f.Level, to, where)
	}
	for _, c := range r.Components {
		add("component bypasses_wp_http %v", c.BypassesWPHTTP)
		add("component browser_side_call %v", c.BrowserSide)
	}
	for _, n := range r.Coverage.Notes {
		add("coverage %s %s", n.Status, n.File)
	}
	if r.Coverage.Partly == 0 {
		add("coverage analysed")
	}
	return out
}

// TestTraps reads the table of what leads scanners astray: each trap has a case.
func TestTraps(t *testing.T) {
	table, err := os.ReadFile("../../testdata/php/README.md")
	if err != nil {
		t.Fatal(err)
	}
	traps := 0
	for _, line := range strings.Split(string(table), "\n") {
		cols := strings.Split(line, "|")
		if len(cols) != 4 || strings.TrimSpace(cols[1]) == "trap" || strings.HasPrefix(cols[1], "-") {
			continue
		}
		traps++
		if _, err := os.Stat("../../testdata/php/" + strings.TrimSpace(cols[2]) + ".txtar"); err != nil {
			t.Errorf("trap %q: %v", strings.TrimSpace(cols[1]), err)
		}
	}
	if traps < 15 {
		t.Errorf("%d traps in the table, want 15", traps)
	}
}
