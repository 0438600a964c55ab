package gateway_test

import (
	"encoding/json"
	"net/http/httptest"
	"strings"
	"testing"
)

// message is any object of any protocol, as far as the readers look.
type message struct {
	// of OpenAI
	Choices []struct {
		Text           string
		Message, Delta struct {
			Content, ReasoningContent string
			Reasoning                 string `json:"reasoning_content"`
			ToolCalls                 []struct {
				Index    int
				Function struct{ Name, Arguments string }
			} `json:"tool_calls"`
		}
		Finish string `json:"finish_reason"`
	}
	Response any `json:"response"` // an object of OpenAI, a text of Ollama
	Status   string
	Output   []struct {
		Type, Name, Arguments string
		Content               []struct{ Text string }
	}
	Incomplete struct{ Reason string } `json:"incomplete_details"`
	Usage      struct {
		Prompt     int `json:"prompt_tokens"`
		Completion int `json:"completion_tokens"`
		Input      int `json:"input_tokens"`
		Output     int `json:"output_tokens"`
	}
	// of Anthropic
	Type         string
	Index        int
	ContentBlock struct{ Type, Name string } `json:"content_block"`
	Delta        json.RawMessage
	Content      []struct {
		Type, Text, Thinking, Name string
		Input                      json.RawMessage
	}
	Stop string `json:"stop_reason"`
	// of Gemini
	Candidates []struct {
		Content struct {
			Parts []struct {
				Text         string
				Thought      bool
				FunctionCall *struct {
					Name string
					Args json.RawMessage
				}
			}
		}
		Finish string `json:"finishReason"`
	}
	Metadata struct {
		Prompt     int `json:"promptTokenCount"`
		Candidates int `json:"candidatesTokenCount"`
	} `json:"usageMetadata"`
	// of Ollama
	Message struct {
		Content   any // a text; blocks in Anthropic's
		Thinking  string
		ToolCalls []struct {
			Function struct {
				Name      string
				Arguments json.RawMessage
			}
		} `json:"tool_calls"`
	}
	Thinking string
	Done     bool
	Reason   string `json:"done_reason"`
	Prompt   int    `json:"prompt_eval_count"`
	Eval     int    `json:"eval_count"`
	// errors
	Error   json.RawMessage
	Code    string
	Details []struct{ Reason string }
}

// pieces takes a body apart: events, lines, the elements of an array, or the one
// object. ended reports the end mark of OpenAI's older streams.
func pieces(t *testing.T, rec *httptest.ResponseRecorder) (all []message, ended bool) {
	t.Helper()
	body := rec.Body.String()
	var raws []string
	switch kind := rec.Header().Get("Content-Type"); {
	case kind == "text/event-stream":
		for line := range strings.Lines(body) {
			if data, ok := strings.CutPrefix(strings.TrimSpace(line), "data: "); ok {
				raws = append(raws, data)
			}
		}
	case kind == "application/x-ndjson":
		raws = strings.Split(strings.TrimSpace(body), "\n")
	case strings.HasPrefix(body, "["):
		if !strings.HasSuffix(body, "]") {
			body += "]"
		}
		var items []json.RawMessage
		if err := json.Unmarshal([]byte(body), &items); err != nil {
			t.Fatalf("no JSON: %s", body)
		}
		for _, item := range items {
			raws = append(raws, string(item))
		}
	default:
		raws = []string{body}
	}
	for _, raw := range raws {
		if raw == "[DONE]" {
			ended = true
			continue
		}
		var m message
		if err := json.Unmarshal([]byte(raw), &m); err != nil {
			t.Fatalf("%v: %s", err, raw)
		}
		all = append(all, m)
	}
	return all, ended
}

// broken notes an error, in whichever form.
func (s *said) broken(m message) bool {
	if len(m.Error) == 0 || string(m.Error) == "null" {
		return false
	}
	var e struct {
		Code    any
		Details []struct{ Reason string }
	}
	s.Code = m.Code
	if json.Unmarshal(m.Error, &e) == nil {
		if code, ok := e.Code.(string); ok {
			s.Code = code
		}
		for _, d := range e.Details {
			s.Code = d.Reason
		}
	}
	return true
}

func (s *said) use(index int, name, arguments string) {
	for len(s.Calls) <= index {
		s.Calls = append(s.Calls, saidUse{})
	}
	s.Calls[index].Name += name
	s.Calls[index].Arguments += arguments
}

// ends are the words of all protocols for why an answer ended.
var ends = map[string]string{
	"stop": "stop", "end_turn": "stop", "STOP": "stop", "completed": "stop",
	"length": "length", "max_tokens": "length", "MAX_TOKENS": "length", "max_output_tokens": "length",
	"tool_calls": "tools", "tool_use": "tools",
	"content_filter": "blocked", "refusal": "blocked", "SAFETY": "blocked",
}

// end notes why the answer ended; some protocols have no word for calls of tools.
func (s *said) end(word string) {
	if word == "" {
		return
	}
	if s.Finish = ends[word]; s.Finish == "stop" && len(s.Calls) > 0 {
		s.Finish = "tools"
	}
}

