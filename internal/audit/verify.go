package audit

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"

	"ringfence/proof"
)

// VerifyOptions say what the log is compared with. Without them Verify shows that the log is whole and
// agrees with its own key; somebody who holds the key could have written it anew.
type VerifyOptions struct {
	Key       string            // the log's public key, from elsewhere; "" takes the log's own key.pub
	Known     []byte            // a signed checkpoint of the log, kept elsewhere; or
	KnownHead *proof.Checkpoint // size and root of one; its Origin is not looked at
}

// Verify checks every byte of the log in dir that means something: keys, checkpoint, entries, tiles,
// write-ahead log. It reads only, needs no network, works on a copy and beside a running writer, and
// always ends with a verdict and, where it is not OK, with the first bad index and file. It returns an
// error, and no verdict, only when it could not look: no log there, a file it may not read, ctx ended.
func Verify(ctx context.Context, dir string, o VerifyOptions) (Report, error) {
	files := newDirDisk(dir)
	if !exists(files, pubKeyName) && !exists(files, checkpointName) && !exists(files, walName) {
		return Report{}, notALog(dir)
	}
	return verify(ctx, files, func() bool { return locked(dir) }, o)
}

// verify looks again when the log moved on while it looked: a running writer removes what is superseded.
func verify(ctx context.Context, files fs.FS, live func() bool, o VerifyOptions) (Report, error) {
	for try := 0; ; try++ {
		before, _ := fs.ReadFile(files, checkpointName)
		report, err := verifyOnce(ctx, files, live, o)
		if err != nil || report.Verdict == OK || try == 5 {
			return report, err
		}
		if after, _ := fs.ReadFile(files, checkpointName); bytes.Equal(before, after) {
			return report, nil
		}
	}
}

// verifier goes through a log once. live says whether a writer has it open now.
type verifier struct {
	ctx    context.Context
	files  fs.FS
	live   func() bool
	report Report

	key   note.Verifier
	head  proof.Checkpoint  // what is signed
	known *proof.Checkpoint // what is compared with, or nil

	wal       segment
	walDamage *walDamage
	walGone   bool

	byEntry, byTile view // the tree as the entries have it, and as the leaf tiles have it
	good            *view
	suspects        []int64 // indexes where the two differ
	lost            losses
}

func verifyOnce(ctx context.Context, files fs.FS, live func() bool, o VerifyOptions) (Report, error) {
	v := &verifier{
		ctx: ctx, files: files, live: live, lost: losses{-1, -1, -1, nil},
		report: Report{Verdict: OK, Problems: []Problem{}, Notes: []string{}},
	}
	for _, step := range []func(VerifyOptions) (bool, error){v.readKeys, v.readCheckpoint, v.readKnown, v.readFiles} {
		if goOn, err := step(o); err != nil || !goOn {
			return v.report, err
		}
	}
	return v.report, nil
}

func (v *verifier) readKeys(o VerifyOptions) (goOn bool, err error) {
	own, _, err := readPublicKey(v.files)
	var damaged *Error
	switch {
	case errors.Is(err, fs.ErrNotExist) && o.Key != "": // an auditor's copy
	case errors.Is(err, fs.ErrNotExist) || errors.As(err, &damaged):
		v.report.problem(KeyDamaged, pubKeyName, -1, "the public key is missing or damaged")
	case err != nil:
		return false, err
	}
	if v.key = own; o.Key != "" {
		if v.key, err = proof.ParseKey(strings.TrimSuffix(o.Key, "\n")); err != nil {
			return false, err
		}
		if own != nil && !sameKey(own, v.key) {
			v.report.problem(KeyDamaged, pubKeyName, -1, "the log's public key is not the one given")
		}
	}
	return v.key != nil, v.checkPrivateKey(own)
}

func sameKey(a, b note.Verifier) bool { return a.Name() == b.Name() && a.KeyHash() == b.KeyHash() }

// checkPrivateKey: an auditor's copy has no private key, and need not.
func (v *verifier) checkPrivateKey(own note.Verifier) error {
	text, err := fs.ReadFile(v.files, keyName)
	switch {
	case errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission):
		v.report.note("the private key is not here or not readable; it was not checked")
		return nil
	case err != nil:
		return err
	}
	key, err := parseKey(string(text))
	if err != nil {
		v.report.problem(KeyDamaged, keyName, -1, "the private key is damaged")
	} else if own != nil && (key.Name() != own.Name() || key.KeyHash() != own.KeyHash()) {
		v.report.problem(KeyDamaged, keyName, -1, "the private key does not belong to the public one")
	}
	return nil
}

func (v *verifier) readCheckpoint(VerifyOptions) (goOn bool, err error) {
	signed, err := fs.ReadFile(v.files, checkpointName)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return false, err
	}
	if v.head, err = proof.OpenCheckpoint(signed, v.key); err != nil {
		v.report.problem(CheckpointDamaged, checkpointName, -1, "the checkpoint is missing or damaged, or of another key")
		return false, nil
	}
	v.report.Origin, v.report.Size, v.report.Root = v.head.Origin, v.head.Size, v.head.Root.String()
	return true, nil
}

func (v *verifier) readKnown(o VerifyOptions) (goOn bool, err error) {
	if v.known = o.KnownHead; len(o.Known) > 0 {
		known, err := proof.OpenCheckpoint(o.Known, v.key)
		if err != nil {
			v.report.problem(KnownDiffers, checkpointName, -1, "the known checkpoint was not signed by this log's key")
			return true, nil
		}
		v.known = &known
	}
	if v.known != nil && v.known.Size > v.head.Size {
		v.report.problem(KnownLonger, checkpointName, v.head.Size, "the log signs %d entries, but was known to have %d", v.head.Size, v.known.Size)
		v.known = nil
	}
	return true, nil
}

// readFiles looks at all that the checkpoint commits to. The write-ahead log comes first: a running
// writer drops entries from it once they are published, never before.
func (v *verifier) readFiles(VerifyOptions) (goOn bool, err error) {
	if err := v.readWAL(); err != nil {
		return false, err
	}
	for n := int64(0); n*proof.TileWidth < v.head.Size; n++ {
		if err := errors.Join(v.ctx.Err(), v.readBundle(n)); err != nil {
			return false, fmt.Errorf("stopped after %d of %d entries: %w", n*proof.TileWidth, v.head.Size, err)
		}
	}
	for _, step := range []func() error{v.judge, v.compareUpper, v.compareKnown, v.compareWAL, v.compareStrays} {
		if err := step(); err != nil {
			return false, err
		}
	}
	return true, nil
}

// readWAL reads the write-ahead log. A writer at work may be seen in the middle of a write.
func (v *verifier) readWAL() error {
	for try := 0; ; try++ {
		text, err := fs.ReadFile(v.files, walName)
		if errors.Is(err, fs.ErrNotExist) {
			v.report.problem(WALMissing, walName, -1, "the write-ahead log is missing")
			v.walGone = true
			return nil
		}
		if err != nil {
			return err
		}
		if v.wal, v.walDamage = parseWAL(text); v.walDamage == nil || try == 5 || !v.live() {
			return nil
		}
		if err := wait(v.ctx, 20*time.Millisecond); err != nil {
			return err
		}
	}
}
