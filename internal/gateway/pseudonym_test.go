package gateway_test

import (
	"encoding/json"
	"strings"
	"testing"

	"ringfence/internal/mask"
	"ringfence/internal/minimize"
)

// An entry counts fields as pseudonymised when minimisation leaves them for
// masking. This holds the two rooms together: no such value may be left over.
func TestPseudonymisedFieldsAreMasked(t *testing.T) {
	tried := 0
	for _, purpose := range minimize.Purposes() {
		for _, path := range minimize.Paths() {
			d, ok := minimize.Explain(purpose.ID, path)
			if !ok || d.Action != minimize.Pseudonymise {
				continue
			}
			tried++
			value := sampleFor(path)
			cut, err := minimize.Cut(purpose.ID, "cust:42", nested(path, value))
			if err != nil {
				t.Fatalf("%s %s: %v", purpose.ID, path, err)
			}
			if cut.Counts.Pseudonymised == 0 {
				continue // denied for another reason, e.g. the shape of the sample
			}
			hidden, err := mask.New(mask.Options{}).Open(mask.NewVault(mask.VaultOptions{})).HideJSON(cut.Text)
			if err != nil || strings.Contains(hidden.String(), value) {
				t.Errorf("%s may use %s as a pseudonym, but masking leaves %s", purpose.ID, path, hidden)
			}
		}
	}
	if tried == 0 {
		t.Error("no field is pseudonymised any more; drop the action")
	}
}

func sampleFor(path string) string {
	switch {
	case strings.Contains(path, "email"):
		return "zorblax@example.org"
	case strings.Contains(path, "phone"):
		return "+49 30 901820"
	}
	return "Zorblax"
}

// nested builds the JSON in which a path stands, one record of its kind.
func nested(path, value string) json.RawMessage {
	var v any = value
	parts := strings.Split(path, ".")
	for i := len(parts) - 1; i >= 0; i-- {
		name, list := strings.CutSuffix(parts[i], "[]")
		if list {
			v = []any{v}
		}
		v = map[string]any{name: v}
		if i == 0 && strings.HasSuffix(name, "s") {
			inner := v.(map[string]any)[name]
			v = map[string]any{name: []any{inner}}
		}
	}
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return b
}
