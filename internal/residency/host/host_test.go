package host_test

import (
	"errors"
	"strings"
	"testing"

	"ringfence/internal/residency/host"
)

func TestOneSpelling(t *testing.T) {
	for raw, want := range map[string]string{
		"api.openai.com":  "api.openai.com",
		"API.OpenAI.com.": "api.openai.com",
		"ａｐｉ．ｏｐｅｎａｉ．ｃｏｍ":               "api.openai.com", // full width
		"api。openai。com":               "api.openai.com", // ideographic full stop
		"api.open\u00adai.com":         "api.openai.com", // soft hyphen
		"api.open\u200bai.com":         "api.openai.com", // zero width space
		"Bücher.example":               "xn--bcher-kva.example",
		"xn--bcher-kva.example":        "xn--bcher-kva.example",
		"bu\u0308cher.example":         "xn--bcher-kva.example", // decomposed
		"straße.example":               "xn--strae-oqa.example",
		"_acme-challenge.a.example":    "_acme-challenge.a.example",
		"localhost":                    "localhost",
		"127.0.0.1":                    "127.0.0.1",
		"127.0.0.1.":                   "127.0.0.1",
		"１２７.0.0.1":                    "127.0.0.1",
		"::1":                          "[::1]",
		"[2001:DB8:0::1]":              "[2001:db8::1]",
		"::ffff:7f00:1":                "[::ffff:127.0.0.1]",
		"1.2.3.4.example":              "1.2.3.4.example",
		"0x7f.example":                 "0x7f.example",
		"a--b.example":                 "a--b.example",
		strings.Repeat("a", 63) + ".x": strings.Repeat("a", 63) + ".x",
	} {
		h, err := host.Parse(raw)
		if err != nil || h.String() != want {
			t.Errorf("%q is %q, %v; want %q", raw, h, err, want)
		}
	}
}

func TestRefused(t *testing.T) {
	for raw, want := range map[string]error{
		"": host.ErrEmpty, ".": host.ErrEmpty, "\u00ad": host.ErrEmpty,
		"0177.0.0.1": host.ErrDisguise, "0x7f.0.0.1": host.ErrDisguise, "127.1": host.ErrDisguise,
		"2130706433": host.ErrDisguise, "0x7f000001": host.ErrDisguise, "127.0.0.0x1": host.ErrDisguise,
		"017700000001": host.ErrDisguise, "127.0.0.256": host.ErrDisguise, "1.2.3.4.5": host.ErrDisguise,
		"example.0x": host.ErrDisguise, "example.123": host.ErrDisguise, "０ｘ７ｆ.1": host.ErrDisguise,
		"0X7F.0.0.1": host.ErrDisguise, "127.0.0.01": host.ErrDisguise, "①②⑦.0.0.0x1": host.ErrDisguise,
		"fe80::1%eth0": host.ErrZone, "[fe80::1%25lo]": host.ErrZone,
		"a b.example": host.ErrLetters, "a\x00.example": host.ErrLetters, "a/b": host.ErrLetters, "a@b": host.ErrLetters,
		"a%2eexample": host.ErrLetters, "api.openai.com:443": host.ErrLetters, "a..b": host.ErrLetters, ".a": host.ErrLetters,
		"a..": host.ErrLetters, "*.example": host.ErrLetters, "a\r\nb": host.ErrLetters, "[::1": host.ErrLetters, "[127.0.0.1]": host.ErrLetters,
		"xn--a.example": host.ErrLetters, "a\xff.example": host.ErrLetters, "a#b": host.ErrLetters, "a\\b": host.ErrLetters,
		strings.Repeat("a", 64) + ".x": host.ErrLetters, strings.Repeat("a.", 128): host.ErrLong,
		strings.Repeat("x", 5000): host.ErrLong,
	} {
		if h, err := host.Parse(raw); !errors.Is(err, want) || h != (host.Host{}) {
			t.Errorf("%.40q is %q, %v; want %v", raw, h, err, want)
		}
	}
}

// FuzzParse holds the promise: a fixed point, in plain letters, that no parser
// of addresses reads differently.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"API.OpenAI.com.", "0177.1", "[::1]", "Bücher.example", "１２７.0.0.1", "a。b", "::ffff:127.0.0.1", "xn--bcher-kva", "127.0.0.1."} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		h, err := host.Parse(raw)
		if err != nil {
			if h != (host.Host{}) {
				t.Fatalf("%q gives %v and %v", raw, h, err)
			}
			return
		}
		again, err := host.Parse(h.String())
		if err != nil || again != h {
			t.Fatalf("%q is %q, which is %q, %v", raw, h, again, err)
		}
		if h.IsAddr() == (h.Name != "") {
			t.Fatalf("%q is both or neither: %+v", raw, h)
		}
		if strings.Trim(h.Name, "abcdefghijklmnopqrstuvwxyz0123456789-_.") != "" || strings.HasSuffix(h.Name, ".") || len(h.Name) > 253 {
			t.Fatalf("%q is the name %q", raw, h.Name)
		}
	})
}
