package gateway

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"

	"ringfence/internal/audit"
	"ringfence/internal/engine"
	"ringfence/proof"
)

// intent proves that what the call is about to do stands in the log.
type intent struct{ receipt audit.Receipt }

// intend makes the call's intent durable. Without it the call is refused.
func (g *Gateway) intend(t *trip, p *prompt) (intent, error) {
	t.record.PromptCommitment = t.commit("prompt", string(p.canonical()))
	// Not the caller's context: one who leaves now must not leave us unsure
	// whether the entry stands.
	receipt, err := g.Audit.Append(context.WithoutCancel(t.ctx), proof.TypeIntent, t.subject, t.record)
	if err != nil {
		g.Logger.Error("the intent could not be recorded", "call", t.record.Call, "error", err)
		return intent{}, failed(http.StatusServiceUnavailable, "audit_unavailable", "The gateway cannot write its audit log, so it passes nothing on. /readyz says why; often the disk is full.")
	}
	t.intended = true
	t.w.Header().Set("Ringfence-Entry", strconv.FormatInt(receipt.Index, 10))
	t.trace.intended(receipt)
	return intent{receipt}, nil
}

// SeenMessage is a message as the model reads it.
type SeenMessage struct {
	Role      string     `json:"role"`
	Content   string     `json:"content"`
	ToolCalls []SeenTool `json:"tool_calls,omitempty"`
}

// SeenTool is a tool, or a call of one, as the model reads it.
type SeenTool struct {
	Name        string `json:"name"`
	Description string `json:"description,omitempty"`
	Parameters  string `json:"parameters,omitempty"`
	Arguments   string `json:"arguments,omitempty"`
}

// canonical is what the prompt commitment is over: the messages and tools as
// the model reads them.
func (p *prompt) canonical() []byte {
	var seen struct {
		Messages []SeenMessage `json:"messages"`
		Tools    []SeenTool    `json:"tools,omitempty"`
		Inputs   []string      `json:"inputs,omitempty"`
	}
	seen.Messages = seenMessages(p.Messages)
	for _, input := range p.inputs {
		seen.Inputs = append(seen.Inputs, input.String())
	}
	for _, tool := range p.Tools {
		seen.Tools = append(seen.Tools, SeenTool{Name: tool.Name, Description: tool.Description.String(), Parameters: tool.Parameters.String()})
	}
	b, err := json.Marshal(seen)
	if err != nil {
		panic(err) // only strings inside
	}
	return b
}

func seenMessages(messages []engine.Message) []SeenMessage {
	var seen []SeenMessage
	for _, m := range messages {
		s := SeenMessage{Role: m.Role, Content: m.Content.String()}
		for _, tc := range m.ToolCalls {
			s.ToolCalls = append(s.ToolCalls, SeenTool{Name: tc.Name, Arguments: tc.Arguments.String()})
		}
		seen = append(seen, s)
	}
	return seen
}
