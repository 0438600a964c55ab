package attacks

import (
	"math/rand/v2"
	"strings"

	"ringfence/internal/guard"
)

// Padded is the technique of a short attack in a long harmless text.
const Padded = "padded"

// Pad puts attacks of this repository into harmless texts of their own part, at
// the beginning, the end or anywhere between.
func Pad(families []Family, n int, seed uint64) Family {
	out := Family{Name: "own attacks, padded", Source: "own", Attack: true, Origin: guard.User, Language: "en", Technique: Padded}
	type text struct{ text, seed string }
	var hosts, orders [Folds][]text
	for _, f := range families {
		for i, t := range f.Texts {
			words, k := strings.Count(t, " "), f.Fold(i, Folds)
			switch {
			case f.Attack && f.Source == "own" && f.Technique == "direct" && words > 4:
				orders[k] = append(orders[k], text{t, f.seeds[i]})
			case !f.Attack && words > 60 && words < 800 && (f.Source == "own" || f.Source == "composed"):
				hosts[k] = append(hosts[k], text{t, ""})
			}
		}
	}
	r := rand.New(rand.NewPCG(seed, 31))
	for i := range n {
		k := i % Folds
		host, order := hosts[k][r.IntN(len(hosts[k]))].text, orders[k][r.IntN(len(orders[k]))]
		out.Texts = append(out.Texts, insert(host, order.text, r))
		out.seeds = append(out.seeds, order.seed)
	}
	return out
}

// insert puts order into a text where a line or a word ends.
func insert(text, order string, r *rand.Rand) string {
	switch r.IntN(4) {
	case 0:
		return order + "\n" + text
	case 1:
		return text + "\n" + order
	}
	at := r.IntN(len(text))
	end := strings.IndexAny(text[at:], " \n")
	if end < 0 {
		return text + "\n" + order
	}
	return text[:at+end] + "\n" + order + "\n" + text[at+end+1:]
}
