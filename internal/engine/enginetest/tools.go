package enginetest

import (
	"encoding/json"
	"testing"

	"ringfence/internal/engine"
	"ringfence/internal/mask"
)

// weather is a conversation in which the model has already called a tool
// once, so that a very small model knows how.
func weather() engine.Prompt {
	return engine.Prompt{
		Messages: []engine.Message{
			{Role: "user", Content: mask.Literal("What is the weather in Berlin?")},
			{Role: "assistant", ToolCalls: []engine.ToolCall{
				{ID: "call1", Name: "weather", Arguments: mask.Literal(`{"city":"Berlin"}`)}}},
			{Role: "tool", ToolCallID: "call1", Content: mask.Literal(`{"sky":"clear"}`)},
			{Role: "assistant", Content: mask.Literal("The sky in Berlin is clear.")},
			{Role: "user", Content: mask.Literal("What is the weather in Paris?")},
		},
		Tools: []engine.Tool{
			{Name: "weather", Description: mask.Literal("The weather in a city"), Parameters: mask.Literal(
				`{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}`)},
		},
		MaxTokens: 60, Temperature: new(float64),
	}
}

func toolCall(t *testing.T, e engine.Engine) {
	for choice, streamed := range map[string]bool{"": false, "auto": true, "required": true} {
		p := weather()
		p.ToolChoice, p.Stream = choice, streamed
		calledWeather(t, must(t, e, p))
	}
}

func toolByName(t *testing.T, e engine.Engine) {
	p := weather()
	p.Tools = append(p.Tools, engine.Tool{Name: "time", Parameters: mask.Literal(`{"type":"object","properties":{}}`)})
	p.ToolChoice = "weather"
	calledWeather(t, must(t, e, p))
}

func calledWeather(t *testing.T, a Answer) {
	t.Helper()
	c := one(t, a)
	if len(c.Tools) != 1 || c.Tools[0].Name != "weather" || c.Tools[0].ID == "" || c.Finish != "tool_calls" {
		t.Fatalf("the tool was not called: %+v", *c)
	}
	var args struct{ City string }
	if err := json.Unmarshal([]byte(c.Tools[0].Arguments), &args); err != nil || args.City == "" {
		t.Errorf("arguments %q (%v)", c.Tools[0].Arguments, err)
	}
}

func toolResult(t *testing.T, e engine.Engine) {
	p := weather()
	p.Messages = append(p.Messages,
		engine.Message{Role: "assistant", ToolCalls: []engine.ToolCall{
			{ID: "call2", Name: "weather", Arguments: mask.Literal(`{"city":"Paris"}`)}}},
		engine.Message{Role: "tool", ToolCallID: "call2", Content: mask.Literal(`{"sky":"grey"}`)})
	p.ToolChoice = "none"
	if c := one(t, must(t, e, p)); c.Text == "" || len(c.Tools) > 0 {
		t.Errorf("no answer to the tool's result: %+v", *c)
	}
}
