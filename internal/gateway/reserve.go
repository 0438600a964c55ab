package gateway

import (
	"ringfence/internal/meter"
	"ringfence/proof"
)

// reserve takes the tokens the call may use, and a permit. It asks for the
// intent: whoever may run has said so in the log.
func (g *Gateway) reserve(t *trip, _ intent, p *prompt) (*meter.Hold, error) {
	tokens := p.estimate()
	t.record.Tokens = &proof.Tokens{Reserved: tokens}
	return g.Meter.Reserve(t.ctx, t.record.Call, t.caller.ID, t.limits(), tokens)
}

// bytesPerToken errs towards more tokens than there are: European text has
// three to five bytes a token with the vocabularies in use.
const bytesPerToken = 3

// estimate bounds the tokens of the prompt and of all answers to it.
func (p *prompt) estimate() int {
	bytes := 0
	for _, piece := range p.pieces {
		bytes += len(piece.Text)
	}
	return bytes/bytesPerToken + 8*len(p.Messages) + max(p.N, 1)*p.MaxTokens
}
