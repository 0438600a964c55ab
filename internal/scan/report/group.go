package report

import (
	"fmt"
	"strings"

	"ringfence/internal/scan/fact"
)

// group is what there is to say about one component, worst first.
type group struct {
	Component string
	Findings  []*fact.Finding
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
			g = &group{Component: f.Component}
			at[f.Component] = g
			list = append(list, g)
		}
		g.Findings = append(g.Findings, f)
	}
	return list
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
