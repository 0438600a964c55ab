package schema

import (
	"strings"
	"testing"
	"time"
)

const order = `{"type":"object","properties":{"id":{"type":"integer","minimum":1,"maximum":99999},"mail":{"type":"string","pattern":"^[a-z]+@shop\\.example$","maxLength":30},
"state":{"enum":["open","sent",3]},"lines":{"type":"array","items":{"$ref":"#/$defs/line"},"maxItems":3,"uniqueItems":true},"note":{"type":["string","null"]},"either":{"oneOf":[{"type":"string"},{"type":"number","multipleOf":0.5}]},
"no":{"not":{"const":"x"}}},"required":["id"],"additionalProperties":false,"$defs":{"line":{"type":"object","properties":{"sku":{"type":"string","minLength":2}},"required":["sku"]}}}`

func TestCheck(t *testing.T) {
	s, err := Compile([]byte(order))
	if err != nil {
		t.Fatal(err)
	}
	for value, want := range map[string]string{
		`{"id":7}`: "", `{"id":7.0}`: "", `{"id":7,"state":3.0,"note":null,"either":2.5,"no":"y"}`: "",
		`{"id":7,"lines":[{"sku":"ab"},{"sku":"cd"}]}`: "",
		`{"id":7.5}`:                       "id must be of type integer",
		`{"id":0}`:                         "id breaks its minimum",
		`{"id":1e999999}`:                  "id must be of type integer",
		`{}`:                               "id is missing",
		`[]`:                               "the value must be of type object",
		`{"id":1,"secret":1}`:              "(another property) is not allowed",
		`{"id":1,"mail":"a@evil.example"}`: "mail does not match its pattern",
		`{"id":1,"mail":"` + strings.Repeat("a", 40) + `@shop.example"}`: "mail is too long",
		`{"id":1,"state":"gone"}`:                      "state is none of the values it may be",
		`{"id":1,"lines":[{"sku":"a"}]}`:               "lines[0].sku is too short",
		`{"id":1,"lines":[{}]}`:                        "lines[0].sku is missing",
		`{"id":1,"lines":[{"sku":"ab"},{"sku":"ab"}]}`: "lines has an item twice",
		`{"id":1,"either":true}`:                       "either fits not what oneOf asks",
		`{"id":1,"no":"x"}`:                            "no is what it must not be",
		`{"id":1} {}`:                                  "no JSON",
		`{"id":`:                                       "no JSON",
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

// A schema that refers to itself in every branch must not take for ever.
func TestChecksAreBounded(t *testing.T) {
	for _, raw := range []string{`{"anyOf":[{"$ref":"#"},{"$ref":"#"},{"$ref":"#"}]}`, `{"$ref":"#"}`, `{"items":{"anyOf":[{"$ref":"#"},{"type":"null"},{"$ref":"#"}]}}`} {
		s, err := Compile([]byte(raw))
		if err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		s.Check([]byte(strings.Repeat("[", 60) + strings.Repeat("]", 60)))
		if d := time.Since(began); d > 5*time.Second {
			t.Errorf("%s took %v", raw, d)
		}
	}
}

func TestBadSchemas(t *testing.T) {
	for _, raw := range []string{`[`, `[]`, `"x"`, `{"pattern":"(?=x)"}`, strings.Repeat(`{"not":`, 80) + "true" + strings.Repeat("}", 80)} {
		if _, err := Compile([]byte(raw)); err == nil {
			t.Errorf("%.40s was taken", raw)
		}
	}
	for _, raw := range []string{``, `null`, `true`, `{}`} {
		s, err := Compile([]byte(raw))
		if err != nil || s.Check([]byte(`{"a":[1]}`)) != nil {
			t.Errorf("%q: %v", raw, err)
		}
	}
}

func FuzzCheck(f *testing.F) {
	f.Add(order, `{"id":7,"lines":[{"sku":"ab"}]}`)
	f.Add(`{"anyOf":[{"$ref":"#"},true]}`, `[1,{"a":null}]`)
	f.Fuzz(func(_ *testing.T, raw, value string) {
		if s, err := Compile([]byte(raw)); err == nil {
			s.Check([]byte(value))
		}
	})
}
