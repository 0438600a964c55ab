package mask

import (
	"errors"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

// scraps are what random texts are made of: values, placeholders in all disguises, brackets, escapes,
// broken UTF-8.
var scraps = []string{"anna@example.org", "Anna Muster", "ANNA  MUSTER", "anna", "Muster, Anna", "0170 1234567",
	"DE89 3704 0044 0532 0130 00", "4111 1111 1111 1111", "192.168.7.9", "Hauptstraße 5", "10115 Berlin",
	"[PERSON_1]", "[person_1", "PERSON_1]", "PERSON_", "[P", "[", "]", "[[", `\[`, `\`, `\\`, "(", ")", "<", "&lt;",
	"【EMAIL_1】", "[EMAIL 1]", "[EMAIL_1B]", "[NAME_1]", "EMAIL_1", "_EMAIL_1_", "address_1", "[ADDRESS_01]",
	"%5BEMAIL_1%5D", "&#91;", "*", "`", "_", " ", " ", " ", "\n", ": ", "=", "\"", "'", ",", "https://shop.example/?q=",
	"https://", "//", "x", "s", "'s", "1", "12", "ß", "é", "e\u0301", "\u200b", "\u00ad", "\u202e", "ﬁ", "＠", "𝐀",
	"\xff", "\xc3", "\xe2\x82", "\x00", "€", "漢", "🙂", `\u00fc`, `J\u00fcrgen`, "&uuml;", "%40", "%2540", "&amp;#64;",
	`{"first_name":"J\u00fcrgen","email":"j@example.org"}`, `{\"last_name\":\"Gr\\u00fcn\"}`, "password: hunter2"}

func randomText(r *rand.Rand) string {
	var b strings.Builder
	for range r.IntN(14) {
		b.WriteString(scraps[r.IntN(len(scraps))])
	}
	return b.String()
}

var shared = New(Options{})

// openPass returns a pass that knows Anna, in a vault that keeps everything.
func openPass(t testing.TB) (*Pass, *Vault) {
	t.Helper()
	v := NewVault(VaultOptions{Once: map[Type]bool{SECRET: false, CARD: false}})
	p := shared.Open(v)
	p.Seed(Person{Name: "Anna Muster", Email: "anna@example.org", Phone: "+49 170 1234567",
		Address: "Hauptstraße 5, 10115 Berlin"})
	return p, v
}

func TestRestoreGivesMaskedTextBack(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 30_000 {
		p, v := openPass(t)
		text := randomText(r)
		p.Study(text)
		masked, err := p.Hide(text)
		if err != nil {
			t.Fatalf("Hide(%q): %v", text, err)
		}
		if got := v.Restore(masked.String(), Exact); got != text {
			t.Fatalf("text   %q\nmasked %q\ngot    %q", text, masked, got)
		}
		if got := v.Restore(masked.String(), Plain); got != text && !strings.ContainsAny(text, `\&%`) {
			t.Fatalf("plain: text %q\nmasked %q\ngot %q", text, masked, got)
		}
	}
}

func TestEveryCutOfAStreamGivesTheSameBytes(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	p, v := openPass(t)
	if _, err := p.Hide("Anna Muster anna@example.org ANNA MUSTER 0170 1234567 Hauptstraße 5"); err != nil {
		t.Fatal(err)
	}
	for range 20_000 {
		text := randomText(r)
		for _, in := range []Setting{Plain, JSONString, Exact} {
			want := v.Restore(text, in)
			s := v.Restorer(in)
			var read, got strings.Builder
			take := func(pieces []Piece) {
				for _, p := range pieces {
					read.WriteString(p.In)
					got.WriteString(p.Out)
				}
			}
			for rest := text; rest != ""; {
				n := 1 + r.IntN(min(7, len(rest)))
				take(s.Write(rest[:n]))
				rest = rest[n:]
				if len(s.held) > longestMark {
					t.Fatalf("%d bytes held back: %q", len(s.held), s.held)
				}
			}
			take(s.Close())
			if got.String() != want || read.String() != text {
				t.Fatalf("text %q\nwant %q\ngot  %q\nread %q", text, want, got.String(), read.String())
			}
		}
	}
}

var onlyPlaceholder = regexp.MustCompile(`^\[[A-Z]+_\d+[A-Z]?\](s| Paket)* \|`)

func TestNoKnownValueStaysInText(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for _, spelling := range []string{"Anna Muster", "ANNA MUSTER", "anna muster", "Muster, Anna", "Anna\nMuster", "A. Muster",
		"annamuster", "Änna Muster", "Аnna Muster", "An\u00adna Mus\u200bter", "Anna&nbsp;Muster", "Ａnna Ｍuster",
		`Anna\u0020Muster`, "Anna-Muster", "anna_muster", "anna.muster", "Annas", "Musters Paket", "anna (at) example.org",
		"ANNA@EXAMPLE.ORG", "anna%40example.org", "anna&#64;example.org", "anna＠example.org", "01701234567", "0170/123 45 67",
		"+491701234567", "0049 170 12 34 567", "(0170) 1234567", "+49 (0)170 1234567", "０１７０ 1234567", "Hauptstrasse 5",
		"HAUPTSTR. 5", "Hauptstr 5", "Hauptstraße\n5", "10115 BERLIN"} {
		for range 50 {
			p, _ := openPass(t)
			text := "x | " + spelling + " | " + strings.ToValidUTF8(randomText(r), "?")
			masked, err := p.Hide(text)
			if err != nil {
				t.Fatalf("Hide(%q): %v", text, err)
			}
			if _, rest, _ := strings.Cut(masked.String(), "x | "); !onlyPlaceholder.MatchString(rest) {
				t.Fatalf("%q: masked %q", spelling, masked)
			}
		}
	}
}

func TestVaultsKnowNothingOfEachOther(t *testing.T) {
	p, _ := openPass(t)
	masked, err := p.Hide("Anna Muster, anna@example.org")
	if err != nil {
		t.Fatal(err)
	}
	other := NewVault(VaultOptions{})
	if got := other.Restore(masked.String(), Plain); got != "(name), (e-mail)" {
		t.Errorf("another vault restored %q", got)
	}
}

func TestHiddenTextNeedsNoValidUTF8(t *testing.T) {
	p, v := openPass(t)
	text := "\xff\xfeAnna\xc3 Muster\xff anna@example.org\x80"
	masked, err := p.Hide(text)
	if err != nil || utf8.ValidString(text) {
		t.Fatal(err)
	}
	if got := v.Restore(masked.String(), Exact); got != text {
		t.Errorf("got %q", got)
	}
}

func TestLimitsRefuse(t *testing.T) {
	small := NewVault(VaultOptions{MaxValues: 2})
	p := New(Options{}).Open(small)
	if text, err := p.Hide("a@example.org b@example.org c@example.org"); !errors.Is(err, ErrVaultFull) || text.String() != "" {
		t.Errorf("full vault: %q, %v", text, err)
	}
	m := New(Options{MaxText: 10, MaxLiterals: 5})
	if text, err := m.Open(NewVault(VaultOptions{})).Hide("eleven bytes"); !errors.Is(err, ErrTextTooLong) || text.String() != "" {
		t.Errorf("long text: %q, %v", text, err)
	}
	p = m.Open(NewVault(VaultOptions{}))
	p.Seed(Person{Name: "Anna Muster"}, Person{Name: "Bernd Beispiel"})
	if _, err := p.Hide("x"); !errors.Is(err, ErrTooManyPeople) {
		t.Errorf("many people: %v", err)
	}
}
