package gateway

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"ringfence/internal/gateway/dialect"
)

// sinkFor returns the way out of a prompt's answer.
func (t *trip) sinkFor(p *prompt) sink {
	var s sink
	if p.Stream {
		s = newStreamSink(t)
	} else {
		s = newPlainSink(t, max(p.N, 1))
	}
	if t.asked.Keep {
		s = &keeper{s, t, newPlainSink(t, 1)}
	}
	return s
}

// plainSink collects an answer that goes back in one piece.
type plainSink struct {
	t      *trip
	answer dialect.Answer
}

func newPlainSink(t *trip, choices int) *plainSink {
	return &plainSink{t: t, answer: dialect.Answer{Head: t.head(), Choices: make([]dialect.Choice, choices)}}
}

func (s *plainSink) event(e dialect.Event) error {
	if e.Choice < 0 || e.Choice >= len(s.answer.Choices) {
		return nil // more choices than were asked for
	}
	c := &s.answer.Choices[e.Choice]
	c.Text += e.Text
	c.Reasoning += e.Reasoning
	c.Logprobs = append(c.Logprobs, e.Logprobs...)
	if e.Finish != "" {
		c.Finish = e.Finish
	}
	if d := e.Tool; d != nil {
		if d.Index >= len(c.ToolCalls) {
			c.ToolCalls = append(c.ToolCalls, dialect.ToolCall{ID: d.ID, Name: d.Name})
		}
		c.ToolCalls[len(c.ToolCalls)-1].Arguments += d.Arguments
	}
	return nil
}

// withhold replaces the whole choice: nothing of it has been sent yet.
func (s *plainSink) withhold(choice int, sentence string) error {
	s.answer.Choices[choice] = dialect.Choice{Text: sentence}
	return nil
}

func (s *plainSink) close(u *dialect.Usage) error {
	s.answer.Usage = *u
	return s.t.reply(&s.answer)
}

// head is what the answer to the call is known by.
func (t *trip) head() dialect.Head {
	return dialect.Head{ID: t.record.Call, Created: t.began, Model: t.record.Model.Served, Asked: t.asked}
}

// reply sends an answer in one piece.
func (t *trip) reply(a *dialect.Answer) error {
	body := t.dialect.Encode(a)
	h := t.w.Header()
	h.Set("Content-Type", dialect.JSON)
	h.Set("Content-Length", strconv.Itoa(len(body)))
	t.begun = true
	t.allowWrite(http.NewResponseController(t.w))
	t.w.Write(body) // a caller who is gone gets nothing more, and the entry stands
	return nil
}

func (s *plainSink) flush() error { return nil }

func (s *plainSink) fail(*dialect.Refusal) {} // nothing was sent: refuse answers

// streamSink writes an answer as it comes. Events that came together leave
// together: they are sent when the engine pauses.
type streamSink struct {
	t       *trip
	rc      *http.ResponseController
	stream  dialect.Stream
	allowed time.Time // when the caller last got time to take what is written
}

func newStreamSink(t *trip) *streamSink {
	s := &streamSink{t: t, rc: http.NewResponseController(t.w)}
	s.stream = t.dialect.(dialect.Streamer).Stream(s, t.head())
	return s
}

// Write takes one event of the stream.
func (s *streamSink) Write(b []byte) (int, error) {
	if !s.t.begun {
		h := s.t.w.Header()
		h.Set("Content-Type", s.stream.Type())
		h.Set("Cache-Control", "no-cache")
		h.Set("X-Accel-Buffering", "no") // or nginx keeps the stream until it ends
		s.t.begun = true
	}
	if now := time.Now(); now.Sub(s.allowed) > s.t.policy.Bounds.Write/4 {
		s.t.allowWrite(s.rc)
		s.allowed = now
	}
	return s.t.w.Write(b)
}

func (s *streamSink) event(e dialect.Event) error { return s.stream.Event(e) }

func (s *streamSink) flush() error {
	if !s.t.begun {
		return nil
	}
	return s.rc.Flush()
}

func (s *streamSink) withhold(choice int, sentence string) error {
	return s.stream.Event(dialect.Event{Choice: choice, Text: "\n\n" + sentence})
}

func (s *streamSink) close(u *dialect.Usage) error {
	return errors.Join(s.stream.Close(u), s.flush())
}

// fail tells a caller who has a part of the answer that the rest will not
// come; one who has nothing gets a proper error response instead.
func (s *streamSink) fail(r *dialect.Refusal) {
	if s.t.begun {
		s.stream.Fail(r)
		s.flush()
	}
}

// allowWrite gives the caller a bounded time to take what is written: one that
// does not read must not keep the engine.
func (t *trip) allowWrite(rc *http.ResponseController) {
	rc.SetWriteDeadline(time.Now().Add(t.policy.Bounds.Write))
}
