package tagger

import (
	_ "embed"
	"encoding/binary"
	"slices"
)

//go:embed data/names.bin
var nameFile string

// Lists a name may be on, as bits.
const (
	GivenName  uint8 = 1 << iota
	FamilyName       // on some list of family names
	CommonName       // on a list of frequent names
	AlsoWord         // an ordinary word too
	Inflected        // listed without its ending; never stored
)

// names is a table of hashes of folded names: 28 bits of hash and 4 of lists in an entry, open addressing.
// A word that is no name is taken for one about once in 300 million looks.
type names struct{ table string }

func readNames(file string) *names { return &names{file} }

func (n *names) size() uint64 { return uint64(len(n.table) / 4) }

// of returns the lists a folded name is on.
func (n *names) of(fold uint64) uint8 {
	size := n.size()
	if size == 0 {
		return 0
	}
	tag := nameTag(fold)
	for i := fold % size; ; i = (i + 1) % size {
		e := binary.LittleEndian.Uint32([]byte(n.table[4*i : 4*i+4]))
		if e == 0 {
			return 0
		}
		if e>>4 == tag {
			return uint8(e & 15)
		}
	}
}

// endings of names in a sentence, folded, and what they stand for in the list: Petras, Kowalskiego, Anny,
// z Michałem.
var endings = [...]struct{ end, as string }{{"iego", "i"}, {"iej", "a"}, {"ego", ""}, {"owi", ""}, {"em", ""}, {"s", ""}, {"y", "a"}, {"i", "a"},
	{"e", "a"}, {"a", ""}}

// inflected returns the lists a word is on without its ending.
func (n *names) inflected(w *word) uint8 {
	letters := w.letters[:w.long]
	if w.long < 5 || w.long == maxFold {
		return 0
	}
	for _, e := range endings {
		if string(letters[max(0, len(letters)-len(e.end)):]) != e.end {
			continue
		}
		fold := uint64(foldStart)
		for _, b := range letters[:len(letters)-len(e.end)] {
			fold = (fold ^ uint64(b)) * foldPrime
		}
		for i := range len(e.as) {
			fold = (fold ^ uint64(e.as[i])) * foldPrime
		}
		if list := n.of(fold); list&CommonName != 0 {
			return list | Inflected
		}
	}
	return 0
}

// nameTag is never 0.
func nameTag(fold uint64) uint32 { return uint32(fold>>36) | 1 }

// NameTable packs folded names with their lists for a model's file.
func NameTable(lists map[uint64]uint8) []byte {
	size := uint64(len(lists)*3/2 + 1)
	table := make([]uint32, size)
	folds := make([]uint64, 0, len(lists))
	for fold := range lists {
		folds = append(folds, fold)
	}
	slices.Sort(folds)
	for _, fold := range folds {
		i := fold % size
		for table[i] != 0 {
			i = (i + 1) % size
		}
		table[i] = nameTag(fold)<<4 | uint32(lists[fold]&15)
	}
	out := make([]byte, 0, 4*size)
	for _, e := range table {
		out = binary.LittleEndian.AppendUint32(out, e)
	}
	return out
}
