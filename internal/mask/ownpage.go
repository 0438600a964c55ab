package mask

import "strings"

// site masks somebody's own page, "my website is anna.example", and profiles: "Instagram: @anna",
// instagram.com/anna.
func (f *facts) site(i int) {
	end := f.v.words[i].end
	switch {
	case !profiles[f.v.words[i].hash]:
		if f.is(i-1, isOwn) || f.is(i-2, isOwn) {
			f.link(i, "own-page")
		}
	case strings.HasPrefix(f.v.s[end:], ".com/") && len(f.v.s) > end+5 && (isAlnum(f.v.s[end+5]) || f.v.s[end+5] == '@'):
		f.page(f.v.words[i].start, end+5, "profile")
	default:
		f.link(i, "profile")
	}
}

// link masks a domain or a handle within four words behind word i.
func (f *facts) link(i int, rule string) {
	s := f.v.s
	for k := i + 1; k < len(f.v.words) && k-i <= 4 && !strings.ContainsAny(f.gap(k), "\n!?;,"); k++ {
		w := f.v.words[k]
		if rule == "profile" && s[w.start-1] == '@' && !isAlnum(s[w.start-2]) {
			f.page(w.start-1, w.end, rule)
			return
		}
		if end := domainEnd(s, w.start); w.shape&hasLetter != 0 && end > w.end && s[w.end] == '.' {
			f.page(w.start, end, rule)
			return
		}
	}
}

// page masks what begins at start, with its path, if there is one behind end.
func (f *facts) page(start, end int, rule string) {
	s := f.v.s
	for end < len(s) && end-start < maxLink && s[end] > ' ' && strings.IndexByte("\"'<>)],;!?", s[end]) < 0 {
		end++
	}
	end = start + len(strings.TrimRight(s[start:runeStart(s, end)], ".:"))
	f.add(finding{start, end, URL, LayerContext, rule, 75, ""})
}

const maxLink = 256
