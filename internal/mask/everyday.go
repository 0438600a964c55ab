package mask

import (
	_ "embed"
	"encoding/binary"
	"sort"
	"strings"
	"sync"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// everydayFile lists words that also mean something else than a person, as four bytes of their hash each, in
// order. `go run ./bench/people -everyday FILE` makes it.
//
//go:embed data/everyday.bin
var everydayFile string

// everydayWord says whether a word means something else too: in a store of a million customers nearly every word
// is somebody's name.
func everydayWord(hash uint64) bool {
	want := uint32(hash >> 32)
	at := func(i int) uint32 { return binary.LittleEndian.Uint32([]byte(everydayFile[4*i : 4*i+4])) }
	n := len(everydayFile) / 4
	i := sort.Search(n, func(i int) bool { return at(i) >= want })
	return i < n && at(i) == want || countryWords()[hash]
}

// countryWords are the words of the names of countries and languages in the languages of our stores.
var countryWords = sync.OnceValue(func() map[uint64]bool {
	words := map[uint64]bool{}
	put := func(name string) {
		for _, w := range splitWords(name, nil) {
			words[w.hash] = true
		}
	}
	for _, tongue := range strings.Fields("de en fr nl es it pl sv pt da") {
		in := language.MustParse(tongue)
		regions, tongues := display.Regions(in), display.Languages(in)
		for _, r := range display.Supported.Regions() {
			put(regions.Name(r))
		}
		for _, t := range strings.Fields("de en fr nl es it pl sv pt da no fi cs sk hu ro bg el hr sl tr ru uk zh ja ar") {
			put(tongues.Name(language.MustParse(t)))
		}
	}
	return words
})
