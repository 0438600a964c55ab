package catalogue

import (
	"errors"
	"net/url"
	"path"
	"strings"

	"ringfence/internal/residency/host"
)

// pattern is a host name with one *: for one or more whole labels where it
// stands alone in its label, else for the rest of that label.
type pattern struct {
	head, tail string
	whole      bool
	row        int
}

func parsePattern(s string) (pattern, error) {
	head, tail, _ := strings.Cut(s, "*")
	if strings.Contains(tail, "*") {
		return pattern{}, errors.New("a pattern has one *")
	}
	h, err := host.Parse(head + "x" + tail)
	if err != nil || h.Name != head+"x"+tail {
		return pattern{}, errors.New("a pattern is a host name in its one spelling, with one *")
	}
	if strings.Count(tail, ".") < 2 {
		return pattern{}, errors.New("a pattern this wide would claim a whole domain of others")
	}
	return pattern{head: head, tail: tail, whole: (head == "" || strings.HasSuffix(head, ".")) && strings.HasPrefix(tail, ".")}, nil
}

// match returns what the * stands for.
func (p pattern) match(name string) (string, bool) {
	if len(name) <= len(p.head)+len(p.tail) || !strings.HasPrefix(name, p.head) || !strings.HasSuffix(name, p.tail) {
		return "", false
	}
	star := name[len(p.head) : len(name)-len(p.tail)]
	return star, p.whole || !strings.Contains(star, ".")
}

// serves says whether one of the paths fits, as written or as a server would
// read it: decoded, without dots and doubled slashes.
func (s *Service) serves(raw string) bool {
	plain, err := url.PathUnescape(raw)
	if err != nil {
		plain = raw
	}
	for _, glob := range s.Paths {
		if matchGlob(glob, raw) || matchGlob(glob, path.Clean("/"+plain)) {
			return true
		}
	}
	return false
}

// matchGlob matches s with a glob whose * stands for any characters.
func matchGlob(glob, s string) bool {
	parts := strings.Split(strings.ToLower(glob), "*")
	s = strings.ToLower(s)
	s, ok := strings.CutPrefix(s, parts[0])
	if !ok || len(parts) == 1 {
		return ok && s == ""
	}
	last := parts[len(parts)-1]
	for _, part := range parts[1 : len(parts)-1] {
		i := strings.Index(s, part)
		if i < 0 {
			return false
		}
		s = s[i+len(part):]
	}
	return strings.HasSuffix(s, last)
}
