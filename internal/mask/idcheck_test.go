package mask

import (
	"math/rand/v2"
	"testing"
)

// TestIDChecksTakeAnything gives each check numbers of its form, and of its length alone, that nobody has.
func TestIDChecksTakeAnything(t *testing.T) {
	const digits, letters = "0123456789", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	r := rand.New(rand.NewPCG(4, 4))
	for i := range idRules {
		rule := &idRules[i]
		passed := 0
		for range 20_000 {
			body := make([]byte, len(rule.form))
			for k := range body {
				from := digits + letters
				switch rule.form[k] {
				case '9':
					from = digits
				case 'A':
					from = letters
				}
				body[k] = from[r.IntN(len(from))]
			}
			if rule.fits(string(body)) {
				passed++
			}
		}
		if rule.needs == alone && passed > 2_500 {
			t.Errorf("%s: %d of 20000 random numbers pass, and it asks for no other proof", rule.name, passed)
		}
	}
}
