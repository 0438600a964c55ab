package tagger

// gap is what stands between two words.
type gap uint8

const (
	atEdge gap = iota
	space
	hyphen
	apostrophe
	fullStop
	comma
	newline
	colon
	at
	quote
	opening
	closing
	path
	dash
	ask
	otherGap
)

// joined says whether a name may go on over the gap in front of the word.
func (w *word) joined() bool {
	return w.gap == space || w.gap == hyphen || w.gap == apostrophe
}

// gapOf names what stands between two words.
func gapOf(s string) gap {
	switch s {
	case "":
		return atEdge
	case " ":
		return space
	case "-", "\u2011":
		return hyphen
	case "'", "’":
		return apostrophe
	}
	g, rank := space, 0
	for _, r := range s {
		if k := gapRank(r); k.rank > rank {
			g, rank = k.gap, k.rank
		}
	}
	return g
}

type rankedGap struct {
	gap  gap
	rank int
}

// gapRank says what a character makes of a gap; of several the highest rank counts.
func gapRank(r rune) rankedGap {
	switch r {
	case ' ', '\t', '\u00a0':
		return rankedGap{space, 0}
	case '\n', '\r':
		return rankedGap{newline, 9}
	case '@', '#':
		return rankedGap{at, 8}
	case '.':
		return rankedGap{fullStop, 7}
	case '!', '?', '¿', '¡':
		return rankedGap{ask, 6}
	case ':':
		return rankedGap{colon, 6}
	case ',', ';':
		return rankedGap{comma, 5}
	case '(', '[', '{', '<':
		return rankedGap{opening, 4}
	case ')', ']', '}', '>':
		return rankedGap{closing, 3}
	case '"', '„', '“', '”', '«', '»', '\'', '’', '‘':
		return rankedGap{quote, 3}
	case '/', '_', '=', '\\', '|', '&', '+':
		return rankedGap{path, 2}
	case '-', '–', '—', '*', '•':
		return rankedGap{dash, 2}
	}
	return rankedGap{otherGap, 1}
}
