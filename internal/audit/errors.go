package audit

import (
	"errors"
	"fmt"
	"io/fs"
	"syscall"
)

// ErrUnavailable matches (errors.Is) every error that means: the log cannot take entries now. Callers
// refuse what they wanted to record. The log keeps trying to recover by itself.
var ErrUnavailable = errors.New("the audit log cannot take entries")

// Stable codes of an [Error]. The first group are refusals to take an entry and match ErrUnavailable.
const (
	CodeDiskFull = "audit_disk_full"          // no space, or over quota
	CodeReadOnly = "audit_read_only"          // read-only file system, or no permission
	CodeIO       = "audit_io_failed"          // anything else a file system may answer
	CodeStalled  = "audit_checkpoint_stalled" // entries come faster than checkpoints can be written
	CodeClosed   = "audit_closed"             // Close was called

	CodeTooLarge = "audit_entry_too_large"
	CodeInvalid  = "audit_entry_invalid"

	CodeNoEntry    = "audit_no_such_entry"
	CodeNotCovered = "audit_not_signed_yet"

	CodeNotALog           = "audit_not_a_log"
	CodeKeyMissing        = "audit_key_missing"
	CodeKeyDamaged        = "audit_key_damaged"
	CodeOriginDiffers     = "audit_origin_differs"
	CodeCheckpointMissing = "audit_checkpoint_missing"
	CodeCheckpointDamaged = "audit_checkpoint_damaged"
	CodeTreeDamaged       = "audit_tree_damaged"
	CodeWALMissing        = "audit_wal_missing"
	CodeWALDamaged        = "audit_wal_damaged"
	CodeWALContradicts    = "audit_wal_contradicts"
)

// Error is what the log answers when it cannot do what was asked: a stable code and a sentence that names
// the next step.
type Error struct {
	Code string
	Text string
	Err  error // the cause, or nil
}

func (e *Error) Error() string {
	if e.Err == nil {
		return e.Text
	}
	return fmt.Sprintf("%s (%v)", e.Text, e.Err)
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Is makes the refusals match [ErrUnavailable].
func (e *Error) Is(target error) bool {
	switch e.Code {
	case CodeDiskFull, CodeReadOnly, CodeIO, CodeStalled, CodeClosed:
		return target == ErrUnavailable
	}
	return false
}

// LockedError says that another process has the log open.
type LockedError struct {
	Dir string
	PID int // of the holder; 0 when it could not be read
}

func (e *LockedError) Error() string {
	holder := "another process"
	if e.PID != 0 {
		holder = fmt.Sprintf("process %d", e.PID)
	}
	return fmt.Sprintf("the audit log in %s is in use by %s; stop it, or use another --data directory", e.Dir, holder)
}

// unavailable says in the words of an operator why the file system refused.
func unavailable(err error) *Error {
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return &Error{CodeDiskFull, "the disk that holds the audit log is full; free some space, the log resumes by itself", err}
	case errors.Is(err, syscall.EROFS), errors.Is(err, fs.ErrPermission):
		return &Error{CodeReadOnly, "the audit log's directory cannot be written; make it writable, the log resumes by itself", err}
	}
	return &Error{CodeIO, "the audit log cannot be written; check the disk, the log resumes by itself once it can be", err}
}

var (
	errClosed  = &Error{CodeClosed, "the audit log is closed; the program is stopping", nil}
	errStalled = &Error{CodeStalled, "the audit log has too many entries that no checkpoint covers, because checkpoints cannot be written; check the disk", nil}
)
