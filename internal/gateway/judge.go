package gateway

import (
	"net/http"
	"strings"

	"ringfence/internal/guard"
	"ringfence/proof"
)

// judge asks the prompt guard about every text of the call. In watch mode the
// verdicts are only recorded.
func (g *Gateway) judge(t *trip, p *prompt) error {
	verdicts := t.policy.Guard.Prompt(p.pieces)
	for _, v := range verdicts {
		t.noted("prompt", v)
	}
	if len(verdicts) == 0 || verdicts[0].Action < guard.Strip || t.watching() {
		return nil
	}
	worst := verdicts[0]
	return refused(http.StatusForbidden, worst.Reason, "The prompt guard stopped this call at "+worst.Where+" by the rule "+worst.Rule+
		". If the text is legitimate, say where it comes from in ringfence.origins, or set this integration to watch mode while you look.")
}

// noted records a verdict, without the text it is about.
func (t *trip) noted(side string, v guard.Verdict) {
	t.record.Verdicts = append(t.record.Verdicts, proof.Verdict{
		Side: side, Action: v.Action.String(), Reason: v.Reason, Rule: v.Rule, Where: v.Where,
		Watch: t.watching() && v.Action >= guard.Strip,
	})
	t.trace.judged(side, v)
	if !t.begun {
		t.w.Header().Add("Ringfence-Verdict", strings.Join([]string{side, v.Action.String(), v.Reason}, " "))
	}
}
