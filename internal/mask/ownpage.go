package mask

import "strings"

// site masks somebody's own page, "my website is anna.example", and profiles: "Instagram: @anna",
// instagram.com/anna.
func (f *facts) site(i int) {
	end := f.v.words[i].end
	switch {
	case !f.v.words[i].on(profiles):
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

// host masks a host or link that begins with word i, in a sentence that speaks of no goods and no doings of a shop. Hosts that
// are everybody's stay.
func (f *facts) host(i int) {
	s, w := f.v.s, f.v.words[i]
	for k := i; k > 0 && i-k < 5 && f.gap(k) == "-"; k-- {
		w.start = f.v.words[k-1].start // nadias-diary.org
	}
	if w.start > 0 && (isAlnum(s[w.start-1]) || strings.IndexByte("@._", s[w.start-1]) >= 0) {
		return
	}
	end := domainEnd(s, w.start)
	if end <= w.end || end < len(s) && s[end] == '@' || knownHost(s[w.start:end]) || f.ownHost(s[w.start:end]) {
		return
	}
	if f.around.at(i); f.operator || f.around.commercial || f.doing() {
		return
	}
	start := w.start
	if strings.HasSuffix(s[:start], "://") {
		for start -= len("://"); start > 0 && isLetter(s[start-1]); {
			start--
		}
	}
	f.page(start, end, "host")
}

// ownHost says whether a host is the store's own, or below one.
func (f *facts) ownHost(host string) bool {
	host = strings.ToLower(host)
	for _, own := range f.hosts {
		if host == own || strings.HasSuffix(host, "."+own) {
			return true
		}
	}
	return false
}

// knownHost says whether a host is everybody's, or what it ends in is no usual top-level domain.
func knownHost(host string) bool {
	labels := strings.Split(strings.ToLower(host), ".")
	if !topLevels[labels[len(labels)-1]] || shopHosts[labels[0]] {
		return true
	}
	for _, l := range labels[:len(labels)-1] {
		if knownHosts[l] {
			return true
		}
	}
	return false
}

var (
	topLevels = exactly(`com org net info biz eu de at ch li nl be lu fr es it pl se dk no fi is pt ie uk us ca au nz in br mx ar cl co za jp kr cn ru ua cz sk hu ro bg hr si gr tr ee lv lt
		io me tv cc app dev online site website blog xyz club shop store name family email page art life berlin koeln hamburg wien amsterdam paris cat eus gal scot wales example`)
	// shopHosts are the first labels of hosts that serve a shop or its documents.
	shopHosts = exactly("shop store docs doc support help api cdn static img images media news mail download downloads status dev test staging localhost")
)

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
