package audit

import "ringfence/proof"

// compareWAL compares the write-ahead log with what is signed, and judges what is not signed yet.
func (v *verifier) compareWAL() error {
	if d := v.walDamage; d != nil {
		v.report.problem(WALChanged, walName, v.locate(d), "the write-ahead log is damaged: %s", d.Why)
	}
	for i, entry := range v.wal.entries {
		index := v.wal.first + int64(i)
		signed := at(v.good.tail, i)
		if lost := v.lost.firstLeaf; signed != nil && lost >= 0 && index >= lost {
			continue // what was signed cannot be known
		}
		if signed != nil && proof.LeafHash(entry) != *signed {
			v.report.problem(WALChanged, walName, index, "entry %d in the write-ahead log is not the one that was signed", index)
		} else if signed == nil {
			v.report.Unsigned++
			if _, err := proof.ParseEntry(entry); err != nil {
				v.report.problem(WALChanged, walName, index, "entry %d: %v", index, err)
			}
		}
	}
	v.compareWALRange()
	if v.wal.torn > 0 && !v.live() {
		v.report.note("the last %d bytes of the write-ahead log are of a write that never finished, so nobody was told it had; the next start drops them", v.wal.torn)
	}
	return nil
}

// compareWALRange: together with the full bundles the write-ahead log must hold every entry.
func (v *verifier) compareWALRange() {
	switch {
	case v.walDamage != nil || v.walGone:
	case v.wal.first > floor(v.head.Size):
		if !v.live() { // a writer has published more since the checkpoint was read
			v.report.problem(WALChanged, walName, floor(v.head.Size), "the write-ahead log starts with entry %d, too late for the checkpoint", v.wal.first)
		}
	case v.wal.end() < v.head.Size:
		v.report.problem(EntriesCut, walName, v.wal.end(), "the write-ahead log ends before entry %d; %d are signed", v.wal.end(), v.head.Size)
	}
}

// locate finds the first line of a damaged batch that differs from the signed entry, if that can be told.
func (v *verifier) locate(d *walDamage) int64 {
	for i, line := range d.Lines {
		index := d.First + int64(i)
		signed := at(v.good.tail, int(index-v.wal.first))
		_, err := proof.ParseEntry(line)
		if signed != nil && proof.LeafHash(line) != *signed || err != nil {
			return min(index, d.Last)
		}
	}
	return d.First
}
