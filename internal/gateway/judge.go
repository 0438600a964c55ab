package gateway

import (
	"net/http"
	"strings"

	"ringfence/internal/guard"
	"ringfence/proof"
)

// judge asks the prompt guard about every text of the call, and the memory about
// those who sent it. In watch mode what they say is only recorded.
func (g *Gateway) judge(t *trip, p *prompt) error {
	who := t.behind()
	standing := g.Memory.Before(who...)
	if standing.Reason != "" {
		t.noted("prompt", guard.Verdict{Action: guard.Block, Reason: standing.Reason, Rule: "memory", Where: "conversation"})
	}
	judged := t.policy.Guard.Judge(t.caller.Surface, p.pieces)
	for _, v := range judged.Findings {
		t.noted("prompt", v)
	}
	odd := g.remember(t, p, judged, who)
	switch {
	case t.watching():
		return nil
	case standing.Reason != "":
		return probing(standing)
	case len(judged.Findings) > 0 && judged.Findings[0].Action >= guard.Strip:
		worst := judged.Findings[0]
		return refused(http.StatusForbidden, worst.Reason, "The prompt guard stopped this call at "+worst.Where+" by the rule "+worst.Rule+
			". If the text is legitimate, say where it comes from in ringfence.origins, or set this integration to watch mode while you look.")
	case odd >= guard.Strip:
		return refused(http.StatusForbidden, repeatedProbing, "The prompt guard stopped this call: what this conversation or customer wrote before was suspicious, too. It is forgotten within the hour.")
	}
	return nil
}

// repeatedProbing is the reason of a call whose text would have passed if it had
// been the first of its kind.
const repeatedProbing = "repeated_probing"

// behind returns whom the memory knows the call by: its conversation and its
// subject, as pseudonyms within the integration.
func (t *trip) behind() []string {
	var who []string
	for kind, id := range map[string]string{"conversation": t.record.Conversation, "subject": t.subject} {
		if id != "" {
			who = append(who, t.caller.ID+"/"+kind+"/"+id)
		}
	}
	return who
}

// remember adds what users wrote since the model last spoke to what is known of
// them, and says what follows from it all. Earlier messages come with every call
// and were added then; what a review says is not its reader's doing.
func (g *Gateway) remember(t *trip, p *prompt, judged guard.Judgement, who []string) guard.Action {
	score := 0.0
	for i := min(p.newest, len(judged.Scores)); i < len(judged.Scores); i++ {
		if p.pieces[i].Origin == guard.User {
			score = max(score, judged.Scores[i])
		}
	}
	action := t.policy.Guard.Action(t.caller.Surface, guard.User, score)
	added := g.Memory.Add(score, action, who...)
	together := t.policy.Guard.Action(t.caller.Surface, guard.User, added)
	if together > action {
		t.noted("prompt", guard.Verdict{Action: together, Reason: repeatedProbing, Rule: "memory", Score: added, Where: "conversation"})
	}
	return together
}

// probing refuses who has probed too often.
func probing(s guard.Standing) error {
	r := refused(http.StatusTooManyRequests, s.Reason, "This conversation or customer has sent one suspicious text after another, so the next call must wait.")
	if s.Reason == guard.ProbingStopped {
		r.Sentence = "This conversation or customer has sent so many suspicious texts that nothing is passed on for a while."
	}
	r.RetryAfter = s.Wait
	return r
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
