package guard_test

import (
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"ringfence/internal/guard"
)

var (
	emailForm   = regexp.MustCompile(`[\w.]+@[\w.]+\w`)
	phoneForm   = regexp.MustCompile(`\+?[0-9][0-9 /-]{6,}[0-9]`)
	personForm  = regexp.MustCompile(`(Maria|Karl) [A-Z][a-z]+`)
	addressForm = regexp.MustCompile(`[A-Z][a-z]+straße [0-9]+`)
)

// byForm finds enough for a test; the gateway brings masking.
func byForm(text string) (out []guard.Personal) {
	for _, at := range emailForm.FindAllStringIndex(text, -1) {
		out = append(out, guard.Personal{Start: at[0], End: at[1], Kind: "EMAIL"})
	}
	for _, at := range phoneForm.FindAllStringIndex(text, -1) {
		out = append(out, guard.Personal{Start: at[0], End: at[1], Kind: "PHONE"})
	}
	for _, at := range addressForm.FindAllStringIndex(text, -1) {
		out = append(out, guard.Personal{Start: at[0], End: at[1], Kind: "ADDRESS"})
	}
	for _, at := range personForm.FindAllStringIndex(text, -1) {
		out = append(out, guard.Personal{Start: at[0], End: at[1], Kind: "PERSON"})
	}
	slices.SortStableFunc(out, func(a, b guard.Personal) int { return a.Start - b.Start })
	return out
}

func strangers(t testing.TB, strike bool) *guard.Strangers {
	g, err := guard.New(guard.Policy{AllowedURLs: []string{"shop.test-mode.eu"}})
	if err != nil {
		t.Fatal(err)
	}
	said := func() []string {
		return []string{"Our hotline is 030 / 123 45 67, mail help@wolle.eu.", "My number is +49 171 5550000"}
	}
	return g.Strangers(guard.Context{}, byForm, said, strike)
}

func TestStrangersAreStruckOut(t *testing.T) {
	for text, want := range map[string]string{
		"Write to maria.k@gmx.de, she knows.":             "Write to •••, she knows.",
		"Call +49 30 9988 7766 or wait.":                  "Call ••• or wait.",
		"Two: a@b.eu and +49 30 9988 7766.":               "Two: ••• and •••.",
		"Call us at 030 123 45 67.":                       "Call us at 030 123 45 67.",
		"From abroad: +49 30 1234567, please.":            "From abroad: +49 30 1234567, please.",
		"Mail help@wolle.eu or info@shop.test-mode.eu.":   "Mail help@wolle.eu or info@shop.test-mode.eu.",
		"As in you@example.com.":                          "As in you@example.com.",
		"The 2 socks cost 12.50, size 38-40, order 1042.": "The 2 socks cost 12.50, size 38-40, order 1042.",
		"The customer is Maria Kowalska, you see.":        "The customer is •••, you see.",
		"It was made by Maria Kowalska, you see.":         "It was made by Maria Kowalska, you see.",
		"Nothing here at all.\nReally.":                   "Nothing here at all.\nReally.",
		"":                                                "",
	} {
		s := strangers(t, true)
		out, found := s.Write(text)
		rest, more := s.Close()
		if got := out + rest; got != want {
			t.Errorf("%q became %q", text, got)
		}
		if struck := len(found)+len(more) > 0; struck != strings.Contains(want, guard.Struck) {
			t.Errorf("%q: %v", text, found)
		}
	}
}

func TestStrangersAreOnlyReported(t *testing.T) {
	s := strangers(t, false)
	out, found := s.Write("Write to maria.k@gmx.de and karl@gmx.de today.")
	rest, _ := s.Close()
	if out+rest != "Write to maria.k@gmx.de and karl@gmx.de today." || len(found) != 1 || found[0].Reason != "stranger_data" || found[0].Action != guard.Flag {
		t.Errorf("%q %+v", out+rest, found)
	}
}

// Law 6: any chunking gives the same bytes, and little waits.
func TestStrangersChunking(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	pieces := []string{"call ", "+49 ", "30 ", "9988 7766", " ", "maria@gmx.de", ", ", "word ", "12.50", "\n", "ü", "[EMAIL_1]", "0171-", "1234567 ", "customer ", "Maria Kowalska ", "lives at ", "Lindenstraße 12", "order 1042 ", ". ", "maria (at) gmx (dot) de ", "  ", strings.Repeat("7", 200), "\xff\xc3"}
	for range 3000 {
		var text strings.Builder
		for range r.IntN(12) {
			text.WriteString(pieces[r.IntN(len(pieces))])
		}
		whole := strangers(t, true)
		want, _ := whole.Write(text.String())
		end, _ := whole.Close()
		want += end
		parts := strangers(t, true)
		got, given := "", 0
		for rest := text.String(); len(rest) > 0; {
			n := 1 + r.IntN(min(len(rest), 9))
			out, _ := parts.Write(rest[:n])
			got, given, rest = got+out, given+n, rest[n:]
			if held := given - len(got); held > 170 && !strings.Contains(got, guard.Struck) {
				t.Fatalf("%d bytes wait in %q", held, text.String())
			}
		}
		end, _ = parts.Close()
		if got+end != want {
			t.Fatalf("%q: %q in parts, %q as a whole", text.String(), got+end, want)
		}
	}
}

// Whatever bytes come in whatever pieces, the same go out, and none is made up.
func FuzzStrangers(f *testing.F) {
	f.Add("Write to maria@gmx.de or +49 30 9988 7766.", 3)
	f.Add("The customer is called Maria Kowalska and lives at Lindenstraße 12, 10969 Berlin. Order 1042.", 2)
	f.Add("\xff@\xc3 12 34\n5678901", 1)
	f.Fuzz(func(t *testing.T, text string, size int) {
		whole := strangers(t, true)
		want, _ := whole.Write(text)
		end, _ := whole.Close()
		want += end
		parts := strangers(t, true)
		got := ""
		size = max(1, size%50)
		for rest := text; len(rest) > 0; {
			n := min(len(rest), size)
			for n < len(rest) && n < size+4 && !utf8.RuneStart(rest[n]) { // as the window releases
				n++
			}
			out, _ := parts.Write(rest[:n])
			got, rest = got+out, rest[n:]
		}
		end, _ = parts.Close()
		if got+end != want {
			t.Fatalf("%q in parts of %d, %q as a whole", got+end, size, want)
		}
		quiet := strangers(t, false)
		out, _ := quiet.Write(text)
		if end, _ := quiet.Close(); out+end != text {
			t.Fatalf("%q became %q although nothing is struck out", text, out+end)
		}
	})
}
