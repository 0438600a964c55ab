package mask

import "strings"

// site masks somebody's own page, "my website is anna.example", and profiles: "Instagram: @anna",
// instagram.com/anna.
func (f *facts) site(i int) {
	end := f.v.words[i].end
	switch {
	case !profiles[f.v.words[i].hash]:
		if f.is(i-1, isOwn) || f.is(i-2, isOwn) || f.around.personalAt(i) && i+1 < len(f.v.words) && strings.Trim(f.gap(i+1), " :") == "" {
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

// host masks a host or link that begins with word i, in a sentence about a person and no doings of a shop. Hosts that are
// everybody's stay.
func (f *facts) host(i int) {
	s, w := f.v.s, f.v.words[i]
	for k := i; k > 0 && i-k < 5 && f.gap(k) == "-"; k-- {
		w.start = f.v.words[k-1].start // nadias-diary.org
	}
	if w.start > 0 && (isAlnum(s[w.start-1]) || strings.IndexByte("@._", s[w.start-1]) >= 0) {
		return
	}
	end := domainEnd(s, w.start)
	if end <= w.end || end < len(s) && s[end] == '@' {
		return
	}
	host := strings.ToLower(s[w.start:end])
	labels := strings.Split(host, ".")
	for _, l := range labels[:len(labels)-1] {
		if knownHosts[l] {
			return
		}
	}
	if f.around.at(i); !f.around.personal || f.around.commercial || f.doing() {
		return
	}
	start := w.start
	if at := strings.LastIndexByte(s[max(0, start-10):start], ' ') + 1 + max(0, start-10); strings.HasSuffix(s[:start], "://") && at < start {
		start = at
	}
	f.page(start, end, "host")
}

// doing says whether the sentence read last speaks of a shop's doings.
func (f *facts) doing() bool {
	for k := f.around.from; k < f.around.to; k++ {
		if f.is(k, isDoing) {
			return true
		}
	}
	return false
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
