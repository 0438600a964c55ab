package mask

import "strings"

// company masks the name in front of a legal form: Muster & Söhne GmbH.
func (f *facts) company(i int) {
	end := i
	if !firmWords[f.text(i)] {
		if end = f.dotted(i); end < 0 {
			return
		}
	}
	if i == 0 || f.gap(i) != " " && f.gap(i) != ", " {
		return
	}
	first, and := i, false
	for k := i - 1; k >= 0 && i-k <= 6; k-- {
		w := f.v.words[k]
		gap := f.gap(k + 1)
		if and = and || strings.ContainsAny(gap, "&+") || w.on(firmAnds); k < i-1 && !firmGap(gap) && !(and && gap == ", ") {
			break
		}
		switch {
		case w.shape&firstUpper != 0 && !w.on(notNames) && !firmWords[f.text(k)]:
			first = k
		case w.shape&hasDigit != 0, w.on(particles), w.on(firmAnds):
		default:
			k = -1
		}
	}
	if first == i || f.edition(i) || i-first == 1 && f.v.words[first].shape&restLower == 0 && f.v.words[first].end-f.v.words[first].start < 3 {
		return
	}
	last := end
	for last+1 < len(f.v.words) && last-i < 4 && strings.Trim(f.gap(last+1), " &.") == "" && firmTail[f.text(last+1)] {
		last++
	}
	f.report(first, last, COMPANY, "company-form", 68)
}

// dotted returns the last word of a legal form that is written with full stops at word i: S.L., B.V., sp. z o.o.; -1 if there
// is none.
func (f *facts) dotted(i int) int {
	if f.v.words[i].end-f.v.words[i].start > 2 {
		return -1
	}
	rest := f.v.s[f.v.words[i].start:]
	for _, form := range dottedForms {
		if !strings.HasPrefix(rest, form) {
			continue
		}
		last := i
		for last+1 < len(f.v.words) && f.v.words[last+1].end <= f.v.words[i].start+len(form) {
			last++
		}
		return last
	}
	return -1
}

// dottedForms, the longer ones first.
var dottedForms = []string{"S.L.U.", "S.L.", "S.A.R.L.", "S.A.S.", "S.A.U.", "S.A.", "S.r.l.s.", "S.r.l.", "S.R.L.", "S.p.A.", "S.P.A.", "S.n.c.", "S.a.s.", "B.V.B.A.", "B.V.", "N.V.",
	"V.O.F.", "sp. z o.o.", "Sp. z o.o.", "sp.z o.o.", "sp. j.", "S.C.", "s.c.", "e.K.", "e.V.", "P.L.C.", "L.L.C.", "L.L.P."}

// edition knows "Limited Edition" and "Corporation tax" from the end of a name.
func (f *facts) edition(i int) bool {
	return len(f.text(i)) > 6 && i+1 < len(f.v.words) && f.gap(i+1) == " " && f.v.words[i+1].shape&firstUpper != 0
}

var (
	firmAnds = listOf("and und et y e en i och")
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
