package mask

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// fuzzFinder runs one finder on texts and checks that what it finds lies in the text and cuts no character, and that a text
// twice as long, made of it and itself, is read too.
func fuzzFinder(f *testing.F, finder finder, seeds ...string) {
	for _, seed := range seeds {
		f.Add(seed)
	}
	m := New(Options{NoModel: true, Hosts: []string{"shop.example"}})
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 1<<16 {
			return
		}
		for _, text := range []string{text, text + "\n" + text} {
			p := m.Open(NewVault(VaultOptions{}))
			v := newView(text)
			v.words = splitWords(v.s, nil)
			finder.find(p, v, func(got finding) {
				if got.start < 0 || got.end > len(v.s) || got.start >= got.end {
					t.Fatalf("%q: found %d to %d of %d", text, got.start, got.end, len(v.s))
				}
				if !utf8.RuneStart(v.s[got.start]) && utf8.ValidString(v.s) || got.end < len(v.s) && !utf8.RuneStart(v.s[got.end]) && utf8.ValidString(v.s) {
					t.Fatalf("%q: %q cuts a character", text, v.s[got.start:got.end])
				}
				if got.rule == "" || kindOf[got.typ] == nil {
					t.Fatalf("%q: no rule or type: %+v", text, got)
				}
			})
		}
	})
}

func FuzzAddresses(f *testing.F) {
	fuzzFinder(f, contextFinder{}, "Lindenallee 14, 3. OG links, 04109 Leipzig", "calle del pez 8 bajo izquierda 28004 madrid", "Flat 3, 12 High St, X Y1 2ZZ",
		"Zona Industriale Lotto 14, 24040 Osio Sopra (BG)", "12 bis rue des Lilas, bâtiment C, 69003 Lyon", "ul. ks. A B 16/20, 95-200 C", "P.O. Box 7", "C/ A, 41, 2n 1a, 08003 B",
		"Pº de la C, 259, planta 12, 28046 M", "attn A B", "Stephansplatz 3/12/5", strings.Repeat("5 Main St Apt. ", 20))
}

func FuzzHomes(f *testing.F) {
	fuzzFinder(f, homeFinder{}, "I live on Abbey Road", "jag bor på Storgatan", "at Hlidarvegur 12, she", "my via Roma 5", "5th Avenue I")
}

func FuzzFacts(f *testing.F) {
	fuzzFinder(f, factFinder{}, "I am 42, born 3 May 1980", "Talleres Ruiz, S.L.", "sp. z o.o.", "my site is https://a-b.org/x", "nadias-diary.org", "a Swedish citizen", "I work at Foo Bar")
}

func FuzzIDs(f *testing.F) {
	fuzzFinder(f, idFinder{}, "passport 533401372", "PESEL 44051401359", "RSSMRA85T10A562S", "811218-9876", "sort code 20-45-77", "BSN 123456782")
}

func FuzzSecretForms(f *testing.F) {
	fuzzFinder(f, formFinder{}, "stripe key a1b2c3d4e5f6g7h8", "AKIA0123456789ABCDEF", "token: x", "twilio SK00000000000000000000000000000000")
}

func FuzzBase64(f *testing.F) {
	fuzzFinder(f, base64Finder{}, "d3JpdGUgdG8gYW5uYUBleGFtcGxlLm9yZyBwbGVhc2U=", "YldGcGJDQmhibTVoUUdWNFlXMXdiR1V1YjNKbklIUnZaR0Y1", "AAAAAAAAAAAAAAAAAAAAAAAA", "a-_b+/c==")
}

func FuzzNumberForms(f *testing.F) {
	fuzzFinder(f, numberFinder{[]string{"SO-2###-#####", "########-?"}, []string{"PX####"}}, "SO-2026-00417", "20260417-B", "px4711")
}
