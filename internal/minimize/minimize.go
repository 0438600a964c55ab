// Package minimize cuts structured store data down to what a purpose may use.
//
// First step: Cut(purpose, subject, context) with WooCommerce REST v3 records;
// the Text of its Result is what may go on. Purposes and Explain say why.
//
// Promise: a field leaves only if the catalogue names it and allows it for that
// purpose. Unknown fields and unknown purposes are denied and counted.
//
// Danger: a pseudonymised or redacted value is still there in clear, under its
// own field name. The mask room must hide it before a model sees it.
package minimize

import (
	"bytes"
	"encoding/json"
	"sort"
)

// Result is what is left of a context.
type Result struct {
	// Text is compact JSON of what may be used, keys sorted; "" if nothing is left.
	Text   string `json:"text"`
	Counts Counts `json:"counts"`
	// Denied lists the catalogue paths that were denied, sorted, each once.
	// It holds no word of the caller and may be recorded.
	Denied []string `json:"denied,omitempty"`
	// Unknown lists the paths the catalogue does not have, as the caller wrote
	// them, sorted and at most MaxUnknown. A name can be personal data: show it
	// to the caller, never record it.
	Unknown []string `json:"unknown,omitempty"`
	// Refusals lists the records that were denied whole, in the order met.
	Refusals []Refusal `json:"refusals,omitempty"`
}

// MaxUnknown bounds Result.Unknown; Counts.Unknown goes on counting.
const MaxUnknown = 32

// Counts says what happened to each value of a context. An empty value
// (null, "", [], {}) is dropped and not counted.
type Counts struct {
	Allowed       int `json:"allowed"`       // as it was; includes redacted text, which mask scans
	Generalised   int `json:"generalised"`   // made coarser
	Pseudonymised int `json:"pseudonymised"` // kept for mask to replace by a placeholder
	Denied        int `json:"denied"`        // known and not for this purpose
	Unknown       int `json:"unknown"`       // not in the catalogue, denied
}

// Refusal is a record denied whole.
type Refusal struct {
	Record string `json:"record"` // as in the context: "order", "orders"
	Reason string `json:"reason"` // other_subject, anonymized or purpose_unknown
}

// Reasons of a Refusal.
const (
	OtherSubject   = "other_subject"   // the record belongs to somebody else than the subject
	Anonymized     = "anonymized"      // WooCommerce has erased the person; what is left stays
	PurposeUnknown = "purpose_unknown" // no such purpose: see Purposes
)

// Cut returns what purpose may use of context, a JSON object of records such as
// {"order": {...}, "products": [...]}. Subject is the customer the call is made
// for ("cust:42"), or "". An error is an *Error and means the context could not
// be read; an unknown purpose or field is no error, it is denied.
func Cut(purpose, subject string, context json.RawMessage) (Result, error) {
	records, err := read(context)
	if err != nil {
		return Result{}, err
	}
	c := &cut{catalogue: loaded(), subject: subject, denied: map[string]bool{}, unknown: map[string]bool{}}
	c.column, c.known = c.catalogue.column[purpose]
	if !c.known && len(records) > 0 {
		c.refuse("", PurposeUnknown)
	}
	c.purpose = purpose
	kept := c.records(records)
	r := c.result
	r.Denied, r.Unknown = names(c.denied, len(c.denied)), names(c.unknown, MaxUnknown)
	if len(kept) > 0 {
		r.Text, err = compact(kept)
	}
	return r, err
}

// compact writes v as JSON with sorted keys and without HTML escapes, which
// would only cost the model tokens.
func compact(v any) (string, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return "", err
	}
	return string(bytes.TrimSuffix(b.Bytes(), []byte("\n"))), nil
}

// names returns the sorted members of set, at most limit of them.
func names(set map[string]bool, limit int) []string {
	var out []string
	for n := range set {
		out = append(out, n)
	}
	sort.Strings(out)
	return out[:min(limit, len(out))]
}
