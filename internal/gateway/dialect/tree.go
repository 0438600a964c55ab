package dialect

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
)

// Value is a JSON value of a request, read under limits. Kind is that of
// jsontext: { [ " 0 t f n.
type Value struct {
	Kind    jsontext.Kind
	Text    string // of a string or number
	Raw     string // the value as it was written
	Items   []Value
	Members []Member
}

// Member is a name and value of an object.
type Member struct {
	Name  string
	Value Value
}

// Parse reads exactly one JSON value. Invalid UTF-8, duplicate names, trailing
// data, and anything beyond the limits are refused, with the place.
func Parse(body []byte, lim Limits) (Value, error) {
	if len(bytes.TrimSpace(body)) == 0 {
		return Value{}, Invalid("empty_body", "", "The request has no body. Send a JSON object.")
	}
	p := parser{dec: jsontext.NewDecoder(bytes.NewBuffer(body)), body: string(body), lim: lim}
	v, err := p.value()
	if err != nil {
		return Value{}, p.refuse(err)
	}
	if _, err := p.dec.ReadToken(); err != io.EOF {
		return Value{}, Invalid("trailing_data", "", "There is more after the JSON value at byte %d. Send one JSON object and nothing else.", p.dec.InputOffset())
	}
	return v, nil
}

type parser struct {
	dec   *jsontext.Decoder
	body  string // Raw values are parts of it: a copy at every level would cost depth times size
	lim   Limits
	items int
}

var errLimit = errors.New("limit")

func (p *parser) value() (Value, error) {
	p.items++
	if p.items > p.lim.Items || p.dec.StackDepth() > p.lim.Depth {
		return Value{}, errLimit
	}
	tok, err := p.dec.ReadToken()
	if err != nil {
		return Value{}, err
	}
	v := Value{Kind: tok.Kind()}
	start := p.dec.InputOffset()
	switch v.Kind {
	case '"', '0':
		v.Text = tok.String()
		return v, nil
	case '{', '[':
		if err := p.children(&v); err != nil {
			return Value{}, err
		}
		// Not trimmed at the left: the opening bracket is the byte before start.
		v.Raw = p.body[start-1 : p.dec.InputOffset()]
	}
	return v, nil
}

// children reads what follows an opening bracket, up to the closing one.
func (p *parser) children(v *Value) error {
	for k := p.dec.PeekKind(); k != '}' && k != ']'; k = p.dec.PeekKind() {
		var name string
		if v.Kind == '{' {
			tok, err := p.dec.ReadToken()
			if err != nil {
				return err
			}
			name = tok.String()
		}
		child, err := p.value()
		if err != nil {
			return err
		}
		if v.Kind == '{' {
			v.Members = append(v.Members, Member{name, child})
		} else {
			v.Items = append(v.Items, child)
		}
	}
	_, err := p.dec.ReadToken()
	return err
}

// refuse turns a reader's error into a sentence for a shop developer.
func (p *parser) refuse(err error) *Refusal {
	where := dotted(p.dec.StackPointer())
	switch {
	case errors.Is(err, errLimit):
		return Invalid("too_complex", where, "The request nests deeper than %d levels or holds more than %d values. Send less at once.", p.lim.Depth, p.lim.Items)
	case errors.Is(err, jsontext.ErrDuplicateName):
		return Invalid("duplicate_field", where, "A field stands twice in the same object, so its meaning is not clear. Send it once.")
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return Invalid("invalid_json", where, "The request ends in the middle of the JSON value, after byte %d.", len(p.body))
	}
	return Invalid("invalid_json", where, "The request is not valid JSON in UTF-8: %s. Check how the body is encoded.", cause(err, p.dec.InputOffset()))
}

// longestPath bounds what a refusal repeats of names that the caller chose.
const longestPath = 100

// dotted writes a JSON pointer the way refusals name fields: messages[0].content;
// "" for one that is too long to help.
func dotted(p jsontext.Pointer) string {
	path := ""
	for token := range p.Tokens() {
		i, err := strconv.Atoi(token)
		switch {
		case len(path)+len(token) > longestPath:
			return ""
		case err == nil && i >= 0:
			path = Elem(path, i)
		case path == "":
			path = token
		default:
			path += "." + token
		}
	}
	return path
}

// cause describes a syntax error by its place; the library's own text may quote
// the input, which may be personal.
func cause(err error, offset int64) string {
	var syntax *jsontext.SyntacticError
	if errors.As(err, &syntax) {
		offset = syntax.ByteOffset
	}
	return fmt.Sprintf("something is wrong at byte %d", offset)
}
