// Package audit keeps the log of what happened to every call: a write-ahead log on disk, a Merkle tree
// over it, and signed checkpoints that a stranger can verify with package proof alone.
//
// First step:
//
//	log, err := audit.Open(audit.Options{Dir: ".ringfence/audit"})
//	receipt, err := log.Append(ctx, "ringfence.call.intent", subject, body)
//
// Promise: when Append returns without an error, the entry is on disk (fdatasync) and survives a crash
// and a power cut; its index never changes. When Append returns an error, the caller must not do what it
// wanted to record. No part of an entry is ever taken for an entry. A log whose files contradict what it
// has signed is not opened and never written to.
//
// Danger: entries can never be removed, so they must hold no personal data; the log cannot tell, the
// caller must. Entries are ordered by index; their time is what the clock said and may jump. The signing
// key lies beside the log: whoever owns the machine can write another history and sign it, and only a
// checkpoint kept elsewhere shows that (VerifyOptions.Known).
//
// The files, and why they are as they are: docs/design/life-of-an-entry.md.
package audit
