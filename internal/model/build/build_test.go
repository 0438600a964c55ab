package build_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"ringfence/internal/model/build"
	"ringfence/internal/model/progress"
)

// The compiler is this test binary under another name. It writes what it was
// asked to make, and stops where plan.json says.
type plan struct{ Fail, Hang string } // names of source files

func TestMain(m *testing.M) {
	if filepath.Base(os.Args[0]) != "fake-c++" {
		os.Exit(m.Run())
	}
	if os.Args[1] == "--version" {
		fmt.Println("fake-c++ 1.0")
		os.Exit(0)
	}
	var p plan
	text, _ := os.ReadFile(filepath.Join(filepath.Dir(os.Args[0]), "plan.json"))
	if err := json.Unmarshal(text, &p); err != nil {
		panic(err)
	}
	out := os.Args[slices.Index(os.Args, "-o")+1]
	source := "link"
	if at := slices.Index(os.Args, "-c"); at > 0 {
		source = filepath.Base(os.Args[at+1])
		if _, err := os.Stat(os.Args[at+1]); err != nil {
			panic(err)
		}
	}
	log, _ := os.OpenFile(filepath.Join(filepath.Dir(os.Args[0]), "log"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	fmt.Fprintln(log, source)
	switch source {
	case p.Fail:
		os.WriteFile(out, []byte("half"), 0o644)
		fmt.Fprintln(os.Stderr, source+":1: error: no such thing")
		os.Exit(1)
	case p.Hang:
		os.WriteFile(out, []byte("half"), 0o644)
		time.Sleep(time.Hour) // until killed
	}
	os.WriteFile(out, []byte(strings.Join(os.Args, " ")), 0o755)
	os.Exit(0)
}

// sources are the files the fake tree must hold for the recipe to find them.
var sources = []string{
	"LICENSE", "include/llama.h", "ggml/include/ggml.h", "common/common.h", "tools/mtmd/mtmd.h",
	"vendor/cpp-httplib/httplib.cpp", "vendor/nlohmann/json.hpp", "vendor/sheredom/subprocess.h",
	"tools/server/server-context.cpp", "tools/server/server-task.cpp", "tools/server/server-common.cpp",
	"tools/server/server-http.cpp", "tools/server/server-schema.cpp", "tools/server/server-queue.cpp",
	"tools/server/server-chat.cpp", "tools/server/server-stream.cpp",
}

const compiled = 11 // source files

func git(t *testing.T, dir string, args ...string) string {
	t.Helper()
	cmd := exec.Command("git", append([]string{"-c", "user.name=t", "-c", "user.email=t@example.org", "-C", dir}, args...)...)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("git %v: %v\n%s", args, err, out)
	}
	return strings.TrimSpace(string(out))
}

// shop is a job with a fake compiler and a real bundle.
type shop struct {
	t   *testing.T
	bin string
	job build.Job
}

func newShop(t *testing.T) *shop {
	t.Helper()
	s := &shop{t: t, bin: t.TempDir()}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(self, filepath.Join(s.bin, "fake-c++")); err != nil {
		t.Fatal(err)
	}
	t.Setenv("GORACE", "atexit_sleep_ms=0") // the fakes need not wait at their end
	t.Setenv("CXX", filepath.Join(s.bin, "fake-c++"))
	tree, work := t.TempDir(), filepath.Join(t.TempDir(), "wörk folder")
	for _, name := range append(sources, "tools/other/not-needed.cpp") {
		s.put(filepath.Join(tree, name), name)
	}
	git(t, tree, "init", "--quiet")
	git(t, tree, "add", ".")
	git(t, tree, "commit", "--quiet", "-m", "all")
	s.job = build.Job{Bundle: filepath.Join(work, "src.bundle"), Commit: git(t, tree, "rev-parse", "HEAD"), Libs: filepath.Join(work, "out"), Work: work}
	s.put(filepath.Join(work, "out", "libllama.v0.so"), "lib")
	s.put(filepath.Join(work, "out", "libggml-cpu-x64.so"), "lib")
	git(t, tree, "bundle", "create", "--quiet", s.job.Bundle, "HEAD")
	s.plan(plan{})
	return s
}

func (s *shop) put(path, text string) {
	s.t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		s.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		s.t.Fatal(err)
	}
}

func (s *shop) plan(p plan) {
	text, err := json.Marshal(p)
	if err != nil {
		s.t.Fatal(err)
	}
	s.put(filepath.Join(s.bin, "plan.json"), string(text))
}

