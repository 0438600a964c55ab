package scan_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ringfence/internal/scan"
	"ringfence/internal/scan/report"
)

// FuzzTree: whatever stands in a plugin, in wp-config.php and in what is told beside the tree, the scan ends without a
// fault of its own, accounts for every file, never prints a password, and says the same on one core and on four.
func FuzzTree(f *testing.F) {
	f.Add(leak, "<?php define( 'DB_PASSWORD', 'hunter22' ); define('WP_DEBUG', true);", "fetch('https://api.openai.com/v1', {body: x})", `{"require":{"openai-php/client":"*"}}`, `[{"option_name":"active_plugins","option_value":"a:0:{}"}]`)
	f.Add("<?php /* Plugin Name: \xff */ function(", "<?php define( 'AUTH_KEY' . 'x', 'hunter22'", "`${`", "{", `[]`)
	f.Add("<?php if ( 1 ) { function a() {} class a { use a; const a = self::a; }", "<?php const DB_PASSWORD = 'hunter22';", "window.x.y=z", `{"require":[]}`, `[{"option_name":"x","option_value":"s:3:\"k\";s:9:\"v\""}]`)
	f.Fuzz(func(t *testing.T, php, config, js, composer, options string) {
		dir := t.TempDir()
		plugin := filepath.Join(dir, "wp-content/plugins/p")
		if err := os.MkdirAll(plugin, 0o755); err != nil {
			t.Fatal(err)
		}
		for name, text := range map[string]string{"wp-config.php": config, "wp-content/plugins/p/p.php": php, "wp-content/plugins/p/p.js": js, "wp-content/plugins/p/composer.json": composer} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		settings, err := scan.ReadSettings([]byte(options))
		if err != nil {
			settings = nil
		}
		var first []byte
		for _, workers := range []int{1, 4} {
			r, err := scan.Run(context.Background(), scan.Options{Dir: dir, Workers: workers, Settings: settings})
			if err != nil {
				t.Fatal(err)
			}
			if c := r.Coverage; c.Files != 4 || c.Analysed+c.Partly+c.Skipped != 4 {
				t.Errorf("files are not all accounted for: %+v", c)
			}
			for _, n := range r.Coverage.Notes {
				if strings.HasPrefix(n.Reason, "fault") {
					t.Errorf("%s: %s", n.File, n.Reason)
				}
			}
			for _, format := range report.Formats {
				var b bytes.Buffer
				if err := report.Write(&b, format, r); err != nil {
					t.Fatal(err)
				}
				if format != "json" {
					continue
				}
				if first == nil {
					first = b.Bytes()
				} else if !bytes.Equal(first, b.Bytes()) {
					t.Error("four cores say something else than one")
				}
			}
			if r.Config != nil && r.Config.Constants["DB_PASSWORD"] == "hunter22" {
				t.Error("a password is in the report")
			}
		}
	})
}

// FuzzSums: a list of checksums is read or refused.
func FuzzSums(f *testing.F) {
	for _, s := range []string{`{"checksums":{"a.php":"0cc175b9c0f1b6a831c399e269772661"}}`, `{"version":"1","files":{"a.php":{"md5":["x","y"],"sha256":"z"}}}`, `{}`, `[]`, `{"checksums":{"1.0":{"a":"b"}}}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		if s, err := scan.ReadSums(raw); err == nil && s == nil {
			t.Error("neither read nor refused")
		}
	})
}
