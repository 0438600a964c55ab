// Package proof reads and checks what a Ringfence audit log says, with nothing else of Ringfence.
// It is meant for auditors: it depends on the standard library and golang.org/x/mod/sumdb only.
//
// First step: get the log's public key on a road the store does not control (paper, mail, a registry),
// get a receipt (a .tlog-proof file), and ask:
//
//	key, err := proof.ParseKey(publicKey)
//	receipt, err := proof.ParseReceipt(text)
//	checked, err := receipt.Verify(key)   // checked.Entry is what the log committed to
//
// Formats, all public: entries are CloudEvents 1.0 in canonical JSON (RFC 8785), hashed as RFC 6962
// leaves over the bytes as stored; checkpoints are signed notes (c2sp.org/tlog-checkpoint, Ed25519);
// the log lies in files as c2sp.org/tlog-tiles describes; a receipt is a c2sp.org/tlog-proof text.
//
// Promise: a nil error means that the holder of the log's key signed a tree which contains exactly these
// bytes at exactly this index. No parser here panics, whatever it is fed.
//
// Danger: a signature says who, not whether it is true, and not when. A log's owner can sign two
// different histories; only checkpoints kept outside the owner's reach, compared with
// [VerifyConsistency], show that. The time in an entry is what the writer's clock said; the order of
// entries is their index. Entries must hold no personal data: nothing can ever be taken out of a log.
package proof
