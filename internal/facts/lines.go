package facts

import (
	"encoding/json"
	"errors"
	"strings"

	"ringfence/internal/guard"
)

// Lines takes the lines of one kind of a sync.
type Lines struct {
	index *Index
	kind  string
	read  func(line []byte) (Line, error)
}

// Line is what a line of a sync says.
type Line struct {
	ID    string
	Owner string // the subject it belongs to, "" for none
	Facts []guard.Fact
}

// Kind returns what takes the lines of a kind, each read by read.
func (x *Index) Kind(kind string, read func(line []byte) (Line, error)) *Lines {
	return &Lines{x, kind, read}
}

// Put takes one line. It is durable after Commit.
func (l *Lines) Put(line []byte, generation string) error {
	got, err := l.read(line)
	if err != nil {
		return err
	}
	return l.index.Put(l.kind, got.ID, got.Owner, got.Facts, generation)
}

// Delete removes what a line names.
func (l *Lines) Delete(line []byte) (found bool, err error) {
	got, err := l.read(line)
	if err != nil && got.ID == "" {
		return false, err
	}
	return l.index.Delete(l.kind, got.ID)
}

// Complete ends a full sync of this kind.
func (l *Lines) Complete(generation string) (removed int, err error) {
	return l.index.Complete(l.kind, generation), nil
}

// Commit makes all lines so far durable.
func (l *Lines) Commit() error { return l.index.Commit() }

// confidentialLine is a line of kind confidential.
type confidentialLine struct {
	ID    string   `json:"id"`
	What  string   `json:"what"` // cost_price, supplier, margin, coupon, product
	Value any      `json:"value"`
	Near  []string `json:"near"`
}

// Confidential takes lines such as
//
//	{"kind": "confidential", "id": "cost:17", "what": "cost_price", "value": "12.50", "near": ["Wool sweater"]}
//
// Without an id a line is known by what it is and what it is near, or by its
// value where it is near nothing.
func (x *Index) Confidential() *Lines { return x.Kind("confidential", readConfidential) }

func readConfidential(line []byte) (Line, error) {
	var c confidentialLine
	if json.Unmarshal(line, &c) != nil {
		return Line{}, errors.New("a field is of the wrong type: id and what are text, value is text or a number, near is a list of text")
	}
	f := guard.Fact{Kind: c.What, Value: text(line, c.Value), Near: c.Near}
	l := Line{ID: c.ID, Facts: []guard.Fact{f}}
	if l.ID == "" && (f.Value != "" || len(f.Near) > 0) {
		l.ID = c.What + "\x00" + strings.Join(append([]string{}, f.Near...), "\x00")
		if len(f.Near) == 0 {
			l.ID += f.Value
		}
	}
	if c.What == "" {
		return l, errors.New(`the line does not say what it is: "what" is cost_price, supplier, margin, coupon or product`)
	}
	if err := f.Check(); err != nil {
		return l, errors.New("the value is too short to be found in an answer: give four letters or more, or a number")
	}
	return l, nil
}

// text is a value as it was written: a number keeps its zeros.
func text(line []byte, v any) string {
	if s, ok := v.(string); ok {
		return strings.TrimSpace(s)
	}
	var raw struct {
		Value json.RawMessage `json:"value"`
	}
	if v == nil || json.Unmarshal(line, &raw) != nil {
		return ""
	}
	return string(raw.Value)
}
