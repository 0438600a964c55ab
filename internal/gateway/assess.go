package gateway

import (
	"math"
	"ringfence/internal/gateway/dialect"
	"ringfence/internal/guard"
	"ringfence/proof"
)

// guardModel is what serves a call that the prompt guard answers.
const guardModel = "ringfence-guard"

// assessRoad is the trip of a call that asks the prompt guard's opinion of
// texts. No engine gets them, but the entries are the same.
func (g *Gateway) assessRoad(t *trip) error {
	call, err := g.admit(t)
	if err != nil {
		return err
	}
	prompt, err := g.generalise(t, call)
	if err != nil {
		return err
	}
	if _, err := g.intend(t, prompt); err != nil {
		return err
	}
	answer := &dialect.Answer{Head: t.head()}
	for _, piece := range prompt.pieces {
		piece.Origin = guard.User
		answer.Judgements = append(answer.Judgements, t.judgement(piece))
	}
	if err := t.settled(proof.Answered, ""); err != nil {
		return err
	}
	return t.reply(answer)
}

// judgement is what the guard says of one text, in any mode.
func (t *trip) judgement(piece guard.Piece) dialect.Judgement {
	j := dialect.Judgement{Scores: map[string]float64{}}
	for _, v := range t.policy.Guard.Prompt([]guard.Piece{piece}) {
		t.noted("prompt", v)
		j.Scores[v.Reason] = max(j.Scores[v.Reason], math.Round(v.Score*1e4)/1e4) // no more digits than mean something
		j.Flagged = j.Flagged || v.Action >= guard.Flag
	}
	return j
}
