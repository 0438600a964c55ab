package guard

import "strings"

// Letters without spaces, or with spaces in the wrong places, are cut into the
// words they most likely are: those of the rules, and common English ones.

const (
	minUnspaced = 12  // letters from which a word may be several
	maxUnspaced = 400 // letters that are cut at a time
	longestCut  = 16  // letters of a word that is looked for
	shortPieces = 19  // letters of five pieces of words that were cut; whole words have more
	costCommon  = 8   // of one of the commonest words in a cutting; the cheapest one wins
	costWord    = 10  // of any other
	costShort   = 13  // of a word of two letters
	costSingle  = 15  // of "a" and "i"
	costLetter  = 20  // of a letter that is in no word

	costly       = 33 // of ten letters of what is no sequence of English words
	costlyLong   = 42 // the same of a long run, in which not all words are known
	longRun      = 24 // letters
	shortForeign = 3  // letters of the rules' words in other languages that are not looked for
)

// unrun writes the words of a run of letters, as "ignoreallpreviousinstructions".
func (w *wordlist) unrun(word []byte) (string, bool) {
	cuts, ok := w.cut(word)
	if !ok {
		return "", false
	}
	var out strings.Builder
	for {
		run := word[:min(len(word), maxUnspaced)]
		if writeCut(&out, run, cuts); len(run) == len(word) {
			return out.String(), true
		}
		word = word[len(run):]
		if cuts, ok = w.cut(word); !ok {
			cuts = []int16{int16(min(len(word), maxUnspaced))}
		}
		out.WriteByte(' ')
	}
}

func writeCut(out *strings.Builder, run []byte, cuts []int16) {
	at := 0
	for i, end := range cuts {
		if i > 0 {
			out.WriteByte(' ')
		}
		out.Write(run[at:end])
		at = int(end)
	}
}

// respaced puts words right whose letters were parted in the wrong places, as
// "ig nor eall prev ious": where many pieces are no words, a sentence is read
// without its spaces and cut anew.
func respaced(text string, ts []token, seen []uint8, list *wordlist) (string, bool) {
	var out strings.Builder
	done := 0
	for from := 0; from < len(ts); {
		to, letters, odd := from, 0, 0
		for to < len(ts) && letters < maxUnspaced && seen[to] != wordForeign && (to == from || ts[to].pos-ts[to-1].pos == 1) {
			letters += len(ts[to].word)
			if seen[to] == 0 {
				odd++
			}
			to++
		}
		if n := to - from; odd >= 3 && odd*3 >= n && letters*5 <= n*shortPieces {
			run := make([]byte, 0, letters)
			for _, t := range ts[from:to] {
				run = append(run, t.word...)
			}
			if cuts, ok := list.cut(run); ok && len(cuts)*8 <= n*7 { // words that were cut are fewer than their pieces
				out.WriteString(text[done:ts[from].start])
				writeCut(&out, run[:cuts[len(cuts)-1]], cuts)
				done = ts[to-1].end
			}
		}
		from = max(to, from+1)
	}
	if done == 0 {
		return "", false
	}
	out.WriteString(text[done:])
	return out.String(), true
}

// cut returns where the words end that a run of letters is made of, and whether
// nearly all of it is words: several, and at least one long.
func (w *wordlist) cut(run []byte) ([]int16, bool) {
	run = run[:min(len(run), maxUnspaced)]
	var cost [maxUnspaced + 1]int32
	var from [maxUnspaced + 1]int16
	var is [maxUnspaced + 1]uint8
	for i := 1; i <= len(run); i++ {
		best, at, what := cost[i-1]+costLetter, i-1, uint8(0)
		sum := uint64(sumStart)
		for n := 1; n <= min(longestCut, i); n++ {
			sum = sumNext(sum, run[i-n])
			if before := cost[i-n]; before+costCommon < best {
				if bits := w.words.is(sum); bits&(wordCommon|wordEnglish) != 0 || bits&wordRule != 0 && n > shortForeign {
					if c := before + costOf(n, bits); c < best {
						best, at, what = c, i-n, bits
					}
				}
			}
		}
		cost[i], from[i], is[i] = best, int16(at), what
	}
	limit := costly
	if len(run) >= longRun {
		limit = costlyLong
	}
	if int(cost[len(run)])*10 > len(run)*limit {
		return nil, false
	}
	return cutting(run, &from, &is)
}

func costOf(n int, bits uint8) int32 {
	switch {
	case n == 1:
		return costSingle
	case n == 2:
		return costShort
	case bits&wordCommon != 0:
		return costCommon
	}
	return costWord
}

// cutting reads a cutting from its end, and judges it.
func cutting(run []byte, from *[maxUnspaced + 1]int16, is *[maxUnspaced + 1]uint8) ([]int16, bool) {
	var ends []int16
	known, long, odd := 0, 0, 0
	for end := len(run); end > 0; {
		at := int(from[end])
		if is[end] != 0 {
			if known += end - at; end-at >= longWord {
				long++
			}
		} else {
			for odd++; at > 0 && is[at] == 0; { // letters of no word stay together
				at--
			}
		}
		ends = append(ends, int16(end))
		end = at
	}
	for i, j := 0, len(ends)-1; i < j; i, j = i+1, j-1 {
		ends[i], ends[j] = ends[j], ends[i]
	}
	if odd*5 > len(ends) {
		return nil, false
	}
	return ends, len(ends) >= 3 && known*20 >= len(run)*17 || long >= 2 && known*10 >= len(run)*8
}
