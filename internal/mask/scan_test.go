package mask

import (
	"fmt"
	"testing"
)

// TestScanningAllocatesNothing holds every finder to it: where there is nothing to find, nothing is allocated.
func TestScanningAllocatesNothing(t *testing.T) {
	m := New(Options{})
	p := m.Open(NewVault(VaultOptions{}))
	v := p.view(plainText)
	for _, f := range m.finders {
		found := 0
		add := func(finding) { found++ }
		n := testing.AllocsPerRun(100, func() { f.find(p, v, add) })
		if name := fmt.Sprintf("%T", f); n > 0 || found > 0 {
			t.Errorf("%s allocates %v times in a text without personal data and finds %d", name, n, found)
		}
	}
}
