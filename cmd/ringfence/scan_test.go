package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const leaky = `<?php
/* Plugin Name: Leaky AI */
add_action( 'woocommerce_new_order', function ( $id ) {
	$order = wc_get_order( $id );
	wp_remote_post( 'https://api.openai.com/v1/responses', array( 'body' => $order->get_billing_email() ) );
} );
`

func scanned(t *testing.T, args ...string) (code int, out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	code = scanVerb(args, &o, &e)
	return code, o.String(), e.String()
}

func tree(t *testing.T, text string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "plugin.php"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestScanExitCodes: 0 clean, 1 findings, 2 wrong use, 3 incomplete.
func TestScanExitCodes(t *testing.T) {
	clean := tree(t, "<?php\n/* Plugin Name: Clean */\nfunction clean() { return 1; }\n")
	broken := tree(t, "<?php\n/* Plugin Name: Broken */\nfunction ( { \n")
	for _, c := range []struct {
		want int
		args []string
	}{
		{0, []string{clean}}, {1, []string{tree(t, leaky)}}, {3, []string{broken}},
		{2, []string{}}, {2, []string{"--format", "pdf", clean}}, {2, []string{"--fail-on", "huge", clean}},
		{2, []string{filepath.Join(clean, "nothing-here")}}, {2, []string{"--baseline", filepath.Join(clean, "plugin.php"), clean}},
		{2, []string{"--no-such-flag", clean}}, {0, []string{"--help"}},
	} {
		if code, out, errs := scanned(t, c.args...); code != c.want {
			t.Errorf("%v: exit %d, want %d\n%s%s", c.args, code, c.want, out, errs)
		}
	}
}

// TestScanBaseline: what is in the baseline no longer fails; an accepted finding does not either.
func TestScanBaseline(t *testing.T) {
	dir, base := tree(t, leaky), filepath.Join(t.TempDir(), "base.json")
	if code, _, _ := scanned(t, "--format", "json", "--output", base, dir); code != 1 {
		t.Fatalf("exit %d", code)
	}
	if code, out, _ := scanned(t, "--baseline", base, dir); code != 0 || !strings.Contains(out, "(known)") {
		t.Errorf("exit %d\n%s", code, out)
	}
	if code, out, _ := scanned(t, "--diff", base, dir); code != 0 || !strings.Contains(out, "Nothing changed") {
		t.Errorf("exit %d\n%s", code, out)
	}
	worse := tree(t, strings.ReplaceAll(leaky, "$order->get_billing_email()", "$order->get_billing_email() . $order->get_billing_phone()"))
	if code, out, _ := scanned(t, "--diff", base, worse); code != 1 || !strings.Contains(out, "sends phone (order)") {
		t.Errorf("exit %d\n%s", code, out)
	}
}

func TestScanSuppress(t *testing.T) {
	dir := tree(t, leaky)
	_, out, _ := scanned(t, dir)
	i := strings.Index(out, "[personal-data-to-ai ")
	if i < 0 {
		t.Fatal(out)
	}
	id := out[i+len("[personal-data-to-ai ") : i+len("[personal-data-to-ai ")+16]
	file := filepath.Join(t.TempDir(), "accept")
	if err := os.WriteFile(file, []byte(id+" until=2999-01-01 by=test accepted for this test\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if code, out, errs := scanned(t, "--suppress", file, dir); code != 0 {
		t.Errorf("exit %d\n%s%s", code, out, errs)
	}
}

// TestScanWritesWhole: the report may replace the baseline it is compared with; a report that cannot be written is
// exit code 3 and leaves what was there.
func TestScanWritesWhole(t *testing.T) {
	dir, base := tree(t, leaky), filepath.Join(t.TempDir(), "base.json")
	if code, _, _ := scanned(t, "--format", "json", "--output", base, dir); code != 1 {
		t.Fatalf("exit %d", code)
	}
	if code, _, errs := scanned(t, "--format", "json", "--baseline", base, "--output", base, dir); code != 0 || errs != "" {
		t.Errorf("exit %d: %s", code, errs)
	}
	if raw, err := os.ReadFile(base); err != nil || !strings.Contains(string(raw), `"known"`) {
		t.Errorf("the report was not replaced: %v", err)
	}
	for _, out := range []string{"/dev/full", filepath.Join(base, "x")} {
		if code, _, errs := scanned(t, "--output", out, dir); code != 3 || !strings.Contains(errs, "could not be written") {
			t.Errorf("%s: exit %d: %s", out, code, errs)
		}
	}
}
