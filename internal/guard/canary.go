package guard

import (
	"encoding/base64"
	"encoding/hex"
	"slices"
	"strings"
)

// canaries looks for planted marks in the stream of letters, as they are and as
// base64, hex, rot13 and reversed text.
type canaries struct {
	words *literals
	state uint16
}

const (
	minCanary  = 6 // letters; a shorter mark would stand in honest answers
	maxCanary  = ringSize / 2
	heldCanary = 4 // letters from which on a beginning waits for its end
)

// newCanaries returns nil if no mark is long enough to be looked for.
func newCanaries(marks []string) *canaries {
	var words []string
	for _, m := range marks {
		for _, v := range variants(m) {
			if s, _ := squeezed(v); len(s) >= minCanary && len(s) <= maxCanary {
				words = append(words, string(s))
			}
		}
	}
	if words == nil {
		return nil
	}
	slices.Sort(words)
	return &canaries{words: newLiterals(slices.Compact(words))}
}

// variants returns how a mark may be written. Of base64 there are three forms,
// by where the mark begins within a group of three bytes; the characters that
// also depend on its neighbours are left out.
func variants(mark string) []string {
	out := []string{mark, hex.EncodeToString([]byte(mark)), string(rot13(nil, []byte(mark)))}
	r := []rune(mark)
	slices.Reverse(r)
	out = append(out, string(r))
	for shift := range 3 {
		b := base64.RawStdEncoding.EncodeToString([]byte(strings.Repeat("\x00", shift) + mark))
		b = b[(shift*8+5)/6:]
		if rest := (shift + len(mark)) % 3; rest != 0 && b != "" {
			b = b[:len(b)-1]
		}
		out = append(out, b)
	}
	return out
}

func (c *canaries) next(b byte) *Verdict {
	c.state = c.words.step(c.state, b)
	if len(c.words.ends[c.state]) == 0 {
		return nil
	}
	return &Verdict{Action: Block, Reason: "canary_leak", Rule: "leak.canary", Score: 1}
}

// held returns how many letters wait.
func (c *canaries) held() int {
	if n := int(c.words.depth[c.state]); n >= heldCanary {
		return n
	}
	return 0
}
