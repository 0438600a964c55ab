package dialect_test

import (
	"testing"

	"ringfence/internal/gateway/dialect"
)

// PHP writes an object without members as []. That is mended where a schema
// must have an object, and nowhere else.
func TestSchemaOfPHP(t *testing.T) {
	for in, want := range map[string]string{
		`[]`:                                     `{}`,
		`{"type":"object"}`:                      `{"type":"object"}`,
		`{"type": "object", "properties": {}}`:   `{"type": "object", "properties": {}}`,
		`{"type":"object","properties":[]}`:      `{"type":"object","properties":{}}`,
		`{"required":[],"enum":[],"default":[]}`: `{"required":[],"enum":[],"default":[]}`,
		`{"properties":{"items":{"type":"array","items":[]},"required":{"enum":[]}}}`:    `{"properties":{"items":{"type":"array","items":{}},"required":{"enum":[]}}}`,
		`{"anyOf":[{"properties":[]},{"type":"null"}],"additionalProperties":[]}`:        `{"anyOf":[{"properties":{}},{"type":"null"}],"additionalProperties":{}}`,
		`{"properties":{"a\"b":{"additionalProperties":false,"$defs":[],"x":"\u00e4"}}}`: `{"properties":{"a\"b":{"additionalProperties":false,"$defs":{},"x":"ä"}}}`,
	} {
		v, err := dialect.Parse([]byte(in), limits)
		if err != nil {
			t.Fatal(err)
		}
		if got := v.Schema(); got != want {
			t.Errorf("%s became %s, want %s", in, got, want)
		}
	}
}
