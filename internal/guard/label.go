package guard

import (
	_ "embed"
	"strings"
	"sync"

	"ringfence/internal/guard/known"
)

//go:embed labels.txt
var labelsText string

// labels are the words that tell what a number is. They are no secret: their
// key is empty. The code of a label is kept as its owner.
var labels = sync.OnceValue(func() *Known {
	k := NewKnown(known.Key{})
	end := known.End{}
	for line := range strings.Lines(labelsText) {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || line[0] == '#':
			continue
		case line == "unit money":
			end = known.End{Kind: kindUnit, Notes: unitMoney}
			continue
		case line == "unit percent":
			end = known.End{Kind: kindUnit, Notes: unitPercent}
			continue
		case kindOf(line) != kindOther && !strings.Contains(line, "|"):
			end = known.End{Kind: kindLabel, Notes: kindOf(line)}
			continue
		}
		for phrase := range strings.SplitSeq(line, "|") {
			put(k, phrase, end)
			end := end
			end.Notes |= turnedLabel
			put(k, backwards(phrase), end)
		}
	}
	return k
})

// turnedLabel marks a label that is written backwards.
const turnedLabel = 0x80

func put(k *Known, phrase string, end known.End) {
	s, _ := squeezed(phrase)
	if w, ok := k.key.Compile(s); ok {
		k.set.Put(w, end)
	}
}
