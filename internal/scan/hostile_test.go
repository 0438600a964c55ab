package scan_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ringfence/internal/scan"
	"ringfence/internal/scan/fact"
	"ringfence/internal/scan/report"
)

const leak = "<?php\n/* Plugin Name: Leak AI */\nfunction leak() { $u = wp_get_current_user();\nwp_remote_post( 'https://api.openai.com/v1/responses', array( 'body' => $u->user_email ) ); }\n"

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func run(t *testing.T, dir string, workers int) *fact.Report {
	t.Helper()
	r, err := scan.Run(context.Background(), scan.Options{Dir: dir, Workers: workers})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestHostileTree: whatever lies in the tree, the scan ends, finds what can be read, and
// says of every other file why it was not.
func TestHostileTree(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "leak.php", leak)
	write(t, dir, "big.php", "<?php $a = '"+strings.Repeat("x", 9<<20)+"';")
	write(t, dir, "line.js", "var a="+strings.Repeat("[1,'a',/x/.test(b)/2],", 200_000)+"1;")
	write(t, dir, "calls.js", strings.Repeat("f({'u':'https://a.example/x'});fetch('/y');", 50_000))
	write(t, dir, "binary.php", "<?php \x00\x01\x02")
	write(t, dir, "bomb.zip", "PK\x03\x04")
	write(t, dir, "deep.php", "<?php $a = "+strings.Repeat("(", 50_000)+"1"+strings.Repeat(")", 50_000)+";")
	write(t, dir, "else.php", "<?php "+strings.Repeat("if ( $a ) { f(); } else", 50_000)+" {}")
	write(t, dir, "attrs.php", "<?php "+strings.Repeat("#[", 100_000))
	write(t, dir, "latin1.php", "<?php $a = '\xe9\xff';")
	write(t, dir, "unclosed.php", "<?php function f() { $x = \"abc {$y['z']} ; ")
	if err := os.Symlink(dir, filepath.Join(dir, "loop")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("/etc/passwd", filepath.Join(dir, "passwd.php")); err != nil {
		t.Fatal(err)
	}
	r := run(t, dir, 2)
	if c := r.Coverage; c.Files != c.Analysed+c.Partly+c.Skipped || c.Files != 13 {
		t.Errorf("files are not all accounted for: %+v", c)
	}
	reasons := map[string]string{}
	for _, n := range r.Coverage.Notes {
		reasons[n.File] = n.Status + ": " + n.Reason
		if strings.HasPrefix(n.Reason, "fault") {
			t.Errorf("%s: %s", n.File, n.Reason)
		}
	}
	for file, want := range map[string]string{
		"big.php": "skipped: PHP file larger", "binary.php": "skipped: binary", "bomb.zip": "skipped: archive", "loop": "skipped: symbolic link",
		"passwd.php": "skipped: symbolic link", "deep.php": "partly: ", "else.php": "partly: ", "calls.js": "partly: more than 2,000 calls", "unclosed.php": "partly: ",
	} {
		if !strings.HasPrefix(reasons[file], want) {
			t.Errorf("%s: got %q, want %q", file, reasons[file], want)
		}
	}
	if len(r.Findings) == 0 || r.Findings[0].Rule != "personal-data-to-ai" {
		t.Errorf("the leak beside the hostile files was not found: %v", r.Findings)
	}
	if !scan.Incomplete(r) {
		t.Error("the report does not say that it is incomplete")
	}
}

// TestUnreadable: a file without permission is named. Root reads everything, so the bits
// are tried first.
func TestUnreadable(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "leak.php", leak)
	write(t, dir, "secret.php", "<?php")
	if err := os.Chmod(filepath.Join(dir, "secret.php"), 0); err != nil {
		t.Fatal(err)
	}
	_, err := os.ReadFile(filepath.Join(dir, "secret.php"))
	r := run(t, dir, 1)
	if noted := len(r.Coverage.Notes) == 1; noted != (err != nil) {
		t.Errorf("reading fails: %v, but notes are %v", err, r.Coverage.Notes)
	}
}

