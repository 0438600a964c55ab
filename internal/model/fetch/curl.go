package fetch

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"ringfence/internal/model/child"
	"ringfence/internal/model/progress"
)

// Exit codes of curl, see EXIT CODES in curl(1).
const (
	curlCannotWrite = 23
	curlNoRange     = 33 // the server cannot continue a download
)

// byURL asks the client where the package is and lets curl download it, because
// curl can continue where a broken download stopped.
func (w *way) byURL(ctx context.Context) error {
	if size(w.part) == w.p.Size {
		return w.arrive(ctx, w.part) // all was here when the last run ended
	}
	curl, err := exec.LookPath("curl")
	if err != nil {
		return errors.New("curl is not installed")
	}
	where, err := w.url(ctx)
	if err != nil {
		return err
	}
	if u, err := url.Parse(where); err != nil || (u.Scheme != "https" && u.Scheme != "http") {
		return fmt.Errorf("%s gives no web address for %s", w.p.Client, w.p.Name)
	}
	err = w.download(ctx, curl, where)
	if exitCode(err) == curlNoRange {
		os.Remove(w.part)
		err = w.download(ctx, curl, where)
	}
	if exitCode(err) == curlCannotWrite {
		return &os.PathError{Op: "write", Path: w.part, Err: errors.Join(errDisk, err)}
	}
	if err != nil {
		return err
	}
	return w.arrive(ctx, w.part)
}

func exitCode(err error) int {
	var failed *child.Error
	if errors.As(err, &failed) {
		return failed.Code
	}
	return 0
}

func (w *way) download(ctx context.Context, curl, where string) error {
	if size(w.part) > w.p.Size {
		os.Remove(w.part)
	}
	stop := w.watch()
	defer stop()
	_, err := child.Run(ctx, child.Command{
		Name: curl,
		Args: []string{"--fail", "--location", "--continue-at", "-", "--silent", "--show-error",
			"--proto", "=http,https", "--connect-timeout", "20", "--speed-limit", "1000", "--speed-time", "60",
			"--max-filesize", strconv.FormatInt(w.p.Size, 10), "--output", w.part, "--config", "-"},
		// Not as an argument: a mirror's address may hold a password, and arguments are public.
		Stdin: "url = \"" + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", "", "\r", "").Replace(where) + "\"\n",
		Held:  w.o.Held,
	})
	return err
}

// watch reports the size of the growing file until stopped.
func (w *way) watch() (stop func()) {
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		tick := time.NewTicker(200 * time.Millisecond)
		defer tick.Stop()
		for {
			w.o.Progress.Step(w.o.Step, min(size(w.part), w.p.Size-1), w.p.Size, progress.Bytes)
			select {
			case <-done:
				return
			case <-tick.C:
			}
		}
	}()
	return func() { close(done); <-ended }
}

func size(path string) int64 {
	info, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return info.Size()
}
