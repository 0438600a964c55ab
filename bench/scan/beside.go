package main

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"ringfence/internal/scan"
)

//go:embed semgrep.yaml
var semgrepRule []byte

// semgrepRun is what one run of Semgrep's open-source engine says.
type semgrepRun struct {
	Results []struct {
		Path string `json:"path"`
	} `json:"results"`
	Errors []struct {
		Path string `json:"path"`
		Type any    `json:"type"`
	} `json:"errors"`
	Paths struct {
		Scanned []string `json:"scanned"`
	} `json:"paths"`

	processor time.Duration
	wall      time.Duration
}

// semgrep runs the rule over a tree, on one core, without a network.
func semgrep(path, dir string) (*semgrepRun, error) {
	rule, err := os.CreateTemp("", "ringfence-*.yaml")
	if err != nil {
		return nil, err
	}
	defer os.Remove(rule.Name())
	if _, err := rule.Write(semgrepRule); err != nil {
		return nil, err
	}
	if err := rule.Close(); err != nil {
		return nil, err
	}
	cmd := exec.Command(path, "scan", "--config", rule.Name(), "--metrics=off", "--disable-version-check", "--no-git-ignore", "--include=*.php",
		"--jobs", "1", "--json", "--quiet", "--max-target-bytes", "0", dir)
	var out, complaint bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &complaint
	start := time.Now()
	runErr := cmd.Run()
	r := &semgrepRun{wall: time.Since(start)}
	if err := json.Unmarshal(out.Bytes(), r); err != nil {
		return nil, fmt.Errorf("semgrep: %v: %.300s", runErr, complaint.String())
	}
	r.processor = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	return r, nil
}

// besideSemgrep prints Semgrep's time on the same tree, and which shapes of a leak each of the two sees.
func besideSemgrep(path, dir string, ours time.Duration, mb float64) error {
	r, err := semgrep(path, dir)
	if err != nil {
		return err
	}
	bad := map[string]bool{}
	for _, e := range r.Errors {
		bad[e.Path] = true
	}
	fmt.Printf("semgrep, 1 rule %6.1f s wall %6.1f s processor %6.2f MB/s of processor time; %d files read, %d with errors, %d results\n",
		r.wall.Seconds(), r.processor.Seconds(), mb/r.processor.Seconds(), len(r.Paths.Scanned), len(bad), len(r.Results))
	fmt.Printf("semgrep takes %.1f times the processor time of the scan\n\n", r.processor.Seconds()/ours.Seconds())
	fmt.Printf("%-58s %-10s %s\n", "one customer's e-mail address goes to an AI service", "ringfence", "semgrep")
	for _, s := range shapes {
		if err := s.compare(path); err != nil {
			return err
		}
	}
	return nil
}

// shape is one way a leak is spread over code.
type shape struct {
	name  string
	files map[string]string
}

const (
	reads = "$o = wc_get_order( 1 ); $mail = $o->get_billing_email();"
	sends = "wp_remote_post( 'https://api.openai.com/v1/responses', array( 'body' => %s ) );"
)

var shapes = []shape{
	{"in one function", map[string]string{"p.php": "function a() { " + reads + fmt.Sprintf(sends, "$mail") + " }"}},
	{"passed to a function of the same file", map[string]string{"p.php": "function a() { " + reads + " b( $mail ); } function b( $x ) { " + fmt.Sprintf(sends, "$x") + " }"}},
	{"passed to a function of another file", map[string]string{"p.php": "function a() { " + reads + " b( $mail ); }", "q.php": "function b( $x ) { " + fmt.Sprintf(sends, "$x") + " }"}},
	{"through a property of an object", map[string]string{"p.php": "class A { private $m; function a() { " + reads + " $this->m = $mail; } function b() { " + fmt.Sprintf(sends, "$this->m") + " } }"}},
	{"through a hook", map[string]string{"p.php": "function a() { " + reads + " do_action( 'p_mail', $mail ); }", "q.php": "add_action( 'p_mail', 'b' ); function b( $x ) { " + fmt.Sprintf(sends, "$x") + " }"}},
	{"through an option of the shop", map[string]string{"p.php": "function a() { " + reads + " update_option( 'p_mail', $mail ); }", "q.php": "function b() { " + fmt.Sprintf(sends, "get_option( 'p_mail' )") + " }"}},
	{"under another key of the same array: no leak", map[string]string{"p.php": "function a() { " + reads + " $x = array( 'm' => $mail, 't' => 'hello' ); " + fmt.Sprintf(sends, "$x['t']") + " }"}},
}

func (s shape) compare(path string) error {
	dir, err := os.MkdirTemp("", "ringfence-shape")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	for name, code := range s.files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("<?php\n/* Plugin Name: P */\n"+code+"\n"), 0o644); err != nil {
			return err
		}
	}
	r, err := scan.Run(context.Background(), scan.Options{Dir: dir})
	if err != nil {
		return err
	}
	ours := false
	for _, f := range r.Findings {
		ours = ours || f.Rule == "personal-data-to-ai"
	}
	theirs, err := semgrep(path, dir)
	if err != nil {
		return err
	}
	fmt.Printf("%-58s %-10s %s\n", s.name, seen(ours), seen(len(theirs.Results) > 0))
	return nil
}

func seen(b bool) string {
	if b {
		return "reported"
	}
	return "-"
}
