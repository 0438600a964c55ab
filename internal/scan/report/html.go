package report

import (
	_ "embed"
	"html/template"
	"io"
	"strings"
	"sync"

	"ringfence/internal/scan/fact"
)

//go:embed page.html
var pageSource string

// page is parsed on first use; the source is compiled in, so a fault shows in any test.
var page = sync.OnceValues(func() (*template.Template, error) {
	return template.New("page").Funcs(template.FuncMap{"clean": Clean, "who": who, "where": where, "words": words, "subtract": func(a, b int) int { return a - b }}).Parse(pageSource)
})

// htmlPage is everything the page may show.
type htmlPage struct {
	Report  *fact.Report
	Counts  []levelCount
	Lead    string // what it comes to, in a sentence
	Groups  []*group
	Picture picture
	Partly  []fact.FileNote
}

type levelCount struct {
	Level string
	N     int
}

// HTML prints one page that needs nothing beside it: no script, no font, no other file.
func HTML(w io.Writer, r *fact.Report) error {
	t, err := page()
	if err != nil {
		return err
	}
	p := htmlPage{Report: r, Picture: draw(r), Groups: groups(r), Lead: lead(r)}
	for _, l := range fact.Levels {
		n := 0
		for _, f := range r.Findings {
			if f.Level == l && f.State != "suppressed" {
				n++
			}
		}
		p.Counts = append(p.Counts, levelCount{l, n})
	}
	for _, n := range r.Coverage.Notes {
		if n.Status == "partly" && len(p.Partly) < 100 {
			p.Partly = append(p.Partly, n)
		}
	}
	return t.Execute(w, p)
}

// lead sums a report up the way one would say it across a table.
func lead(r *fact.Report) string {
	var ai, names []string
	for _, c := range r.Components {
		if c.AI {
			ai = append(ai, c.Name)
		}
	}
	for _, f := range r.Findings {
		if f.Level == "high" && f.State != "suppressed" {
			names = with(names, calledBy(r, f.Component))
		}
	}
	switch {
	case len(ai) == 0:
		return "No component of this shop was found to speak to an AI service."
	case len(names) == 0:
		return plural(len(ai), "component speaks", "components speak") + " to AI services. Nothing was found that needs action today; what follows needs a decision."
	}
	return plural(len(ai), "component speaks", "components speak") + " to AI services. Start with " + join(names) + ": there something leaves, or stands open, now."
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "One " + one
	}
	return strings.TrimSpace(number(n) + " " + many)
}

func number(n int) string {
	words := []string{"No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve"}
	if n < len(words) {
		return words[n]
	}
	return "Many"
}

// words says how many more places a finding stands for.
func words(also []*fact.Finding) string {
	return strings.ToLower(plural(len(also), "other place", "other places"))
}
