package minimize

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"unicode/utf8"
)

// Limits of a context. A store's largest honest records stay far below.
const (
	MaxBytes  = 1 << 20
	MaxDepth  = 16
	MaxValues = 50_000
)

// Error says why a context could not be read. Nothing of it was used.
type Error struct {
	Reason  string // context_not_json, context_too_large, context_too_deep, context_duplicate_key
	Message string // a sentence for the developer of the shop
}

func (e *Error) Error() string { return e.Message }

func notJSON(why string) *Error {
	return &Error{"context_not_json", "The context is not a JSON object: " + why + ". Send an object of records, such as {\"order\": {...}}."}
}

var errTooLarge = &Error{"context_too_large", "The context is too large. Send only the records this call is about."}

// reader builds plain values out of JSON tokens. It refuses what encoding/json
// would quietly accept: a key given twice, of which two readers may each
// believe another one, and nesting without end.
type reader struct {
	dec    *json.Decoder
	values int
}

// read parses a whole context.
func read(raw []byte) (map[string]any, error) {
	if len(bytes.TrimSpace(raw)) == 0 {
		return nil, nil
	}
	if len(raw) > MaxBytes {
		return nil, errTooLarge
	}
	if !utf8.Valid(raw) {
		return nil, notJSON("it is not valid UTF-8")
	}
	r := &reader{dec: json.NewDecoder(bytes.NewReader(raw))}
	r.dec.UseNumber()
	v, err := r.value(0)
	if err != nil {
		return nil, explain(err)
	}
	if _, err := r.dec.Token(); err != io.EOF {
		return nil, notJSON("something follows its end")
	}
	records, ok := v.(map[string]any)
	if !ok && v != nil {
		return nil, notJSON("it is another kind of value")
	}
	return records, nil
}

// explain turns a parser's error into ours; its text could quote the context.
func explain(err error) error {
	if e := (*Error)(nil); errors.As(err, &e) {
		return e
	}
	return notJSON("its syntax is broken or it ends early")
}

func (r *reader) value(depth int) (any, error) {
	t, err := r.dec.Token()
	if err != nil {
		return nil, err
	}
	if r.values++; r.values > MaxValues {
		return nil, errTooLarge
	}
	open, ok := t.(json.Delim)
	if !ok {
		return t, nil
	}
	if depth == MaxDepth {
		return nil, &Error{"context_too_deep", "The context is nested too deeply. Send the records as WooCommerce REST v3 gives them."}
	}
	if open == '{' {
		return r.object(depth + 1)
	}
	return r.array(depth + 1)
}

func (r *reader) object(depth int) (any, error) {
	m := map[string]any{}
	for r.dec.More() {
		t, err := r.dec.Token()
		if err != nil {
			return nil, err
		}
		key := t.(string) // the decoder accepts nothing else as a key
		if _, twice := m[key]; twice {
			return nil, &Error{"context_duplicate_key", "The context has the same key twice in one object. Send each key once."}
		}
		if m[key], err = r.value(depth); err != nil {
			return nil, err
		}
	}
	_, err := r.dec.Token()
	return m, err
}

func (r *reader) array(depth int) (any, error) {
	list := []any{}
	for r.dec.More() {
		v, err := r.value(depth)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	_, err := r.dec.Token()
	return list, err
}
