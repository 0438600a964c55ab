package mask

// employer masks the name behind a word of work at word i: I work at Brightline Media, beschäftigt bei der Muster Kaffee.
func (f *facts) employer(i int) {
	k := i + 1
	linked := false
	for k < len(f.v.words) && k-i <= 5 && f.near(k) && (f.is(k, isWorkLink) || linked && f.is(k, isArticle) || f.v.words[k].shape&firstUpper == 0 && f.v.words[k].on(workFiller)) {
		linked = linked || f.is(k, isWorkLink)
		k++
	}
	if !linked || k >= len(f.v.words) || !f.near(k) {
		return
	}
	last := k - 1
	for j := k; j < len(f.v.words) && j-k < 5; j++ {
		w := f.v.words[j]
		if j > k && !firmGap(f.gap(j)) || f.gap(j) == ". " && f.v.words[j-1].end-f.v.words[j-1].start > 2 {
			break
		}
		if w.shape&firstUpper != 0 && w.shape&hasLetter != 0 && !f.noFirm(j) {
			last = j
		} else if !w.on(firmAnds) && !w.on(particles) || j == k {
			break
		}
	}
	if last == k && (isCommon(f.text(k)) || everydayWord(f.v.words[k].hash)) {
		return // bei Regen
	}
	if last >= k && f.somebody(i) {
		f.report(k, last, COMPANY, "employer", 66)
	}
}

// noFirm says whether word i ends a company's name: a weekday or month, a title, a country.
func (f *facts) noFirm(i int) bool {
	w := &f.v.words[i]
	return f.is(i, isMonthName) || w.on(notNames) || w.on(titles) || w.on(smallWords) || w.on(iWords) && f.v.words[i].end-f.v.words[i].start == 1 ||
		countryAt(f.v, i) >= 0
}

// somebody says whether the sentence of word i speaks of a person.
func (f *facts) somebody(i int) bool {
	f.around.at(i)
	return f.around.personal
}

// workFiller may stand between a word of work and the link: employed as a driver by.
var workFiller = listOf("as als comme como come jako som a an ein eine einer une un een en currently now full part time since seit manager nurse driver teacher engineer consultant developer")
