package mask

// numberFinder finds the numbers of orders and parcels by the forms the store writes them in.
type numberFinder struct{ orders, parcels []string }

func (f numberFinder) find(_ *Pass, v *view, add func(finding)) {
	for _, w := range v.words {
		for _, form := range f.orders {
			if end := formEnd(v.s, w.start, form); end > 0 {
				add(finding{w.start, end, ORDER, LayerStructure, "order-form", 90, ""})
			}
		}
		for _, form := range f.parcels {
			if end := formEnd(v.s, w.start, form); end > 0 {
				add(finding{w.start, end, PARCEL, LayerStructure, "parcel-form", 90, ""})
			}
		}
	}
}

// formEnd returns where a form ends that stands at i, as a whole, whatever its case; 0 if it does not.
func formEnd(s string, i int, form string) int {
	end := i + len(form)
	if end > len(s) || i > 0 && isAlnum(s[i-1]) || end < len(s) && isAlnum(s[end]) {
		return 0
	}
	for k := range len(form) {
		c := s[i+k]
		switch form[k] {
		case '#':
			if !isDigit(c) {
				return 0
			}
		case '?':
			if !isLetter(c) {
				return 0
			}
		default:
			if lower(s, i+k) != lower(form, k) {
				return 0
			}
		}
	}
	return end
}
