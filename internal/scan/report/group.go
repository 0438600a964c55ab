package report

import (
	"fmt"
	"strings"

	"ringfence/internal/scan/fact"
)

// group is what there is to say about one component, worst first.
type group struct {
	Component string // its short name
	Name      string // as people know it, with its version
	Findings  []*fact.Finding
	Items     []*item
}

// item is one finding, with those of the same component that say the same of another place.
type item struct {
	*fact.Finding
	Also []*fact.Finding
}

// groups sorts the findings worth a person's time by component; the component with the gravest comes first.
func groups(r *fact.Report) []*group {
	at := map[string]*group{}
	var list []*group
	for i := range r.Findings {
		f := &r.Findings[i]
		if f.State == "suppressed" || f.Level == "info" {
			continue
		}
		g := at[f.Component]
		if g == nil {
			g = &group{Component: f.Component, Name: nameOf(r, f.Component)}
			at[f.Component] = g
			list = append(list, g)
		}
		g.add(f)
	}
	return list
}

// add puts a finding to those that say the same, or behind them.
func (g *group) add(f *fact.Finding) {
	g.Findings = append(g.Findings, f)
	for _, it := range g.Items {
		if it.Rule == f.Rule && it.Level == f.Level && it.Title == f.Title && it.State == f.State {
			it.Also = append(it.Also, f)
			return
		}
	}
	g.Items = append(g.Items, &item{Finding: f})
}

// where names a further place: its door, if it has one, and its line.
func where(f *fact.Finding) string {
	place := fmt.Sprintf("%s:%d", f.File, f.Line)
	if f.Entry != "" {
		return f.Entry + ", " + place
	}
	return place
}

// nameOf is what people call a component, with its version.
func nameOf(r *fact.Report, slug string) string {
	for _, c := range r.Components {
		if c.Slug == slug && c.Name != "" {
			return strings.TrimSpace(c.Name + " " + c.Version)
		}
	}
	return slug
}

// calledBy is what people call a component.
func calledBy(r *fact.Report, slug string) string {
	for _, c := range r.Components {
		if c.Slug == slug && c.Name != "" {
			return c.Name
		}
	}
	return slug
}

// Summary is one line about a component: how many of each level.
func (g *group) Summary() string {
	var parts []string
	for _, l := range fact.Levels {
		n := 0
		for _, f := range g.Findings {
			if f.Level == l {
				n++
			}
		}
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, l))
		}
	}
	return strings.Join(parts, ", ")
}
