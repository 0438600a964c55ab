package anthropic

import (
	"encoding/json"
	"io"
	"strconv"

	"ringfence/internal/gateway/dialect"
)

// Stream starts a message as events: each block is opened, filled and shut
// before the next.
func (Messages) Stream(w io.Writer, h dialect.Head) dialect.Stream {
	s := &stream{frames: dialect.Frames{W: w}, head: h, thinking: wants(h)}
	s.sequence.To = s
	return s
}

type stream struct {
	frames   dialect.Frames
	sequence dialect.Sequence
	head     dialect.Head
	thinking bool
	begun    bool
	finish   string
	buf      []byte
}

// Type is the media type.
func (*stream) Type() string { return dialect.SSE }

// Event passes on one event.
func (s *stream) Event(e dialect.Event) error {
	if err := s.begin(); err != nil {
		return err
	}
	if !s.thinking {
		e.Reasoning = ""
	}
	if e.Finish != "" {
		s.finish = e.Finish
	}
	return s.sequence.Event(e)
}

// begin says that a message is coming. What the prompt took is not known yet;
// the last event has the true numbers.
func (s *stream) begin() error {
	if s.begun {
		return nil
	}
	s.begun = true
	return s.send("message_start", struct {
		Type    string  `json:"type"`
		Message message `json:"message"`
	}{"message_start", newMessage(s.head)})
}

func (s *stream) send(name string, v any) error { return s.frames.Event(name, dialect.Marshal(v)) }

// Open begins a block.
func (s *stream) Open(b dialect.Block) error {
	start := block{Type: "text", Text: new(string)}
	switch b.Kind {
	case dialect.Thought:
		start = block{Type: "thinking", Thinking: new(string), Signature: new(string)}
	case dialect.Use:
		start = block{Type: "tool_use", ID: b.ID, Name: b.Name, Input: json.RawMessage("{}")}
	}
	return s.send("content_block_start", struct {
		Type  string `json:"type"`
		Index int    `json:"index"`
		Block block  `json:"content_block"`
	}{"content_block_start", b.Number, start})
}

// Piece writes a part of the block's text, without reflection: nearly every
// event of a stream is one.
func (s *stream) Piece(b dialect.Block, text string) error {
	kind, field := "text_delta", "text"
	switch b.Kind {
	case dialect.Thought:
		kind, field = "thinking_delta", "thinking"
	case dialect.Use:
		kind, field = "input_json_delta", "partial_json"
	}
	s.buf = append(s.buf[:0], `{"type":"content_block_delta","index":`...)
	s.buf = strconv.AppendInt(s.buf, int64(b.Number), 10)
	s.buf = append(append(append(s.buf, `,"delta":{"type":"`...), kind...), `","`...)
	s.buf = append(append(s.buf, field...), `":`...)
	s.buf = append(dialect.Quote(s.buf, text), "}}"...)
	return s.frames.Event("content_block_delta", s.buf)
}

// Shut ends a block.
func (s *stream) Shut(b dialect.Block) error {
	return s.send("content_block_stop", struct {
		Type  string `json:"type"`
		Index int    `json:"index"`
	}{"content_block_stop", b.Number})
}

// Close ends the message with why it ended and what was used.
func (s *stream) Close(u *dialect.Usage) error {
	if err := s.begin(); err != nil {
		return err
	}
	if err := s.sequence.End(); err != nil {
		return err
	}
	var end struct {
		Type  string `json:"type"`
		Delta struct {
			StopReason   string  `json:"stop_reason"`
			StopSequence *string `json:"stop_sequence"`
		} `json:"delta"`
		Usage usage `json:"usage"`
	}
	end.Type, end.Delta.StopReason = "message_delta", stopReason(s.finish)
	if u != nil {
		end.Usage = usage{u.Prompt, u.Completion}
	}
	if err := s.send("message_delta", end); err != nil {
		return err
	}
	return s.frames.Event("message_stop", []byte(`{"type":"message_stop"}`))
}

// Fail ends a broken stream with an error event and without message_stop.
func (s *stream) Fail(r *dialect.Refusal) error {
	return s.frames.Event("error", Errors{}.Refuse(r))
}
