package gateway

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"ringfence/internal/engine"
	"ringfence/internal/gateway/dialect"
	"ringfence/internal/guard"
	"ringfence/internal/mask"
)

// prompt is a call in a form a model may read: all of its text is masked.
type prompt struct {
	engine.Prompt
	pieces []guard.Piece // the same texts, with where each came from
	newest int           // index of the first piece since the model last spoke
	vault  *mask.Vault   // the conversation's placeholders
	reader string        // the customer who is to read the answer, "" where nobody in particular is, or staff
	inputs []mask.Text   // what is to become vectors
	canary string        // planted in the system text, "" for none
	data   storeData     // of the store, as it came
	usage  bool          // the stream shall end with an event that counts tokens
}

// dataNote introduces the store's data to the model.
var dataNote = mask.Literal("Data of the store for this request, as JSON. Use it to answer.\n")

// mask replaces the personal data of the call, and of the store data that goes
// with it, by placeholders. Everything is studied before anything is hidden,
// so that a name known from one field is found in all others.
func (g *Gateway) mask(t *trip, call *dialect.Call, data storeData) (*prompt, error) {
	ext := call.Extension
	vault := g.Vaults.Get(t.caller.ID+"/"+t.subject, ext.Conversation)
	m := masking{pass: t.policy.Masker.Open(vault).For(ext.Subject).Apply(t.policy.Actions[t.caller.Surface]), ids: map[string]string{}, fence: newFence(t)}
	for _, p := range ext.People {
		m.pass.Seed(mask.Person(p))
	}
	for _, s := range append(call.Strings(), string(data)) {
		m.pass.Study(s)
	}
	p := m.prompt(call, data)
	t.masked(m.pass.Tally())
	if m.err != nil {
		return nil, g.maskFailure(t, m.err)
	}
	if err := t.sensitive(m.pass.Sensitive()); err != nil {
		return nil, err
	}
	p.Model = t.record.Model.Served
	p.vault, p.data = vault, data
	g.plant(t, p)
	if t.caller.Surface != surfaceAdmin {
		p.reader = ext.Subject
	}
	if err := g.Vaults.Keep(t.caller.ID+"/"+t.subject, ext.Conversation); err != nil {
		g.Logger.Error("a conversation could not be kept; after a restart its placeholders will stay neutral words", "call", t.record.Call, "error", err)
	}
	if p.MaxTokens == 0 {
		p.MaxTokens = t.policy.Bounds.AnswerTokens
	}
	if ext.Conversation != "" {
		p.Conversation = t.caller.ID + "/" + t.subject + "/" + t.record.Conversation
	}
	t.trace.saw(p)
	return p, nil
}

// surfaceAdmin is where staff read answers: they may see every customer's data.
const surfaceAdmin = "admin"

func (g *Gateway) maskFailure(t *trip, err error) error {
	if errors.Is(err, mask.ErrVaultFull) { // not 5xx: clients would send it again, which cannot help
		return refused(http.StatusBadRequest, "mask_vault_full", "This conversation holds more personal data than the gateway keeps for one. Start a new conversation, or send less at once.")
	}
	g.Logger.Error("masking failed", "call", t.record.Call, "error", err)
	return failed(http.StatusServiceUnavailable, "mask_failed", "The gateway could not mask this call, so it was not passed on. Send less text at once; the gateway's log says why.")
}

// masked notes what was replaced, by type and number.
func (t *trip) masked(tally map[mask.Type]int) {
	t.record.Masked = map[string]int{}
	var shown []string
	for typ, n := range tally {
		t.record.Masked[string(typ)] = n
		shown = append(shown, string(typ)+"="+strconv.Itoa(n))
	}
	slices.Sort(shown)
	if len(shown) > 0 {
		t.w.Header().Set("Ringfence-Masked", strings.Join(shown, ", "))
	}
}

// masking turns the strings of a call into mask.Text, keeping the first error.
type masking struct {
	pass   *mask.Pass
	ids    map[string]string // tool call ids of the caller, to ours
	fence  *fence            // around what comes from outside
	newest int               // index of the first piece since the model last spoke
	pieces []guard.Piece
	err    error
}

