package mask

import "testing"

// The same words about two people make the same text, whatever was masked before.
func TestGeneraliseForgetsWho(t *testing.T) {
	m := New(Options{Regions: []string{"DE"}})
	v := NewVault(VaultOptions{})
	var texts []string
	for _, mail := range []string{"anna@example.org", "bert@example.net"} {
		got, err := m.Open(v).Generalise("Write to " + mail + " about the wool sweater.")
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, got.String())
	}
	if want := "Write to [EMAIL] about the wool sweater."; texts[0] != want || texts[1] != want {
		t.Errorf("got %q", texts)
	}
}
