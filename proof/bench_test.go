package proof_test

import (
	"testing"

	"ringfence/proof"
)

func BenchmarkParseEntry(b *testing.B) {
	stored, err := sampleEntry().Marshal()
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := proof.ParseEntry(stored); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkMarshal(b *testing.B) {
	e := sampleEntry()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := e.Marshal(); err != nil {
			b.Fatal(err)
		}
	}
}

// What an auditor pays for one receipt.
func BenchmarkVerifyReceipt(b *testing.B) {
	l := newLog(b, 5000)
	tiles, err := proof.OpenTiles(l.files(b, 5000), l.key)
	if err != nil {
		b.Fatal(err)
	}
	receipt, err := tiles.Receipt(4321)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := receipt.Verify(l.key); err != nil {
			b.Fatal(err)
		}
	}
}
