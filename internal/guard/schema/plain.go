package schema

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"unicode/utf8"
)

// maxValueDepth is how deep a value may be nested, whatever the schema says.
const maxValueDepth = 64

// plain reports what two readers may read in two ways: a key that comes twice,
// bytes that are no UTF-8, half of a surrogate pair, a number out of bounds. What is checked
// must be what the tool will read.
func plain(raw []byte) error {
	if !utf8.Valid(raw) {
		return errors.New("the value is no UTF-8")
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	return plainValue(d, 0)
}

func plainValue(d *json.Decoder, depth int) error {
	if depth > maxValueDepth {
		return errors.New("the value is nested too deep")
	}
	t, err := d.Token()
	if err != nil {
		return errors.New("no JSON")
	}
	switch t := t.(type) {
	case json.Delim:
		keys := map[string]bool{}
		for d.More() {
			if t == '{' {
				if err := plainKey(d, keys); err != nil {
					return err
				}
			}
			if err := plainValue(d, depth+1); err != nil {
				return err
			}
		}
		_, err = d.Token() // the end
		return err
	case string:
		return plainText(t)
	case json.Number:
		if _, err := t.Float64(); err != nil || len(t) > maxFigures {
			return errors.New("a number is out of bounds")
		}
	}
	return nil
}

// maxFigures is the longest number, in characters.
const maxFigures = 64

// plainKey reads a key. One in another case is the same to some readers.
func plainKey(d *json.Decoder, seen map[string]bool) error {
	t, err := d.Token()
	key, ok := t.(string)
	if err != nil || !ok {
		return errors.New("no JSON")
	}
	if err := plainText(key); err != nil {
		return err
	}
	if key = strings.ToLower(key); seen[key] {
		return errors.New("a key comes twice")
	}
	seen[key] = true
	return nil
}

// plainText refuses what stands for bytes nobody can read.
func plainText(s string) error {
	if strings.ContainsAny(s, "\x00\ufffd") {
		return errors.New("a text has characters that say nothing")
	}
	return nil
}
