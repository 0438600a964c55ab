package people

// arena holds very many short strings without a pointer each.
type arena struct {
	bytes []byte
	ends  []uint32
	lost  int // bytes of strings that were removed
}

// add returns the number of a new string; 0 is the empty one.
func (a *arena) add(s string) uint32 {
	if len(a.ends) == 0 {
		a.ends = append(a.ends, 0)
	}
	if s == "" {
		return 0
	}
	a.bytes = append(a.bytes, s...)
	a.ends = append(a.ends, uint32(len(a.bytes)))
	return uint32(len(a.ends) - 1)
}

func (a *arena) get(n uint32) string {
	if n == 0 {
		return ""
	}
	return string(a.bytes[a.ends[n-1]:a.ends[n]])
}

// remove overwrites a string.
func (a *arena) remove(n uint32) {
	if n == 0 {
		return
	}
	b := a.bytes[a.ends[n-1]:a.ends[n]]
	clear(b)
	a.lost += len(b)
}
