package proof

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"
)

// MaxEntry is the most bytes an entry may have: an entry bundle gives each a length of 16 bits.
const MaxEntry = 1<<16 - 1

// Entry is one leaf of the log: a CloudEvents 1.0 envelope around a typed body.
// It must hold no personal data, in no field: an entry can never be changed or removed.
type Entry struct {
	SpecVersion string          `json:"specversion"`       // always "1.0"
	ID          string          `json:"id"`                // unique within Source
	Source      string          `json:"source"`            // the log's origin
	Type        string          `json:"type"`              // e.g. ringfence.call.intent; says what Data holds
	Time        time.Time       `json:"time"`              // the writer's clock; the order of entries is their index
	Subject     string          `json:"subject,omitempty"` // pseudonym of the customer, or empty
	Data        json.RawMessage `json:"data,omitempty"`    // the body, any JSON
}

// Marshal returns the bytes to store: the entry in canonical JSON (RFC 8785).
func (e Entry) Marshal() ([]byte, error) {
	if err := e.check(); err != nil {
		return nil, err
	}
	stored := make([]byte, 0, len(e.Data)+256)
	stored = append(stored, '{')
	if len(e.Data) > 0 {
		data, err := Canonical(e.Data)
		if err != nil {
			return nil, fmt.Errorf("proof: the entry's data: %w", err)
		}
		stored = append(append(append(stored, `"data":`...), data...), ',')
	}
	for _, attribute := range []struct{ name, value string }{ // in canonical order
		{"id", e.ID}, {"source", e.Source}, {"specversion", e.SpecVersion}, {"subject", e.Subject},
		{"time", e.Time.UTC().Format(time.RFC3339Nano)}, {"type", e.Type},
	} {
		if attribute.value != "" {
			stored = append(append(append(stored, '"'), attribute.name...), `":`...)
			stored = append(appendText(stored, []byte(attribute.value)), ',')
		}
	}
	stored[len(stored)-1] = '}'
	if len(stored) > MaxEntry {
		return nil, &TooLargeError{Size: len(stored)}
	}
	return stored, nil
}

// TooLargeError says that an entry has more than [MaxEntry] bytes.
type TooLargeError struct{ Size int }

func (e *TooLargeError) Error() string {
	return fmt.Sprintf("proof: an entry of %d bytes is larger than the %d bytes an entry bundle can hold", e.Size, MaxEntry)
}

// ParseEntry reads an entry as stored. It accepts canonical JSON only, so that one entry has one form,
// and attributes it does not know, as CloudEvents asks.
func ParseEntry(stored []byte) (Entry, error) {
	if len(stored) > MaxEntry {
		return Entry{}, &TooLargeError{Size: len(stored)}
	}
	c := canonizer{in: stored, out: make([]byte, 0, len(stored))}
	if err := c.all(); err != nil {
		return Entry{}, err
	}
	if !bytes.Equal(c.out, stored) {
		return Entry{}, errors.New("proof: the entry is not in canonical JSON (RFC 8785)")
	}
	if stored[0] != '{' {
		return Entry{}, errors.New("proof: the entry is not a JSON object")
	}
	var e Entry
	for _, m := range c.last { // the outermost object ends last; canonical, so it was not rearranged
		if err := e.set(string(m.name), c.out[m.value:m.to]); err != nil {
			return Entry{}, err
		}
	}
	return e, e.check()
}

// set gives an attribute the value that stands in the entry. Names count to the letter.
func (e *Entry) set(name string, value []byte) error {
	if name == "data" {
		e.Data = value
		return nil
	}
	into := e.attribute(name)
	if into == nil && name != "time" {
		return nil
	}
	text := canonizer{in: value}
	said, err := text.text()
	if err == nil && name == "time" {
		e.Time, err = time.Parse(time.RFC3339, string(said))
	} else if err == nil {
		*into = string(said)
	}
	if err != nil {
		return fmt.Errorf("proof: the entry's %s is not what CloudEvents allows", name)
	}
	return nil
}

// attribute returns where the text of an attribute goes, or nil.
func (e *Entry) attribute(name string) *string {
	switch name {
	case "id":
		return &e.ID
	case "source":
		return &e.Source
	case "specversion":
		return &e.SpecVersion
	case "subject":
		return &e.Subject
	case "type":
		return &e.Type
	}
	return nil
}

func (e Entry) check() error {
	switch {
	case e.SpecVersion != "1.0":
		return fmt.Errorf("proof: the entry's specversion is %.20q, not \"1.0\"", e.SpecVersion)
	case e.ID == "" || e.Source == "" || e.Type == "":
		return errors.New("proof: the entry lacks an id, a source or a type")
	case e.Time.IsZero() || e.Time.UTC().Year() < 0 || e.Time.UTC().Year() > 9999:
		return errors.New("proof: the entry lacks a time that RFC 3339 can write")
	case !utf8.ValidString(e.ID) || !utf8.ValidString(e.Source) || !utf8.ValidString(e.Type) || !utf8.ValidString(e.Subject):
		return errors.New("proof: an attribute of the entry is not UTF-8")
	}
	return nil
}
