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
	costLetter  = 20  // of a letter that is in no word
)

// unrun parts words that were run together, as "ignoreallpreviousinstructions".
func unrun(text string, ts []token, list *wordlist) (string, bool) {
	var out strings.Builder
	done, found := 0, 0
	for i := range ts {
		if len(ts[i].word) < minUnspaced || !latin(ts[i].word) || list.lex.has(ts[i].word) {
			continue
		}
		words, ok := list.cut(ts[i].word)
		if !ok {
			continue
		}
		found++
		out.WriteString(text[done:ts[i].start] + strings.Join(words, " "))
		done = ts[i].end
	}
	out.WriteString(text[done:])
	return out.String(), found > 0
}

// respaced puts words right whose letters were parted in the wrong places, as
// "ig nor eall prev ious": where many pieces are no words, a sentence is read
// without its spaces and cut anew.
func respaced(text string, ts []token, list *wordlist) (string, bool) {
	var out strings.Builder
	done, found := 0, 0
	for from := 0; from < len(ts); {
		to, letters, odd := from, 0, 0
		for to < len(ts) && letters < maxUnspaced && latin(ts[to].word) && (to == from || ts[to].pos-ts[to-1].pos == 1) {
			letters += len(ts[to].word)
			if !list.knows(ts[to].word) {
				odd++
			}
			to++
		}
		if n := to - from; odd >= 3 && odd*3 >= n && letters*5 <= n*shortPieces {
			run := make([]byte, 0, letters)
			for _, t := range ts[from:to] {
				run = append(run, t.word...)
			}
			if words, ok := list.cut(run); ok && len(words)*8 <= n*7 { // words that were cut are fewer than their pieces
				found++
				out.WriteString(text[done:ts[from].start] + strings.Join(words, " "))
				done = ts[to-1].end
			}
		}
		from = max(to, from+1)
	}
	out.WriteString(text[done:])
	return out.String(), found > 0
}

// knows reports whether word is one of the list.
func (w *wordlist) knows(word []byte) bool { return w.english[string(word)] || w.lex.has(word) }

// cut returns the words that a run of letters is made of, and whether nearly all
// of it is words: several, and at least one long.
func (w *wordlist) cut(run []byte) ([]string, bool) {
	if len(run) > maxUnspaced {
		run = run[:maxUnspaced]
	}
	cost, from := make([]int32, len(run)+1), make([]int16, len(run)+1)
	for i := 1; i <= len(run); i++ {
		cost[i], from[i] = cost[i-1]+costLetter, int16(i-1)
		for n := 2; n <= min(longestCut, i); n++ {
			if word := run[i-n : i]; cost[i-n]+costCommon < cost[i] && w.knows(word) {
				if c := cost[i-n] + w.cost(word); c < cost[i] {
					cost[i], from[i] = c, int16(i-n)
				}
			}
		}
	}
	return w.cutting(run, from)
}

func (w *wordlist) cost(word []byte) int32 {
	switch {
	case len(word) == 2:
		return costShort
	case w.common[string(word)]:
		return costCommon
	}
	return costWord
}

// cutting reads a cutting from its end, and judges it.
func (w *wordlist) cutting(run []byte, from []int16) ([]string, bool) {
	var words []string
	known, long, odd := 0, 0, 0
	for end := len(run); end > 0; {
		at := int(from[end])
		for end-at == 1 && at > 0 && int(from[at]) == at-1 { // letters of no word stay together
			at--
		}
		word := run[at:end]
		words = append(words, string(word))
		if w.knows(word) {
			known += len(word)
			if len(word) >= longWord {
				long++
			}
		} else {
			odd++
		}
		end = at
	}
	for i, j := 0, len(words)-1; i < j; i, j = i+1, j-1 {
		words[i], words[j] = words[j], words[i]
	}
	if odd*6 > len(words) && odd > 1 {
		return nil, false
	}
	return words, len(words) >= 3 && known*20 >= len(run)*17 || long >= 2 && known*10 >= len(run)*8
}
