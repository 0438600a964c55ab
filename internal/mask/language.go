package mask

import "math/bits"

// languages returns the languages a text is probably in.
func (v *view) languages() uint8 {
	if v.tongues == 0 {
		v.tongues = languagesOf(v.words)
	}
	return v.tongues
}

// languagesOf returns the languages, as bits of languageBits, whose small words a text has most of; all where it
// has too few to tell.
func languagesOf(words []word) uint8 {
	var count [8]int
	for _, w := range words[:min(len(words), 400)] {
		for b := w.tongues(); b != 0; b &= b - 1 {
			count[bits.TrailingZeros8(b)]++
		}
	}
	most := 0
	for _, n := range count {
		most = max(most, n)
	}
	if most < 2 {
		return 0xff
	}
	var out uint8
	for k, n := range count {
		if 3*n >= 2*most {
			out |= 1 << k
		}
	}
	return out
}

// languageBits give each language a bit.
var languageBits = map[string]uint8{"en": 1, "de": 2, "fr": 4, "nl": 8, "es": 16, "it": 32, "pl": 64, "sv": 128}

// smallWordsOf are the most frequent words of languages.
var smallWordsOf = map[string]string{
	"en": "the and of to in is that it for you with my have this not are was but on be from i your has will can do please",
	"de": "der die das und ich ist nicht zu in den ein eine mit auf für von dem sich es auch bitte mein meine habe sie wir bin war",
	"fr": "le la les et je est pas de du des un une pour que dans en ne vous mon ma avec sur suis ai il elle nous qui au",
	"nl": "de het een en ik is niet van dat op te voor met mijn zijn aan ben heb maar ook bij wij u naar uit om",
	"es": "el la los las y es no de que en un una por para con mi mis soy lo se su estoy he tengo del al muy",
	"it": "il lo la gli le e è non di che un una per con mio mia sono ho del della in da si mi al",
	"pl": "i w nie na się że z do jest to mam jestem jak ale po czy mój moja dla od o przez mnie bardzo",
	"sv": "och jag är inte det att en ett som på av för med till har min mitt den de om var från vi",
}

func enterTongues(lists map[string]string) {
	for language, list := range lists {
		for _, h := range hashesOf(list) {
			entryFor(h).tongues |= languageBits[language]
		}
	}
}
