package audit

import (
	"errors"
	"fmt"
	"io"
	"io/fs"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"ringfence/proof"
)

const checkpointName = "checkpoint"

// Options say where a log is and what it is called.
type Options struct {
	Dir    string // holds everything of the log; created when missing
	Origin string // the log's name, e.g. shop.example/audit; "" keeps the existing one, or makes one up
}

// Recovery says in what state Open found the log.
type Recovery struct {
	Entries   int64 // in the log
	Unsigned  int64 // durable entries that no checkpoint covered: the writer was killed
	TornBytes int   // of a batch that was never acknowledged; dropped
}

// Open opens the log in o.Dir, or creates one, and takes its lock. It continues from the last signed
// checkpoint and looks at nothing before it: that is Verify's work. It returns a *LockedError when
// another process has the log, and an *Error with a stable code when the files contradict each other.
func Open(o Options) (*Log, error) {
	if err := makeDir(o.Dir); err != nil {
		return nil, unavailable(err)
	}
	held, err := lock(o.Dir)
	if err != nil {
		return nil, err
	}
	l, err := open(newDirDisk(o.Dir), o.Origin, held)
	if err != nil {
		_ = held.Close()
	}
	return l, err
}

func open(d disk, origin string, held io.Closer) (*Log, error) {
	key, err := identity(d, origin)
	if err != nil {
		return nil, asRefusal(err)
	}
	verifier, err := proof.ParseKey(key.public)
	if err != nil {
		return nil, err
	}
	s, err := load(d, verifier)
	if err != nil {
		return nil, asRefusal(err)
	}
	l := &Log{
		origin: key.Name(), signer: key, key: verifier, disk: d, lock: held,
		recovery: Recovery{s.edge.size, s.edge.size - s.head.Size, s.torn},
		edge:     s.edge, tail: s.tail, published: s.head.Size, rotateAt: rotateBytes, made: map[string]bool{}, unsynced: map[string]bool{},
		queue: make(chan *pending, queueLength), due: make(chan struct{}, 1), wanted: make(chan chan error),
		stop: make(chan struct{}), committed: make(chan struct{}), ended: make(chan error, 1),
	}
	// Even intact files are not trusted to be durable: the last writer may have died of a failed sync.
	if l.renew(); l.wal == nil {
		return nil, l.Err()
	}
	go l.commitLoop()
	go l.publishLoop()
	return l, nil
}

// identity returns the log's key. In a directory that holds no log it creates one: key, empty write-ahead
// log, signed empty checkpoint, in this order, so that a missing file is always a contradiction later.
func identity(d disk, origin string) (logKey, error) {
	key, err := loadKey(d)
	if errors.Is(err, fs.ErrNotExist) {
		if exists(d, checkpointName) || exists(d, walName) || exists(d, "tile") {
			return key, &Error{CodeKeyMissing, "the audit log's private key is gone, so the log cannot be continued; restore the file key, or start a new log in another directory", nil}
		}
		if origin == "" {
			origin = newOrigin()
		}
		if _, err = createKey(d, origin); err == nil {
			key, err = loadKey(d)
		}
	}
	if err != nil {
		return key, err
	}
	if origin != "" && origin != key.Name() {
		return key, &Error{CodeOriginDiffers, fmt.Sprintf("this log is named %q, not %q; a log keeps its name for life", key.Name(), origin), nil}
	}
	if exists(d, checkpointName) {
		return key, nil
	}
	return key, create(d, key)
}

func create(d disk, key logKey) error {
	text, err := fs.ReadFile(d, walName)
	if s, damage := parseWAL(text); err == nil && (damage != nil || s.end() != 0) || exists(d, "tile") {
		return &Error{CodeCheckpointMissing, "the audit log has entries but no checkpoint; restore the file checkpoint", nil}
	}
	f, _, err := writeWAL(d, tail{})
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	var empty edge
	root, err := empty.root()
	if err != nil {
		return err
	}
	return writeCheckpoint(d, key, proof.Checkpoint{Origin: key.Name(), Root: root})
}

func writeCheckpoint(d disk, key note.Signer, head proof.Checkpoint) error {
	signed, err := head.Sign(key)
	if err == nil {
		err = replace(d, checkpointName, signed)
	}
	if err == nil {
		err = d.SyncDir(".")
	}
	return err
}

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

func exists(files fs.FS, name string) bool {
	_, err := fs.Stat(files, name)
	return !errors.Is(err, fs.ErrNotExist)
}

// asRefusal gives errors of the file system their code; others have one.
func asRefusal(err error) error {
	var coded *Error
	if err == nil || errors.As(err, &coded) {
		return err
	}
	return unavailable(err)
}
