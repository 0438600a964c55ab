package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"unicode"

	"ringfence/internal/scan/fact"
)

// Text prints a report for people: what was found, worst first, each with its way through the code.
func Text(w io.Writer, r *fact.Report) error {
	p := &printer{w: bufio.NewWriter(w), told: map[string]bool{}}
	p.head(r)
	p.inventory(r)
	p.services(r)
	p.findings(r)
	p.foot(r)
	return p.w.Flush()
}

type printer struct {
	w    *bufio.Writer
	told map[string]bool // rules whose reason and advice were already given
}

// line prints one line; control characters of strangers are taken out.
func (p *printer) line(format string, a ...any) {
	for i := range a {
		if s, ok := a[i].(string); ok {
			a[i] = Clean(s)
		}
	}
	fmt.Fprintf(p.w, format+"\n", a...)
}

// Clean replaces everything that could steer a terminal.
func Clean(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return '?'
		}
		return r
	}, s)
}

func (p *printer) head(r *fact.Report) {
	var ai []string
	for _, c := range r.Components {
		if c.AI {
			ai = append(ai, strings.TrimSpace(c.Name+" "+c.Version))
		}
	}
	p.line("%d components in %s; %d speak to AI services.", len(r.Components), r.Root, len(ai))
	for _, name := range ai {
		p.line("  - %s", name)
	}
	p.line("")
}

// inventory tells what is installed but not active, and what runs by itself.
func (p *printer) inventory(r *fact.Report) {
	var idle, jobs []string
	for _, c := range r.Components {
		if c.Active == "no" {
			idle = append(idle, strings.TrimSpace(c.Name+" "+c.Version))
		}
		if len(c.Schedules) > 0 && c.AI {
			jobs = append(jobs, c.Slug+" ("+some(c.Schedules, 4)+")")
		}
	}
	if len(idle) > 0 {
		p.line("Installed but not active, and still readable from the web: %s.", strings.Join(idle, ", "))
	}
	if len(jobs) > 0 {
		p.line("Scheduled jobs of components that speak to AI: %s.", strings.Join(jobs, "; "))
	}
	if len(idle)+len(jobs) > 0 {
		p.line("")
	}
}

// services lists what the code speaks to: the receivers of AI calls one by one, all others by component.
func (p *printer) services(r *fact.Report) {
	var ai []fact.Service
	others := map[string][]string{}
	var order []string
	for _, s := range r.Services {
		switch s.Class {
		case "own", "local":
		case "other":
			if others[s.Component] == nil {
				order = append(order, s.Component)
			}
			others[s.Component] = append(others[s.Component], s.Host)
		default:
			ai = append(ai, s)
		}
	}
	if len(ai) > 0 {
		p.line("Where the code speaks to AI")
	}
	for _, s := range ai {
		p.service(s)
	}
	if len(order) > 0 {
		p.line("Other outside services")
	}
	for _, c := range order {
		p.line("  %s: %s", c, some(others[c], 8))
	}
	if len(ai)+len(order) > 0 {
		p.line("")
	}
}

func (p *printer) service(s fact.Service) {
	who := s.Host
	if s.Vendor != "" {
		who += " (" + s.Vendor + ", " + s.Kind + ", vendor in " + s.Seat + ", processed: " + s.Region + ")"
	} else {
		who += " (" + noteOf(s) + ")"
	}
	how := "called"
	if !s.Called {
		how = "address in the code, no call followed"
	}
	at := ""
	if len(s.Evidence) > 0 {
		at = fmt.Sprintf("%s:%d", s.Evidence[0].File, s.Evidence[0].Line)
	}
	p.line("  %s: %s - %s  %s", s.Component, who, how, at)
}

// some are the first few of a list, and how many more there are.
func some(list []string, n int) string {
	if len(list) <= n+1 {
		return strings.Join(list, ", ")
	}
	return strings.Join(list[:n], ", ") + fmt.Sprintf(" and %d more", len(list)-n)
}

func (p *printer) findings(r *fact.Report) {
	count := map[string]int{}
	for i := range r.Findings {
		if r.Findings[i].State != "suppressed" {
			count[r.Findings[i].Level]++
		}
	}
	for _, g := range groups(r) {
		head := g.Name
		if !strings.EqualFold(head, g.Component) {
			head += " (" + g.Component + ")"
		}
		p.line("%s", head)
		p.line("%s", strings.Repeat("=", min(len([]rune(head)), 100)))
		p.line("%s\n", g.Summary())
		for _, it := range g.Items {
			p.finding(it)
		}
	}
	var parts []string
	for _, l := range fact.Levels {
		if count[l] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", count[l], l))
		}
	}
	if len(parts) == 0 {
		parts = []string{"none"}
	}
	p.line("Findings: %s. Why and what to do stand with the first of each kind; info findings are in the JSON report.", strings.Join(parts, ", "))
}

func (p *printer) finding(f *item) {
	state := ""
	if f.State != "" {
		state = " (" + f.State + ")"
	}
	p.line("%s  %s%s", strings.ToUpper(f.Level), f.Title, state)
	p.line("  in %s:%d   [%s %s]", f.File, f.Line, f.Rule, f.ID)
	p.detail("set off by", who(f.Finding))
	p.detail("surface", f.Surface)
	p.detail("receiver", strings.TrimPrefix(f.To+", "+f.Jurisdiction, ", "))
	p.detail("only if", f.Conditions)
	var guards []string
	for _, g := range f.Guards {
		guards = append(guards, g.Kind+" ("+g.Name+")")
	}
	p.detail("checks seen", strings.Join(guards, ", "))
	if len(f.Path) > 0 {
		p.line("  the way:")
		for i, s := range f.Path {
			p.line("    %d. %s:%d  %s", i+1, s.File, s.Line, s.What)
			if s.Code != "" {
				p.line("       %s", s.Code)
			}
		}
	} else if f.Excerpt != "" {
		p.line("    %s", f.Excerpt)
	}
	for i, o := range f.Also {
		if i == 0 {
			p.line("  and the same at:")
		}
		p.line("    - %s   [%s]", where(o), o.ID)
	}
	if !p.told[f.Rule] {
		p.told[f.Rule] = true
		p.detail("why", f.Why)
		p.detail("do", f.Do)
	}
	p.line("")
}

// who names the trigger in plain words.
func who(f *fact.Finding) string {
	words := map[string]string{"guest": "anyone on the shop's pages", "customer": "a customer's action", "user": "any logged-in user",
		"admin": "staff", "cron": "a scheduled job", "agent": "an AI agent", "unknown": ""}
	s := words[f.Trigger]
	if f.Entry != "" && s != "" {
		s += " (" + f.Entry + ")"
	}
	return s
}

func (p *printer) detail(name, value string) {
	if value != "" && value != ", " {
		p.line("  %-11s %s", name+":", value)
	}
}

func (p *printer) foot(r *fact.Report) {
	c := r.Coverage
	p.line("Files: %d in the tree, %d analysed, %d partly, %d skipped (%.1f MB PHP, %.1f MB scripts).",
		c.Files, c.Analysed, c.Partly, c.Skipped, float64(c.PHPBytes)/1e6, float64(c.JSBytes)/1e6)
	for i, n := range c.Notes {
		if n.Status != "partly" {
			continue
		}
		if i > 200 {
			break
		}
		p.line("  partly analysed: %s (%s)", n.File, n.Reason)
	}
	for _, comp := range r.Components {
		if comp.Stopped {
			p.line("  %s: the data flow stopped at its step budget; what is listed stands, more may exist", comp.Slug)
		}
	}
	for _, n := range r.Notes {
		p.line("%s", n)
	}
}
