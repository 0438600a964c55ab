package js_test

import (
	"strings"
	"testing"

	"ringfence/internal/scan/js"
)

// TestStrings: texts in strings and templates are found; comments and regular expressions are not strings.
func TestStrings(t *testing.T) {
	src := "// 'no'\n/* \"no\" */ var a = 'one', b = /'no'/g, c = x / 2 / 'two', d = `three ${e} four`, f = {g: \"https:\\/\\/h\"}; return /[/']no/.test('five')"
	var got []string
	for _, s := range js.Scan(src).Strings {
		got = append(got, s.Text)
	}
	if s := strings.Join(got, "|"); s != "one|two|three |${e} four|https://h|five" {
		t.Error(s)
	}
}

func TestCalls(t *testing.T) {
	f := js.Scan("fetch('https://a.example/x'); window.fetch ( `https://b.example/${id}` ); const fetchIt = 1; new WebSocket(url); axios.post('/c'); x.fetch; $.ajax({url: u})")
	var got []string
	for _, c := range f.Calls {
		got = append(got, c.Name+" "+c.URL)
	}
	if s := strings.Join(got, "|"); s != "fetch https://a.example/x|fetch https://b.example/|WebSocket |axios /c|ajax " {
		t.Error(s)
	}
}

func TestNames(t *testing.T) {
	if _, ok := js.Scan("new OpenAI({ apiKey: k, dangerouslyAllowBrowser: true })").Names["dangerouslyAllowBrowser"]; !ok {
		t.Error("not seen")
	}
	if _, ok := js.Scan("'dangerouslyAllowBrowser'").Names["dangerouslyAllowBrowser"]; ok {
		t.Error("a text is no name")
	}
}

// FuzzScan: no bytes make the scanner panic or point outside the source.
func FuzzScan(f *testing.F) {
	for _, s := range []string{"'a\\", "`${`${`", "/[/", "a/b/c", "fetch(", "\"\n", "/*"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, src string) {
		r := js.Scan(src)
		for _, s := range r.Strings {
			if s.Pos < 0 || s.Pos > len(src) {
				t.Fatalf("string at %d of %d", s.Pos, len(src))
			}
		}
		for _, c := range r.Calls {
			if c.Pos < 0 || c.Pos >= len(src) {
				t.Fatalf("call at %d of %d", c.Pos, len(src))
			}
		}
	})
}