// took returns what was compiled since the last call, sorted.
func (s *shop) took() []string {
	path := filepath.Join(s.bin, "log")
	text, _ := os.ReadFile(path)
	os.Remove(path)
	lines := strings.Fields(string(text))
	slices.Sort(lines)
	return lines
}

func TestCompilesOnceAndLinks(t *testing.T) {
	s := newShop(t)
	made, err := s.job.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if made.Compiler != "fake-c++ 1.0" {
		t.Errorf("compiler %q", made.Compiler)
	}
	line, err := os.ReadFile(made.Program)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"-pie", "-z,relro,-z,now", "$ORIGIN", "front.o", "textonly.o", "libllama.v0.so"} {
		if !strings.Contains(string(line), want) {
			t.Errorf("linked without %s: %s", want, line)
		}
	}
	if strings.Contains(string(line), "libggml-cpu-x64.so") {
		t.Error("linked with a processor variant, which is for run time")
	}
	if text, err := os.ReadFile(made.Licence); err != nil || string(text) != "LICENSE" {
		t.Errorf("licence %q, %v", text, err)
	}
	if got := s.took(); len(got) != compiled+1 {
		t.Errorf("ran the compiler %d times: %v", len(got), got)
	}
	if left, _ := filepath.Glob(filepath.Join(s.job.Work, "source-*", "tools", "other")); len(left) > 0 {
		t.Errorf("unpacked %v, which nobody needs", left)
	}
	if _, err := s.job.Run(t.Context()); err != nil || !slices.Equal(s.took(), []string{"link"}) {
		t.Errorf("a second run compiled again: %v", err)
	}
}

func TestFailureIsNamedAndNotKept(t *testing.T) {
	s := newShop(t)
	s.plan(plan{Fail: "server-chat.cpp"})
	_, err := s.job.Run(t.Context())
	if err == nil || !strings.Contains(err.Error(), "tools/server/server-chat.cpp") || !strings.Contains(err.Error(), "no such thing") {
		t.Fatalf("got %v", err)
	}
	first := s.took()
	s.plan(plan{})
	if _, err := s.job.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	second := s.took()
	// Made twice: the failed one, and those that its failure stopped. Plus the link.
	if !slices.Contains(second, "server-chat.cpp") || len(first)+len(second) > compiled+runtime.GOMAXPROCS(0)+1 {
		t.Errorf("first %v, then %v", first, second)
	}
}

// Killed in the middle: what is half made is made again, what is done is not.
func TestInterruptedCompileContinues(t *testing.T) {
	s := newShop(t)
	s.plan(plan{Hang: "front.cpp"})
	ctx, cancel := context.WithCancel(t.Context())
	job := s.job
	job.Progress = func(r progress.Report) {
		if r.Unit == progress.Files && r.Total == compiled && r.Done == compiled-1 {
			cancel() // all but the hanging one
		}
	}
	if _, err := job.Run(ctx); !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v", err)
	}
	s.took()
	s.plan(plan{})
	if _, err := s.job.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := s.took(); !slices.Equal(got, []string{"front.cpp", "link"}) {
		t.Errorf("made %v again", got)
	}
}

func TestHalfUnpackedSourceIsUnpackedAgain(t *testing.T) {
	s := newShop(t)
	s.put(filepath.Join(s.job.Work, "source-"+build.Recipe()[:12]+".part", "LICENSE"), "half")
	s.put(filepath.Join(s.job.Work, "bundle.git", "HEAD"), "half")
	if _, err := s.job.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if left, _ := filepath.Glob(filepath.Join(s.job.Work, "*.git")); len(left) > 0 {
		t.Errorf("left %v", left)
	}
}

func TestBundleThatIsNone(t *testing.T) {
	s := newShop(t)
	s.put(s.job.Bundle, "not a bundle")
	if _, err := s.job.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "unpack the engine source") {
		t.Errorf("got %v", err)
	}
	other := newShop(t)
	other.job.Commit = strings.Repeat("0", 40)
	if _, err := other.job.Run(t.Context()); err == nil {
		t.Error("a commit that is not in the bundle was built")
	}
}

func TestMissingTools(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	t.Setenv("CXX", "")
	_, err := build.FindTools(t.Context())
	var missing *build.MissingTools
	if !errors.As(err, &missing) || !slices.Equal(missing.Names, []string{"g++", "git"}) {
		t.Fatalf("got %v", err)
	}
	for _, want := range []string{"g++ and git", "apt-get install g++ git", "dnf install gcc-c++ git"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not said: %v", want, err)
		}
	}
}
