package guard

import "math"

// likelyShift returns the shift of the alphabet after which the letters of a
// text are as frequent as those of English; 0 where they are as they stand. It
// adds the text with the alphabet turned around, where that is likelier.
func (r *readings) likelyShift(from reading, ts []token, seen []uint8) int {
	var counts [26]float64
	total := 0.0
	for i := range ts {
		if seen[i] != wordForeign {
			for _, c := range ts[i].word {
				counts[c-'a']++
				total++
			}
		}
	}
	if total < minCounted {
		return 0
	}
	var turned [26]float64
	for i, n := range counts {
		turned[25-i] = n
	}
	plain, best, by := likeEnglish(&counts, 0), 0.0, 0
	turnedBest, turnedBy := 0.0, 0
	for n := range 26 {
		if l := likeEnglish(&counts, n); l > best {
			best, by = l, n
		}
		if l := likeEnglish(&turned, n); l > turnedBest {
			turnedBest, turnedBy = l, n
		}
	}
	switch {
	case turnedBy == 0 && turnedBest > best && turnedBest > plain*clearly && turnedBest > similar:
		r.add(from, "atbash", string(mirrored(nil, []byte(from.text))))
	case by > 0 && best > plain*clearly && best > similar:
		return by
	}
	return 0
}

const (
	minCounted = 40   // letters
	similar    = 0.75 // cosine of the angle between the frequencies of two texts of one language
	clearly    = 1.25
)

// likeEnglish compares counts of letters, shifted, with English: the cosine of
// the angle between both.
func likeEnglish(counts *[26]float64, by int) float64 {
	dot, own, english := 0.0, 0.0, 0.0
	for i, n := range counts {
		e := frequencies[(i+by)%26]
		dot += n * e
		own += n * n
		english += e * e
	}
	return dot / math.Sqrt(own*english)
}

// frequencies of the letters in English, in percent.
var frequencies = [26]float64{8.2, 1.5, 2.8, 4.3, 12.7, 2.2, 2.0, 6.1, 7.0, 0.15, 0.77, 4.0, 2.4, 6.7, 7.5, 1.9, 0.095, 6.0, 6.3, 9.1, 2.8, 0.98, 2.4, 0.15, 2.0, 0.074}
