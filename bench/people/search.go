package main

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/sys/unix"

	"ringfence/bench/corpora"
	"ringfence/internal/mask"
	"ringfence/internal/people"
)

//go:embed templates.txt
var templateFile string

// templates returns the lines of each language.
func templates() map[string][]string {
	out := map[string][]string{}
	language := ""
	for line := range strings.Lines(templateFile) {
		switch line = strings.TrimSpace(line); {
		case line == "" || line[0] == '#':
		case line[0] == '[':
			language = strings.Trim(line, "[]")
		default:
			out[language] = append(out[language], line)
		}
	}
	return out
}

// search prints how many customers are found, what is masked without need, and the time it takes.
func search(s *store, o options) error {
	x, err := s.index("")
	if err != nil {
		return err
	}
	var sought []customer
	for i := range o.known {
		held := i%20 == 0
		c := s.customer(i, held)
		if held {
			sought = append(sought, c)
		}
		if err := x.PutCustomer(c.Person, ""); err != nil {
			return err
		}
	}
	for i, name := range corpora.Catalogue() {
		if err := x.PutProduct(fmt.Sprint(i), []string{name}, ""); err != nil {
			return err
		}
	}
	if err := x.Commit(); err != nil {
		return err
	}
	recall(s, x, sought, o)
	if err := benign(s, x, o); err != nil {
		return err
	}
	return speed(s, x, sought)
}

// recall prints the share of customers that are masked, by the way their names are written.
func recall(s *store, x *people.Index, sought []customer, o options) {
	fmt.Printf("\nCustomers found among %d known, in texts of templates.txt; names the model has not learnt from\n", o.known)
	fmt.Printf("%-34s %7s %8s %8s %8s\n", "the name is written", "texts", "all", "no model", "no store")
	lines := templates()
	maskers := []*mask.Masker{mask.New(mask.Options{Store: x}), mask.New(mask.Options{Store: x, NoModel: true}), mask.New(mask.Options{})}
	for _, way := range ways {
		var found [3]int
		shown := 0
		n := 0
		for range o.text {
			c := sought[s.rand.IntN(len(sought))]
			name, ok := way.write(s, c)
			if !ok {
				continue
			}
			n++
			before, after, _ := strings.Cut(s.pick(lines[c.language]), "{name}")
			if way.lower {
				before, after = strings.ToLower(before), strings.ToLower(after)
			}
			for i, m := range maskers {
				if hides(m, before, name, after) {
					found[i]++
				} else if i == 0 && shown < o.misses {
					shown++
					fmt.Printf("    missed: %q in %q (%v)\n", name, before+name+after, c.Names)
				}
			}
		}
		share := func(i int) float64 { return float64(found[i]) / float64(max(1, n)) }
		fmt.Printf("%-34s %7d %8.3f %8.3f %8.3f\n", way.name, n, share(0), share(1), share(2))
	}
}

// hides says whether all of a name is masked in a text.
func hides(m *mask.Masker, before, name, after string) bool {
	p := m.Open(mask.NewVault(mask.VaultOptions{}))
	text := before + name + after
	p.Study(text)
	found, err := p.Find(text)
	if err != nil {
		return false
	}
	covered := make([]bool, len(text))
	for _, f := range found {
		for i := f.Start; i < f.End; i++ {
			covered[i] = true
		}
	}
	for i, r := range name {
		if r != ' ' && r != ',' && r != '.' && r != '-' && r != '\'' && !covered[len(before)+i] && !ending(name, i) {
			return false
		}
	}
	return true
}

// ending says whether a place is in the genitive s or the like, which may stay.
func ending(name string, i int) bool {
	return i >= len(name)-2 && strings.HasSuffix(name, "'s") || i == len(name)-1 && name[i] == 's'
}

// benign prints what is masked in texts with nothing personal in them.
func benign(s *store, x *people.Index, o options) error {
	names, err := corpora.ReadNames(o.corpora, s.ordinary)
	if err != nil {
		return err
	}
	fmt.Printf("\nMasked without need on benign shop texts, per 1,000 characters\n%-10s %8s %10s %10s\n", "language", "chars", "with store", "without")
	with, without := mask.New(mask.Options{Store: x}), mask.New(mask.Options{})
	w := corpora.NewWriter(names, true, o.seed+3)
	for _, l := range languages {
		chars, a, b, shown := 0, 0, 0, 0
		for range 400 {
			text := w.Benign(l).Text
			chars += utf8.RuneCountInString(text)
			n := masked(with, text)
			a += len(n)
			b += len(masked(without, text))
			for _, f := range n {
				if f.Layer == mask.LayerStore && shown < o.misses {
					shown++
					fmt.Printf("    %q by %s in %q\n", text[f.Start:f.End], f.Rule, text)
				}
			}
		}
		fmt.Printf("%-10s %8d %10.2f %10.2f\n", l, chars, 1000*float64(a)/float64(chars), 1000*float64(b)/float64(chars))
	}
	return nil
}

func masked(m *mask.Masker, text string) []mask.Found {
	p := m.Open(mask.NewVault(mask.VaultOptions{}))
	p.Study(text)
	found, _ := p.Find(text)
	return found
}

// speed prints the time of masking with and without the index, taken in turns.
func speed(s *store, x *people.Index, sought []customer) error {
	lines := templates()
	with, without := mask.New(mask.Options{Store: x}), mask.New(mask.Options{})
	var a, b []float64
	for range 3000 {
		text := ""
		for utf8.RuneCountInString(text) < 1000 {
			c := sought[s.rand.IntN(len(sought))]
			line := strings.Replace(s.pick(lines[c.language]), "{name}", c.first+" "+c.last, 1)
			text += line + " "
		}
		for i, m := range []*mask.Masker{with, without} {
			start := cpu()
			p := m.Open(mask.NewVault(mask.VaultOptions{}))
			p.Study(text)
			if _, err := p.Hide(text); err != nil {
				return err
			}
			took := float64((cpu() - start).Nanoseconds()) / float64(utf8.RuneCountInString(text))
			if i == 0 {
				a = append(a, took)
			} else {
				b = append(b, took)
			}
		}
	}
	fmt.Printf("\nProcessor time to study and hide, µs per 1,000 characters, in turns%7s%9s%9s\n", "p50", "p95", "p99")
	for _, row := range []struct {
		name string
		took []float64
	}{{"with the index", a}, {"without", b}} {
		slices.Sort(row.took)
		at := func(q float64) float64 { return row.took[int(q*float64(len(row.took)))] }
		fmt.Printf("%-63s%10.0f%9.0f%9.0f\n", row.name, at(.5), at(.95), at(.99))
	}
	return nil
}

// cpu returns the processor time this thread has used: what others do meanwhile does not count.
func cpu() time.Duration {
	var t unix.Timespec
	unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &t)
	return time.Duration(t.Nano())
}