// text masks one string and notes it for the guard.
func (m *masking) text(s string, from guard.Origin, where string) mask.Text {
	hide := m.pass.Hide
	if len(s) > 1 && (s[0] == '{' || s[0] == '[') && json.Valid([]byte(s)) {
		hide = m.pass.HideJSON
	}
	m.pass.Operator(from == guard.System || from == guard.Operator)
	text, err := hide(s)
	if err != nil && m.err == nil {
		m.err = err
	}
	if s != "" {
		m.pieces = append(m.pieces, guard.Piece{Text: text.String(), Origin: from, Where: where})
	}
	return text
}

func (m *masking) prompt(call *dialect.Call, data storeData) *prompt {
	p := &prompt{usage: call.UsageEvent}
	p.Messages = m.messages(call)
	if data != "" {
		p.Messages = withData(p.Messages, mask.Concat(dataNote, m.fenced(string(data), guard.Document, true, "ringfence.context")))
	}
	if m.fence.used {
		p.Messages = withData(p.Messages, fenceNote)
	}
	for i, tool := range call.Tools {
		where := dialect.Elem("tools", i)
		p.Tools = append(p.Tools, engine.Tool{
			Name:        tool.Name,
			Description: m.text(tool.Description, guard.Operator, where+".description"),
			Parameters:  m.text(tool.Parameters, guard.Operator, where+".parameters"),
		})
	}
	p.ToolChoice, p.ParallelTools = call.ToolChoice, call.Parallel
	p.JSONObject, p.Schema = call.Format.JSON, m.text(call.Format.Schema, guard.Operator, "response_format")
	m.sampling(p, call.Sampling)
	p.Stream = call.Stream
	p.pieces, p.newest = m.pieces, m.newest
	return p
}

func (m *masking) messages(call *dialect.Call) []engine.Message {
	origins := map[int]guard.Origin{}
	for _, o := range call.Extension.Origins {
		origins[o.Message] = guard.Origin(o.Origin)
	}
	var out []engine.Message
	for i, msg := range call.Messages {
		from, said := origins[i]
		if !said {
			from = originOf(msg.Role)
		}
		if msg.Role != dialect.Assistant && i > 0 && call.Messages[i-1].Role == dialect.Assistant {
			m.newest = len(m.pieces)
		}
		where := dialect.Elem("messages", i)
		em := engine.Message{Role: string(msg.Role), Content: m.fenced(msg.Content, from, said, where+".content")}
		for _, tc := range msg.ToolCalls {
			em.ToolCalls = append(em.ToolCalls, engine.ToolCall{ID: m.id(tc.ID), Name: tc.Name, Arguments: m.text(tc.Arguments, from, where+".tool_calls")})
		}
		if msg.Role == dialect.Tool {
			em.ToolCallID = m.id(msg.ToolCallID)
		}
		out = append(out, em)
	}
	return out
}

// originOf says whose words a message holds when the caller does not. What an
// assistant is said to have answered is as untrusted as what a user typed: a
// caller may have built it from either.
func originOf(r dialect.Role) guard.Origin {
	switch r {
	case dialect.System:
		return guard.System
	case dialect.Tool:
		return guard.Tool
	}
	return guard.User
}

// id renames a tool call: an id is the caller's free text, so it stays here.
func (m *masking) id(theirs string) string {
	if m.ids[theirs] == "" {
		m.ids[theirs] = "call_" + strconv.Itoa(len(m.ids)+1)
	}
	return m.ids[theirs]
}

func (m *masking) sampling(p *prompt, s dialect.Sampling) {
	p.MaxTokens, p.N, p.Seed = s.MaxTokens, s.N, s.Seed
	p.Temperature, p.TopP = s.Temperature, s.TopP
	p.PresencePenalty, p.FrequencyPenalty = s.PresencePenalty, s.FrequencyPenalty
	p.Logprobs, p.TopLogprobs = s.Logprobs, s.TopLogprobs
	for _, stop := range s.Stop {
		p.Stop = append(p.Stop, m.text(stop, guard.Operator, "stop"))
	}
}

// withData adds the store's data to the first system message, or makes one:
// many chat templates take only one, and only at the start.
func withData(messages []engine.Message, data mask.Text) []engine.Message {
	for i, msg := range messages {
		if msg.Role == string(dialect.System) {
			messages[i].Content = mask.Concat(msg.Content, mask.Literal("\n\n"), data)
			return messages
		}
	}
	return append([]engine.Message{{Role: string(dialect.System), Content: data}}, messages...)
}
