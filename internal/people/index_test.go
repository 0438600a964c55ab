package people

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"ringfence/internal/mask"
)

var anna = Person{Subject: "cust:7", Names: []string{"Anna Muster"}, Emails: []string{"anna@example.org"}, Phones: []string{"0170 1234567"},
	Addresses: []Address{{[]string{"Hauptstraße 5"}, "10115", "Berlin"}}, Companies: []string{"Zorblax Werke GmbH"}, Orders: []string{"RF-10422"}}

var secret = bytes.Repeat([]byte{7}, 32)

func open(t *testing.T, dir string) *Index {
	t.Helper()
	x, err := Open(Options{Dir: dir, Secret: secret})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { x.Close() })
	return x
}

func put(t *testing.T, x *Index, people ...Person) {
	t.Helper()
	for _, p := range people {
		if err := x.PutCustomer(p, ""); err != nil {
			t.Fatal(err)
		}
	}
	if err := x.Commit(); err != nil {
		t.Fatal(err)
	}
}

// hidden masks a text that the index alone knows something of, and returns what was masked and whose it is.
func hidden(t *testing.T, x *Index, subject, text string) (masked string, owners []string) {
	t.Helper()
	p := mask.New(mask.Options{Store: x, NoModel: true}).Open(mask.NewVault(mask.VaultOptions{})).For(subject)
	p.Study(text)
	out, err := p.Hide(text)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range p.Spans() {
		owners = append(owners, s.Owner)
	}
	return out.String(), owners
}

func TestKnownCustomerIsFound(t *testing.T) {
	x := open(t, t.TempDir())
	put(t, x, anna)
	for text, want := range map[string]string{
		"Paket fuer anna muster kam nicht":          "Paket fuer [PERSON_1] kam nicht",
		"das war ANNA MUSTER gestern":               "das war [PERSON_1] gestern",
		"das war Muster, Anna gestern":              "das war [PERSON_1] gestern",
		"Laut Ana Muster ist es weg":                "Laut [PERSON_1] ist es weg",
		"Laut Anna Mutser ist es weg":               "Laut [PERSON_1] ist es weg",
		"Laut Anna Musterr ist es weg":              "Laut [PERSON_1] ist es weg",
		"es liegt in der Hauptstrasse 5 vor":        "es liegt in der [ADDRESS_1] vor",
		"es liegt in der Hauptstr. 5, 10115 Berlin": "es liegt in der [ADDRESS_1]",
		"die zorblax werke zahlen":                  "die [COMPANY_1] zahlen",
		"wo ist RF-10422 denn":                      "wo ist [ORDER_1] denn",
		"Anna sagte nichts":                         "[PERSON_1] sagte nichts",
		"Laut Annas Bruder":                         "Laut [PERSON_1]s Bruder",
		"mail an anna@example.org":                  "mail an [EMAIL_1]",
		"ruf an: +49 170 1234567":                   "ruf an: [PHONE_1]",
	} {
		got, owners := hidden(t, x, "", text)
		if got != want && !strings.HasPrefix(got, want) {
			t.Errorf("%q is masked as %q, not %q", text, got, want)
		}
		for _, o := range owners {
			if o != "cust:7" {
				t.Errorf("%q: owner %q", text, o)
			}
		}
	}
}

func TestWhatIsDeletedIsGone(t *testing.T) {
	dir := t.TempDir()
	x := open(t, dir)
	put(t, x, anna, Person{Subject: "cust:8", Names: []string{"Bela Zorblax"}})
	before, _ := os.ReadFile(fileOf(dir))
	if found, err := x.Delete(Customer, "cust:7"); err != nil || !found {
		t.Fatalf("Delete = %v, %v", found, err)
	}
	if err := x.Commit(); err != nil {
		t.Fatal(err)
	}
	after, _ := os.ReadFile(fileOf(dir))
	if bytes.Contains(after, before[headSize+recordHead:headSize+recordHead+200]) {
		t.Error("the deleted record is still on disk")
	}
	for round := range 2 {
		if got, _ := hidden(t, x, "", "Laut Anna Muster und Bela Zorblax"); got != "Laut Anna Muster und [PERSON_1]" {
			t.Errorf("round %d: %q", round, got)
		}
		x.Close()
		x = open(t, dir)
	}
	if n := x.table.size(); n == 0 || n > 12 {
		t.Errorf("%d hashes are left", n)
	}
}

