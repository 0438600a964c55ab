// Package corpora reads the texts that masking is trained on and measured with.
//
// First step: [Learn], [Dev] or [Measure] with the folder of corpora; SOURCES.md in it says where each comes from
// and under which licence. Sets under measure/ may be measured, never learnt from.
//
// Promise: every span lies on character borders of its text. Danger: labels are other people's, some of
// them made by machines; a score against them is a score against their mistakes too.
package corpora

import (
	"bufio"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// Types of spans, named as Ringfence names them. What it has no type for keeps its corpus's name, in capitals.
const (
	Person       = "PERSON"
	Place        = "PLACE"
	Organisation = "COMPANY"
)

// Span is something marked in a text, in bytes.
type Span struct {
	Start, End int
	Type       string
}

// Doc is one text of a corpus.
type Doc struct {
	Source   string // e.g. wikiann-de
	Language string // ISO 639-1
	Text     string
	Spans    []Span
}

// Set is a corpus or a part of one.
type Set struct {
	Name string
	Docs []Doc
}

// open reads a file, or its gzip form.
func open(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		f, err = os.Open(path + ".gz")
	}
	if err != nil {
		return "", err
	}
	defer f.Close()
	r := bufio.NewReader(f)
	head, _ := r.Peek(2)
	if string(head) != "\x1f\x8b" {
		b, err := io.ReadAll(r)
		return string(b), err
	}
	z, err := gzip.NewReader(r)
	if err != nil {
		return "", err
	}
	b, err := io.ReadAll(z)
	return string(b), err
}

// loader reads one set, given a path inside the folder.
type loader struct {
	name, path string
	read       func(name, file string) ([]Doc, error)
}

func load(folder string, loaders []loader) ([]Set, error) {
	var sets []Set
	for _, l := range loaders {
		file, err := open(filepath.Join(folder, filepath.FromSlash(l.path)))
		if err != nil {
			return nil, err
		}
		docs, err := l.read(l.name, strings.TrimPrefix(file, "\ufeff"))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", l.path, err)
		}
		sets = append(sets, Set{l.name, docs})
	}
	return sets, nil
}
