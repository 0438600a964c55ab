package audit

import (
	"golang.org/x/mod/sumdb/tlog"

	"ringfence/proof"
)

// judge finds out which of the two views the signature supports, and so which file is wrong.
func (v *verifier) judge() error {
	entryRoot, err := v.byEntry.root()
	if err != nil {
		return err
	}
	tileRoot, err := v.byTile.root()
	if err != nil {
		return err
	}
	v.good = &v.byEntry
	switch {
	case entryRoot == v.head.Root:
		for _, index := range v.suspects {
			v.report.problem(TileChanged, v.leavesOf(index), index, "the hash of entry %d was changed", index)
		}
	case tileRoot == v.head.Root:
		v.good = &v.byTile
		for _, index := range v.suspects {
			v.report.problem(EntryChanged, v.bundleOf(index), index, "entry %d was changed", index)
		}
	case len(v.suspects) > 0:
		for _, index := range v.suspects {
			v.report.problem(EntryChanged, v.bundleOf(index), index, "entry %d and its hash contradict each other, and neither leads to what was signed", index)
		}
	case v.lost.firstLeaf < 0:
		v.report.problem(RootContradicts, checkpointName, -1, "the tree over all %d entries is not the one that was signed", v.head.Size)
	}
	v.judgeLosses()
	return nil
}

func (v *verifier) judgeLosses() {
	cut := v.lost.firstEntry >= 0 && v.lost.lastPresent < v.lost.firstEntry
	if first := v.lost.firstEntry; cut {
		v.report.problem(EntriesCut, v.bundleOf(first), first, "the entries from %d on are gone; %d are signed", first, v.head.Size)
	} else if first >= 0 {
		v.report.problem(EntryMissing, v.bundleOf(first), first, "entry %d is missing, later ones are there", first)
	}
	for _, index := range v.lost.tiles {
		if !cut || index < v.lost.firstEntry {
			v.report.problem(TileMissing, v.leavesOf(index), index, "the leaf tile lacks hashes from %d on", index)
		}
	}
}

// compareUpper compares the tiles above the leaves with the tree.
func (v *verifier) compareUpper() error {
	for _, t := range tlog.NewTiles(proof.TileHeight, 0, v.head.Size) {
		if t.L == 0 {
			continue
		}
		hashes, err := v.readHashes(t)
		if err != nil {
			return err
		}
		for i := range t.W {
			number := t.N*proof.TileWidth + int64(i)
			index := number << (t.L * proof.TileHeight)
			if lost := v.lost.firstLeaf; lost >= 0 && (number+1)<<(t.L*proof.TileHeight) > lost {
				break // what the tile should say cannot be known
			}
			want, _ := v.good.hashes(t.L, number, 1)
			if i >= len(hashes) {
				v.report.problem(TileMissing, proof.TilePath(t), index, "the tile lacks hashes from number %d on", i)
				break
			}
			if hashes[i] != want[0] {
				v.report.problem(TileChanged, proof.TilePath(t), index, "hash %d of the tile, over the entries from %d on, is not that of the tree", i, index)
			}
		}
	}
	return nil
}

// compareKnown asks whether the log continues the one that was known.
func (v *verifier) compareKnown() error {
	if v.known == nil {
		return nil
	}
	if v.known.Size == v.head.Size {
		v.good.remember()
	}
	if lost := v.lost.firstLeaf; v.good.known == nil || lost >= 0 && lost < v.known.Size {
		return nil // reported as missing
	}
	if *v.good.known != v.known.Root {
		v.report.problem(KnownDiffers, checkpointName, -1, "the first %d entries are not those that were known: this is another history", v.known.Size)
	}
	return nil
}
