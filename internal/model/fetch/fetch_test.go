package fetch_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ringfence/internal/model/fetch"
	"ringfence/internal/model/pin"
	"ringfence/internal/model/progress"
)

// brings runs a fetch that must succeed.
func (w *world) brings(p fetch.Package) {
	w.t.Helper()
	w.install()
	path, err := p.Fetch(w.t.Context(), w.options())
	if err != nil {
		w.t.Fatalf("%v\nlog:\n%s", err, w.log())
	}
	if text, err := os.ReadFile(path); err != nil || string(text) != content {
		w.t.Errorf("brought %q, %v", text, err)
	}
	if left, _ := filepath.Glob(filepath.Join(w.dir, "*.part")); len(left) > 0 {
		w.t.Errorf("left %v", left)
	}
}

// fails runs a fetch that must end in *Absent, whose text holds all of words.
func (w *world) fails(p fetch.Package, words ...string) {
	w.t.Helper()
	w.install()
	_, err := p.Fetch(w.t.Context(), w.options())
	var absent *fetch.Absent
	if !errors.As(err, &absent) {
		w.t.Fatalf("got %v", err)
	}
	for _, word := range words {
		if !strings.Contains(err.Error(), word) {
			w.t.Errorf("%q is not said in:\n%v", word, err)
		}
	}
}

func (w *world) expect(lines ...string) {
	w.t.Helper()
	for _, line := range lines {
		if !strings.Contains(w.log(), line) {
			w.t.Errorf("%q is not in the log:\n%s", line, w.log())
		}
	}
}

func TestClientNamesTheAddressAndCurlDownloads(t *testing.T) {
	w := neighbours(t, "npm", "curl")
	w.brings(wanted("npm"))
	// The address, which may hold a password, is not among the arguments.
	w.expect("npm view --json", "thing@1.2.3 dist.tarball", `curl was given url = "https://user:pass@mirror.example/p.tgz?a=\"b"`)
	if strings.Contains(w.log(), "--output https") || strings.Contains(w.log(), "pack") {
		t.Error(w.log())
	}
	p := neighbours(t, "pip3", "curl")
	p.brings(wanted("pip"))
	p.expect("--dry-run", "--only-binary=:all:", "thing==1.2.3", `url = "https://mirror.example/p.whl"`)
}

func TestSecondTimeNobodyIsAsked(t *testing.T) {
	w := neighbours(t, "npm", "curl")
	w.brings(wanted("npm"))
	before := w.log()
	w.brings(wanted("npm"))
	if w.log() != before {
		t.Errorf("asked again:\n%s", w.log())
	}
}

func TestInterruptedDownloadContinues(t *testing.T) {
	w := neighbours(t, "npm", "curl")
	w.plan.Curl = "hang"
	w.install()
	ctx, cancel := context.WithCancel(t.Context())
	o := w.options()
	o.Progress = func(r progress.Report) {
		if r.Done > 0 {
			cancel() // somebody presses Ctrl-C when half is there
		}
	}
	if _, err := wanted("npm").Fetch(ctx, o); !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v", err)
	}
	w.plan.Curl = ""
	w.brings(wanted("npm"))
	w.expect("curl begins at 0", "curl begins at 27")
}

func TestWholeDownloadIsNotFetchedAgain(t *testing.T) {
	w := neighbours(t, "npm", "curl")
	w.put(filepath.Join(w.dir, "thing-1.2.3.pkg.part"), content)
	w.brings(wanted("npm"))
	if strings.Contains(w.log(), "curl") {
		t.Errorf("downloaded again:\n%s", w.log())
	}
}

func TestServerThatCannotContinue(t *testing.T) {
	w := neighbours(t, "npm", "curl")
	w.plan.Curl = "norange"
	w.put(filepath.Join(w.dir, "thing-1.2.3.pkg.part"), content[:10])
	w.brings(wanted("npm"))
	w.expect("curl begins at 10", "curl begins at 0")
}

func TestPartOfAnotherFileIsFoundOut(t *testing.T) {
	w := neighbours(t, "npm", "curl")
	w.put(filepath.Join(w.dir, "thing-1.2.3.pkg.part"), "something else")
	w.brings(wanted("npm")) // curl completes the wrong beginning, npm brings the right file
	w.expect("npm pack")
}

