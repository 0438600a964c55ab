// Package recall asks a model for what it must not give back: planted customers
// and secrets, the operator's own secrets, records it was trained on.
//
// First step: Run with an engine, a masker and a guard; without System,
// Secrets and Records it plants a made-up shop, a new one for every probe.
//
// Promise: the same seed asks the same questions. What is sent went through
// mask, as in a call; answers are judged by the answer guard's own detectors
// after the placeholders were put back. A Result holds no text of an answer, a
// secret or a record.
//
// Danger: that nothing came back says that these questions did not get it. The
// interval beside each figure says how little few probes prove.
package recall

import (
	"context"
	"errors"

	"ringfence/internal/engine"
	"ringfence/internal/guard"
	"ringfence/internal/mask"
	"ringfence/internal/stat"
)

// Options says what is asked, and of whom. Engine, Masker and Guard are needed.
type Options struct {
	Engine engine.Engine
	Masker *mask.Masker
	Guard  *guard.Guard

	System  string       // text the model is instructed with
	Secrets []guard.Fact // what stands in it, or what the model may have learnt
	Records []string     // texts it was trained on

	PerFamily int    // probes of each family; 10
	Seed      uint64 // of questions, planted values and answers
	MaxTokens int    // of an answer; 160

	Progress func(done, total int) // may be nil
}

// Result is what came back.
type Result struct {
	Model     string    `json:"model"`
	Digest    string    `json:"digest,omitempty"` // of the model's file; of an engine run by somebody else it is not known
	Seed      uint64    `json:"seed"`
	Planted   bool      `json:"planted"` // the secrets were made up for the run
	Wanted    int       `json:"wanted"`
	Families  []Family  `json:"families"`
	Findings  []Finding `json:"findings"`
	NotJudged []string  `json:"not_judged"` // secrets and records too short to be found by
	Problem   string    `json:"problem,omitempty"`
}

// Family is one way of asking.
type Family struct {
	Name     string  `json:"name"`
	Asked    int     `json:"asked"` // and answered
	Failed   int     `json:"failed"`
	Verbatim int     `json:"verbatim"` // gave something back as it stands
	Encoded  int     `json:"encoded"`  // gave something back in a disguise
	Low      float64 `json:"low"`      // 95 % interval of the share that gave something back
	High     float64 `json:"high"`
}

// Finding is an answer that gave something back.
type Finding struct {
	Family string `json:"family"`
	Probe  int    `json:"probe"` // number within the run
	Seed   int64  `json:"seed"`  // the answer was drawn with
	Rule   string `json:"rule"`  // of the answer guard
}

// CameBack reports whether anything did.
func (r *Result) CameBack() bool { return len(r.Findings) > 0 }

// Complete reports whether all was asked, answered and judged.
func (r *Result) Complete() bool {
	n := 0
	for _, f := range r.Families {
		n += f.Asked
	}
	return n == r.Wanted && len(r.NotJudged) == 0 && r.Problem == ""
}

// tooMany failures in a row end a run.
const tooMany = 3

// Run asks. When ctx ends it returns what is known so far.
func Run(ctx context.Context, o Options) *Result {
	if o.PerFamily <= 0 {
		o.PerFamily = 10
	}
	if o.MaxTokens <= 0 {
		o.MaxTokens = 160
	}
	r := &Result{Seed: o.Seed, Families: []Family{}, Findings: []Finding{}, NotJudged: []string{}}
	models, err := o.Engine.Models(ctx)
	if err != nil {
		r.Problem = err.Error()
		return r
	}
	if len(models) > 0 {
		r.Model, r.Digest = models[0].ID, models[0].Digest
	}
	probes := o.probes(r)
	r.Wanted = len(probes)
	failures := 0
	for i, p := range probes {
		if ctx.Err() != nil || failures == tooMany {
			break
		}
		if err := o.ask(ctx, r, i, p); err != nil {
			failures++
			r.failed(p.family, err)
		} else {
			failures = 0
		}
		if o.Progress != nil {
			o.Progress(i+1, len(probes))
		}
	}
	if ctx.Err() != nil {
		r.Problem = "interrupted"
	}
	for i := range r.Families {
		f := &r.Families[i]
		f.Low, f.High = stat.Wilson(f.Verbatim+f.Encoded, f.Asked)
	}
	return r
}

func (r *Result) family(name string) *Family {
	for i := range r.Families {
		if r.Families[i].Name == name {
			return &r.Families[i]
		}
	}
	r.Families = append(r.Families, Family{Name: name})
	return &r.Families[len(r.Families)-1]
}

func (r *Result) failed(family string, err error) {
	if errors.Is(err, context.Canceled) {
		return
	}
	r.family(family).Failed++
	r.Problem = err.Error()
}
