package proof

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

const receiptHeader = "c2sp.org/tlog-proof@v1"

// maxReceipt bounds what ParseReceipt reads: the largest entry in base64, 63 hashes, and signatures.
const maxReceipt = 256 << 10

// Receipt is a self-contained inclusion proof (c2sp.org/tlog-proof): one text file that lets anybody who
// has the log's public key check, offline, that an entry is in the log.
type Receipt struct {
	Index      int64
	Entry      []byte // as stored; travels as the format's "extra" line. Untrusted until Verify
	Path       []Hash // inclusion proof, from the leaf's sibling up
	Checkpoint []byte // signed, verbatim
}

// Checked is what a receipt proves.
type Checked struct {
	Index int64
	Entry Entry
	Head  Checkpoint // the signed tree that holds the entry
}

// String returns the receipt's text, to be kept in a file with the extension .tlog-proof.
func (r Receipt) String() string {
	var b strings.Builder
	b.WriteString(receiptHeader + "\n")
	if r.Entry != nil {
		fmt.Fprintf(&b, "extra %s\n", base64.StdEncoding.EncodeToString(r.Entry))
	}
	fmt.Fprintf(&b, "index %d\n", r.Index)
	for _, h := range r.Path {
		fmt.Fprintf(&b, "%s\n", h)
	}
	fmt.Fprintf(&b, "\n%s", r.Checkpoint)
	return b.String()
}

// ParseReceipt reads a receipt. It proves nothing yet: call Verify. A receipt without an "extra" line
// has a nil Entry; set it to the entry's bytes before Verify.
func ParseReceipt(text []byte) (Receipt, error) {
	if len(text) > maxReceipt {
		return Receipt{}, fmt.Errorf("proof: a receipt of %d bytes is too large", len(text))
	}
	head, checkpoint, ok := strings.Cut(string(text), "\n\n")
	lines := strings.Split(head, "\n")
	if !ok || lines[0] != receiptHeader {
		return Receipt{}, fmt.Errorf("proof: a receipt starts with %s and ends with a checkpoint", receiptHeader)
	}
	r := Receipt{Checkpoint: []byte(checkpoint)}
	lines = lines[1:]
	var err error
	if len(lines) > 0 && strings.HasPrefix(lines[0], "extra ") {
		if r.Entry, err = parseBase64(lines[0][len("extra "):]); err != nil {
			return Receipt{}, errors.New("proof: the receipt's extra line is not base64")
		}
		lines = lines[1:]
	}
	if len(lines) == 0 || !strings.HasPrefix(lines[0], "index ") {
		return Receipt{}, errors.New("proof: the receipt has no index line")
	}
	if r.Index, err = parseIndex(lines[0][len("index "):]); err != nil {
		return Receipt{}, err
	}
	r.Path, err = parsePath(lines[1:])
	return r, err
}

func parsePath(lines []string) ([]Hash, error) {
	if len(lines) > 63 {
		return nil, fmt.Errorf("proof: an inclusion proof of %d hashes fits no log", len(lines))
	}
	var path []Hash
	for _, line := range lines {
		h, err := ParseHash(line)
		if err != nil {
			return nil, err
		}
		path = append(path, h)
	}
	return path, nil
}

// Verify checks the whole receipt against the log's public key: the checkpoint's signature, that the
// entry's bytes are the leaf at Index of the signed tree, and that they are an entry.
func (r Receipt) Verify(key note.Verifier) (Checked, error) {
	head, err := OpenCheckpoint(r.Checkpoint, key)
	if err != nil {
		return Checked{}, err
	}
	if r.Entry == nil {
		return Checked{}, errors.New("proof: the receipt does not carry the entry; supply its bytes")
	}
	if err := VerifyInclusion(head, r.Index, LeafHash(r.Entry), r.Path); err != nil {
		return Checked{}, err
	}
	entry, err := ParseEntry(r.Entry)
	return Checked{r.Index, entry, head}, err
}
