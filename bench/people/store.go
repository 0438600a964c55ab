package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"ringfence/bench/corpora"
	"ringfence/internal/mask/tagger"
	"ringfence/internal/people"
)

// store draws customers.
type store struct {
	rand          *rand.Rand
	given, family map[string][]string // by language
	source        string
	ordinary      map[uint64]bool
}

var languages = []string{"de", "en", "fr", "nl", "es", "it", "pl", "sv"}

func newStore(folder string, seed uint64) (*store, error) {
	s := &store{rand: rand.New(rand.NewPCG(seed, 5)), given: map[string][]string{}, family: map[string][]string{}}
	if folder == "" {
		s.source = "made up"
		for range 20_000 {
			s.given["de"] = append(s.given["de"], s.syllables(2))
			s.family["de"] = append(s.family["de"], s.syllables(3))
		}
		return s, nil
	}
	sets, err := corpora.Learn(folder)
	if err != nil {
		return nil, err
	}
	s.ordinary = corpora.Ordinary(sets)
	names, err := corpora.ReadNames(folder, s.ordinary)
	if err != nil {
		return nil, err
	}
	for _, l := range languages {
		s.given[l] = append(slices.Clone(names.Given[l]), names.Given[""][:2000]...)
		s.family[l] = names.Family[l]
		if len(s.family[l]) < 500 {
			s.family[l] = append(slices.Clone(s.family[l]), names.Family[""]...)
		}
	}
	s.source = "free lists"
	return s, nil
}

func (s *store) syllables(n int) string {
	var b strings.Builder
	for range n {
		b.WriteByte("bdfghjklmnprstvwz"[s.rand.IntN(17)])
		b.WriteByte("aeiou"[s.rand.IntN(5)])
		if s.rand.IntN(2) == 0 {
			b.WriteByte("nrlst"[s.rand.IntN(5)])
		}
	}
	name := b.String()
	return strings.ToUpper(name[:1]) + name[1:]
}

func (s *store) pick(list []string) string { return list[s.rand.IntN(len(list))] }

// customer is one of the store's, with the parts of the name apart.
type customer struct {
	people.Person
	language, first, last string
}

// customer draws one; held says whether only family names that nothing was learnt from will do.
func (s *store) customer(n int, held bool) customer {
	l := languages[s.rand.IntN(len(languages))]
	if len(s.family[l]) == 0 {
		l = "de"
	}
	c := customer{language: l, first: s.pick(s.given[l]), last: s.pick(s.family[l])}
	for held && !tagger.HeldOut(tagger.Fold(c.last)) {
		c.last = s.pick(s.family[l])
	}
	if s.rand.IntN(12) == 0 {
		c.first += " " + s.pick(s.given[l])
	}
	c.Person = people.Person{
		Subject:   fmt.Sprintf("cust:%d", n),
		Names:     []string{c.first + " " + c.last},
		Emails:    []string{fmt.Sprintf("%s.%d@mail%d.example", strings.ToLower(s.syllables(2)), n, n%97)},
		Phones:    []string{fmt.Sprintf("+49 17%d %07d", n%10, s.rand.IntN(10_000_000))},
		Addresses: []people.Address{{Lines: []string{fmt.Sprintf("%sstraße %d", s.syllables(2), 1+s.rand.IntN(180))}, Postcode: fmt.Sprint(10_000 + s.rand.IntN(80_000)), City: s.syllables(3)}},
		Orders:    []string{fmt.Sprint(100_000 + 2*n), fmt.Sprintf("RF-%d", 500_000+n)},
	}
	if s.rand.IntN(10) == 0 {
		c.Companies = []string{s.syllables(2) + " " + s.syllables(3) + " GmbH"}
		c.VATs = []string{fmt.Sprintf("DE%09d", s.rand.IntN(1_000_000_000))}
	}
	return c
}

func (s *store) index(dir string) (*people.Index, error) {
	return people.Open(people.Options{Dir: dir, Secret: bytes.Repeat([]byte{1}, 32)})
}
