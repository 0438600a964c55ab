package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"ringfence/internal/audit"
	"ringfence/internal/config"
	"ringfence/internal/engine/sandbox"
	"ringfence/internal/integration"
	"ringfence/internal/model"
)

const doctorHelp = `Usage: ringfence doctor [options]
       ringfence doctor php [options]

Checks this machine and the data directory, and says what to do about what it
finds: configuration, data, disk, clock, keys, audit log, engine, model, sandbox,
port. It changes nothing and contacts nobody but a gateway on this machine.
"doctor php" looks from inside PHP what can still leave it; -h tells more.

Exit codes: 0 all fine (warnings included), 1 something is wrong, 2 wrong use.

Options:
`

// finding is the result of one check.
type finding struct {
	Check string `json:"check"`
	State state  `json:"state"`
	Says  string `json:"says"`
}

type state string

const (
	fine state = "fine"
	warn state = "warning"
	bad  state = "wrong"
)

func doctorVerb(args []string, stdout, stderr io.Writer) int {
	if len(args) > 0 && args[0] == "php" {
		return doctorPHP(args[1:], stdout, stderr)
	}
	fs, p := newFlags("doctor", doctorHelp, stderr)
	asJSON := fs.Bool("json", false, "print the findings as JSON")
	if err := fs.Parse(args); err != nil {
		return helpCode(err)
	}
	if fs.NArg() > 0 {
		fmt.Fprintf(stderr, "ringfence doctor: what is %q? This verb takes options only\n", fs.Arg(0))
		return exitUsage
	}
	findings := examine(p)
	if *asJSON {
		enc := json.NewEncoder(stdout)
		enc.SetIndent("", "  ")
		enc.Encode(findings)
	}
	code := exitFine
	for _, f := range findings {
		if !*asJSON {
			fmt.Fprintf(stdout, "%-8s %-9s %s\n", f.State, f.Check, strings.ReplaceAll(f.Says, "\n", "\n"+strings.Repeat(" ", 19)))
		}
		if f.State == bad {
			code = exitNotFine
		}
	}
	return code
}

// examine runs every check; one that needs a configuration gets the default
// where there is no usable one.
func examine(p *place) []finding {
	c, err := config.Load(p.config)
	f := finding{"config", fine, "no ringfence.yaml: the defaults are in force"}
	switch {
	case err != nil:
		f, c = finding{"config", bad, err.Error()}, config.Default()
	case c.Path != "":
		f.Says = c.Path + " can be used"
	}
	checks := []func(string, *config.Config) finding{
		checkData, checkDisk, checkClock, checkKeys, checkAudit, checkModel, checkSandbox, checkPort,
	}
	findings := []finding{f}
	for _, check := range checks {
		findings = append(findings, check(p.data, c))
	}
	return findings
}

func checkData(data string, _ *config.Config) finding {
	info, err := os.Stat(data)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return finding{"data", warn, data + " does not exist yet; `ringfence up` makes it"}
	case err != nil:
		return finding{"data", bad, err.Error()}
	case info.Mode().Perm()&0o022 != 0:
		return finding{"data", bad, fmt.Sprintf("other users can write %s (%v); run: chmod 711 %s", data, info.Mode().Perm(), data)}
	}
	if syscall.Access(data, 2) != nil {
		return finding{"data", bad, data + " cannot be written by this user; run as its owner, or choose another with --data"}
	}
	return finding{"data", fine, data}
}

// lowDisk is where the audit log should not have to compete for space.
const lowDisk = 1 << 30

func checkDisk(data string, _ *config.Config) finding {
	var st syscall.Statfs_t
	dir := data
	if syscall.Statfs(dir, &st) != nil {
		dir = "."
		if err := syscall.Statfs(dir, &st); err != nil {
			return finding{"disk", warn, "free space is not known: " + err.Error()}
		}
	}
	free := int64(st.Bavail) * int64(st.Bsize)
	says := fmt.Sprintf("%.1f GB free", float64(free)/1e9)
	if free < lowDisk {
		return finding{"disk", warn, says + "; when the disk is full, no call is served, because none can be recorded"}
	}
	return finding{"disk", fine, says}
}

// builtAfter is earlier than any build of this program: a clock before it is wrong.
var builtAfter = time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)

func checkClock(data string, _ *config.Config) finding {
	now := time.Now()
	if now.Before(builtAfter) {
		return finding{"clock", bad, fmt.Sprintf("it says %s, which cannot be; set it, entries carry its time", now.UTC().Format(time.RFC3339))}
	}
	if info, err := os.Stat(auditDir(data)); err == nil && info.ModTime().After(now.Add(time.Minute)) {
		return finding{"clock", warn, "the audit log was written later than the clock says now; the clock was set back"}
	}
	return finding{"clock", fine, now.UTC().Format(time.RFC3339)}
}

