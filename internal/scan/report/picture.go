package report

import (
	"slices"
	"strings"

	"ringfence/internal/scan/fact"
)

// picture is the flow drawing: components on the left, receivers on the right, and what goes between them.
type picture struct {
	Height int
	Left   []box
	Right  []box
	Lines  []line
}

// box is one component or receiver.
type box struct {
	Y     int
	Text  string
	Note  string // under the name: what the receiver is and where
	Class string
}

// line joins a component and a receiver. Weight is what the gravest thing it carries is: personal, words or other.
type line struct {
	Y1, Y2 int
	Weight string
	Title  string
}

const rowHeight = 56

// draw places every component that speaks to AI, or sends personal data to anyone, and every such receiver.
func draw(r *fact.Report) picture {
	var p picture
	left, right := map[string]int{}, map[string]int{}
	for _, s := range r.Services {
		carried := carriedBy(r, s)
		if !drawn(s, carried) {
			continue
		}
		if _, ok := left[s.Component]; !ok {
			left[s.Component] = len(p.Left)
			p.Left = append(p.Left, box{Text: short(calledBy(r, s.Component), 30), Class: "component"})
		}
		if _, ok := right[s.Host]; !ok {
			right[s.Host] = len(p.Right)
			p.Right = append(p.Right, box{Text: short(s.Host, 38), Note: noteOf(s), Class: s.Class})
		}
		p.Lines = append(p.Lines, line{Y1: left[s.Component], Y2: right[s.Host], Weight: weightOf(r, s, carried),
			Title: titleOf(calledBy(r, s.Component), s, carried)})
	}
	p.place()
	return p
}

// titleOf says a line in words; it stands in for the drawing on a small screen.
func titleOf(name string, s fact.Service, carried []string) string {
	title := name + " to " + s.Host + " (" + noteOf(s) + ")"
	if len(carried) > 0 {
		title += ": " + strings.Join(carried, ", ")
	}
	return title
}

// place turns rows into positions; the shorter side is centred.
func (p *picture) place() {
	rows := max(len(p.Left), len(p.Right))
	p.Height = rowHeight*rows + 20
	y := func(i, n int) int { return 10 + rowHeight/2 + i*rowHeight + (rows-n)*rowHeight/2 }
	for i := range p.Left {
		p.Left[i].Y = y(i, len(p.Left))
	}
	for i := range p.Right {
		p.Right[i].Y = y(i, len(p.Right))
	}
	for i := range p.Lines {
		l := &p.Lines[i]
		l.Y1, l.Y2 = y(l.Y1, len(p.Left)), y(l.Y2, len(p.Right))
	}
}

func drawn(s fact.Service, carried []string) bool {
	switch s.Class {
	case "ai", "relay", "agent", "configurable":
		return true
	case "other":
		return len(carried) > 0
	}
	return false
}

// noteOf says in a few words what a receiver is.
func noteOf(s fact.Service) string {
	switch {
	case s.Vendor != "" && s.Zone != "":
		return s.Vendor + ", " + s.Zone
	case s.Class == "relay":
		return "the plugin vendor's own server"
	case s.Class == "configurable":
		return "set by the shop"
	case s.Kind == "sdk":
		return "an AI library of the plugin"
	case s.Class == "ai":
		return "decided by the provider that is set up"
	case s.Class == "agent":
		return "whoever asks"
	}
	return "outside service"
}

// carriedBy lists what people would call the data a component sends to a receiver, gravest first.
func carriedBy(r *fact.Report, s fact.Service) []string {
	var personal, rest []string
	for _, f := range r.Findings {
		if f.Component != s.Component || !slices.Contains(strings.Split(f.To, ", "), s.Host) || !strings.Contains(f.Rule, "-to-") && f.Rule != "browser-side-ai" {
			continue
		}
		for _, d := range f.Data {
			if strings.HasPrefix(f.Rule, "personal") || strings.HasPrefix(f.Rule, "business") {
				personal = with(personal, d)
			} else {
				rest = with(rest, d)
			}
		}
	}
	for _, d := range rest {
		personal = with(personal, d)
	}
	return personal
}

// weightOf is the colour of a line.
func weightOf(r *fact.Report, s fact.Service, carried []string) string {
	worst := "other"
	for _, f := range r.Findings {
		if f.Component != s.Component || !slices.Contains(strings.Split(f.To, ", "), s.Host) {
			continue
		}
		switch {
		case f.Level == "high":
			return "personal"
		case f.Level == "medium" && len(carried) > 0:
			worst = "words"
		}
	}
	return worst
}

// short cuts a text to n characters.
func short(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}
