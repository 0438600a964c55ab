package feed_test

import (
	"testing"

	"ringfence/internal/scan/feed"
)

// TestCompare holds pairs as PHP's version_compare orders them.
func TestCompare(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{
		{"1.2", "1.10", -1}, {"1.0", "1.0.0", -1}, {"1.0", "1.0", 0}, {"5.2", "5.1.9", 1},
		{"1.0-dev", "1.0-alpha", -1}, {"1.0alpha", "1.0beta", -1}, {"1.0beta2", "1.0RC1", -1}, {"1.0RC1", "1.0", -1}, {"1.0", "1.0pl1", -1},
		{"1.0.b", "1.0", -1}, {"01.2", "1.2", 0}, {"1_2", "1.2", 0}, {"2.0.0-beta.3", "2.0.0-beta.12", -1}, {"foo", "1", -1}, {"", "1", -1},
	} {
		if got := feed.Compare(c.a, c.b); got != c.want {
			t.Errorf("%q against %q: %d, want %d", c.a, c.b, got, c.want)
		}
		if got := feed.Compare(c.b, c.a); got != -c.want {
			t.Errorf("%q against %q: %d, want %d", c.b, c.a, got, -c.want)
		}
	}
}

const wordfence = `{"0a1b": {"id": "0a1b", "title": "Chatty <= 1.4 - Anyone may ask", "cve": "CVE-2099-0001", "cvss": {"score": 8.1}, "software": [
 {"type": "plugin", "slug": "chatty", "affected_versions": {"* - 1.4": {"from_version": "*", "from_inclusive": true, "to_version": "1.4", "to_inclusive": true}}, "patched_versions": ["1.4.1"]}]}}`

const wpscan = `{"chatty": {"friendly_name": "Chatty", "vulnerabilities": [{"id": "77", "title": "Chatty < 1.5 - Again", "fixed_in": "1.5", "references": {"cve": ["2099-0002"]}}]}}`

const wpvulnerability = `{"error": 0, "data": {"plugin": "chatty", "vulnerability": [{"uuid": "u", "name": "Chatty [chatty] < 1.6",
 "operator": {"min_version": "1.2", "min_operator": "ge", "max_version": "1.6", "max_operator": "lt"}, "source": [{"id": "CVE-2099-0003"}], "impact": {"cvss": {"score": "5.3"}}}]}}`

// TestRead: each of the three shapes is understood, bounds included.
func TestRead(t *testing.T) {
	for name, c := range map[string]struct {
		raw, hit, miss, id string
	}{
		"wordfence":       {wordfence, "1.4", "1.4.1", "CVE-2099-0001"},
		"wpscan":          {wpscan, "1.4.9", "1.5", "CVE-2099-0002"},
		"wpvulnerability": {wpvulnerability, "1.2", "1.1", "CVE-2099-0003"},
	} {
		list, err := feed.Read([]byte(c.raw))
		if err != nil {
			t.Fatal(name, err)
		}
		if m := feed.Match(list, "plugin", "chatty", c.hit); len(m) != 1 || m[0].ID != c.id {
			t.Errorf("%s: %s gives %v", name, c.hit, m)
		}
		for _, v := range []string{c.miss, ""} {
			if m := feed.Match(list, "plugin", "chatty", v); len(m) != 0 {
				t.Errorf("%s: %q gives %v", name, v, m)
			}
		}
		if m := feed.Match(list, "plugin", "other", c.hit); len(m) != 0 {
			t.Errorf("%s: another plugin gives %v", name, m)
		}
	}
}

// TestReadRefuses: what is no list is refused instead of read as an empty one.
func TestReadRefuses(t *testing.T) {
	for _, raw := range []string{"", "[]", `{"a": 1}`, "null x"} {
		if list, err := feed.Read([]byte(raw)); err == nil {
			t.Errorf("%q was read as %v", raw, list)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{wordfence, wpscan, wpvulnerability, "{}", `{"a":{"software":[{"affected_versions":{"":{}}}]}}`} {
		f.Add([]byte(s), "1.0")
	}
	f.Fuzz(func(t *testing.T, raw []byte, version string) {
		list, _ := feed.Read(raw)
		for _, e := range list {
			feed.Match(list, e.Kind, e.Slug, version)
		}
	})
}
