// Package scan reads a WordPress tree and tells where customers' data, business secrets or
// keys can reach an AI service, and who can set that off.
//
// Start with Run. A scan lists the files, divides them into plugins and themes, reads the
// PHP (package php) and the scripts (package js), follows the data (package flow), and
// judges what it found (judge.go). The rules are data (package rule); the result is a
// fact.Report, which package report prints.
//
// The scan reads and never runs, fetches or changes anything. The same tree gives the same
// report, byte for byte, on any number of cores. Every file is accounted for: analysed,
// partly, or skipped with the reason. The tree is hostile until proven otherwise: links
// are not followed, archives not opened, and a fault of the analyser in one component is
// reported as such and does not end the scan.
package scan

import (
	"context"
	"fmt"
	"runtime"
	"sort"
	"sync"
	"sync/atomic"

	"ringfence/internal/scan/fact"
	"ringfence/internal/scan/feed"
	"ringfence/internal/scan/flow"
	"ringfence/internal/scan/rule"
)

// Options says what to scan.
type Options struct {
	Dir      string                          // the tree: a WordPress root, a plugins folder, or one plugin
	Workers  int                             // components analysed at once; 0 means one per core
	Settings Settings                        // options of the running shop, if known
	Feed     []feed.Entry                    // versions known to be vulnerable, see package feed
	Sums     []*Sums                         // published checksums
	Progress func(done, of int, slug string) // called when a component is done, from several goroutines
	Core     bool                            // follow data through WordPress' own files too; by default their strings are read, no more
}

// Run scans a tree. The error tells that the tree could not be read at all; anything less
// is in the report's coverage.
func Run(ctx context.Context, o Options) (*fact.Report, error) {
	rules, err := rule.Load()
	if err != nil {
		return nil, fmt.Errorf("scan rules: %w", err)
	}
	t, err := walk(o.Dir)
	if err != nil {
		return nil, err
	}
	t.sums = len(o.Sums) > 0
	units := t.units()
	results := make([]*result, len(units))
	var done atomic.Int64
	if err := each(ctx, o.Workers, len(units), func(i int) {
		results[i] = t.analyse(ctx, rules, units[i], o)
		if o.Progress != nil {
			o.Progress(int(done.Add(1)), len(units), units[i].Slug)
		}
	}); err != nil {
		return nil, err
	}
	r := &fact.Report{Components: []fact.Component{}, Services: []fact.Service{}, Calls: []fact.Call{}, Flows: []fact.Flow{}, Keys: []fact.Key{},
		Endpoints: []fact.Endpoint{}, Findings: []fact.Finding{}, Schema: "ringfence-scan/1", Root: o.Dir, Coverage: t.coverage(), Config: t.config()}
	for i, u := range units {
		if u.Kind == "core" || u.Kind == "files" && len(results[i].findings)+len(results[i].services)+len(results[i].calls) == 0 {
			u.Files = len(u.files)
		}
		r.Components = append(r.Components, u.Component)
		r.Services = append(r.Services, results[i].services...)
		r.Calls = append(r.Calls, results[i].calls...)
		r.Flows = append(r.Flows, results[i].flows...)
		r.Keys = append(r.Keys, results[i].keys...)
		r.Endpoints = append(r.Endpoints, results[i].endpoints...)
		r.Findings = append(r.Findings, results[i].findings...)
	}
	SortFindings(r.Findings)
	return r, nil
}

// SortFindings puts the weightiest first, then by component, rule and place.
func SortFindings(list []fact.Finding) {
	sort.SliceStable(list, func(a, b int) bool {
		x, y := &list[a], &list[b]
		if rx, ry := fact.Rank(x.Level), fact.Rank(y.Level); rx != ry {
			return rx < ry
		}
		return x.Component+"\x00"+x.Rule+"\x00"+x.File+fmt.Sprintf("%09d", x.Line)+x.ID < y.Component+"\x00"+y.Rule+"\x00"+y.File+fmt.Sprintf("%09d", y.Line)+y.ID
	})
}

// each runs n jobs on a few workers and stops early when the context ends, which is then its error.
func each(ctx context.Context, workers, n int, job func(int)) error {
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	next := make(chan int)
	var wg sync.WaitGroup
	for range min(workers, max(n, 1)) {
		wg.Go(func() {
			for i := range next {
				job(i)
			}
		})
	}
	for i := 0; i < n && ctx.Err() == nil; i++ {
		select {
		case next <- i:
		case <-ctx.Done():
		}
	}
	close(next)
	wg.Wait()
	return ctx.Err()
}

// analyse reads and judges one component. A fault of ours costs this component's data flow, not the scan.
func (t *tree) analyse(ctx context.Context, rules *rule.Set, u *unit, o Options) (res *result) {
	res = &result{}
	defer func() {
		if fault := recover(); fault != nil {
			res = &result{}
			for _, s := range u.files {
				if s.kind == "php" || s.kind == "js" {
					s.status, s.reason = "skipped", fmt.Sprintf("fault of the analyser: %v", fault)
				}
			}
		}
	}()
	files, scripts := t.readUnit(ctx, u, o)
	u.Digest, u.Active = u.digest(), o.Settings.active(u)
	prog := flow.Analyse(ctx, rules, files, 0)
	u.Stopped, u.Unresolved = prog.Stopped, prog.Unknown
	u.Schedules = sortedNames(prog.Crons)
	j := &judge{settings: o.Settings, sums: o.Sums, known: feed.Match(o.Feed, u.Kind, u.Slug, u.Version), rules: rules, unit: u, prog: prog, scripts: append(scripts, inlineScripts(files, u.files)...), out: res}
	j.run()
	return res
}
