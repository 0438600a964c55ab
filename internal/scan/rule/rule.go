// Package rule holds what the scanner knows about WordPress, WooCommerce and AI services, as data.
//
// Start with Load: it reads the tables under data/ once. Each table is a text file whose
// first lines explain its columns; a row is added there, never in code, together with a
// case under testdata/php that it must catch and one that it must leave alone.
//
// Which services there are it asks the catalogue of residency, so that scanner and proxy know the same.
//
// The tables are compiled in. They name functions and keys only: nothing in a
// scanned tree can change them.
package rule

import (
	"embed"
	"fmt"
	"strings"
	"sync"
)

//go:embed data/*.txt
var tables embed.FS

// Class is one kind of data, e.g. email.
type Class struct {
	ID    int
	Name  string
	Group string // personal, pseudonym, words, business, content, secret, technical, answer
	Title string // plain words, e.g. "e-mail addresses"
	Why   string
}

// Source says that a call, property or key yields data of a class.
type Source struct {
	Class  *Class // nil when only the type matters
	Origin string // order, user, request, comment, product, post, ...
	Type   string // class of the value, "" if unknown; a leading [] means a list of it
}

// Sink is a place where data leaves.
type Sink struct {
	Name    string
	Way     string // http, curl, stream, socket, client, ai, browser, log, mail
	Address Ref    // where the address stands; Arg -1 when there is none
	Payload []Ref
	Note    string
}

// Ref points at an argument or at a key inside it.
type Ref struct {
	Arg  int
	Path string // "", "body" or "http/content"
}

// Hook says what a WordPress hook passes on and who triggers it.
type Hook struct {
	Who   string
	Types []string
}

// Set is every table, ready for look-ups. It never changes after Load.
type Set struct {
	Classes map[string]*Class
	pages   map[string][]string // see pages.txt

	calls, methods, props, words, keys, metas, tablesBy, types, same index[Source]
	sinkCalls, sinkMethods, sinkStatics, sinkNew                     index[Sink]
	guardCalls, guardWords                                           index[string]
	hooks                                                            index[Hook]
}

// Load reads the compiled-in tables. The error can only come from a table that was edited wrongly.
var Load = sync.OnceValues(load)

func load() (*Set, error) {
	s := &Set{Classes: map[string]*Class{}, pages: map[string][]string{}}
	for _, step := range []struct {
		file    string
		columns int
		row     func([]string) error
	}{
		{"classes", 4, s.addClass}, {"pages", 2, s.addPages}, {"sources", 4, s.addSource},
		{"sinks", 5, s.addSink}, {"guards", 3, s.addGuard}, {"hooks", 3, s.addHook},
	} {
		if err := eachRow(step.file, step.columns, step.row); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// eachRow calls row for every line of a table, columns trimmed.
func eachRow(name string, columns int, row func([]string) error) error {
	text, err := tables.ReadFile("data/" + name + ".txt")
	if err != nil {
		return err
	}
	for i, line := range strings.Split(string(text), "\n") {
		line, _, _ = strings.Cut(line, "\t#")
		if strings.TrimSpace(line) == "" || strings.HasPrefix(line, "#") {
			continue
		}
		cols := strings.Split(line, "|")
		for j := range cols {
			cols[j] = strings.TrimSpace(cols[j])
		}
		if len(cols) < columns {
			return fmt.Errorf("%s.txt:%d: %d columns, want %d", name, i+1, len(cols), columns)
		}
		if err := row(append(cols, "", "")); err != nil {
			return fmt.Errorf("%s.txt:%d: %w", name, i+1, err)
		}
	}
	return nil
}

func (s *Set) addClass(c []string) error {
	s.Classes[c[0]] = &Class{ID: len(s.Classes), Name: c[0], Group: c[1], Title: c[2], Why: c[3]}
	return nil
}

func (s *Set) addSource(c []string) error {
	src := &Source{Origin: c[3], Type: c[4], Class: s.Classes[c[2]]}
	if src.Class == nil && c[2] != "" {
		return fmt.Errorf("unknown class %q", c[2])
	}
	byKind := map[string]*index[Source]{"call": &s.calls, "method": &s.methods, "prop": &s.props, "word": &s.words,
		"key": &s.keys, "meta": &s.metas, "table": &s.tablesBy, "type": &s.types, "same": &s.same}
	return add(byKind, c[0], c[1], src)
}

func (s *Set) addSink(c []string) error {
	sink := &Sink{Name: c[1], Way: c[2], Address: Ref{Arg: -1}, Note: c[5]}
	if refs, err := refs(c[3]); err != nil {
		return err
	} else if len(refs) == 1 {
		sink.Address = refs[0]
	}
	var err error
	if sink.Payload, err = refs(c[4]); err != nil {
		return err
	}
	byKind := map[string]*index[Sink]{"call": &s.sinkCalls, "method": &s.sinkMethods, "static": &s.sinkStatics, "new": &s.sinkNew}
	pattern := c[1]
	if c[0] == "new" {
		pattern += "*"
	}
	return add(byKind, c[0], pattern, sink)
}

// refs reads "0 1.body 2.http.content".
func refs(s string) ([]Ref, error) {
	var list []Ref
	for _, f := range strings.Fields(s) {
		num, path, _ := strings.Cut(f, ".")
		if len(num) != 1 || num[0] < '0' || num[0] > '9' {
			return nil, fmt.Errorf("%q is no argument", f)
		}
		list = append(list, Ref{Arg: int(num[0] - '0'), Path: strings.ReplaceAll(path, ".", "/")})
	}
	return list, nil
}

func (s *Set) addGuard(c []string) error {
	byKind := map[string]*index[string]{"call": &s.guardCalls, "word": &s.guardWords}
	return add(byKind, c[0], c[1], &c[2])
}

func (s *Set) addHook(c []string) error {
	s.hooks.add(c[0], &Hook{Who: c[1], Types: strings.Fields(c[2])})
	return nil
}

func add[T any](byKind map[string]*index[T], kind, pattern string, v *T) error {
	ix := byKind[kind]
	if ix == nil {
		return fmt.Errorf("unknown kind %q", kind)
	}
	ix.add(pattern, v)
	return nil
}
