package gateway

import (
	"errors"

	"ringfence/internal/engine"
	"ringfence/internal/meter"
	"ringfence/proof"
)

// settle books what the call truly used, lets the last held-back words out of
// the guard, and makes the result durable. The end of the answer goes out only
// after that: an answer that looks whole has its entry.
func (g *Gateway) settle(t *trip, hold *meter.Hold, a *answer, used engine.Usage, err error) error {
	hold.Settle(used.Prompt + used.Completion)
	t.record.Tokens.Prompt, t.record.Tokens.Completion = used.Prompt, used.Completion
	if err == nil {
		err = a.flush()
	}
	t.record.AnswerCommitment = t.commit("answer", a.said.String())
	switch {
	case errors.Is(err, errWithheld):
		return t.result(a, proof.Withheld, a.verdict.Reason)
	case err != nil:
		if a.gone || t.left() {
			return t.broken(a, callerGone())
		}
		g.Logger.Warn("a call was not answered", "call", t.record.Call, "error", err)
		return t.broken(a, engineFailure(err))
	}
	return t.result(a, proof.Answered, "")
}

// result records a call that gets an answer.
func (t *trip) result(a *answer, outcome proof.Outcome, reason string) error {
	if err := t.settled(outcome, reason); err != nil {
		return t.broken(a, err)
	}
	return nil
}

// broken records a call that ends without its answer, and tells a caller who
// already has a part of it.
func (t *trip) broken(a *answer, err error) error {
	refusal := t.refusalOf(err)
	t.recordEnd(endOf(t, refusal))
	a.fail(refusal)
	return refusal
}
