package tagger

// lexicon remembers words met lately with what is true of them wherever they stand. A word is remembered where its hash
// says, and displaces the one that was there.
type lexicon [1 << lexiconBits]metWord

const lexiconBits = 12

// metWord is a word with the lists it is on, of whom it speaks, and the weights of its spelling.
type metWord struct {
	fold    uint64
	letters [maxFold]byte
	long    uint8
	list    uint8
	voice   voice

	style uint16 // in which its spelling has these weights
	sum   count  // of no features: not known
}

func (l *lexicon) at(w *word) *metWord { return &l[w.fold&(1<<lexiconBits-1)] }

// is says whether a word is the one that was met: its hash and all letters that are looked at.
func (k *metWord) is(w *word) bool {
	return k.fold == w.fold && k.long == w.long && k.letters == w.letters
}

// meet returns what is known of a word, and remembers it.
func (l *lexicon) meet(w *word, n *names) *metWord {
	k := l.at(w)
	if k.is(w) {
		return k
	}
	*k = metWord{fold: w.fold, letters: w.letters, long: w.long, voice: voices[w.fold]}
	if k.list = n.of(w.fold); k.list == 0 {
		k.list = n.inflected(w)
	}
	return k
}

// spelling returns the weights of a word's spelling in a style, if they are remembered.
func (l *lexicon) spelling(w *word, style uint64) (sum count, ok bool) {
	k := l.at(w)
	ok = k.sum.n > 0 && uint64(k.style) == style && k.is(w)
	return k.sum, ok
}

// remember notes the weights of a word's spelling, if the word was not displaced.
func (l *lexicon) remember(w *word, style uint64, sum count) {
	if k := l.at(w); k.is(w) {
		k.style, k.sum = uint16(style), sum
	}
}
