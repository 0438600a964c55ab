package attacks

import (
	_ "embed"
	"strings"

	"ringfence/internal/guard"
)

//go:embed byhand.txt
var byHand string

// ByHand returns texts of this repository that are only measured on.
func ByHand() (out []Family) {
	at := map[string]int{}
	for block := range strings.SplitSeq("\n"+byHand, "\n== ") {
		head, text, _ := strings.Cut(block, "\n")
		w := strings.Fields(head)
		if len(w) != 4 {
			continue // the comment before the first
		}
		key := w[0] + w[1] + w[2] + w[3]
		if _, ok := at[key]; !ok {
			at[key] = len(out)
			out = append(out, Family{Name: "by hand, " + w[0], Source: "by hand", Attack: w[0] == "attack", Origin: guard.Origin(w[1]), Language: w[2], Technique: w[3]})
		}
		f := &out[at[key]]
		f.Texts = append(f.Texts, strings.TrimSpace(text))
	}
	return out
}
