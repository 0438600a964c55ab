package proof

import (
	"encoding/base64"
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// Hash is a SHA-256 value: of an entry, of a node of the tree, or of its root.
type Hash = tlog.Hash

// LeafHash returns the RFC 6962 leaf hash of an entry's bytes as stored: SHA-256(0x00 || entry).
func LeafHash(entry []byte) Hash { return tlog.RecordHash(entry) }

// VerifyInclusion says whether path proves that the leaf stands at index in the tree of head
// (RFC 6962, section 2.1.1). It trusts head: take it from [OpenCheckpoint].
func VerifyInclusion(head Checkpoint, index int64, leaf Hash, path []Hash) error {
	if index < 0 || index >= head.Size {
		return fmt.Errorf("proof: index %d is not in a log of %d entries", index, head.Size)
	}
	if tlog.CheckRecord(path, head.Size, head.Root, index, leaf) != nil {
		return fmt.Errorf("proof: the entry is not at index %d of the log that was signed", index)
	}
	return nil
}

// VerifyConsistency says whether path proves that the log of before is a prefix of the log of after:
// that nothing was changed, removed or reordered in between (RFC 6962, section 2.1.2).
func VerifyConsistency(before, after Checkpoint, path []Hash) error {
	if before.Origin != after.Origin {
		return fmt.Errorf("proof: the checkpoints are of two logs, %q and %q", before.Origin, after.Origin)
	}
	if before.Size > after.Size {
		return fmt.Errorf("proof: the log shrank from %d to %d entries", before.Size, after.Size)
	}
	if before.Size == 0 && len(path) == 0 {
		return checkEmpty(before.Root)
	}
	if tlog.CheckTree(path, after.Size, after.Root, before.Size, before.Root) != nil {
		return fmt.Errorf("proof: the log of %d entries does not continue the log of %d entries", after.Size, before.Size)
	}
	return nil
}

// checkEmpty: the root of no entries is SHA-256 of nothing (RFC 6962, section 2.1).
func checkEmpty(root Hash) error {
	if empty, _ := tlog.TreeHash(0, nil); root != empty {
		return errors.New("proof: the root of the empty log is wrong")
	}
	return nil
}

// ParseHash reads the base64 form of a hash, as Hash.String writes it. The strict decoder matters: 32
// bytes leave two unused bits in the last character, and two texts for one hash would let a changed byte
// go unseen.
func ParseHash(s string) (Hash, error) {
	var h Hash
	b, err := parseBase64(s)
	if err != nil || len(b) != len(h) {
		return h, fmt.Errorf("proof: %.60q is not the base64 of a SHA-256 hash", s)
	}
	return Hash(b), nil
}

// parseBase64 accepts exactly what base64.StdEncoding writes.
func parseBase64(s string) ([]byte, error) {
	b, err := base64.StdEncoding.Strict().DecodeString(s)
	if err != nil {
		return nil, err
	}
	if base64.StdEncoding.EncodeToString(b) != s { // the decoder skips line breaks
		return nil, errors.New("proof: base64 holds a line break")
	}
	return b, nil
}