// TestSameBytes: the report does not depend on the number of workers or on the run.
func TestSameBytes(t *testing.T) {
	dir := t.TempDir()
	files, err := filepath.Glob(cases)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		from, _ := unpack(t, f)
		if err := os.CopyFS(filepath.Join(dir, "wp-content", "plugins", strings.TrimSuffix(filepath.Base(f), ".txtar")), os.DirFS(from)); err != nil {
			t.Fatal(err)
		}
	}
	for _, format := range report.Formats {
		var first []byte
		for _, workers := range []int{1, 4, 4, 9} {
			var b bytes.Buffer
			if err := report.Write(&b, format, run(t, dir, workers)); err != nil {
				t.Fatal(err)
			}
			if first == nil {
				first = b.Bytes()
			} else if !bytes.Equal(first, b.Bytes()) {
				t.Errorf("%s: %d workers give another report", format, workers)
			}
		}
	}
}

// TestComponents: headers, kinds and borders of plugins, themes and the rest.
func TestComponents(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "wp-includes/version.php", "<?php $wp_version = '7.0';")
	write(t, dir, "wp-content/plugins/one/one.php", "<?php\n/**\n * Plugin Name: One\n * Version: 1.2\n */")
	write(t, dir, "wp-content/plugins/one/packages/inner/inner.php", "<?php /* Plugin Name: Inner */")
	write(t, dir, "wp-content/plugins/hello.php", "<?php /* Plugin Name: Hello */")
	write(t, dir, "wp-content/mu-plugins/must.php", "<?php // no header")
	write(t, dir, "wp-content/themes/t/style.css", "/*\nTheme Name: T\nVersion: 3\n*/")
	write(t, dir, "wp-content/themes/t/functions.php", "<?php")
	write(t, dir, "wp-content/object-cache.php", "<?php")
	write(t, dir, "wp-config.php", "<?php define( 'WP_DEBUG', true ); define( 'OPENAI_API_KEY', 'abc' ); define('DB_PASSWORD', 'p');")
	r := run(t, dir, 2)
	var got []string
	for _, c := range r.Components {
		got = append(got, c.Kind+" "+c.Slug+" "+c.Version)
	}
	want := "core wordpress |files files |mu-plugin must |drop-in object-cache |plugin hello |plugin one 1.2|theme t 3"
	if s := strings.Join(got, "|"); s != want {
		t.Errorf("components:\n got %s\nwant %s", s, want)
	}
	if r.Config == nil || r.Config.Constants["WP_DEBUG"] != "true" || strings.Contains(r.Config.Constants["OPENAI_API_KEY"]+r.Config.Constants["DB_PASSWORD"], "abc") {
		t.Errorf("wp-config.php: %+v", r.Config)
	}
}

// TestSettings: with the shop's options a configured address has a host, and plugins are active or not.
func TestSettings(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "wp-content/plugins/cfg/cfg.php", `<?php /* Plugin Name: Cfg AI */
function cfg() { $s = get_option( 'cfg' ); wp_remote_post( $s['url'] . '/v1/chat', array( 'body' => $_POST['message'] ) ); }`)
	s, err := scan.ReadSettings([]byte(`[{"option_name":"active_plugins","option_value":"a:1:{i:0;s:11:\"cfg/cfg.php\";}"},
		{"option_name":"cfg","option_value":"a:1:{s:3:\"url\";s:24:\"https://api.moonshot.cn/\";}"}]`))
	if err != nil {
		t.Fatal(err)
	}
	r, err := scan.Run(context.Background(), scan.Options{Dir: dir, Settings: s})
	if err != nil {
		t.Fatal(err)
	}
	if r.Components[0].Active != "yes" || len(r.Services) == 0 || r.Services[0].Host != "api.moonshot.cn" {
		t.Errorf("got %+v %+v", r.Components, r.Services)
	}
}

// TestStopped: a scan that is told to stop says so instead of handing out half a report.
func TestStopped(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "leak.php", leak)
	ctx, cancel := context.WithCancel(context.Background())
	r, err := scan.Run(ctx, scan.Options{Dir: dir, Progress: func(int, int, string) { cancel() }}) // stops when all is read, at the last moment
	if r != nil || err == nil {
		t.Errorf("got a report: %v", r)
	}
}
