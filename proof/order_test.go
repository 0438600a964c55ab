package proof_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"unicode/utf16"
)

// namesInOrder returns the member names of a flat JSON object as they stand in the text.
func namesInOrder(object []byte) (names []string) {
	d := json.NewDecoder(bytes.NewReader(object))
	for {
		token, err := d.Token()
		if err != nil {
			return names
		}
		if name, ok := token.(string); ok {
			names = append(names, name)
		}
	}
}

func sortedByUnits(names []string) bool {
	return slices.IsSortedFunc(names, func(a, b string) int {
		return slices.Compare(utf16.Encode([]rune(a)), utf16.Encode([]rune(b)))
	})
}
