package mask

import (
	"strings"
	"testing"
	"testing/quick"
	"unicode/utf8"
)

// Parts are no longer than asked, hold whole characters, and are the text.
func TestSplit(t *testing.T) {
	err := quick.Check(func(s string, n uint8) bool {
		size := int(n)%60 + utf8.UTFMax
		whole := strings.ToValidUTF8(s, "?")
		var joined strings.Builder
		for _, part := range (Text{whole}).Split(size) {
			if len(part.s) > size || !utf8.ValidString(part.s) {
				return false
			}
			joined.WriteString(part.s)
		}
		return joined.String() == whole
	}, &quick.Config{MaxCount: 2000})
	if err != nil {
		t.Error(err)
	}
	got := Text{"one two [PERSON_1] three"}.Split(12)
	if len(got) != 3 || got[1].s != "[PERSON_1] " {
		t.Errorf("%q", got)
	}
}
