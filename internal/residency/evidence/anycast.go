package evidence

import (
	_ "embed"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"sync"
)

//go:embed anycast.txt
var anycastText string

// anycast knows the networks for which a geo database's word is void.
type anycast struct {
	networks []owned
	numbers  map[uint32]string
}

type owned struct {
	prefix netip.Prefix
	whose  string
}

var knownAnycast = sync.OnceValue(func() *anycast {
	a, err := readAnycast(anycastText)
	if err != nil {
		panic("anycast.txt: " + err.Error()) // a test reads it
	}
	return a
})

func readAnycast(text string) (*anycast, error) {
	a := &anycast{numbers: map[uint32]string{}}
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		what, whose, ok := strings.Cut(line, " | ")
		if number, isAS := strings.CutPrefix(what, "AS"); ok && isAS {
			n, err := strconv.ParseUint(number, 10, 32)
			if err != nil {
				return nil, err
			}
			a.numbers[uint32(n)] = whose
			continue
		}
		p, err := netip.ParsePrefix(what)
		if err != nil || !ok || p.Masked() != p {
			return nil, fmt.Errorf("%q is no row", line)
		}
		a.networks = append(a.networks, owned{p, whose})
	}
	return a, nil
}

// of says whose anycast network an address is in, or "".
func (a *anycast) of(addr netip.Addr, asn uint32, more []netip.Prefix) string {
	for _, n := range a.networks {
		if n.prefix.Contains(addr) {
			return n.whose
		}
	}
	for _, p := range more {
		if p.Contains(addr) {
			return "declared by the operator"
		}
	}
	return a.numbers[asn]
}
