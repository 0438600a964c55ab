package openai

import (
	"io"

	"ringfence/internal/gateway/dialect"
)

// Stream starts a chat.completion.chunk stream.
func (Chat) Stream(w io.Writer, h dialect.Head) dialect.Stream {
	head := dialect.Marshal(struct {
		ID      string `json:"id"`
		Object  string `json:"object"`
		Created int64  `json:"created"`
		Model   string `json:"model"`
	}{"chatcmpl-" + h.ID, "chat.completion.chunk", h.Created.Unix(), h.Model})
	return &stream{w: w, head: head[:len(head)-1], begun: map[int]bool{}}
}

type stream struct {
	w     io.Writer
	head  []byte // every chunk's first fields, without the closing brace
	begun map[int]bool
	buf   []byte
}

type delta struct {
	Role      string      `json:"role,omitempty"`
	Content   string      `json:"content,omitempty"`
	Reasoning string      `json:"reasoning_content,omitempty"`
	ToolCalls []toolDelta `json:"tool_calls,omitempty"`
}

type toolDelta struct {
	Index    int           `json:"index"`
	ID       string        `json:"id,omitempty"`
	Type     string        `json:"type,omitempty"`
	Function functionDelta `json:"function"`
}

type functionDelta struct {
	Name      string `json:"name,omitempty"`
	Arguments string `json:"arguments"`
}

// Type is the media type.
func (*stream) Type() string { return dialect.SSE }

// Event writes one chunk.
func (s *stream) Event(e dialect.Event) error {
	s.buf = append(append(s.buf[:0], "data: "...), s.head...)
	s.buf = append(s.buf, `,"choices":[{"index":`...)
	s.buf = append(s.buf, dialect.Marshal(e.Choice)...)
	s.buf = append(s.buf, `,"delta":`...)
	s.delta(e)
	s.buf = append(s.buf, `,"logprobs":`...)
	s.logprobs(e.Logprobs)
	s.buf = append(s.buf, `,"finish_reason":`...)
	if e.Finish == "" {
		s.buf = append(s.buf, "null"...)
	} else {
		s.quote(e.Finish)
	}
	s.buf = append(s.buf, "}]}\n\n"...)
	return s.flush()
}

// delta appends the delta object. Plain text, which nearly every chunk is,
// does without reflection.
func (s *stream) delta(e dialect.Event) {
	if s.begun[e.Choice] && e.Tool == nil && e.Reasoning == "" {
		if e.Text == "" {
			s.buf = append(s.buf, "{}"...)
			return
		}
		s.buf = append(s.buf, `{"content":`...)
		s.quote(e.Text)
		s.buf = append(s.buf, '}')
		return
	}
	d := delta{Content: e.Text, Reasoning: e.Reasoning}
	if !s.begun[e.Choice] {
		d.Role, s.begun[e.Choice] = "assistant", true
	}
	if t := e.Tool; t != nil {
		td := toolDelta{Index: t.Index, ID: t.ID, Function: functionDelta{t.Name, t.Arguments}}
		if t.ID != "" {
			td.Type = "function"
		}
		d.ToolCalls = []toolDelta{td}
	}
	s.buf = append(s.buf, dialect.Marshal(d)...)
}

func (s *stream) logprobs(tokens []dialect.TokenLogprob) {
	if len(tokens) == 0 {
		s.buf = append(s.buf, "null"...)
		return
	}
	s.buf = append(s.buf, dialect.Marshal(logprobsOf(tokens))...)
}

func (s *stream) quote(text string) { s.buf = dialect.Quote(s.buf, text) }

// Close writes the chunk that counts tokens, when asked for, and the end mark.
func (s *stream) Close(u *dialect.Usage) error {
	s.buf = s.buf[:0]
	if u != nil {
		s.buf = append(append(s.buf, "data: "...), s.head...)
		s.buf = append(s.buf, `,"choices":[],"usage":`...)
		s.buf = append(append(s.buf, dialect.Marshal(usageOf(*u))...), "}\n\n"...)
	}
	s.buf = append(s.buf, "data: [DONE]\n\n"...)
	return s.flush()
}

// Fail writes an error frame. No end mark follows: a client that only waits
// for it must not take a broken answer for a whole one.
func (s *stream) Fail(r *dialect.Refusal) error {
	s.buf = append(append(append(s.buf[:0], "data: "...), Errors{}.Refuse(r)...), "\n\n"...)
	return s.flush()
}

func (s *stream) flush() error {
	_, err := s.w.Write(s.buf)
	return err
}
