package wire

import (
	"errors"
	"strings"
	"testing"

	"ringfence/internal/engine"
)

func TestVectorsThatDoNotBelongAreRefused(t *testing.T) {
	for name, body := range map[string]string{
		"cut":           `{"data":[{"index":0,"embedding":[1,2`,
		"too few":       `{"data":[{"index":0,"embedding":[1,2]}]}`,
		"too many":      `{"data":[{"index":0,"embedding":[1]},{"index":1,"embedding":[1]},{"index":2,"embedding":[1]}]}`,
		"twice":         `{"data":[{"index":0,"embedding":[1,2]},{"index":0,"embedding":[1,2]}]}`,
		"no numbers":    `{"data":[{"index":0,"embedding":[]},{"index":1,"embedding":[]}]}`,
		"unequal":       `{"data":[{"index":0,"embedding":[1,2]},{"index":1,"embedding":[1]}]}`,
		"negative":      `{"data":[{"index":-1,"embedding":[1]},{"index":1,"embedding":[1]}]}`,
		"something":     `{"data":[{"index":0,"embedding":"AAAA"},{"index":1,"embedding":[1]}]}`,
		"not a number":  `{"data":[{"index":0,"embedding":[null,"x"]},{"index":1,"embedding":[1,2]}]}`,
		"far too large": `{"data":[{"index":0,"embedding":[1e99]},{"index":1,"embedding":[1]}]}`,
	} {
		if _, _, err := readVectors(strings.NewReader(body), 2); !errors.Is(err, engine.ErrInterrupted) {
			t.Errorf("%s: %v", name, err)
		}
	}
	v, tokens, err := readVectors(strings.NewReader(`{"data":[{"index":1,"embedding":[3]},{"index":0,"embedding":[2]}],"usage":{"prompt_tokens":7}}`), 2)
	if err != nil || tokens != 7 || v[0][0] != 2 || v[1][0] != 3 {
		t.Errorf("%v, %d, %v", v, tokens, err)
	}
}
