package catalogue

import (
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/note"
)

// ErrOld says that a catalogue is not newer than the one in use.
var ErrOld = errors.New("the catalogue is not newer than the one in use")

// Open reads a signed catalogue: a note (as of golang.org/x/mod/sumdb/note)
// whose text is the format of catalogue.txt. One of the trusted keys must have
// signed it.
func Open(signed []byte, trusted note.Verifiers) (*Catalogue, error) {
	n, err := note.Open(signed, trusted)
	if err != nil {
		return nil, fmt.Errorf("the catalogue's signature: %w", err)
	}
	return Parse([]byte(n.Text))
}

// Sign returns the note of a catalogue. It refuses what Open could not use.
func Sign(text []byte, by note.Signer) ([]byte, error) {
	if _, err := Parse(text); err != nil {
		return nil, err
	}
	return note.Sign(&note.Note{Text: string(text)}, by)
}

// Newer returns next if it is newer than c, so that an old catalogue with a
// valid signature cannot bring back what was found since.
func (c *Catalogue) Newer(next *Catalogue) (*Catalogue, error) {
	if next.Serial <= c.Serial {
		return nil, fmt.Errorf("%w: it has the serial %d, in use is %d", ErrOld, next.Serial, c.Serial)
	}
	return next, nil
}
