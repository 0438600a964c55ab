package openai

import (
	"io"
	"strconv"

	"ringfence/internal/gateway/dialect"
)

// Stream starts a response as typed events, each with its number: the response
// is created, its items are added, filled and done one after the other, and the
// response is completed.
func (Responses) Stream(w io.Writer, h dialect.Head) dialect.Stream {
	s := &responseStream{frames: dialect.Frames{W: w}, response: newResponse(h), head: h}
	s.sequence.To = s
	return s
}

type responseStream struct {
	frames   dialect.Frames
	sequence dialect.Sequence
	response response
	head     dialect.Head
	begun    bool
	count    int // events so far
	finish   string
	text     []byte // of the item under way
	logprobs []dialect.TokenLogprob
	pending  []dialect.TokenLogprob // of the piece that comes next
	buf      []byte
}

// Type is the media type.
func (*responseStream) Type() string { return dialect.SSE }

// Event passes on one event.
func (s *responseStream) Event(e dialect.Event) error {
	if err := s.begin(); err != nil {
		return err
	}
	if e.Finish != "" {
		s.finish = e.Finish
	}
	s.pending = append(s.pending, e.Logprobs...)
	return s.sequence.Event(e)
}

func (s *responseStream) begin() error {
	if s.begun {
		return nil
	}
	s.begun = true
	for _, name := range []string{"response.created", "response.in_progress"} {
		if err := s.whole(name); err != nil {
			return err
		}
	}
	return nil
}

// event is one typed event; which fields it has depends on its type.
type event struct {
	Type     string      `json:"type"`
	Number   int         `json:"sequence_number"`
	Response *response   `json:"response,omitempty"`
	ItemID   string      `json:"item_id,omitempty"`
	Output   *int        `json:"output_index,omitempty"`
	Content  *int        `json:"content_index,omitempty"`
	Item     *outputItem `json:"item,omitempty"`
	Part     *outputPart `json:"part,omitempty"`
	Text     *string     `json:"text,omitempty"`
	Args     *string     `json:"arguments,omitempty"`
	Name     string      `json:"name,omitempty"`

	Logprobs *[]tokenLogprob `json:"logprobs,omitempty"`
}

func (s *responseStream) send(e event) error {
	e.Number = s.count
	s.count++
	return s.frames.Event(e.Type, dialect.Marshal(e))
}

func (s *responseStream) whole(name string) error {
	return s.send(event{Type: name, Response: &s.response})
}

// Open adds an item, and to it the part that its text is of.
func (s *responseStream) Open(b dialect.Block) error {
	s.text, s.logprobs = s.text[:0], nil
	item := itemOf(s.head, b, "", nil)
	added := item
	if b.Kind != dialect.Use {
		added.Content = &[]outputPart{}
	}
	if b.Kind != dialect.Thought {
		added.Status = "in_progress"
	}
	if err := s.send(event{Type: "response.output_item.added", Output: &b.Number, Item: &added}); err != nil || b.Kind == dialect.Use {
		return err
	}
	return s.send(event{Type: "response.content_part.added", ItemID: item.ID, Output: &b.Number, Content: new(int), Part: &(*item.Content)[0]})
}

// names of the events that carry text, by kind of block.
var names = map[int]struct{ delta, done string }{
	dialect.Words:   {"response.output_text.delta", "response.output_text.done"},
	dialect.Thought: {"response.reasoning_text.delta", "response.reasoning_text.done"},
	dialect.Use:     {"response.function_call_arguments.delta", "response.function_call_arguments.done"},
}

// Piece writes a part of the item's text, without reflection: nearly every
// event of a stream is one.
func (s *responseStream) Piece(b dialect.Block, text string) error {
	s.text = append(s.text, text...)
	name := names[b.Kind].delta
	s.buf = append(append(s.buf[:0], `{"type":"`...), name...)
	s.buf = strconv.AppendInt(append(s.buf, `","sequence_number":`...), int64(s.count), 10)
	s.buf = append(append(s.buf, `,"item_id":"`...), prefixes[b.Kind]...)
	s.buf = append(append(s.buf, s.head.ID...), '_')
	s.buf = strconv.AppendInt(s.buf, int64(b.Number), 10)
	s.buf = strconv.AppendInt(append(s.buf, `","output_index":`...), int64(b.Number), 10)
	if b.Kind != dialect.Use {
		s.buf = append(s.buf, `,"content_index":0`...)
	}
	s.buf = dialect.Quote(append(s.buf, `,"delta":`...), text)
	if b.Kind == dialect.Words {
		s.buf = append(s.buf, `,"logprobs":`...)
		s.buf = append(s.buf, s.scores()...)
	}
	s.buf = append(s.buf, '}')
	s.count++
	return s.frames.Event(name, s.buf)
}

var prefixes = map[int]string{dialect.Words: "msg_", dialect.Thought: "rs_", dialect.Use: "fc_"}

// scores are the log-probabilities that came with the piece.
func (s *responseStream) scores() []byte {
	if len(s.pending) == 0 {
		return []byte("[]")
	}
	b := dialect.Marshal(tokensOf(s.pending))
	s.logprobs = append(s.logprobs, s.pending...)
	s.pending = nil
	return b
}

// Shut says that the item is done, with all of its text.
func (s *responseStream) Shut(b dialect.Block) error {
	text := string(s.text)
	item := itemOf(s.head, b, text, s.logprobs)
	s.response.Output = append(s.response.Output, item)
	done := event{Type: names[b.Kind].done, ItemID: item.ID, Output: &b.Number}
	if b.Kind == dialect.Use {
		done.Args, done.Name = &text, b.Name
	} else {
		done.Text, done.Content = &text, new(int)
	}
	if b.Kind == dialect.Words {
		done.Logprobs = (*item.Content)[0].Logprobs
	}
	if err := s.send(done); err != nil {
		return err
	}
	if b.Kind != dialect.Use {
		if err := s.send(event{Type: "response.content_part.done", ItemID: item.ID, Output: &b.Number, Content: new(int), Part: &(*item.Content)[0]}); err != nil {
			return err
		}
	}
	return s.send(event{Type: "response.output_item.done", Output: &b.Number, Item: &item})
}

// Close ends the last item and the response.
func (s *responseStream) Close(u *dialect.Usage) error {
	if err := s.begin(); err != nil {
		return err
	}
	if err := s.sequence.End(); err != nil {
		return err
	}
	end(&s.response, s.finish, u)
	return s.whole("response." + s.response.Status)
}

// Fail ends a broken stream: the response has failed, and the error says why.
func (s *responseStream) Fail(r *dialect.Refusal) error {
	s.response.Status, s.response.Error = "failed", &responseError{r.Code, r.Sentence}
	return s.whole("response.failed")
}
