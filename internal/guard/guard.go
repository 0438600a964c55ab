// Package guard judges texts: may this prompt go to a model, may this answer go
// back to a customer.
//
// First step: New(Policy{}), then Prompt for the pieces of a request and Answer
// for a Window through which an answer is written as it comes.
//
// Promise: verdicts depend on the text alone, never on how an answer was cut
// into chunks, and nothing of a blocked span is released. Time is linear in the
// text; what is held back of an answer is at most MaxHold bytes.
//
// Danger: rules know the attacks they were written for. A text without a
// verdict is not proven harmless; limits on effects (tools, URLs, data) must
// hold without this package.
package guard

import (
	"cmp"
	"slices"

	"ringfence/internal/guard/classify"
)

// Origin says where a piece of text comes from. Any other value, the empty one
// too, is judged as Document.
type Origin string

// The origins, from the most to the least trusted.
const (
	System   Origin = "system"
	Operator Origin = "operator"
	User     Origin = "user"
	Catalog  Origin = "catalog"
	Tool     Origin = "tool"
	Document Origin = "document"
	Review   Origin = "review"
)

// Action is what a verdict asks for.
type Action int

// The actions, from the mildest to the strictest.
const (
	Allow Action = iota
	Flag         // let pass, record
	Strip        // let pass without the span; no rule of this version asks for it
	Block        // do not let pass
)

var actionNames = [...]string{"allow", "flag", "strip", "block"}

func (a Action) String() string {
	if a < 0 || int(a) >= len(actionNames) {
		return "unknown"
	}
	return actionNames[a]
}

// Verdict is one finding.
type Verdict struct {
	Action Action
	Reason string  // stable code: instruction_override, system_leak ...
	Rule   string  // the rule that decided, and the reading if the text was encoded: override.prior/base64
	Score  float64 // 0 to 1; for a prompt, all signals of one window together
	Where  string  // the piece's Where
	// Alone is what the classifier says to the loudest words of a longer text by
	// themselves; 0 where it did not decide or they are the whole text.
	Alone float64
	// Evidence is a short excerpt for the developer's own trace. It is text of
	// a stranger: never in an audit entry, never in an answer.
	Evidence string
}

// Piece is one text of a request.
type Piece struct {
	Text   string
	Origin Origin
	Where  string // for the reader: messages[1].content
}

// Guard judges by one policy. It is safe for concurrent use.
type Guard struct {
	policy  Policy
	rules   *rules
	model   *classify.Model
	off     map[string]bool
	allowed allowList
	indexes indexes
}

// New returns a guard for p. The error names what is wrong in p.
func New(p Policy) (*Guard, error) {
	p, err := p.complete()
	if err != nil {
		return nil, err
	}
	g := &Guard{policy: p, rules: loaded(), model: classify.Default(), off: map[string]bool{}}
	for _, id := range p.Off {
		g.off[id] = true
	}
	g.allowed, err = newAllowList(p.AllowedURLs)
	return g, err
}

// Judgement is what a guard thinks of a request.
type Judgement struct {
	Findings []Verdict // the worst first; none means allow
	Scores   []float64 // of each piece, whatever the thresholds
}

// Prompt judges the pieces of a request, each by itself. It returns findings,
// the worst first; none means allow.
func (g *Guard) Prompt(pieces []Piece) []Verdict { return g.Judge("", pieces).Findings }

// Judge is Prompt with the thresholds of a surface, and the scores of the pieces
// for a Memory.
func (g *Guard) Judge(surface string, pieces []Piece) Judgement {
	var j Judgement
	for _, p := range pieces {
		found, score := g.piece(p, surface)
		j.Findings, j.Scores = append(j.Findings, found...), append(j.Scores, score)
	}
	slices.SortStableFunc(j.Findings, func(a, b Verdict) int {
		return cmp.Or(cmp.Compare(b.Action, a.Action), cmp.Compare(b.Score, a.Score))
	})
	return j
}

// Action says what a score asks for in a text of an origin on a surface.
func (g *Guard) Action(surface string, o Origin, score float64) Action {
	return g.policy.limit(surface, o).action(score)
}
