package mask

import "strings"

// company masks the name in front of a legal form: Muster & Söhne GmbH.
func (f *facts) company(i int) {
	if !firmWords[f.text(i)] || i == 0 || f.gap(i) != " " && f.gap(i) != ", " {
		return
	}
	first, and := i, false
	for k := i - 1; k >= 0 && i-k <= 6; k-- {
		w := f.v.words[k]
		gap := f.gap(k + 1)
		if and = and || strings.ContainsAny(gap, "&+") || firmAnds[w.hash]; k < i-1 && !firmGap(gap) && !(and && gap == ", ") {
			break
		}
		switch {
		case w.shape&firstUpper != 0 && !notNames[w.hash] && !firmWords[f.text(k)]:
			first = k
		case w.shape&hasDigit != 0, particles[w.hash], firmAnds[w.hash]:
		default:
			k = -1
		}
	}
	if first == i || f.edition(i) || i-first == 1 && f.v.words[first].shape&restLower == 0 && f.v.words[first].end-f.v.words[first].start < 3 {
		return
	}
	last := i
	for last+1 < len(f.v.words) && last-i < 4 && strings.Trim(f.gap(last+1), " &.") == "" && firmTail[f.text(last+1)] {
		last++
	}
	f.report(first, last, COMPANY, "company-form", 68)
}

// edition knows "Limited Edition" and "Corporation tax" from the end of a name.
func (f *facts) edition(i int) bool {
	return len(f.text(i)) > 6 && i+1 < len(f.v.words) && f.gap(i+1) == " " && f.v.words[i+1].shape&firstUpper != 0
}

var (
	firmAnds = hashes("and und et y e en i och")
	firmTail = exactly("Co KG KGaA OHG Cie CoKG")
)

// firmGap says whether the name of a company may go on over what stands between two words.
func firmGap(gap string) bool {
	switch gap {
	case " ", "-", " & ", "&", " + ", "'", "’", ". ", ".":
		return true
	}
	return false
}
