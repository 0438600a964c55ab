package gateway

import (
	"ringfence/internal/guard"
	"ringfence/internal/mask"
)

// restorable returns how many of the pieces may go out, and the verdict on the
// one that may not. The answer guard sees placeholders; whose words they stand
// for shows only here. A customer never gets another's data, even where the
// store put it into the prompt.
func (a *answer) restorable(pieces []mask.Piece) (int, *guard.Verdict) {
	if len(a.context.Known) == 0 || a.t.watching() {
		return len(pieces), nil
	}
	for i, p := range pieces {
		if p.In == p.Out || p.Out == "" {
			continue
		}
		v, known := a.told[p.Out]
		if !known {
			v = a.t.policy.Guard.Restored(a.context, p.Out)
			a.told[p.Out] = v
		}
		if v != nil {
			return i, v
		}
	}
	return len(pieces), nil
}