// TestNothingInClear looks for what was put into the file.
func TestNothingInClear(t *testing.T) {
	dir := t.TempDir()
	x := open(t, dir)
	put(t, x, anna)
	x.Close()
	b, err := os.ReadFile(fileOf(dir))
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{"Anna", "anna", "Muster", "muster", "example", "1234567", "Haupt", "Berlin", "cust:7", "10422"} {
		if bytes.Contains(b, []byte(word)) {
			t.Errorf("%q stands in the file", word)
		}
	}
	if _, err := Open(Options{Dir: dir, Secret: bytes.Repeat([]byte{8}, 32)}); err == nil {
		t.Error("opened with another secret")
	}
}

func TestSharedValueIsTheCallsSubjectsOrSeverals(t *testing.T) {
	x := open(t, "")
	put(t, x, anna, Person{Subject: "cust:9", Names: []string{"Anna Muster"}})
	for subject, want := range map[string]string{"": mask.Several, "cust:7": "cust:7", "cust:9": "cust:9", "cust:1": mask.Several} {
		if _, owners := hidden(t, x, subject, "Laut Anna Muster"); len(owners) != 1 || owners[0] != want {
			t.Errorf("for %q the owner is %q", subject, owners)
		}
	}
}

func TestFullSyncRemovesWhoIsGone(t *testing.T) {
	dir := t.TempDir()
	x := open(t, dir)
	put(t, x, anna, Person{Subject: "cust:8", Names: []string{"Bela Zorblax"}})
	if err := x.PutCustomer(anna, "monday"); err != nil {
		t.Fatal(err)
	}
	x.Close()
	x = open(t, dir)                                                    // a restart in the middle
	put(t, x, Person{Subject: "cust:10", Names: []string{"Cara Quix"}}) // meanwhile, by itself
	if n, err := x.Complete("monday", Customer); err != nil || n != 1 {
		t.Fatalf("Complete = %d, %v", n, err)
	}
	if got, _ := hidden(t, x, "", "Anna Muster, Bela Zorblax, Cara Quix"); got != "[PERSON_1], Bela Zorblax, [PERSON_2]" {
		t.Error(got)
	}
	if _, err := x.Complete("tuesday", Customer); err != ErrNoGeneration {
		t.Error(err)
	}
	put(t, x)
	if err := x.PutCustomer(anna, "tuesday"); err != nil {
		t.Fatal(err)
	}
	if _, err := x.Complete("monday", Customer); err != ErrSuperseded {
		t.Error(err)
	}
}

// TestTheFileDoesNotGrowForever puts the same customers over and over: the file stays small, and says the same.
func TestTheFileDoesNotGrowForever(t *testing.T) {
	dir := t.TempDir()
	x := open(t, dir)
	long := anna
	for i := range 2000 {
		long.Orders = append(long.Orders, "RF-"+strings.Repeat("7", 3+i%30)+string(rune('0'+i%10)))
	}
	for range 600 {
		put(t, x, long)
	}
	put(t, x, Person{Subject: "cust:8", Names: []string{"Bela Zorblax"}})
	if s := x.Status(); s.Disk > 2*compactFrom+1<<20 || s.Customers != 2 {
		t.Errorf("%+v", s)
	}
	x.Close()
	x = open(t, dir)
	if got, _ := hidden(t, x, "", "Laut Anna Muster und Bela Zorblax"); got != "Laut [PERSON_1] und [PERSON_2]" {
		t.Error(got)
	}
}

// TestTornEndIsCutOff cuts a file anywhere behind its first record: what was whole before is there, nothing else.
func TestTornEndIsCutOff(t *testing.T) {
	dir := t.TempDir()
	x := open(t, dir)
	put(t, x, anna)
	first := x.log.size
	put(t, x, Person{Subject: "cust:8", Names: []string{"Bela Zorblax"}})
	x.Close()
	whole, err := os.ReadFile(fileOf(dir))
	if err != nil {
		t.Fatal(err)
	}
	for size := first; size < int64(len(whole)); size += 7 {
		if err := os.WriteFile(fileOf(dir), whole[:size], 0o600); err != nil {
			t.Fatal(err)
		}
		x := open(t, dir)
		if s := x.Status(); s.Customers != 1 || s.Disk != first {
			t.Fatalf("cut at %d: %+v", size, s)
		}
		x.Close()
	}
	damaged := bytes.Clone(whole)
	damaged[headSize+recordHead+20] ^= 1
	os.WriteFile(fileOf(dir), damaged, 0o600)
	if _, err := Open(Options{Dir: dir, Secret: secret}); err == nil {
		t.Error("damage in the middle goes unnoticed")
	}
}
