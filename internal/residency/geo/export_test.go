package geo

import "net/netip"

// LookIn opens the bytes of a file and looks a up.
func LookIn(b []byte, a netip.Addr) Answer {
	l, err := open(b)
	if err != nil {
		return Answer{}
	}
	return l.look(a)
}
