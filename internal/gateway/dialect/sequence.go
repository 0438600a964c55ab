package dialect

// Kinds of blocks.
const (
	Thought = iota + 1
	Words
	Use
)

// Block is one part of an answer in a protocol that sends parts one after the
// other: a thought, words, or the use of a tool.
type Block struct {
	Kind     int
	Number   int // of the block in the answer, from 0
	ID, Name string
}

// A BlockWriter writes blocks: each is opened, gets its text in pieces, and is
// shut before the next.
type BlockWriter interface {
	Open(Block) error
	Piece(Block, string) error
	Shut(Block) error
}

// Sequence brings the events of one choice, whose texts may overlap, into a
// strict order of blocks. The first tool call is passed on as it comes; others
// wait for the end, for nobody knows before that the first one is whole.
type Sequence struct {
	To    BlockWriter
	now   Block
	count int
	tool  int // index of the tool call that is passed on
	held  []*heldTool
	late  string // words that came after a tool call began
}

type heldTool struct {
	index               int
	id, name, arguments string
}

// Event passes on one event of the choice. What waits of an answer that was
// withheld is forgotten.
func (s *Sequence) Event(e Event) error {
	if e.Finish == FinishBlocked {
		s.held = nil
	}
	if err := s.text(Thought, e.Reasoning); err != nil {
		return err
	}
	if err := s.text(Words, e.Text); err != nil {
		return err
	}
	if e.Tool != nil {
		return s.use(*e.Tool)
	}
	return nil
}

func (s *Sequence) text(kind int, text string) error {
	switch {
	case text == "":
		return nil
	case s.now.Kind == Use:
		if kind == Words {
			s.late += text
		}
		return nil
	case s.now.Kind != kind:
		if err := s.next(Block{Kind: kind}); err != nil {
			return err
		}
	}
	return s.To.Piece(s.now, text)
}

func (s *Sequence) use(d ToolDelta) error {
	switch {
	case s.now.Kind != Use:
		if err := s.next(Block{Kind: Use, ID: d.ID, Name: d.Name}); err != nil {
			return err
		}
		s.tool = d.Index
	case d.Index != s.tool:
		s.hold(d)
		return nil
	}
	if d.Arguments == "" {
		return nil
	}
	return s.To.Piece(s.now, d.Arguments)
}

func (s *Sequence) hold(d ToolDelta) {
	for _, t := range s.held {
		if t.index == d.Index {
			t.arguments += d.Arguments
			return
		}
	}
	s.held = append(s.held, &heldTool{d.Index, d.ID, d.Name, d.Arguments})
}

func (s *Sequence) next(b Block) error {
	if err := s.shut(); err != nil {
		return err
	}
	b.Number = s.count
	s.count++
	s.now = b
	return s.To.Open(b)
}

func (s *Sequence) shut() error {
	if s.now.Kind == 0 {
		return nil
	}
	b := s.now
	s.now = Block{}
	return s.To.Shut(b)
}

// End shuts the last block, after those that had to wait.
func (s *Sequence) End() error {
	if err := s.shut(); err != nil {
		return err
	}
	for _, t := range s.held {
		if err := s.whole(Block{Kind: Use, ID: t.id, Name: t.name}, t.arguments); err != nil {
			return err
		}
	}
	if s.late == "" {
		return nil
	}
	return s.whole(Block{Kind: Words}, s.late)
}

func (s *Sequence) whole(b Block, text string) error {
	if err := s.next(b); err != nil {
		return err
	}
	if text != "" {
		if err := s.To.Piece(s.now, text); err != nil {
			return err
		}
	}
	return s.shut()
}
