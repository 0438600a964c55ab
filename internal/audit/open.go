package audit

import (
	"errors"
	"fmt"
	"io"
	"io/fs"

	"golang.org/x/mod/sumdb/note"

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
