package gemini

import (
	"io"
	"slices"

	"ringfence/internal/gateway/dialect"
)

// Stream starts a streamed answer: server-sent events when the request says
// alt=sse, else one JSON array whose elements come as they are made.
func (Stream) Stream(w io.Writer, h dialect.Head) dialect.Stream {
	s := &stream{w: w, events: wireOf(h).events, thoughts: wants(h), ends: map[int]string{}, calls: map[int][]*dialect.ToolCall{}}
	s.tail = append(dialect.Quote([]byte(`,"modelVersion":`), h.Model), `,"responseId":`...)
	s.tail = append(dialect.Quote(s.tail, h.ID), '}')
	return s
}

type stream struct {
	w        io.Writer
	events   bool
	thoughts bool
	begun    bool
	tail     []byte // every response's last fields
	ends     map[int]string
	calls    map[int][]*dialect.ToolCall // calls are sent whole, by choice
	buf      []byte
}

// Type is the media type.
func (s *stream) Type() string {
	if s.events {
		return dialect.SSE
	}
	return dialect.JSON
}

// Event writes the text of one event. Calls of tools and the end wait for Close.
func (s *stream) Event(e dialect.Event) error {
	if e.Finish != "" {
		s.ends[e.Choice] = e.Finish
	}
	if e.Finish == dialect.FinishBlocked {
		delete(s.calls, e.Choice) // withheld
	}
	if e.Tool != nil {
		s.call(e.Choice, *e.Tool)
	}
	if s.thoughts && e.Reasoning != "" {
		if err := s.text(e.Choice, e.Reasoning, `,"thought":true`, nil); err != nil {
			return err
		}
	}
	if e.Text == "" && len(e.Logprobs) == 0 {
		return nil
	}
	return s.text(e.Choice, e.Text, "", e.Logprobs)
}

func (s *stream) call(choice int, d dialect.ToolDelta) {
	for len(s.calls[choice]) <= min(d.Index, dialect.MaxTools) {
		s.calls[choice] = append(s.calls[choice], &dialect.ToolCall{})
	}
	c := s.calls[choice][min(d.Index, dialect.MaxTools)]
	c.ID, c.Name, c.Arguments = c.ID+d.ID, c.Name+d.Name, c.Arguments+d.Arguments
}

// text writes a response that holds a piece of text, without reflection: nearly
// every one does.
func (s *stream) text(choice int, text, mark string, tokens []dialect.TokenLogprob) error {
	s.begin()
	s.buf = dialect.Quote(append(s.buf, `{"candidates":[{"content":{"parts":[{"text":`...), text)
	s.buf = append(append(s.buf, mark...), `}],"role":"model"},"index":`...)
	s.buf = append(s.buf, dialect.Marshal(choice)...)
	if average, logprobs := logprobsOf(tokens); logprobs != nil {
		s.buf = append(append(s.buf, `,"avgLogprobs":`...), dialect.Marshal(average)...)
		s.buf = append(append(s.buf, `,"logprobsResult":`...), dialect.Marshal(logprobs)...)
	}
	s.buf = append(append(s.buf, `}]`...), s.tail...)
	return s.end()
}

func (s *stream) begin() {
	switch s.buf = s.buf[:0]; {
	case s.events:
		s.buf = append(s.buf, "data: "...)
	case s.begun:
		s.buf = append(s.buf, ",\n"...)
	default:
		s.buf = append(s.buf, '[')
	}
	s.begun = true
}

func (s *stream) end() error {
	if s.events {
		s.buf = append(s.buf, "\n\n"...)
	}
	_, err := s.w.Write(s.buf)
	return err
}

// Close writes the calls of tools, why each candidate ended, and what was used.
func (s *stream) Close(u *dialect.Usage) error {
	last := struct {
		Candidates []candidate `json:"candidates"`
		Usage      *usage      `json:"usageMetadata,omitempty"`
	}{[]candidate{}, usageOf(u)}
	var choices []int
	for choice := range s.ends {
		choices = append(choices, choice)
	}
	slices.Sort(choices)
	for _, choice := range choices {
		c := dialect.Choice{Finish: s.ends[choice]}
		for _, t := range s.calls[choice] {
			c.ToolCalls = append(c.ToolCalls, *t)
		}
		last.Candidates = append(last.Candidates, candidate{Content: content{partsOf(c, false), "model"}, Finish: finishOf(c.Finish), Index: choice})
	}
	s.begin()
	b := dialect.Marshal(last)
	s.buf = append(append(s.buf, b[:len(b)-1]...), s.tail...)
	if err := s.end(); err != nil || s.events {
		return err
	}
	_, err := io.WriteString(s.w, "]")
	return err
}

// Fail ends a broken stream with an error. An array is not ended: it must not
// read as a whole one.
func (s *stream) Fail(r *dialect.Refusal) error {
	s.begin()
	s.buf = append(s.buf, Errors{}.Refuse(r)...)
	return s.end()
}
