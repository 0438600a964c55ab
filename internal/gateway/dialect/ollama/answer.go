package ollama

import (
	"encoding/json"
	"io"
	"time"

	"ringfence/internal/gateway/dialect"
)

// reply is one line of a stream, or the whole of a plain answer: chat has a
// message, generate a response.
type reply struct {
	Model    string    `json:"model"`
	Created  string    `json:"created_at"`
	Message  *message  `json:"message,omitempty"`
	Response *string   `json:"response,omitempty"`
	Thinking string    `json:"thinking,omitempty"`
	Logprobs []logprob `json:"logprobs,omitempty"`
	Done     bool      `json:"done"`
	Reason   string    `json:"done_reason,omitempty"`
	*counts
}

type message struct {
	Role      string     `json:"role"`
	Content   string     `json:"content"`
	Thinking  string     `json:"thinking,omitempty"`
	ToolCalls []toolCall `json:"tool_calls,omitempty"`
}

type toolCall struct {
	ID       string   `json:"id,omitempty"`
	Function function `json:"function"`
}

type function struct {
	Index     int             `json:"index"`
	Name      string          `json:"name"`
	Arguments json.RawMessage `json:"arguments"`
}

type logprob struct {
	Token   string    `json:"token"`
	Logprob float64   `json:"logprob"`
	Bytes   []int     `json:"bytes"`
	Top     []logprob `json:"top_logprobs,omitempty"`
}

// counts are what the answer took. How long single steps took inside the
// engine is not known, so only the whole is told.
type counts struct {
	Total  int64 `json:"total_duration"` // nanoseconds
	Prompt int   `json:"prompt_eval_count"`
	Answer int   `json:"eval_count"`
}

func countsOf(h dialect.Head, u *dialect.Usage) *counts {
	c := &counts{Total: time.Since(h.Created).Nanoseconds()}
	if u != nil {
		c.Prompt, c.Answer = u.Prompt, u.Completion
	}
	return c
}

func wireOf(h dialect.Head) wire {
	if h.Asked == nil {
		return wire{thoughts: true}
	}
	w, _ := h.Asked.Wire.(wire)
	return w
}

// Encode renders an answer as one object.
func (Chat) Encode(a *dialect.Answer) []byte {
	c := a.Choices[0]
	w := wireOf(a.Head)
	if !w.thoughts {
		c.Reasoning = ""
	}
	r := newReply(a.Head, w, c)
	r.Logprobs = logprobsOf(c.Logprobs)
	r.Done, r.Reason, r.counts = true, reasonOf(c.Finish), countsOf(a.Head, &a.Usage)
	return dialect.Marshal(r)
}

func newReply(h dialect.Head, w wire, c dialect.Choice) reply {
	r := reply{Model: h.Model, Created: time.Now().UTC().Format(time.RFC3339Nano)}
	if w.generate {
		r.Response, r.Thinking = &c.Text, c.Reasoning
		return r
	}
	r.Message = &message{Role: "assistant", Content: c.Text, Thinking: c.Reasoning}
	for i, t := range c.ToolCalls {
		r.Message.ToolCalls = append(r.Message.ToolCalls, toolCall{t.ID, function{i, t.Name, dialect.ArgumentsObject(t.Arguments)}})
	}
	return r
}

// reasonOf names why an answer ended; calls of tools end like words.
func reasonOf(finish string) string {
	switch finish {
	case dialect.FinishLength:
		return "length"
	case dialect.FinishBlocked:
		return "content_filter" // ours; the vendor has no such reason
	}
	return "stop"
}

func logprobsOf(tokens []dialect.TokenLogprob) []logprob {
	var out []logprob
	for _, t := range tokens {
		bytes := make([]int, len(t.Token))
		for i := range bytes {
			bytes[i] = int(t.Token[i])
		}
		out = append(out, logprob{t.Token, t.Logprob, bytes, logprobsOf(t.Top)})
	}
	return out
}

// Stream starts an answer as lines of JSON.
func (Chat) Stream(w io.Writer, h dialect.Head) dialect.Stream {
	return &stream{w: w, head: h, wire: wireOf(h)}
}

type stream struct {
	w      io.Writer
	head   dialect.Head
	wire   wire
	finish string
	calls  []*dialect.ToolCall // calls are sent whole
	buf    []byte
}

// Type is the media type.
func (*stream) Type() string { return dialect.NDJSON }

// Event writes the text of one event. Calls of tools and the end wait for Close.
func (s *stream) Event(e dialect.Event) error {
	if e.Finish != "" {
		s.finish = e.Finish
	}
	if e.Finish == dialect.FinishBlocked {
		s.calls = nil // withheld
	}
	if d := e.Tool; d != nil {
		for len(s.calls) <= min(d.Index, dialect.MaxTools) {
			s.calls = append(s.calls, &dialect.ToolCall{})
		}
		c := s.calls[min(d.Index, dialect.MaxTools)]
		c.ID, c.Name, c.Arguments = c.ID+d.ID, c.Name+d.Name, c.Arguments+d.Arguments
	}
	if !s.wire.thoughts {
		e.Reasoning = ""
	}
	switch {
	case e.Text == "" && e.Reasoning == "" && len(e.Logprobs) == 0:
		return nil
	case e.Reasoning == "" && len(e.Logprobs) == 0:
		return s.text(e.Text)
	}
	r := newReply(s.head, s.wire, dialect.Choice{Text: e.Text, Reasoning: e.Reasoning})
	r.Logprobs = logprobsOf(e.Logprobs)
	return s.line(r)
}

// text writes a piece of text without reflection: nearly every line is one.
func (s *stream) text(text string) error {
	s.buf = dialect.Quote(append(s.buf[:0], `{"model":`...), s.head.Model)
	s.buf = append(s.buf, `,"created_at":"`...)
	s.buf = time.Now().UTC().AppendFormat(s.buf, time.RFC3339Nano)
	if s.wire.generate {
		s.buf = dialect.Quote(append(s.buf, `","response":`...), text)
	} else {
		s.buf = dialect.Quote(append(s.buf, `","message":{"role":"assistant","content":`...), text)
		s.buf = append(s.buf, '}')
	}
	s.buf = append(s.buf, `,"done":false}`+"\n"...)
	_, err := s.w.Write(s.buf)
	return err
}

func (s *stream) line(v any) error {
	_, err := s.w.Write(append(dialect.Marshal(v), '\n'))
	return err
}

// Close writes the calls of tools, then the line that says it is done.
func (s *stream) Close(u *dialect.Usage) error {
	if len(s.calls) > 0 {
		c := dialect.Choice{}
		for _, t := range s.calls {
			c.ToolCalls = append(c.ToolCalls, *t)
		}
		if err := s.line(newReply(s.head, s.wire, c)); err != nil {
			return err
		}
	}
	last := newReply(s.head, s.wire, dialect.Choice{})
	last.Done, last.Reason, last.counts = true, reasonOf(s.finish), countsOf(s.head, u)
	return s.line(last)
}

// Fail ends a broken stream with an error line; none says done.
func (s *stream) Fail(r *dialect.Refusal) error {
	_, err := s.w.Write(append(Errors{}.Refuse(r), '\n'))
	return err
}

// Errors is the error object of Ollama's protocol.
type Errors struct{}

// Refuse renders a refusal as Ollama's error, with our code beside it.
func (Errors) Refuse(r *dialect.Refusal) []byte {
	return dialect.Marshal(struct {
		Error string `json:"error"`
		Code  string `json:"code"`
		Param string `json:"param,omitempty"`
	}{r.Sentence, r.Code, r.Param})
}
