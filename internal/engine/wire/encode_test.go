package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"

	"ringfence/internal/engine"
	"ringfence/internal/mask"
)

// full is a prompt that uses every field.
func full() engine.Prompt {
	half, seed, no := 0.5, int64(-7), false
	return engine.Prompt{
		Model: "m",
		Messages: []engine.Message{
			{Role: "system", Content: mask.Literal("Be brief. <b>&amp;</b>")},
			{Role: "user", Content: mask.Literal("Where is [PERSON_1]'s order?\n\"now\" \u2028")},
			{Role: "assistant", ToolCalls: []engine.ToolCall{{ID: "c1", Name: "order", Arguments: mask.Literal(`{"id": 1}`)}}},
			{Role: "tool", ToolCallID: "c1", Content: mask.Literal(`{"state": "sent"}`)},
		},
		Tools: []engine.Tool{
			{Name: "order", Description: mask.Literal("An order"), Parameters: mask.Literal(`{"type": "object"}`)},
			{Name: "stock"},
		},
		ToolChoice: "auto", ParallelTools: &no,
		Schema:    mask.Literal(`{"type": "object", "properties": {"a": {"type": "string"}}}`),
		MaxTokens: 100, N: 3, Temperature: &half, TopP: &half, PresencePenalty: &half, FrequencyPenalty: &half,
		Seed: &seed, Stop: []mask.Text{mask.Literal("END")}, Logprobs: true, TopLogprobs: 2, Stream: true,
		Conversation: "shop-1/c-19",
	}
}

// TestBodies compares bodies with testdata/bodies, byte for byte.
func TestBodies(t *testing.T) {
	named := full()
	named.ToolChoice, named.Schema, named.JSONObject = "stock", mask.Text{}, true
	for name, c := range map[string]struct {
		p     engine.Prompt
		local *Local
	}{
		"empty": {}, "full": {p: full()}, "named_tool": {p: named}, "local": {local: &Local{Slot: 0, Reuse: false}},
		"local_reuse": {local: &Local{Slot: 1, Reuse: true}},
	} {
		got, err := encode(c.p, c.local)
		if err != nil {
			t.Fatal(name, err)
		}
		want, err := os.ReadFile("testdata/bodies/" + name + ".json")
		if err != nil {
			t.Fatal(err)
		}
		var flat bytes.Buffer
		if err := json.Compact(&flat, want); err != nil {
			t.Fatal(name, err)
		}
		if flat.String() != string(got) {
			t.Errorf("%s:\n%s\nwant:\n%s", name, got, flat.String())
		}
	}
}

// TestConversationIsNotSent: its value may name a customer's session.
func TestConversationIsNotSent(t *testing.T) {
	got, err := encode(full(), &Local{Reuse: true})
	if err != nil || strings.Contains(string(got), "c-19") {
		t.Errorf("%s, %v", got, err)
	}
}

func TestRefusedPrompts(t *testing.T) {
	deep := mask.Literal(`{"a":`)
	for range 6 {
		deep = mask.Concat(deep, deep)
	}
	deep = mask.Concat(deep, mask.Literal(`1`))
	for range 64 {
		deep = mask.Concat(deep, mask.Literal(`}`))
	}
	for name, change := range map[string]func(*engine.Prompt){
		"schema is not JSON":          func(p *engine.Prompt) { p.Schema = mask.Literal(`{"a"`) },
		"schema is no object":         func(p *engine.Prompt) { p.Schema = mask.Literal(`"object"`) },
		"schema is too deep":          func(p *engine.Prompt) { p.Schema = mask.Concat(mask.Literal(`{"b":`), deep, mask.Literal(`}`)) },
		"parameters are not JSON":     func(p *engine.Prompt) { p.Tools[0].Parameters = mask.Literal(`none`) },
		"arguments are not JSON":      func(p *engine.Prompt) { p.Messages[2].ToolCalls[0].Arguments = mask.Literal(`{"a`) },
		"unknown tool":                func(p *engine.Prompt) { p.ToolChoice = "refund" },
		"a tool required, none there": func(p *engine.Prompt) { p.ToolChoice, p.Tools = "required", nil },
	} {
		p := full()
		change(&p)
		_, err := encode(p, nil)
		var refused *engine.RefusedError
		if !errors.As(err, &refused) || refused.Code != engine.CodeBadPrompt || refused.Status != 400 {
			t.Errorf("%s: %v", name, err)
		}
	}
	p := full()
	p.Schema = deep // just at the limit
	if _, err := encode(p, nil); err != nil {
		t.Error(err)
	}
}
