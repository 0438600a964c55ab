package gateway

import (
	"strings"

	"ringfence/internal/gateway/dialect"
	"ringfence/internal/guard"
	"ringfence/internal/mask"
)

// hexTexts spell a mark: only texts of our own go to an engine.
var hexTexts = map[byte]mask.Text{
	'0': mask.Literal("0"), '1': mask.Literal("1"), '2': mask.Literal("2"), '3': mask.Literal("3"),
	'4': mask.Literal("4"), '5': mask.Literal("5"), '6': mask.Literal("6"), '7': mask.Literal("7"),
	'8': mask.Literal("8"), '9': mask.Literal("9"), 'a': mask.Literal("a"), 'b': mask.Literal("b"),
	'c': mask.Literal("c"), 'd': mask.Literal("d"), 'e': mask.Literal("e"), 'f': mask.Literal("f"),
}

// canaryDigits are the digits of a mark: 48 bits.
const canaryDigits = 12

// plant puts a mark into the system text of a prompt: an answer that repeats it
// repeats what the model was told. A conversation keeps its mark, so that the
// engine may keep what it made of the system text. It stands at the end, for the
// same reason.
func (g *Gateway) plant(t *trip, p *prompt) {
	if !t.policy.Canary {
		return
	}
	for i := len(p.Messages) - 1; i >= 0; i-- {
		m := &p.Messages[i]
		if m.Role != string(dialect.System) {
			continue
		}
		p.canary = g.keyed("canary", t.caller.ID, t.subject, t.record.Conversation)[:canaryDigits]
		parts := []mask.Text{m.Content, mask.Literal("\n(internal reference, not for answers: ")}
		for _, c := range []byte(p.canary) {
			parts = append(parts, hexTexts[c])
		}
		m.Content = mask.Concat(append(parts, mask.Literal(")"))...)
		return
	}
}

// judgedBy is what the answer to a prompt is judged by.
func (g *Gateway) judgedBy(t *trip, p *prompt) guard.Context {
	c := guard.Context{System: p.system(), Subject: t.asked.Extension.Subject, Prompt: t.wrote(p.data)}
	if p.canary != "" {
		c.Canaries = []string{p.canary}
	}
	if g.Known != nil {
		c.Known = append(c.Known, g.Known)
	}
	return c
}

// wrote returns what the answer may repeat. A customer may be told what they
// wrote, and nobody else's data even where the store put it into the prompt. A
// call on nobody's behalf is the store's own: it may repeat all it was given.
func (t *trip) wrote(data storeData) string {
	if t.asked.Extension.Subject == "" {
		return strings.Join(append(t.asked.Strings(), string(data)), "\n")
	}
	elsewhere := map[int]bool{}
	for _, o := range t.asked.Extension.Origins {
		elsewhere[o.Message] = o.Origin != "user"
	}
	var b strings.Builder
	for i, m := range t.asked.Messages {
		if m.Role == dialect.User && !elsewhere[i] {
			b.WriteString(m.Content + "\n")
		}
	}
	return b.String()
}
