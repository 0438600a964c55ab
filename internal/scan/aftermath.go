package scan

import (
	"slices"
	"strconv"
	"strings"

	"ringfence/internal/scan/flow"
)

// findLogs reports personal data, prompts and answers that end in a log or file.
func findLogs(j *judge) {
	for _, h := range j.prog.Hits {
		if h.Site.Sink.Way != "log" {
			continue
		}
		var names, classes []string
		var worst *flow.Taint
		for i, x := range h.Taint {
			if x.Redacted || !loggable(x, j.unit.AI) || x.Class.Group == "answer" && !j.fromAI(x) {
				continue
			}
			names, classes = append(names, x.Class.Title), append(classes, x.Class.Name)
			if worst == nil {
				worst = &h.Taint[i]
			}
		}
		if worst == nil {
			continue
		}
		f := j.newFinding("log-of-prompts", j.place(h.Site.File, h.Site.Pos), h.Site.File, h.Site.Pos)
		f.Data, f.DataClasses = slices.Compact(names), slices.Compact(classes)
		f.Title = strings.ToUpper(names[0][:1]) + strings.Join(f.Data, ", ")[1:] + " written to a log or file"
		f.Path = j.path(worst.Step, h.Site)
		f.Trigger = j.trigger(j.doorsAbove(h.Root))
		if h.Site.Sink.Name != "error_log" && h.Site.Sink.Name != "trigger_error" {
			f.Conditions = "files below wp-content are readable from the web unless the server forbids it"
		}
		if onlyAnswer := len(classes) == 1 && classes[0] == "answer"; onlyAnswer || !j.unit.AI {
			f.Level = "low"
		}
		j.add(f, flow.Name(h.Site.Fn), h.Site.Sink.Name)
	}
}

func loggable(x flow.Taint, ai bool) bool {
	switch x.Class.Group {
	case "personal":
		return x.Class.Name != "location"
	case "secret":
		return x.Origin == "option"
	case "words":
		return ai && (x.Class.Name == "message" || x.Class.Name == "review")
	case "answer":
		return ai
	}
	return false
}

// fromAI tells whether an answer came from an AI service rather than from any other.
func (j *judge) fromAI(x flow.Taint) bool {
	first := x.Step
	for first != nil && first.Prev != nil {
		first = first.Prev
	}
	if first == nil {
		return false
	}
	for s, t := range j.siteTo {
		if s.File == first.File && s.Pos == first.Pos && (t.Class == "ai" || t.Class == "relay") {
			return true
		}
	}
	return false
}

// findAnswers reports model answers that are printed as they are, or run.
func findAnswers(j *judge) {
	for _, h := range j.prog.Hits {
		name := map[string]string{"page": "answer-unescaped", "code": "answer-executed"}[h.Site.Sink.Way]
		if name == "" {
			continue
		}
		for _, x := range h.Taint {
			if x.Class.Group != "answer" || !j.fromAI(x) {
				continue
			}
			f := j.newFinding(name, j.place(h.Site.File, h.Site.Pos), h.Site.File, h.Site.Pos)
			f.Path = j.path(x.Step, h.Site)
			f.Data, f.DataClasses = []string{x.Class.Title}, []string{x.Class.Name}
			f.Trigger = j.trigger(j.doorsAbove(h.Root))
			j.add(f, flow.Name(h.Site.Fn), h.Site.Sink.Name)
			break
		}
	}
}

// findTransfers reports AI services outside the zone and relays nobody knows.
func findTransfers(j *judge) {
	for i := range j.out.services {
		s := &j.out.services[i]
		if len(s.Evidence) == 0 || s.Kind == "search" {
			continue
		}
		switch {
		case s.Class == "relay" && s.Called:
			f := j.newFinding("unknown-relay", s.Evidence[0], nil, 0)
			f.To, f.Title = s.Host, "AI through the vendor's own server "+s.Host
			f.Jurisdiction = "unknown"
			j.add(f, s.Host)
		case s.Class == "ai" && s.Vendor != "" && s.Zone != "EEA" && s.Zone != "adequate" && !j.privacy:
			f := j.newFinding("third-country", s.Evidence[0], nil, 0)
			f.To, f.Vendor = s.Host, s.Vendor
			f.Title = s.Vendor + " (" + s.Host + ") processes outside the EEA or does not say where; the plugin declares nothing"
			f.Jurisdiction = "vendor in " + s.Seat + ", region " + s.Region
			if s.Zone != "third country" || !s.Called {
				f.Level = "low"
			}
			j.add(f, s.Host)
		}
		if s.Plain && s.Called && j.sends(s.Host) {
			f := j.newFinding("plain-http", s.Evidence[0], nil, 0)
			f.To = s.Host
			j.add(f, s.Host)
		}
	}
}

// sends tells whether data of a person or a visitor's words go to a host.
func (j *judge) sends(host string) bool {
	for _, f := range j.out.flows {
		if f.To == host {
			switch j.rules.Classes[f.Class].Group {
			case "personal", "words", "business":
				return true
			}
		}
	}
	return false
}

// findTimeouts reports AI calls on pages that may wait for long.
func findTimeouts(j *judge) {
	for _, s := range j.prog.Sites {
		t := j.siteTo[s]
		if t.Class != "ai" && t.Class != "relay" || s.Sink.Way == "ai" || !outbound(s.Sink.Way) {
			continue
		}
		doors := j.doorsAbove(s.Fn)
		page := slices.IndexFunc(doors, func(e *flow.Entry) bool {
			return e.Kind == "shortcode" || e.Kind == "block" || e.Kind == "hook" && (j.who(e) == "guest" || j.who(e) == "customer") && !boot[e.Name]
		})
		if page < 0 {
			continue
		}
		seconds, err := strconv.Atoi(s.Timeout)
		if wp := s.Sink.Way == "http"; wp && (s.Timeout == "" || err != nil || seconds <= 10) || !wp && err == nil && seconds <= 10 {
			continue // WordPress gives up after five seconds unless told otherwise
		}
		f := j.newFinding("no-timeout", j.place(s.File, s.Pos), s.File, s.Pos)
		f.Trigger, f.Entry, f.To = j.who(doors[page]), doors[page].Kind+" "+doors[page].Name, t.Name
		if s.Timeout != "" {
			f.Conditions = "the timeout is " + s.Timeout + " seconds"
		}
		j.add(f, flow.Name(s.Fn), s.Sink.Name)
	}
}

// boot are hooks that every request runs; what hangs on them is usually not a page.
var boot = map[string]bool{"init": true, "plugins_loaded": true, "wp_loaded": true, "rest_api_init": true, "parse_request": true, "wp": true}