func TestTooLongPartBeginsAgain(t *testing.T) {
	w := neighbours(t, "npm", "curl")
	w.put(filepath.Join(w.dir, "thing-1.2.3.pkg.part"), content+content)
	w.brings(wanted("npm"))
	w.expect("curl begins at 0")
}

func TestWithoutCurlTheClientBrings(t *testing.T) {
	w := neighbours(t, "npm")
	w.brings(wanted("npm"))
	w.expect("npm pack --ignore-scripts")
	p := neighbours(t, "pip3")
	p.brings(wanted("pip"))
	p.expect("download --no-deps --only-binary=:all:")
}

func TestWhereCurlIsRefusedTheClientBrings(t *testing.T) {
	w := neighbours(t, "npm", "curl")
	w.plan.Curl, w.plan.Message = "fail", "The requested URL returned error: 401"
	w.brings(wanted("npm"))
	w.expect("curl begins", "npm pack")
}

func TestOnlyWebAddressesGoToCurl(t *testing.T) {
	w := neighbours(t, "npm", "curl")
	w.plan.NPM = "file-url"
	w.brings(wanted("npm"))
	w.expect("npm pack")
	if strings.Contains(w.log(), "curl") {
		t.Error(w.log())
	}
}

func TestWrongContentIsDeletedAndBothDigestsAreNamed(t *testing.T) {
	w := neighbours(t, "npm", "curl")
	other := strings.ToUpper(content)
	w.serve(other)
	w.fails(wanted("npm"), "refused and deleted", sum(content), sum(other))
	left, _ := os.ReadDir(w.dir)
	if len(left) != 0 {
		t.Errorf("left %v", left)
	}
	_, err := wanted("npm").Fetch(t.Context(), w.options())
	var wrong *pin.Mismatch
	if !errors.As(err, &wrong) {
		t.Errorf("the alarm is lost: %v", err)
	}
}

func TestDamagedCacheIsReplaced(t *testing.T) {
	w := neighbours(t, "npm", "curl")
	w.put(filepath.Join(w.dir, "thing-1.2.3.pkg"), strings.ToUpper(content))
	w.brings(wanted("npm"))
}

func TestNothingWorks(t *testing.T) {
	none := neighbours(t)
	none.fails(wanted("npm"), "thing 1.2.3", sum(content), "npm pack thing@1.2.3", "npm is not installed", "curl is not installed")
	none.fails(wanted("pip"), "pip download --no-deps thing==1.2.3", "pip3 or pip or python3 is not installed")

	w := neighbours(t, "npm", "pip3", "curl")
	w.plan.NPM, w.plan.Pip, w.plan.Message = "fail", "fail", "getaddrinfo ENOTFOUND registry.example"
	w.fails(wanted("npm"), "ENOTFOUND")
	w.fails(wanted("pip"), "ENOTFOUND")
	_, err := wanted("npm").Fetch(t.Context(), w.options())
	if n := strings.Count(err.Error(), "ENOTFOUND"); n != 1 {
		t.Errorf("said %d times:\n%v", n, err)
	}
	if strings.Contains(w.log(), "npm pack") {
		t.Error("a client that cannot find the package was asked to bring it")
	}
	w.plan.NPM = "rubbish"
	w.fails(wanted("npm"), "npm's answer is not a URL", "npm left 0 files")
}

func TestOfflineAsksNobody(t *testing.T) {
	w := neighbours(t, "npm", "curl")
	w.install()
	o := w.options()
	o.Offline = true
	_, err := wanted("npm").Fetch(t.Context(), o)
	var absent *fetch.Absent
	if !errors.As(err, &absent) || w.log() != "" {
		t.Errorf("got %v, log %q", err, w.log())
	}
	w.brings(wanted("npm"))
	if _, err := wanted("npm").Fetch(t.Context(), o); err != nil {
		t.Errorf("with the file here: %v", err)
	}
}

func TestFixedAddress(t *testing.T) {
	w := neighbours(t, "curl")
	p := wanted("curl")
	p.URL = "https://releases.example/thing"
	w.brings(p)
	w.expect(`url = "https://releases.example/thing"`)
	gone := neighbours(t)
	gone.fails(p, "curl --fail --location --remote-name https://releases.example/thing")
}
