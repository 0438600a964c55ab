package main

import (
	"fmt"
	"strings"

	"ringfence/internal/guard"
)

// told tells what a finding is about.
func (r *guardRun) told(v guard.Verdict) string {
	var b strings.Builder
	fmt.Fprintf(&b, "      saw: %s\n", v.Evidence)
	if r.answers {
		return b.String()
	}
	e := guard.Explain(v)
	if e.Sees != "" {
		fmt.Fprintf(&b, "      why: %s\n", e.Sees)
	}
	if e.Catches != "" {
		fmt.Fprintf(&b, "      it catches: %s\n", e.Catches)
	}
	if e.Leaves != "" {
		fmt.Fprintf(&b, "      it leaves alone: %s\n", e.Leaves)
	}
	return b.String()
}

// advice says how to allow a text that is harmless after all, the safest way
// first.
func (r *guardRun) advice(line guardLine, found []guard.Verdict, o guard.Origin) string {
	if r.answers {
		return `To allow it: name the place of a link in guard.allowed_hosts; what customers
may be told should not stand in a sentence of the system text that instructs the
model, but in one of its own or in the call's "context".
`
	}
	rule := guard.Explain(found[0]).ID
	return fmt.Sprintf(`To allow it, the safest way first:
  1. If these are the words of somebody more trusted than %q, say so in the call:
     {"ringfence": {"origins": [{"message": 0, "origin": "operator"}]}}
  2. If this rule is wrong for your store, switch it off in ringfence.yaml, and the
     others still see the text:
     guard: {off: [%s]}
  3. If your texts are simply like that, raise guard.thresholds.%s above %.2f:
     guard: {thresholds: {%s: {flag: %.2f, block: %.2f}}}
Look before you enforce: with guard: {modes: {discovery: watch}} a surface only
records, and so does a key of "ringfence key create NAME --mode watch".
docs/operations/guards.md has all of it.
`, o, rule, o, line.Score, o, min(line.Score+0.01, 2), min(line.Score+0.01, 2))
}
