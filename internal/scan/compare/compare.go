// Package compare tells what changed between two scans, and what somebody has accepted.
//
// Start with Baseline for findings against an earlier report, Diff for everything that two
// versions of a plugin do, and Suppress for a file of accepted findings. All keys are free
// of line numbers: code that only moved is no change.
//
// A suppression needs a reason and an end; past its date it no longer counts. None is read
// from the scanned tree, so that a plugin cannot excuse itself.
package compare

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	"ringfence/internal/scan/fact"
)

// Baseline marks every finding of r as known, worse or new against an earlier report and
// notes the ones that are gone. Worse: a higher level, another data class, or a check less.
func Baseline(r, earlier *fact.Report) {
	old := map[string]*fact.Finding{}
	for i := range earlier.Findings {
		old[earlier.Findings[i].ID] = &earlier.Findings[i]
	}
	for i := range r.Findings {
		f := &r.Findings[i]
		was := old[f.ID]
		delete(old, f.ID)
		switch {
		case was == nil:
			f.State = "new"
		case worse(was, f):
			f.State = "worse"
		default:
			f.State = "known"
		}
	}
	var gone []string
	for _, f := range old {
		gone = append(gone, fmt.Sprintf("gone since the baseline: %s in %s [%s %s]", f.Title, f.Component, f.Rule, f.ID))
	}
	sort.Strings(gone)
	r.Notes = append(r.Notes, gone...)
}

func worse(was, is *fact.Finding) bool {
	if fact.Rank(is.Level) < fact.Rank(was.Level) {
		return true
	}
	for _, c := range is.DataClasses {
		if !slices.Contains(was.DataClasses, c) {
			return true
		}
	}
	kinds := guardKinds(is.Guards)
	for _, k := range guardKinds(was.Guards) {
		if !slices.Contains(kinds, k) {
			return true
		}
	}
	return false
}

func guardKinds(list []fact.Guard) []string {
	var kinds []string
	for _, g := range list {
		if !slices.Contains(kinds, g.Kind) {
			kinds = append(kinds, g.Kind)
		}
	}
	sort.Strings(kinds)
	return kinds
}

// Change is one difference between two versions.
type Change struct {
	State string `json:"state"` // new, gone, worse, better
	Kind  string `json:"kind"`  // service, flow, door, key, finding, library
	What  string `json:"what"`
	Grave bool   `json:"grave"` // fails a pipeline: a new receiver, data class, open door or finding
	fact.Place
}

// entry is a fact under a key that survives moved lines.
type entry struct {
	text  string
	rank  int // for worse and better: lower is worse
	grave bool
	place fact.Place
}

// Diff lists what the new version does that the old did not, and the reverse, gravest first.
func Diff(old, now *fact.Report) []Change {
	same := len(old.Components) == 1 && len(now.Components) == 1
	a, b := facts(old, same), facts(now, same)
	var list []Change
	for _, key := range keysOf(a, b) {
		was, before := a[key]
		is, after := b[key]
		kind, _, _ := strings.Cut(key, "\x00")
		switch {
		case !before:
			list = append(list, Change{"new", kind, is.text, is.grave, is.place})
		case !after:
			list = append(list, Change{"gone", kind, was.text, false, was.place})
		case is.rank < was.rank:
			list = append(list, Change{"worse", kind, is.text + " (was: " + was.text + ")", true, is.place})
		case is.rank > was.rank:
			list = append(list, Change{"better", kind, is.text, false, is.place})
		}
	}
	sort.SliceStable(list, func(i, j int) bool { return list[i].Grave && !list[j].Grave })
	return list
}

func keysOf(a, b map[string]entry) []string {
	var keys []string
	for k := range a {
		keys = append(keys, k)
	}
	for k := range b {
		if _, ok := a[k]; !ok {
			keys = append(keys, k)
		}
	}
	sort.Strings(keys)
	return keys
}

// facts lists everything of a report that is worth comparing. With one component on both
// sides its name does not count: a folder may carry the version.
func facts(r *fact.Report, same bool) map[string]entry {
	m := map[string]entry{}
	put := func(kind, component, key string, e entry) {
		if same {
			component = ""
		}
		k := kind + "\x00" + component + "\x00" + key
		if was, ok := m[k]; !ok || e.rank < was.rank {
			m[k] = e
		}
	}
	for _, s := range r.Services {
		if s.Class == "local" || s.Class == "own" {
			continue
		}
		e := entry{text: fmt.Sprintf("speaks to %s (%s)", s.Host, s.Class), grave: true, rank: 1}
		if s.Called {
			e.rank = 0
		}
		if len(s.Evidence) > 0 {
			e.place = s.Evidence[0]
		}
		put("service", s.Component, s.Host, e)
	}
	for _, f := range r.Flows {
		e := entry{text: fmt.Sprintf("sends %s (%s) to %s", f.Class, f.Origin, f.To), grave: f.ToClass != "other", place: f.Path[len(f.Path)-1].Place}
		if f.Redacted {
			e.rank = 1
		}
		put("flow", f.Component, f.Class+" "+f.Origin+" "+f.To, e)
	}
	for _, d := range r.Endpoints {
		kinds := guardKinds(d.Guards)
		text := d.Kind + " " + d.Name + " with checks: " + strings.Join(kinds, ", ")
		if len(kinds) == 0 {
			text = d.Kind + " " + d.Name + " without any check"
		}
		put("door", d.Component, d.Kind+" "+d.Name, entry{text: text, rank: len(kinds), grave: d.Open || d.ReachesAI && d.Who == "guest", place: d.Place})
	}
	for _, k := range r.Keys {
		put("key", k.Component, k.Storage, entry{text: "keeps a key in " + k.Storage, grave: k.Storage == "code", place: k.Place})
	}
	for _, f := range r.Findings {
		put("finding", f.Component, strings.Replace(f.Key, f.Component, "", 1), entry{text: f.Level + ": " + f.Title, rank: fact.Rank(f.Level), grave: f.Level == "high" || f.Level == "medium", place: f.Place})
	}
	return m
}
