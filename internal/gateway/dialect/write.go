package dialect

import (
	"encoding/json"
	"io"

	"github.com/go-json-experiment/json/jsontext"
)

// Marshal writes our own types as JSON, which cannot fail.
func Marshal(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return b
}

// Quote appends text as a JSON string; invalid UTF-8 becomes U+FFFD.
func Quote(b []byte, text string) []byte {
	if quoted, err := jsontext.AppendQuote(b, text); err == nil {
		return quoted
	}
	return append(b, Marshal(text)...)
}

// ArgumentsObject makes a JSON object of a tool call's arguments, for protocols
// that know no other form. A model that wrote none gets its words back as the
// one argument "text".
func ArgumentsObject(arguments string) json.RawMessage {
	if arguments == "" {
		return json.RawMessage("{}")
	}
	var object map[string]json.RawMessage
	if json.Unmarshal([]byte(arguments), &object) == nil && object != nil {
		return json.RawMessage(arguments)
	}
	return Marshal(map[string]string{"text": arguments})
}

// Frames writes server-sent events from one buffer.
type Frames struct {
	W   io.Writer
	buf []byte
}

// Event writes one event with a name ("" for none) and its data.
func (f *Frames) Event(name string, data []byte) error {
	f.buf = f.buf[:0]
	if name != "" {
		f.buf = append(append(append(f.buf, "event: "...), name...), '\n')
	}
	f.buf = append(append(append(f.buf, "data: "...), data...), "\n\n"...)
	_, err := f.W.Write(f.buf)
	return err
}
