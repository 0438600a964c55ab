package mask

// age masks the number at word i if it says how old somebody is: 42 years old, aged 42, j'ai 42 ans, ich bin 42.
func (f *facts) age(i int) {
	s := f.text(i)
	if countDigits(s) != len(s) || len(s) > 3 || s[0] == '0' || atoi(s) > 119 || f.inNumber(i) {
		return
	}
	if f.agedBehind(i) || f.agedBefore(i) {
		f.report(i, i, AGE, "age", 75)
	}
}

// inNumber says whether the number goes on: 3.5, 12-14, 7/8. A hyphen with a word behind is 42-year-old.
func (f *facts) inNumber(i int) bool {
	w := f.v.words[i]
	if w.start > 0 {
		switch f.v.s[w.start-1] {
		case '.', ',', '/', '-', '#', '$', '+', ':', '_', '=':
			return true
		}
	}
	if w.end+1 < len(f.v.s) {
		switch f.v.s[w.end] {
		case '.', ',', '/', ':', '-':
			return isDigit(f.v.s[w.end+1])
		case '%', '_', '=', '+':
			return true
		}
	}
	return false
}

// agedBehind judges what follows the number.
func (f *facts) agedBehind(i int) bool {
	switch {
	case f.is(i+1, isOld) && f.near(i+1):
		return true
	case !f.is(i+1, isYears) || !f.near(i+1):
		return false
	case f.is(i+2, isOld) && f.near(i+2):
		return true
	}
	return f.is(i-1, isHas) && f.near(i) && f.bySomebody(i-1)
}

// bySomebody says whether "has" or "is" at word i is said of a person: j'ai 42 ans, not: il y a 2 ans, "la
// garantie est de 2 ans".
func (f *facts) bySomebody(i int) bool {
	if f.v.words[i].on(ageVerbs) {
		return true
	}
	for k := max(0, i-2); k < i && f.v.words[i-1].hash != yHash; k++ {
		if f.v.words[k].on(iWords) || f.is(k, isKin) || f.v.words[k].on(ageSubjects) {
			return true
		}
	}
	return false
}

var (
	// ageVerbs speak of a person by themselves.
	ageVerbs = listOf("âgé âgée tengo cumplo cumplí ho compio compie mam skończyłam skończyłem skończył fyller fyllde bin ben")
	// ageSubjects are who may be so old.
	ageSubjects = listOf("elle il lui ella él lei ona on ono mujer hombre femme homme donna uomo chico chica garçon ragazzo ragazza niño niña bambino bambina")
)

// agedBefore judges what stands in front of a number without a unit.
func (f *facts) agedBefore(i int) bool {
	if f.is(i-1, isAge) && len(f.gap(i)) <= 3 {
		return !f.is(i+1, isPeople) && (f.phraseEnds(i) || f.v.words[i-1].on(agedOnly) && i+1 < len(f.v.words) && !f.v.words[i+1].on(ageRange))
	}
	if i > 1 && f.near(i) && f.near(i-1) && f.is(i-2, isAge) && f.v.words[i-1].on(ageOf) {
		return f.phraseEnds(i) // at the age of 42
	}
	if !f.near(i) || !f.phraseEnds(i) {
		return false
	}
	switch {
	case f.is(i-1, isIAm) && i >= 2 && f.v.words[i-2].on(iWords):
		return true
	case f.v.words[i-min(i, 1)].hash == mHash && i >= 2 && f.v.words[i-2].on(iWords): // I'm 42
		return true
	}
	return f.is(i-1, isItIs) && f.is(i-2, isKin)
}

var (
	// agedOnly are said of people rather than of goods; ageRange follows what is no age: aged 4 to 8, aged 3 months.
	agedOnly = listOf("aged turned")
	ageRange = listOf("to and or plus up over months weeks days month hours times into out")
	ageOf    = listOf("of von de van di")
)

var mHash, yHash = hashWord("m"), hashWord("y") // I'm, il y a

// phraseEnds says whether something other than a counted thing follows word i: "I am 42 and", not "I am 5 minutes".
func (f *facts) phraseEnds(i int) bool {
	end := f.v.words[i].end
	if end == len(f.v.s) || f.v.s[end] != ' ' || i+1 == len(f.v.words) {
		return true
	}
	return f.v.words[i+1].on(ageFollows)
}

var ageFollows = listOf("and und et y e en i och so but aber now today next this already years jahre jahr jaar ans años lat lata år geworden old when who with from living")
