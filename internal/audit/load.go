package audit

import (
	"errors"
	"fmt"
	"io/fs"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"ringfence/proof"
)

// state is what the files of a log say.
type state struct {
	head proof.Checkpoint
	edge edge
	tail tail
	torn int
}

// load reads the last checkpoint, the right edge of the tree it signs, and the write-ahead log after it,
// and checks each against the one before.
func load(files fs.FS, key note.Verifier) (s state, err error) {
	signed, err := fs.ReadFile(files, checkpointName)
	if err != nil {
		return s, err
	}
	if s.head, err = proof.OpenCheckpoint(signed, key); err != nil {
		return s, &Error{CodeCheckpointDamaged, "the audit log's checkpoint is damaged; run `ringfence audit verify`, then restore it", err}
	}
	if s.edge, err = loadEdge(files, s.head); err != nil {
		return s, err
	}
	err = s.replay(files)
	return s, err
}

// loadEdge reads the partial tiles of the signed tree and checks that they lead to its root.
func loadEdge(files fs.FS, head proof.Checkpoint) (edge, error) {
	e := edge{size: head.Size}
	for level := 0; head.Size>>(level*proof.TileHeight) > 0; level++ {
		n := head.Size >> (level * proof.TileHeight)
		r := row{first: floor(n)}
		if width := int(n - r.first); width > 0 {
			t := tlog.Tile{H: proof.TileHeight, L: level, N: n / proof.TileWidth, W: width}
			data, err := proof.ReadTile(files, t)
			if err != nil || len(data) < width*tlog.HashSize {
				return e, treeDamaged(proof.TilePath(t), err)
			}
			for i := range width {
				r.hashes = append(r.hashes, proof.Hash(data[i*tlog.HashSize:]))
			}
		}
		e.rows = append(e.rows, r)
	}
	if root, err := e.root(); err != nil || root != head.Root {
		return e, treeDamaged("at least one tile", err)
	}
	return e, nil
}

func treeDamaged(what string, err error) *Error {
	return &Error{CodeTreeDamaged, fmt.Sprintf("%s does not fit the signed checkpoint; run `ringfence audit verify`, then restore the audit log", what), err}
}

// replay adds the write-ahead log to the state that the checkpoint signed.
func (s *state) replay(files fs.FS) error {
	text, err := fs.ReadFile(files, walName)
	if errors.Is(err, fs.ErrNotExist) {
		return &Error{CodeWALMissing, "the audit log's file wal is gone; restore it", nil}
	}
	if err != nil {
		return err
	}
	wal, damage := parseWAL(text)
	if damage != nil {
		return &Error{CodeWALDamaged, "the audit log's file wal is damaged; run `ringfence audit verify`, then restore it", damage}
	}
	from := floor(s.head.Size)
	if wal.first > from || wal.end() < s.head.Size {
		return &Error{CodeWALContradicts, fmt.Sprintf("the file wal holds the entries %d to %d, but %d are signed; entries are missing, restore the audit log", wal.first, wal.end()-1, s.head.Size), nil}
	}
	s.torn = wal.torn
	s.tail.first = from
	for i, entry := range wal.entries[from-wal.first:] {
		index, leaf := from+int64(i), proof.LeafHash(entry)
		if index >= s.head.Size {
			s.edge.add(leaf)
		} else if known, ok := s.edge.hashes(0, index, 1); !ok || known[0] != leaf {
			return &Error{CodeWALContradicts, fmt.Sprintf("entry %d in the file wal is not the one that was signed; run `ringfence audit verify`, then restore it", index), nil}
		}
		s.tail.entries = append(s.tail.entries, entry)
		s.tail.bytes += len(entry)
	}
	return nil
}
