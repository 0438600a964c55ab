package proof

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// Checkpoint is a signed tree head: which log, how many entries, and the hash that commits to all of them.
type Checkpoint struct {
	Origin string // the log's name, which is also the name of its key
	Size   int64  // number of entries
	Root   Hash   // RFC 6962 tree hash over them
}

// ParseKey reads a log's public key in the form of c2sp.org/signed-note: name+id+base64.
// It accepts one spelling only. An Ed25519 key is the only kind it knows today.
func ParseKey(text string) (note.Verifier, error) {
	key, err := note.NewVerifier(text)
	if err != nil {
		return nil, fmt.Errorf("proof: %.60q is not a public key of a log (name+id+base64)", text)
	}
	rest := strings.TrimPrefix(text, key.Name()+"+")
	_, err = parseBase64(strings.TrimPrefix(rest, fmt.Sprintf("%08x+", key.KeyHash())))
	if err != nil {
		return nil, fmt.Errorf("proof: the public key of %s is not spelled as it should be", key.Name())
	}
	return key, nil
}

// OpenCheckpoint reads a signed checkpoint (c2sp.org/tlog-checkpoint) and verifies its signature.
// Signatures by other keys, such as those of witnesses, are allowed and not looked at.
func OpenCheckpoint(signed []byte, key note.Verifier) (Checkpoint, error) {
	opened, err := note.Open(signed, note.VerifierList(key))
	if err != nil {
		return Checkpoint{}, fmt.Errorf("proof: the checkpoint is not signed by the key of %s", key.Name())
	}
	for _, s := range opened.Sigs {
		if _, err := parseBase64(s.Base64); err != nil {
			return Checkpoint{}, errors.New("proof: the checkpoint's signature is not spelled as it should be")
		}
	}
	head, err := parseHead(opened.Text)
	if err == nil && head.Origin != key.Name() {
		err = fmt.Errorf("proof: the checkpoint is of the log %q, the key is of %q", head.Origin, key.Name())
	}
	return head, err
}

// parseHead reads the three lines that a checkpoint must have; extension lines may follow.
func parseHead(text string) (Checkpoint, error) {
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	if len(lines) < 3 || lines[0] == "" {
		return Checkpoint{}, errors.New("proof: a checkpoint has an origin, a size and a root")
	}
	size, err := parseIndex(lines[1])
	if err != nil {
		return Checkpoint{}, err
	}
	root, err := ParseHash(lines[2])
	if err != nil {
		return Checkpoint{}, err
	}
	for _, extension := range lines[3:] {
		if extension == "" {
			return Checkpoint{}, errors.New("proof: a checkpoint holds no empty line")
		}
	}
	return Checkpoint{lines[0], size, root}, nil
}

// Sign returns the checkpoint as a note signed by key, whose name must be the origin.
func (c Checkpoint) Sign(key note.Signer) ([]byte, error) {
	if key.Name() != c.Origin {
		return nil, fmt.Errorf("proof: the key of %q cannot sign for %q", key.Name(), c.Origin)
	}
	return note.Sign(&note.Note{Text: c.text()}, key)
}

func (c Checkpoint) text() string {
	return fmt.Sprintf("%s\n%d\n%s\n", c.Origin, c.Size, c.Root)
}

// parseIndex reads a decimal number that is not negative and has no needless zero or sign.
func parseIndex(s string) (int64, error) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 0 || strconv.FormatInt(n, 10) != s {
		return 0, fmt.Errorf("proof: %.30q is not a number of entries", s)
	}
	return n, nil
}
