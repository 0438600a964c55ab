package mask

import (
	"strings"
	"testing"
)

var piiText = `Guten Tag, mein Name ist Anna Muster und ich habe am 12. März bei Ihnen die Bestellung 104233 aufgegeben. Bitte
liefern Sie an Hauptstraße 5, 10115 Berlin. Sie erreichen mich unter 0170 1234567 oder anna.muster@example.org. Die
Rückzahlung geht an DE89 3704 0044 0532 0130 00, bezahlt habe ich mit 4111 1111 1111 1111. Meine USt-IdNr. ist
DE136695976, meine Adresse im Log war 192.168.7.9. Ich warte nun seit einer Woche auf das Paket und niemand antwortet
auf meine Mails. Das ist wirklich schade, denn bisher war ich mit dem Laden immer sehr zufrieden und habe ihn auch
meinen Freunden empfohlen. Können Sie mir bitte sagen, wann die Lieferung kommt und ob ich die blaue Jacke in Größe M
gegen eine in Größe L tauschen kann? Vielen Dank für Ihre Mühe und ein schönes Wochenende.
Mit freundlichen Grüßen
Anna Muster
`

var plainText = `Our wool sweater is knitted from pure merino wool in a small mill in the north. It keeps warm in winter, cool in
summer, and can be washed by machine at thirty degrees. Available in five colours and sizes from small to extra large.
Customers like the soft collar and the long sleeves; the cut is generous, so take one size smaller if you like it
close to the body. Please note that the colour on your screen may differ from the true colour of the wool. We ship
within two working days, free of charge from 60 euros, and you may return whatever you do not like within 30 days.
`

func benchmarkHide(b *testing.B, text string) {
	m := New(Options{})
	v := NewVault(VaultOptions{})
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		p := m.Open(v)
		if _, err := p.Hide(text); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkHidePersonal(b *testing.B) { benchmarkHide(b, piiText) }
func BenchmarkHidePlain(b *testing.B)    { benchmarkHide(b, strings.Repeat(plainText, 2)) }
func BenchmarkHide100k(b *testing.B)     { benchmarkHide(b, strings.Repeat(piiText, 100_000/len(piiText))) }

// BenchmarkScanNothing counts the allocations of the scanner in a text without candidates.
func BenchmarkScanNothing(b *testing.B) {
	p := New(Options{}).Open(NewVault(VaultOptions{}))
	v := &view{s: plainText, words: splitWords(plainText, nil)}
	add := func(finding) {}
	b.SetBytes(int64(len(plainText)))
	b.ReportAllocs()
	for b.Loop() {
		structureFinder{}.find(p, v, add)
	}
}

func BenchmarkRestorePlain(b *testing.B) {
	v := NewVault(VaultOptions{})
	b.SetBytes(int64(len(plainText)))
	b.ReportAllocs()
	for b.Loop() {
		v.Restore(plainText, Plain)
	}
}

func BenchmarkRestoreStream(b *testing.B) {
	v := NewVault(VaultOptions{})
	chunks := strings.SplitAfter(plainText, " ")
	b.ReportAllocs()
	for b.Loop() {
		r := v.Restorer(Plain)
		for _, c := range chunks {
			r.Write(c)
		}
		r.Close()
	}
}
