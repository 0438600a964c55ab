package probe_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ringfence/internal/probe"
)

// With nothing in the way, everything that could be tried got out, from the
// command line and from a pool.
func TestOpenWorld(t *testing.T) {
	for name, in := range map[string]probe.Runtime{"cli": probe.CLI{Program: "php"}, "fpm": pool(t)} {
		ctx, stop := context.WithTimeout(t.Context(), time.Minute)
		defer stop()
		r, err := probe.Run(ctx, in, probe.Options{Names: []string{"localhost", "nowhere.invalid"}, Proxies: []string{"127.0.0.1:1"}})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		states := map[string]probe.State{}
		for _, a := range r.Attempts {
			states[a.Way+" "+strings.TrimSpace(a.To[strings.LastIndex(a.To, ":")+1:])] = a.State
			if strings.HasPrefix(a.Way, "tcp") || a.Way == "udp" || a.Way == "curl_direct" || a.Way == "file_get_contents" {
				if a.State != probe.Left {
					t.Errorf("%s: %+v", name, a)
				}
			}
		}
		if states["resolve localhost"] != probe.Left || states["resolve nowhere.invalid"] != probe.Stopped || states["proxy 1"] != probe.Missed {
			t.Errorf("%s: %v", name, states)
		}
		if r.Verdict() != probe.Left || r.PHP == "" {
			t.Errorf("%s: %s %+v", name, r.Verdict(), r)
		}
	}
}

func TestNoPHP(t *testing.T) {
	for _, in := range []probe.Runtime{
		probe.CLI{Program: "/bin/false"}, probe.CLI{Program: "/bin/echo"}, probe.CLI{Program: "/nowhere"}, probe.CLI{Program: "php", User: "nobody-of-that-name"},
		probe.FPM{Socket: "/nowhere.sock"}, probe.FPM{Socket: "127.0.0.1:1"}, probe.FPM{Socket: "192.0.2.1:9000"},
	} {
		if r, err := probe.Run(t.Context(), in, probe.Options{}); err == nil {
			t.Errorf("%s: %+v", in, r)
		}
	}
}

func TestVerdict(t *testing.T) {
	for want, states := range map[probe.State][]probe.State{
		probe.Left: {probe.Stopped, probe.Left, probe.Unknown}, probe.Unknown: {probe.Stopped, probe.Unknown}, probe.Stopped: {probe.Stopped, probe.Untried, probe.Reached},
	} {
		var r probe.Report
		for _, s := range states {
			r.Attempts = append(r.Attempts, probe.Attempt{State: s})
		}
		if got := r.Verdict(); got != want {
			t.Errorf("%v is %s", states, got)
		}
	}
	if (probe.Report{Attempts: []probe.Attempt{{State: probe.Untried}}}).Verdict() != probe.Unknown {
		t.Error("what was not tried is called stopped")
	}
}

// pool starts a pool of PHP-FPM for one test. It runs as www-data when the test
// runs as root.
func pool(t *testing.T) probe.FPM {
	t.Helper()
	found, _ := filepath.Glob("/usr/sbin/php-fpm*")
	if len(found) == 0 {
		t.Fatal("php-fpm is missing; .ci/need installs it")
	}
	dir, err := os.MkdirTemp("", "fpm-") // short: the path of a socket has 108 bytes
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	socket := filepath.Join(dir, "fpm.sock")
	text := fmt.Sprintf("[global]\nerror_log = %s/log\ndaemonize = no\n[www]\nlisten = %s\npm = static\npm.max_children = 1\n", dir, socket)
	if os.Geteuid() == 0 {
		text += "user = www-data\ngroup = www-data\n"
	}
	conf := filepath.Join(dir, "fpm.conf")
	if err := os.WriteFile(conf, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(found[0], "-F", "-y", conf)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Signal(os.Interrupt); cmd.Wait() })
	deadline := time.Now().Add(20 * time.Second)
	for {
		if _, err := os.Stat(socket); err == nil {
			return probe.FPM{Socket: socket}
		}
		if time.Now().After(deadline) {
			log, _ := os.ReadFile(filepath.Join(dir, "log"))
			t.Fatalf("php-fpm did not start: %s", log)
		}
		time.Sleep(20 * time.Millisecond)
	}
}
