package catalogue

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"ringfence/internal/residency/host"
)

// maxFile bounds a catalogue, some forty times what ours has.
const maxFile = 1 << 20

// Parse reads the format of catalogue.txt and refuses whatever it does not
// know: half a catalogue would let the other half pass.
func Parse(text []byte) (*Catalogue, error) {
	if len(text) > maxFile || !utf8.Valid(text) {
		return nil, errors.New("a catalogue is UTF-8 text of at most 1 MiB")
	}
	c := &Catalogue{exact: map[string]int{}, resolvers: map[string]bool{}, regions: map[string]map[string]string{}}
	section, number := "", 0
	for line := range bytes.Lines(text) {
		number++
		text := strings.TrimSpace(string(line))
		switch {
		case text == "" || text[0] == '#':
			continue
		case text[0] == '[':
			section = text
			continue
		}
		if err := c.row(section, text); err != nil {
			return nil, fmt.Errorf("line %d: %w", number, err)
		}
	}
	if c.Serial == 0 || len(c.services) == 0 {
		return nil, errors.New("a catalogue has a serial and hosts")
	}
	slices.SortStableFunc(c.wild, func(a, b pattern) int {
		return cmp.Compare(len(b.head)+len(b.tail), len(a.head)+len(a.tail))
	})
	return c, c.sound()
}

func (c *Catalogue) row(section, text string) error {
	switch section {
	case "":
		serial, err := strconv.ParseInt(strings.TrimPrefix(text, "serial: "), 10, 64)
		if err != nil || serial <= 0 {
			return errors.New("before [hosts] stands only serial: and a number")
		}
		c.Serial = serial
		return nil
	case "[hosts]":
		return c.addHost(columns(text))
	case "[resolvers]":
		h, err := host.Parse(text)
		if err != nil || h.Name != text {
			return errors.New("a resolver is a host name in its one spelling")
		}
		c.resolvers[text] = true
		return nil
	case "[keys]":
		name, expr, _ := strings.Cut(text, "|")
		re, err := regexp.Compile(`\b(?:` + strings.TrimSpace(expr) + `)`)
		if err != nil || strings.TrimSpace(expr) == "" {
			return errors.New("a key is a name and a regular expression")
		}
		c.keys = append(c.keys, shape{strings.TrimSpace(name), re})
		return nil
	case "[regions]":
		return c.addRegions(columns(text))
	case "[calls]":
		col := columns(text)
		if len(col) != 4 || slices.Contains(col, "") {
			return errors.New("a call has four columns")
		}
		c.calls = append(c.calls, callRule{col[0], col[1], col[2], col[3]})
		return nil
	}
	return fmt.Errorf("there is no section %.40s", section)
}

func columns(text string) []string {
	col := strings.Split(text, "|")
	for i := range col {
		col[i] = strings.TrimSpace(col[i])
	}
	return col
}

func (c *Catalogue) addHost(col []string) error {
	if len(col) < 7 || len(col) > 9 {
		return errors.New("a host has seven to nine columns")
	}
	col = append(col, "", "")
	s := Service{
		Pattern: col[0], Vendor: col[1], Kind: Kind(col[2]), Seat: col[3], Region: col[4],
		Vouched: col[5] == "contract", Seen: col[6] == "yes", Paths: strings.Fields(col[7]), Key: col[8],
	}
	switch {
	case s.Vendor == "" || s.Region == "" || !slices.Contains(Kinds(), s.Kind) || s.Kind == Resolver:
		return errors.New("a host has a vendor, a region and a kind that is known")
	case !s.Vouched && col[5] != "none" || !s.Seen && col[6] != "no":
		return errors.New("basis is contract or none, seen is yes or no")
	case slices.ContainsFunc(s.Paths, func(p string) bool { return p[0] != '/' }):
		return errors.New("a path begins with /")
	}
	row := len(c.services)
	c.services = append(c.services, s)
	if strings.Contains(s.Pattern, "*") {
		p, err := parsePattern(s.Pattern)
		p.row = row
		c.wild = append(c.wild, p)
		return err
	}
	if _, twice := c.exact[s.Pattern]; twice {
		return fmt.Errorf("%s stands here twice", s.Pattern)
	}
	h, err := host.Parse(s.Pattern)
	if err != nil || h.Name != s.Pattern {
		return errors.New("a host is a name in its one spelling")
	}
	c.exact[s.Pattern] = row
	return nil
}

func (c *Catalogue) addRegions(col []string) error {
	if len(col) != 3 || !IsPlace(col[1]) {
		return errors.New("regions are a scheme, a jurisdiction and labels")
	}
	if c.regions[col[0]] == nil {
		c.regions[col[0]] = map[string]string{}
	}
	for _, label := range strings.Fields(col[2]) {
		c.regions[col[0]][label] = col[1]
	}
	return nil
}

// sound checks what needs the whole file: references between its sections.
func (c *Catalogue) sound() error {
	named := slices.Collect(maps.Keys(c.regions))
	named = append(named, "global", "unknown", "body", "resource")
	for _, s := range c.services {
		if !slices.Contains(named, s.Region) && !places(s.Region) {
			return fmt.Errorf("%s: there is no region %q", s.Pattern, s.Region)
		}
		if s.Key != "" && !slices.ContainsFunc(c.keys, func(k shape) bool { return k.name == s.Key }) {
			return fmt.Errorf("%s: there is no key %q", s.Pattern, s.Key)
		}
	}
	for _, r := range c.calls {
		if !slices.ContainsFunc(c.services, func(s Service) bool { return s.Pattern == r.pattern }) {
			return fmt.Errorf("calls to %s: there is no such host", r.pattern)
		}
		if r.jurisdiction != "home" && r.jurisdiction != "global" && !IsPlace(r.jurisdiction) {
			return fmt.Errorf("calls to %s: there is no jurisdiction %q", r.pattern, r.jurisdiction)
		}
	}
	return nil
}

// IsPlace says whether s is written like a jurisdiction: an ISO 3166 code, or EU.
func IsPlace(s string) bool {
	return len(s) == 2 && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

func places(s string) bool {
	for p := range strings.SplitSeq(s, "/") {
		if !IsPlace(p) {
			return false
		}
	}
	return true
}
