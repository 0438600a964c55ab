package gateway

import (
	"errors"
	"net/http"
	"strconv"

	"ringfence/internal/engine"
	"ringfence/internal/gateway/dialect"
	"ringfence/internal/guard"
	"ringfence/internal/mask"
	"ringfence/internal/meter"
	"ringfence/proof"
)

// vectorRoad is the trip of a call for vectors: the same stages in the same
// order, and no way back through the answer guard, for a vector holds no words.
func (g *Gateway) vectorRoad(t *trip) error {
	call, err := g.admit(t)
	if err != nil {
		return err
	}
	prompt, err := g.generalise(t, call) // from here on no personal data
	if err != nil {
		return err
	}
	g.remark(t, prompt)
	intent, err := g.intend(t, prompt)
	if err != nil {
		return err
	}
	hold, err := g.reserve(t, intent, prompt)
	if err != nil {
		return err
	}
	defer hold.Release()
	out, err := g.embed(t, hold, prompt)
	if err := g.settleVectors(t, hold, out.Tokens, err); err != nil {
		return err
	}
	return t.reply(&dialect.Answer{Head: t.head(), Vectors: out.Vectors, Usage: dialect.Usage{Prompt: out.Tokens}})
}

// generalise replaces personal data by its type: a placeholder that differs
// from person to person would make an index of placeholders.
func (g *Gateway) generalise(t *trip, call *dialect.Call) (*prompt, error) {
	m := masking{pass: t.policy.Masker.Open(g.Vaults.Get(t.caller.ID+"/"+t.subject, "")).For(call.Extension.Subject).Apply(t.policy.Actions[t.caller.Surface]), ids: map[string]string{}}
	for _, p := range call.Extension.People {
		m.pass.Seed(mask.Person(p))
	}
	for _, s := range call.Strings() {
		m.pass.Study(s)
	}
	p := &prompt{}
	p.Model = t.record.Model.Served
	for i, s := range call.Inputs {
		text, err := m.pass.Generalise(s)
		if err != nil {
			return nil, g.maskFailure(t, err)
		}
		p.inputs = append(p.inputs, text)
		p.pieces = append(p.pieces, guard.Piece{Text: text.String(), Origin: guard.Document, Where: dialect.Elem("input", i)})
	}
	t.masked(m.pass.Tally())
	return p, nil
}

// remark records what the prompt guard says of texts that only become numbers.
// They command nobody, and one odd review must not keep a shop from its index.
func (g *Gateway) remark(t *trip, p *prompt) {
	for _, v := range t.policy.Guard.Judge(t.caller.Surface, p.pieces).Findings {
		v.Action = min(v.Action, guard.Flag)
		t.noted("prompt", v)
	}
}

// embed is forward for vectors: the only stage on this road that talks to an engine.
func (g *Gateway) embed(t *trip, _ *meter.Hold, p *prompt) (engine.Vectors, error) {
	out, err := g.Embedder.Embed(t.ctx, engine.EmbedPrompt{Model: p.Model, Inputs: p.inputs, Document: t.asked.Embed.Document})
	if err != nil {
		return out, err
	}
	if asked, has := t.asked.Embed.Dimensions, len(out.Vectors[0]); asked != 0 && asked != has {
		return out, dialect.Invalid("unsupported_dimensions", "dimensions", "This model's vectors have %d dimensions, and cutting them would spoil them. Ask for %d, or leave the field out; an index made with another model must be made anew.", has, has)
	}
	if out.Cut > 0 { // never silent: a mean of parts is not the vector of the whole
		t.w.Header().Set("Ringfence-Cut", strconv.Itoa(out.Cut))
	}
	return out, nil
}

// settleVectors books what was used and makes the result durable.
func (g *Gateway) settleVectors(t *trip, hold *meter.Hold, tokens int, err error) error {
	hold.Settle(tokens)
	t.record.Tokens.Prompt = tokens
	var refusal *dialect.Refusal
	switch {
	case err == nil:
		return t.settled(proof.Answered, "")
	case errors.As(err, &refusal):
		return refusal
	case t.left():
		return callerGone()
	}
	g.Logger.Warn("a call for vectors was not answered", "call", t.record.Call, "error", err)
	return engineFailure(err)
}

// settled records how a call was answered.
func (t *trip) settled(outcome proof.Outcome, reason string) error {
	if t.recordEnd(outcome, reason, http.StatusOK) == nil {
		return nil
	}
	return failed(http.StatusServiceUnavailable, "audit_unavailable", "The gateway could not record the end of this call, so it does not pass the answer on. /readyz says why; often the disk is full.")
}

// resolveEmbedder finds the model for a call that wants vectors.
func (g *Gateway) resolveEmbedder(t *trip, call *dialect.Call) error {
	if g.Embedder == nil {
		return refused(http.StatusNotFound, "embeddings_not_configured", "No engine for embeddings is configured here. Set one up in ringfence.yaml, or keep the search that needs none.")
	}
	models, err := g.embedders.get(t.ctx, g.Embedder)
	return g.serve(t, call, models, err, g.EmbedPlace)
}
