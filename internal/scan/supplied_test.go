package scan_test

import (
	"context"
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ringfence/internal/scan"
	"ringfence/internal/scan/fact"
	"ringfence/internal/scan/feed"
)

const supplied = "<?php\n/*\nPlugin Name: Chatty\nVersion: 1.4\n*/\nfunction chatty() { return 1; }\n"

// suppliedTree is a site with one plugin and one file somebody added to it.
func suppliedTree(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	dir := filepath.Join(root, "wp-content/plugins/chatty")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"chatty.php": supplied, "added.php": "<?php\nfunction added() {}\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func ruled(r *fact.Report, rule string) []fact.Finding {
	var list []fact.Finding
	for _, f := range r.Findings {
		if f.Rule == rule {
			list = append(list, f)
		}
	}
	return list
}

// TestSuppliedSums: a changed file and one nobody published are named; with the right digests only the latter; another
// version's list says nothing.
func TestSuppliedSums(t *testing.T) {
	root := suppliedTree(t)
	right := md5.Sum([]byte(supplied))
	for name, c := range map[string]struct {
		version, sum string
		want         []string
	}{
		"changed":       {"1.4", `"00000000000000000000000000000000"`, []string{"added.php", "chatty.php"}},
		"as published":  {"1.4", `"` + hex.EncodeToString(right[:]) + `"`, []string{"added.php"}},
		"one of two":    {"1.4", `["aa", "` + strings.ToUpper(hex.EncodeToString(right[:])) + `"]`, []string{"added.php"}},
		"other version": {"1.5", `"00"`, nil},
	} {
		s, err := scan.ReadSums([]byte(fmt.Sprintf(`{"plugin": "chatty", "version": %q, "files": {"chatty.php": {"md5": %s}}}`, c.version, c.sum)))
		if err != nil {
			t.Fatal(name, err)
		}
		r, err := scan.Run(context.Background(), scan.Options{Dir: root, Sums: []*scan.Sums{s}})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, f := range ruled(r, "modified-file") {
			for _, step := range f.Path {
				got = append(got, filepath.Base(step.File))
			}
		}
		if strings.Join(got, " ") != strings.Join(c.want, " ") {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// TestSumsRefused: what is no list of checksums is refused.
func TestSumsRefused(t *testing.T) {
	for _, raw := range []string{"", "[]", "{}", `{"checksums": false}`, `{"files": {}}`} {
		if _, err := scan.ReadSums([]byte(raw)); err == nil {
			t.Errorf("%q was taken", raw)
		}
	}
	if s, err := scan.ReadSums([]byte(`{"checksums": {"wp-load.php": "aa"}}`)); err != nil || s.Slug != "" || len(s.Files) != 1 {
		t.Errorf("WordPress' own list: %v %v", s, err)
	}
}

// TestSuppliedFeed: a version the list names is reported with what fixes it.
func TestSuppliedFeed(t *testing.T) {
	list := []feed.Entry{{Kind: "plugin", Slug: "chatty", Title: "Anyone may ask", ID: "CVE-2099-1", Fixed: "1.4.1", To: feed.Bound{Version: "1.4", Inclusive: true}},
		{Kind: "plugin", Slug: "chatty", Title: "Old", ID: "CVE-2099-2", To: feed.Bound{Version: "1.4"}}}
	r, err := scan.Run(context.Background(), scan.Options{Dir: suppliedTree(t), Feed: list})
	if err != nil {
		t.Fatal(err)
	}
	found := ruled(r, "known-vulnerability")
	if len(found) != 1 || !strings.Contains(found[0].Title, "CVE-2099-1") || !strings.Contains(found[0].Conditions, "fixed in 1.4.1") {
		t.Errorf("%+v", found)
	}
}
