package openai

import "ringfence/internal/gateway/dialect"

type completion struct {
	ID      string   `json:"id"`
	Object  string   `json:"object"`
	Created int64    `json:"created"`
	Model   string   `json:"model"`
	Choices []choice `json:"choices"`
	Usage   usage    `json:"usage"`
}

type choice struct {
	Index    int       `json:"index"`
	Message  message   `json:"message"`
	Logprobs *logprobs `json:"logprobs"`
	Finish   string    `json:"finish_reason"`
}

type message struct {
	Role      string     `json:"role"`
	Content   *string    `json:"content"` // null beside tool calls
	Reasoning string     `json:"reasoning_content,omitempty"`
	ToolCalls []toolCall `json:"tool_calls,omitempty"`
}

type toolCall struct {
	ID       string   `json:"id"`
	Type     string   `json:"type"`
	Function function `json:"function"`
}

type function struct {
	Name      string `json:"name"`
	Arguments string `json:"arguments"`
}

type logprobs struct {
	Content []tokenLogprob `json:"content"`
}

type tokenLogprob struct {
	Token   string         `json:"token"`
	Logprob float64        `json:"logprob"`
	Bytes   []int          `json:"bytes"`
	Top     []tokenLogprob `json:"top_logprobs,omitempty"`
}

type usage struct {
	Prompt     int `json:"prompt_tokens"`
	Completion int `json:"completion_tokens"`
	Total      int `json:"total_tokens"`
}

// Encode renders an answer as a chat.completion object.
func (Chat) Encode(a *dialect.Answer) []byte {
	out := completion{
		ID: "chatcmpl-" + a.ID, Object: "chat.completion", Created: a.Created.Unix(), Model: a.Model,
		Choices: []choice{}, Usage: usageOf(a.Usage),
	}
	for i, c := range a.Choices {
		out.Choices = append(out.Choices, choice{Index: i, Message: messageOf(c), Logprobs: logprobsOf(c.Logprobs), Finish: c.Finish})
	}
	return dialect.Marshal(out)
}

func messageOf(c dialect.Choice) message {
	m := message{Role: "assistant", Content: &c.Text, Reasoning: c.Reasoning}
	for _, t := range c.ToolCalls {
		m.ToolCalls = append(m.ToolCalls, toolCall{ID: t.ID, Type: "function", Function: function{t.Name, t.Arguments}})
	}
	if c.Text == "" && len(m.ToolCalls) > 0 {
		m.Content = nil
	}
	return m
}

func usageOf(u dialect.Usage) usage {
	return usage{u.Prompt, u.Completion, u.Prompt + u.Completion}
}

func logprobsOf(tokens []dialect.TokenLogprob) *logprobs {
	if len(tokens) == 0 {
		return nil
	}
	return &logprobs{tokensOf(tokens)}
}

func tokensOf(tokens []dialect.TokenLogprob) []tokenLogprob {
	var out []tokenLogprob
	for _, t := range tokens {
		bytes := make([]int, len(t.Token))
		for i := range bytes {
			bytes[i] = int(t.Token[i])
		}
		out = append(out, tokenLogprob{t.Token, t.Logprob, bytes, tokensOf(t.Top)})
	}
	return out
}