func readChat(t *testing.T, rec *httptest.ResponseRecorder) said {
	s := said{Status: rec.Code}
	all, ended := pieces(t, rec)
	for _, m := range all {
		if s.broken(m) {
			return s
		}
		for _, c := range m.Choices {
			for _, d := range []struct {
				text, thought string
			}{{c.Message.Content, c.Message.Reasoning}, {c.Delta.Content, c.Delta.Reasoning}} {
				s.Text, s.Thought = s.Text+d.text, s.Thought+d.thought
			}
			for i, u := range c.Message.ToolCalls {
				s.use(i, u.Function.Name, u.Function.Arguments)
			}
			for _, u := range c.Delta.ToolCalls {
				s.use(u.Index, u.Function.Name, u.Function.Arguments)
			}
			s.Text += c.Text
			s.end(c.Finish)
		}
		s.Prompt, s.Answer = s.Prompt+m.Usage.Prompt, s.Answer+m.Usage.Completion
	}
	s.Whole = s.Finish != "" && (ended || rec.Header().Get("Content-Type") == "application/json")
	return s
}

func readCompletions(t *testing.T, rec *httptest.ResponseRecorder) said { return readChat(t, rec) }

func readResponses(t *testing.T, rec *httptest.ResponseRecorder) said {
	s := said{Status: rec.Code}
	all, _ := pieces(t, rec)
	streamed := ""
	for _, m := range all {
		if m.Type == "response.output_text.delta" {
			var text string
			json.Unmarshal(m.Delta, &text)
			streamed += text
		}
		if m.Response != nil { // the last one has all
			inner, _ := json.Marshal(m.Response)
			m = message{}
			json.Unmarshal(inner, &m)
		}
		if s.broken(m) {
			s.Text = streamed
			return s
		}
		if m.Status == "completed" || m.Status == "incomplete" {
			s.response(m)
		}
	}
	if streamed != "" && streamed != s.Text {
		t.Errorf("the events say %q, the response %q", streamed, s.Text)
	}
	return s
}

func (s *said) response(m message) {
	s.Whole = true
	for _, o := range m.Output {
		for _, c := range o.Content {
			if o.Type == "reasoning" {
				s.Thought += c.Text
			} else {
				s.Text += c.Text
			}
		}
		if o.Type == "function_call" {
			s.use(len(s.Calls), o.Name, o.Arguments)
		}
	}
	s.Prompt, s.Answer = m.Usage.Input, m.Usage.Output
	s.end(m.Status)
	s.end(m.Incomplete.Reason)
}

func readAnthropic(t *testing.T, rec *httptest.ResponseRecorder) said {
	s := said{Status: rec.Code}
	all, _ := pieces(t, rec)
	calls := map[int]int{} // by block
	for _, m := range all {
		if s.broken(m) {
			return s
		}
		for _, b := range m.Content {
			s.Text, s.Thought = s.Text+b.Text, s.Thought+b.Thinking
			if b.Type == "tool_use" {
				s.use(len(s.Calls), b.Name, string(b.Input))
			}
		}
		if m.Type == "content_block_start" && m.ContentBlock.Type == "tool_use" {
			calls[m.Index] = len(s.Calls)
			s.use(len(s.Calls), m.ContentBlock.Name, "")
		}
		var d struct {
			Text, Thinking string
			Partial        string `json:"partial_json"`
			Stop           string `json:"stop_reason"`
		}
		json.Unmarshal(m.Delta, &d)
		s.Text, s.Thought = s.Text+d.Text, s.Thought+d.Thinking
		if d.Partial != "" {
			s.use(calls[m.Index], "", d.Partial)
		}
		s.end(d.Stop)
		s.end(m.Stop)
		s.Prompt, s.Answer = s.Prompt+m.Usage.Input, s.Answer+m.Usage.Output
		s.Whole = m.Type == "message_stop" || m.Type == "message"
	}
	return s
}

func readGemini(t *testing.T, rec *httptest.ResponseRecorder) said {
	s := said{Status: rec.Code}
	all, _ := pieces(t, rec)
	for _, m := range all {
		if s.broken(m) {
			return s
		}
		for _, c := range m.Candidates {
			for _, p := range c.Content.Parts {
				switch {
				case p.FunctionCall != nil:
					s.use(len(s.Calls), p.FunctionCall.Name, string(p.FunctionCall.Args))
				case p.Thought:
					s.Thought += p.Text
				default:
					s.Text += p.Text
				}
			}
			s.end(c.Finish)
		}
		s.Prompt, s.Answer = s.Prompt+m.Metadata.Prompt, s.Answer+m.Metadata.Candidates
	}
	s.Whole = s.Finish != ""
	return s
}

func readOllama(t *testing.T, rec *httptest.ResponseRecorder) said {
	s := said{Status: rec.Code}
	all, _ := pieces(t, rec)
	for _, m := range all {
		if s.broken(m) {
			return s
		}
		text, _ := m.Response.(string)
		more, _ := m.Message.Content.(string)
		s.Text += text + more
		s.Thought += m.Thinking + m.Message.Thinking
		for _, u := range m.Message.ToolCalls {
			s.use(len(s.Calls), u.Function.Name, string(u.Function.Arguments))
		}
		s.end(m.Reason)
		s.Prompt, s.Answer = s.Prompt+m.Prompt, s.Answer+m.Eval
		s.Whole = m.Done
	}
	return s
}
