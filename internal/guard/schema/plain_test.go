package schema

import (
	"strings"
	"testing"
)

// What two readers may read in two ways does not pass, whatever the schema says.
func TestTwoReadings(t *testing.T) {
	s, err := Compile(nil)
	if err != nil {
		t.Fatal(err)
	}
	for value, want := range map[string]string{
		`{"to":"a","from":"b","list":[{"n":1},{"n":2}]}`: "", `{}`: "", `"é 🧶"`: "", `12.50`: "", `{"a":{"a":{"a":1}}}`: "",
		`{"to":"a","to":"b"}`:                               "a key comes twice",
		`{"to":"a","\u0074o":"b"}`:                          "a key comes twice",
		`{"to":"a","TO":"b"}`:                               "a key comes twice",
		`{"x":[{"to":1,"to":2}]}`:                           "a key comes twice",
		"{\"to\":\"a\xff\"}":                                "the value is no UTF-8",
		`{"to":"\ud800"}`:                                   "a text has characters that say nothing",
		`{"to":"a\u0000.example"}`:                          "a text has characters that say nothing",
		`{"n":1e400}`:                                       "a number is out of bounds",
		strings.Repeat("9", 65):                             "a number is out of bounds",
		strings.Repeat("[", 100) + strings.Repeat("]", 100): "the value is nested too deep",
		`{"a":1} "more"`:                                    "no JSON",
	} {
		got := ""
		if err := s.Check([]byte(value)); err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%s: %q, want %q", value, got, want)
		}
	}
}
