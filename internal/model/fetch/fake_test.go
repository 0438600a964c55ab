package fetch_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"ringfence/internal/model/fetch"
)

// The neighbours npm, pip and curl are this test binary under their names. What
// each does is written in plan.json beside it; what it was asked is in log.
type plan struct {
	Serve   string `json:"serve"`   // file that curl and the clients deliver
	NPM     string `json:"npm"`     // "", fail, rubbish, file-url
	Pip     string `json:"pip"`     // "", fail
	Curl    string `json:"curl"`    // "", fail, hang (after half), norange, nospace
	Message string `json:"message"` // what a failing program says
}

func TestMain(m *testing.M) {
	name := filepath.Base(os.Args[0])
	fakes := map[string]func(plan, []string) int{"npm": fakeNPM, "pip3": fakePip, "curl": fakeCurl}
	fake, isFake := fakes[name]
	if !isFake {
		os.Exit(m.Run())
	}
	var p plan
	text, err := os.ReadFile(filepath.Join(filepath.Dir(os.Args[0]), "plan.json"))
	if err == nil {
		err = json.Unmarshal(text, &p)
	}
	if err != nil {
		panic(err)
	}
	note(name + " " + strings.Join(os.Args[1:], " "))
	os.Exit(fake(p, os.Args[1:]))
}

func note(line string) {
	f, err := os.OpenFile(filepath.Join(filepath.Dir(os.Args[0]), "log"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		panic(err)
	}
	fmt.Fprintln(f, line)
	f.Close()
}

func say(p plan, code int) int {
	fmt.Fprintln(os.Stderr, p.Message)
	return code
}

func copyTo(from, to string) int {
	text, err := os.ReadFile(from)
	if err == nil {
		err = os.WriteFile(to, text, 0o644)
	}
	if err != nil {
		panic(err)
	}
	return 0
}

func fakeNPM(p plan, args []string) int {
	switch {
	case p.NPM == "fail":
		return say(p, 1)
	case p.NPM == "rubbish":
		fmt.Println("<html>please log in</html>")
	case args[0] == "pack":
		return copyTo(p.Serve, "as-npm-calls-it.tgz")
	case p.NPM == "file-url":
		fmt.Println(`"file:///etc/passwd"`)
	default:
		fmt.Println(`"https://user:pass@mirror.example/p.tgz?a=\"b"`)
	}
	return 0
}

func fakePip(p plan, args []string) int {
	switch {
	case p.Pip == "fail":
		return say(p, 1)
	case slices.Contains(args, "download"):
		return copyTo(p.Serve, "as-pip-calls-it.whl")
	}
	fmt.Println(`{"version":"1","install":[{"download_info":{"url":"https://mirror.example/p.whl"}}]}`)
	return 0
}

// fakeCurl appends to --output what is missing of the served file, like the real one.
func fakeCurl(p plan, args []string) int {
	out := args[slices.Index(args, "--output")+1]
	config, _ := io.ReadAll(os.Stdin)
	note("curl was given " + strings.TrimSpace(string(config)))
	have, _ := os.ReadFile(out)
	note(fmt.Sprintf("curl begins at %d", len(have)))
	all, err := os.ReadFile(p.Serve)
	if err != nil {
		panic(err)
	}
	switch {
	case p.Curl == "fail":
		return say(p, 22)
	case p.Curl == "norange" && len(have) > 0:
		return 33
	case p.Curl == "nospace":
		return say(p, 23)
	case p.Curl == "hang":
		os.WriteFile(out, all[:len(all)/2], 0o644)
		note("curl hangs")
		time.Sleep(time.Hour) // until killed
	}
	os.WriteFile(out, append(have, all[min(len(have), len(all)):]...), 0o644)
	return 0
}

// world is one folder of downloads with its neighbours.
type world struct {
	t    *testing.T
	bin  string
	dir  string
	from string
	plan plan
}

const content = "the content of a package, long enough to be cut in two"

// neighbours installs the named programs, and only those.
func neighbours(t *testing.T, programs ...string) *world {
	t.Helper()
	w := &world{t: t, bin: t.TempDir(), dir: filepath.Join(t.TempDir(), "päck ages")}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range programs {
		if err := os.Symlink(self, filepath.Join(w.bin, name)); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", w.bin)
	t.Setenv("GORACE", "atexit_sleep_ms=0") // the fakes need not wait at their end
	w.serve(content)
	return w
}

func (w *world) serve(text string) {
	w.plan.Serve = filepath.Join(w.bin, "served")
	w.put(w.plan.Serve, text)
}

func (w *world) put(path, text string) {
	w.t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		w.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		w.t.Fatal(err)
	}
}

// install writes the plan down for the fakes.
func (w *world) install() {
	text, err := json.Marshal(w.plan)
	if err != nil {
		w.t.Fatal(err)
	}
	w.put(filepath.Join(w.bin, "plan.json"), string(text))
}

func (w *world) log() string {
	text, _ := os.ReadFile(filepath.Join(w.bin, "log"))
	return string(text)
}

func (w *world) options() fetch.Options {
	return fetch.Options{Dir: w.dir, From: w.from, Step: "fetch"}
}

func sum(text string) string {
	s := sha256.Sum256([]byte(text))
	return hex.EncodeToString(s[:])
}

func wanted(client string) fetch.Package {
	return fetch.Package{Client: client, Name: "thing", Version: "1.2.3", File: "thing-1.2.3.pkg", Size: int64(len(content)), SHA256: sum(content)}
}
