package report

import (
	_ "embed"
	"html/template"
	"io"
	"slices"
	"sync"

	"ringfence/internal/scan/fact"
)

//go:embed page.html
var pageSource string

// page is parsed on first use; the source is compiled in, so a fault shows in any test.
var page = sync.OnceValues(func() (*template.Template, error) {
	return template.New("page").Funcs(template.FuncMap{"clean": Clean}).Parse(pageSource)
})

// htmlPage is everything the page may show.
type htmlPage struct {
	Report   *fact.Report
	Counts   []levelCount
	Findings []fact.Finding // all but info and suppressed
	Picture  picture
}

type levelCount struct {
	Level string
	N     int
}

// picture is the flow drawing: components on the left, receivers on the right.
type picture struct {
	Height int
	Left   []box
	Right  []box
	Lines  []line
}

type box struct {
	Y     int
	Text  string
	Class string
}

type line struct {
	Y1, Y2 int
	Class  string
	Title  string
}

// HTML prints one page that needs nothing beside it: no script, no font, no other file.
func HTML(w io.Writer, r *fact.Report) error {
	t, err := page()
	if err != nil {
		return err
	}
	p := htmlPage{Report: r, Picture: draw(r)}
	for _, l := range fact.Levels {
		n := 0
		for _, f := range r.Findings {
			if f.Level == l && f.State != "suppressed" {
				n++
			}
		}
		p.Counts = append(p.Counts, levelCount{l, n})
	}
	for _, f := range r.Findings {
		if f.Level != "info" && f.State != "suppressed" {
			f.Trigger = who(&f)
			p.Findings = append(p.Findings, f)
		}
	}
	return t.Execute(w, p)
}

// draw places every component that speaks to somebody and every receiver, 34 pixels apart.
func draw(r *fact.Report) picture {
	const step = 34
	var p picture
	left, right := map[string]int{}, map[string]int{}
	for _, s := range r.Services {
		if s.Class == "own" || s.Class == "local" {
			continue
		}
		if _, ok := left[s.Component]; !ok {
			left[s.Component] = 20 + step*len(p.Left)
			p.Left = append(p.Left, box{left[s.Component], s.Component, "component"})
		}
		if _, ok := right[s.Host]; !ok {
			right[s.Host] = 20 + step*len(p.Right)
			p.Right = append(p.Right, box{right[s.Host], s.Host, s.Class})
		}
		p.Lines = append(p.Lines, line{left[s.Component], right[s.Host], s.Class, carried(r, s)})
	}
	p.Height = 40 + step*max(len(p.Left), len(p.Right))
	return p
}

// carried lists what a component sends to a receiver.
func carried(r *fact.Report, s fact.Service) string {
	var classes []string
	for _, f := range r.Flows {
		if f.Component == s.Component && f.To == s.Host && !slices.Contains(classes, f.Class) {
			classes = append(classes, f.Class)
		}
	}
	if len(classes) == 0 {
		return s.Component + " to " + s.Host
	}
	text := s.Component + " to " + s.Host + ":"
	for _, c := range classes {
		text += " " + c
	}
	return text
}
