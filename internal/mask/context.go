package mask

// contextFinder finds names and addresses in free text by the words around them: greetings, closings,
// introductions, street words, postcodes. Its rules are few and miss what has no context.
type contextFinder struct{}

func (contextFinder) find(_ *Pass, v *view, add func(finding)) {
	n := namer{v: v, add: add}
	a := addresser{v: v, add: add}
	y := sayer{v: v, add: add}
	for i := range v.words {
		n.at(i)
		a.at(i)
		y.at(i)
	}
}
