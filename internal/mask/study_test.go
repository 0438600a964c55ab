package mask

import "testing"

// TestWhatOneTextTellsIsMaskedInAll studies the first text and hides the second.
func TestWhatOneTextTellsIsMaskedInAll(t *testing.T) {
	for _, c := range []struct{ told, text, masked string }{
		{`{"billing":{"first_name":"Ursula","last_name":"Kranz"}}`, "Kranz, Ursula und URSULA", "[PERSON_1] und [PERSON_1B]"},
		{`{"shipping":{"last_name":"Kranz","first_name":"Ursula"}}`, "Ursula Kranz", "[PERSON_1]"},
		{`{"first_name":"Ursula","last_name":"Kranz"}{"first_name":"Bo","last_name":"Ek"}`, "Ursula Kranz, Bo Ek, Ursula Ek",
			"[PERSON_1], [PERSON_2], [PERSON_1B] Ek"},
		{`"{\"first_name\":\"Ursula\",\"last_name\":\"Kr`, "Ursula Kr", "[PERSON_1]"},
		{`{"phone":"0170 1234567"}`, "ruf +49-170-12-34-567 an", "ruf [PHONE_1] an"},
		{`{"address_1":"Am Kamp 7","postcode":"49074","city":"Osnabrück"}`, "am kamp 7 in Osnabrueck 49074 oder 49074 OSNABRÜCK",
			"[ADDRESS_1] in [ADDRESS_2] oder [ADDRESS_3]"},
		{`{"company":"Kranz & Partner KG"}`, "KRANZ & PARTNER KG zahlt", "[COMPANY_1] zahlt"},
		{`{"email":"uk@example.org"}`, "uk (at) example.org", "[EMAIL_1]"},
		{"Mit freundlichen Grüßen\nUrsula Kranz", "Frage von kranz", "Frage von [PERSON_1]"},
		{"Mit freundlichen Grüßen\nNguyễn Thị Kranz", "this is Thị and Kranzs", "this is [PERSON_1] and [PERSON_1B]s"},
		{"from ursula.kranz@example.org", "Ursula Kranz", "[PERSON_1]"},
		{"from green.tea@example.org", "our Tea is Green", "our Tea is Green"},
		{"Vorname: Rose", "eine Rose", "eine Rose"},
		{`{"name":"Wool Sweater","price":"49"}`, "the wool sweater", "the wool sweater"},
		{`{"address_1":"","first_name":null,"city":"Berlin"}`, "null in Berlin", "null in [PLACE_1]"},
	} {
		p := shared.Open(NewVault(VaultOptions{}))
		p.Study(c.told)
		masked, err := p.Hide(c.text)
		if err != nil || masked.String() != c.masked {
			t.Errorf("told %s\n got %q, %v\nwant %q", c.told, masked, err, c.masked)
		}
	}
}

// TestStudyDoesNotDependOnOrder studies two texts in both orders.
func TestStudyDoesNotDependOnOrder(t *testing.T) {
	a, b := `{"first_name":"Ursula","last_name":"Kranz"}`, "Liebe Grüße\nPetra Klug"
	want := ""
	for _, order := range [][]string{{a, b}, {b, a}} {
		p := shared.Open(NewVault(VaultOptions{}))
		for _, s := range order {
			p.Study(s)
		}
		masked, err := p.Hide("Petra fragt Ursula Kranz und Klug")
		if err != nil || want != "" && masked.String() != want {
			t.Errorf("got %q, %v, want %q", masked, err, want)
		}
		want = masked.String()
	}
}
