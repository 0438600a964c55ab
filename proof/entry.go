package proof

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"time"
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
	plain, err := json.Marshal(e)
	if err != nil {
		return nil, fmt.Errorf("proof: the entry's data is not JSON: %w", err)
	}
	stored, err := Canonical(plain)
	if err == nil && len(stored) > MaxEntry {
		err = &TooLargeError{Size: len(stored)}
	}
	return stored, err
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
	canonical, err := Canonical(stored)
	if err != nil {
		return Entry{}, err
	}
	if !bytes.Equal(canonical, stored) {
		return Entry{}, errors.New("proof: the entry is not in canonical JSON (RFC 8785)")
	}
	// A map, because decoding into a struct would also take "ID" for "id".
	var attributes map[string]json.RawMessage
	if err := json.Unmarshal(stored, &attributes); err != nil {
		return Entry{}, errors.New("proof: the entry is not a JSON object")
	}
	var e Entry
	for name, into := range map[string]any{
		"specversion": &e.SpecVersion, "id": &e.ID, "source": &e.Source, "type": &e.Type,
		"time": &e.Time, "subject": &e.Subject, "data": &e.Data,
	} {
		if value, ok := attributes[name]; ok && json.Unmarshal(value, into) != nil {
			return Entry{}, fmt.Errorf("proof: the entry's %s is not what CloudEvents allows", name)
		}
	}
	return e, e.check()
}

func (e Entry) check() error {
	switch {
	case e.SpecVersion != "1.0":
		return fmt.Errorf("proof: the entry's specversion is %.20q, not \"1.0\"", e.SpecVersion)
	case e.ID == "" || e.Source == "" || e.Type == "":
		return errors.New("proof: the entry lacks an id, a source or a type")
	case e.Time.IsZero():
		return errors.New("proof: the entry lacks a time")
	}
	return nil
}
