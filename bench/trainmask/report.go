package main

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"ringfence/bench/corpora"
	"ringfence/internal/mask/tagger"
)

// report prints recall and precision by word at several thresholds, on texts the model has not seen.
func report(m *tagger.Model, folder string, names *corpora.Names) error {
	sets, err := corpora.Dev(folder)
	if err != nil {
		return err
	}
	sets = append(sets, corpora.HeldOut(names, 300)...)
	fmt.Printf("%-24s %8s   recall/precision of words in names, or false words per 1,000 characters\n", "", "words")
	for _, set := range sets {
		line(m, set.Name, set.Docs)
		if strings.HasPrefix(set.Name, "shop") || strings.HasPrefix(set.Name, "chat") {
			line(m.Without(), set.Name+", unlisted", set.Docs)
		}
	}
	return nil
}

func line(m *tagger.Model, name string, docs []corpora.Doc) {
	fmt.Printf("%-24s", name)
	for i, p := range []float32{.2, .35, .5, .65, .8} {
		c := count(m, docs, tagger.Thresholds{Seed: p, Grow: min(p, .3), Place: p, Company: p})
		if i == 0 {
			fmt.Printf(" %8d", c.there)
		}
		if c.there == 0 {
			fmt.Printf("  %.2f: %.3f+%.3f", p, 1000*float64(c.said)/float64(c.chars), 1000*float64(c.places)/float64(c.chars))
		} else {
			fmt.Printf("  %.2f: %.3f/%.3f", p, float64(c.found)/float64(c.there), float64(c.right)/float64(max(1, c.said)))
		}
	}
	fmt.Println()
}

type counts struct{ there, found, said, right, places, chars int }

func count(m *tagger.Model, docs []corpora.Doc, t tagger.Thresholds) (c counts) {
	for _, d := range docs {
		c.chars += utf8.RuneCountInString(d.Text)
		cover := make([]bool, len(d.Text))
		m.Tag(d.Text, t, func(tag tagger.Tag) {
			if tag.Label != tagger.PersonBegin {
				c.places++
				return
			}
			for i := tag.Start; i < tag.End; i++ {
				cover[i] = true
			}
		})
		c.compare(d, cover)
	}
	return c
}

// compare counts words by their first byte.
func (c *counts) compare(d corpora.Doc, cover []bool) {
	want := make([]bool, len(d.Text))
	for _, s := range d.Spans {
		for i := s.Start; s.Type == corpora.Person && i < s.End; i++ {
			want[i] = true
		}
	}
	for at := 0; at < len(d.Text); {
		n := strings.IndexAny(d.Text[at:], " \n.,;:!?()\"'-")
		if n < 0 {
			n = len(d.Text) - at
		}
		if n > 0 {
			c.word(want[at], cover[at])
		}
		at += n + 1
	}
}

func (c *counts) word(want, said bool) {
	if want {
		c.there++
	}
	if said {
		c.said++
	}
	if want && said {
		c.found++
		c.right++
	}
}
