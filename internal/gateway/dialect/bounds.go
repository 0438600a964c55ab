package dialect

import (
	"fmt"
	"regexp"
	"strings"
)

// Bounds of one request, beyond the body's size, in every protocol. They are
// far above what plugins send and far below what would hurt.
const (
	MaxMessages = 2000
	MaxParts    = 20_000 // of a message
	MaxTools    = 128
	MaxStops    = 16
	MaxChoices  = 8
	MaxTokens   = 1 << 20
	MaxInputs   = 2048 // texts to embed or to judge
)

// toolName is the form of a tool's name in every dialect. It leaves no room
// for personal data worth the name, so names pass unmasked.
var toolName = regexp.MustCompile(`^[A-Za-z0-9_.-]{1,64}$`)

// Name takes the name of a tool.
func (o *Object) Name(name string) string {
	s := o.String(name)
	if !toolName.MatchString(s) {
		o.r.Fail(Invalid("invalid_name", o.Path(name), "%s must be 1 to 64 letters, digits, dots, dashes or underscores.", o.Path(name)))
	}
	return s
}

// Object takes an object and opens it; ok is false when it is absent.
func (o *Object) Object(name string) (child *Object, ok bool) {
	v, ok := o.Take(name)
	if !ok {
		return nil, false
	}
	return o.r.Object(o.Path(name), v), true
}

// Whole takes a whole number between min and max; 0 when absent.
func (o *Object) Whole(name string, min, max int64) int {
	if i := o.Int(name, min, max); i != nil {
		return int(*i)
	}
	return 0
}

// Truth takes a truth value; false when absent.
func (o *Object) Truth(name string) bool {
	b := o.Bool(name)
	return b != nil && *b
}

// Tokens takes the most tokens an answer may have. A minus, which some clients
// send for "no limit", is as if it were absent.
func (o *Object) Tokens(name string) int {
	return max(0, o.Whole(name, -2, MaxTokens))
}

// Texts takes a string or a list of at most most strings.
func (o *Object) Texts(name string, most int) []string {
	v, ok := o.Take(name)
	if !ok {
		return nil
	}
	items := v.Items
	if v.Kind != '[' {
		items = []Value{v}
	}
	var texts []string
	for i, item := range items {
		if item.Kind != '"' || i >= most {
			o.wrong(name, fmt.Sprintf("a string or a list of at most %d strings", most))
			return nil
		}
		texts = append(texts, item.Text)
	}
	return texts
}

// Stops takes texts that end an answer. It leaves out empty ones, which a form
// left blank sends: an engine would stop before the first word.
func (o *Object) Stops(name string) []string {
	var stops []string
	for _, s := range o.Texts(name, MaxStops) {
		if s != "" {
			stops = append(stops, s)
		}
	}
	return stops
}

// Ignore takes fields that have no effect here and hold nothing to pass on.
func (o *Object) Ignore(names ...string) {
	for _, name := range names {
		o.Take(name)
	}
}

// Extension takes the object "ringfence".
func (o *Object) Extension() Extension {
	v, ok := o.Take("ringfence")
	if !ok {
		return Extension{}
	}
	return ReadExtension(o.r, o.Path("ringfence"), v)
}

// NotText refuses a part of a message that is no text.
func (o *Object) NotText(name string) {
	o.r.Fail(Invalid("unsupported_content", o.Path(name), "%s is not text. No engine here reads images, audio or files; send text only.", o.Path(name)))
}

// Missing refuses a request without something it needs.
func (o *Object) Missing(name, want string) {
	o.r.Fail(Invalid("missing_field", o.Path(name), "%s must be %s.", o.Path(name), want))
}

// Wrong refuses a value that is not what the field may hold.
func (o *Object) Wrong(name, want string) { o.wrong(name, want) }

// JSON writes a value of a request as JSON again.
func (v Value) JSON() string {
	switch v.Kind {
	case '"':
		return string(Quote(nil, v.Text))
	case '0':
		return v.Text
	case 't':
		return "true"
	case 'f':
		return "false"
	case 'n':
		return "null"
	}
	return v.Raw
}

// Lines joins texts of one message by line feeds, as engines do themselves.
func Lines(texts []string) string { return strings.Join(texts, "\n") }
