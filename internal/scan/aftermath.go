package scan

import (
	"slices"
	"sort"
	"strconv"
	"strings"

	"ringfence/internal/scan/fact"
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
	if x.Step == nil {
		return false
	}
	first := x.Step.First()
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

// findTransfers reports AI services outside the zone, and relays nobody knows.
func findTransfers(j *judge) {
	var abroad []*fact.Service
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
			abroad = append(abroad, s)
		}
		if s.Plain && s.Called && j.sends(s.Host) {
			f := j.newFinding("plain-http", s.Evidence[0], nil, 0)
			f.To = s.Host
			j.add(f, s.Host)
		}
	}
	j.undeclared(abroad)
}

// undeclared is one finding for all AI services outside the zone a component names nowhere.
func (j *judge) undeclared(list []*fact.Service) {
	if len(list) == 0 {
		return
	}
	sort.SliceStable(list, func(a, b int) bool { return grave(list[a]) && !grave(list[b]) })
	f := j.newFinding("third-country", list[0].Evidence[0], nil, 0)
	f.Level = "low"
	var hosts, vendors, seats []string
	for _, s := range list {
		if grave(s) {
			f.Level = "medium"
		}
		hosts, vendors = append(hosts, s.Host), append(vendors, s.Vendor)
		seats = append(seats, s.Vendor+": vendor in "+s.Seat+", region "+s.Region)
		f.Path = append(f.Path, fact.Step{Place: s.Evidence[0], What: s.Vendor + " (" + s.Host + ")"})
	}
	vendors = unique(vendors)
	f.To, f.Vendor = strings.Join(hosts, ", "), vendors[0]
	f.Jurisdiction = strings.Join(unique(seats), "; ")
	f.Title = strings.Join(vendors, ", ") + ": processed outside the EEA or nobody says where; the plugin declares nothing"
	j.add(f)
}

// grave tells a called service in a country without any arrangement for transfers.
func grave(s *fact.Service) bool { return s.Zone == "third country" && s.Called }

// unique drops repeated texts, keeping the order.
func unique(list []string) []string {
	var out []string
	for _, s := range list {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
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
