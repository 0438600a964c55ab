package audit

import "fmt"

// Verdict is what Verify ends with, always.
type Verdict string

// The verdicts. Where more than one would fit, the first of them in this order is given.
const (
	Invalid   Verdict = "INVALID"   // something in the files is not what was written and signed
	Diverged  Verdict = "DIVERGED"  // the log is sound in itself, but is not the one that was known
	Truncated Verdict = "TRUNCATED" // entries at the end are gone
	OK        Verdict = "OK"
)

// Report is what Verify found. As JSON it is what `ringfence audit verify --json` prints.
type Report struct {
	Verdict  Verdict   `json:"verdict"`
	Origin   string    `json:"origin"`
	Size     int64     `json:"size"`                // entries the checkpoint signs
	Root     string    `json:"root"`                // its root, base64
	Unsigned int64     `json:"unsigned"`            // durable entries after it, not yet signed
	FirstBad *int64    `json:"first_bad,omitempty"` // lowest index that a problem names
	Problems []Problem `json:"problems"`
	More     int       `json:"more_problems"` // beyond the listed ones
	Notes    []string  `json:"notes"`
}

// Problem is one thing that is wrong: which file, from which index on, what.
type Problem struct {
	Code  string `json:"code"`
	File  string `json:"file"`
	Index *int64 `json:"index,omitempty"` // nil where no entry can be named
	Text  string `json:"text"`
}

// Codes of a [Problem].
const (
	KeyDamaged        = "key_damaged"
	CheckpointDamaged = "checkpoint_damaged"
	RootContradicts   = "root_contradicts" // all files agree with each other, but not with the signature
	EntryChanged      = "entry_changed"
	EntryInvalid      = "entry_invalid" // signed like this, but not an entry
	EntryMissing      = "entry_missing"
	TileChanged       = "tile_changed"
	TileMissing       = "tile_missing"
	WALChanged        = "wal_changed"
	WALMissing        = "wal_missing"
	KnownDiffers      = "known_differs" // makes the verdict DIVERGED
	EntriesCut        = "entries_cut"   // makes the verdict TRUNCATED
	KnownLonger       = "known_longer"  // makes the verdict TRUNCATED
)

const maxProblems = 100

func (r *Report) problem(code, file string, index int64, format string, args ...any) {
	if index >= 0 && (r.FirstBad == nil || index < *r.FirstBad) {
		r.FirstBad = &index
	}
	if r.Verdict = worse(r.Verdict, code); len(r.Problems) == maxProblems {
		r.More++
		return
	}
	p := Problem{Code: code, File: file, Text: fmt.Sprintf(format, args...)}
	if index >= 0 {
		p.Index = &index
	}
	r.Problems = append(r.Problems, p)
}

func worse(verdict Verdict, code string) Verdict {
	switch {
	case verdict == Invalid || code != KnownDiffers && code != EntriesCut && code != KnownLonger:
		return Invalid
	case verdict == Diverged || code == KnownDiffers:
		return Diverged
	}
	return Truncated
}

func (r *Report) note(format string, args ...any) {
	r.Notes = append(r.Notes, fmt.Sprintf(format, args...))
}