func checkKeys(data string, _ *config.Config) finding {
	list, err := integration.Open(keysFile(data)).List()
	if err != nil {
		return finding{"keys", bad, err.Error()}
	}
	valid := 0
	for _, i := range list {
		if i.Revoked == nil {
			valid++
		}
	}
	if valid == 0 {
		return finding{"keys", warn, "no integration has a valid key; make one: ringfence key create NAME"}
	}
	return finding{"keys", fine, fmt.Sprintf("%d integrations with a valid key", valid)}
}

func checkAudit(data string, _ *config.Config) finding {
	if _, err := os.Stat(auditDir(data)); errors.Is(err, fs.ErrNotExist) {
		return finding{"audit", warn, "no log yet; it begins with the first start"}
	}
	report, err := audit.Verify(context.Background(), auditDir(data), audit.VerifyOptions{})
	if err != nil {
		return finding{"audit", bad, err.Error()}
	}
	if report.Verdict != audit.OK {
		return finding{"audit", bad, fmt.Sprintf("%s; run: ringfence audit verify --data %s", report.Verdict, data)}
	}
	return finding{"audit", fine, fmt.Sprintf("%d entries signed, %d not yet; every byte agrees", report.Size, report.Unsigned)}
}

func checkModel(data string, c *config.Config) finding {
	if c.Engine.Driver == "url" {
		return finding{"engine", fine, "somebody else runs it, at " + c.Engine.URL}
	}
	files, err := model.Look(context.Background(), model.Options{Dir: data, EnginePath: c.Engine.Server, ModelPath: c.Engine.Model, Offline: true})
	var missing *model.Incomplete
	switch {
	case errors.As(err, &missing):
		return finding{"engine", warn, err.Error()}
	case err != nil:
		return finding{"engine", bad, err.Error()}
	}
	return finding{"engine", fine, fmt.Sprintf("%s (%s) with %s, digests as recorded", files.ServerVersion, files.ServerSource, files.ModelName)}
}

func checkPort(data string, c *config.Config) finding {
	if r, err := readRunning(data); err == nil {
		if resp, err := localClient.Get("http://" + r.Address + "/readyz"); err == nil {
			defer resp.Body.Close()
			body, _ := io.ReadAll(io.LimitReader(resp.Body, 4096))
			if resp.StatusCode != http.StatusOK {
				return finding{"gateway", bad, fmt.Sprintf("runs at %s but is not ready: %s", r.Address, body)}
			}
			return finding{"gateway", fine, "runs at " + r.Address + " and is ready"}
		}
	}
	l, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return finding{"gateway", bad, "does not run on this data directory, and " + listenProblem(c.Listen, err).Error()}
	}
	l.Close()
	return finding{"gateway", fine, "does not run; " + c.Listen + " is free for it"}
}

// checkSandbox lets this program, in the engine's sandbox, try what an engine
// must not be able to do.
func checkSandbox(string, *config.Config) finding {
	report, err := probeSandbox()
	if err != nil {
		return finding{"sandbox", bad, err.Error()}
	}
	if err := report.Err(); err != nil {
		return finding{"sandbox", bad, err.Error()}
	}
	says := fmt.Sprintf("%d attempts to get out, all refused; %s", len(report.Attempts), strings.Join(report.Layers.List(), ", "))
	if len(report.Layers.Missing) > 0 {
		return finding{"sandbox", warn, says + "\nthis machine does not give: " + strings.Join(report.Layers.Missing, "; ")}
	}
	return finding{"sandbox", fine, says}
}

// probeSandbox runs a copy of this program, alone in its folder, because the
// sandbox shows a program what lies beside it.
func probeSandbox() (sandbox.ProbeReport, error) {
	dir, err := os.MkdirTemp("", "ringfence-doctor-")
	if err != nil {
		return sandbox.ProbeReport{}, err
	}
	defer os.RemoveAll(dir)
	program, run := filepath.Join(dir, "program", "ringfence"), filepath.Join(dir, "run")
	self, err := os.Executable()
	if err != nil {
		return sandbox.ProbeReport{}, err
	}
	b, err := os.ReadFile(self)
	if err != nil {
		return sandbox.ProbeReport{}, err
	}
	err = errors.Join(os.Chmod(dir, 0o755), os.Mkdir(filepath.Dir(program), 0o755), os.Mkdir(run, 0o777), os.WriteFile(program, b, 0o755))
	if err != nil {
		return sandbox.ProbeReport{}, err
	}
	return sandbox.Probe(sandbox.Options{Program: program, Dir: run})
}
