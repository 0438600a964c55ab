package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"

	"ringfence/bench/corpora"
	"ringfence/internal/mask"
)

// A tool finds personal data in a text.
type tool interface {
	spans(text string) ([]corpora.Span, error)
}

// masker is ours: it knows nobody and is told nothing.
type masker struct{ m *mask.Masker }

func (m *masker) spans(text string) ([]corpora.Span, error) {
	p := m.m.Open(mask.NewVault(mask.VaultOptions{}))
	p.Study(text)
	if _, err := p.Hide(text); err != nil {
		return nil, err
	}
	var out []corpora.Span
	points := offsets(text)
	for _, s := range p.Spans() {
		out = append(out, corpora.Span{Start: points[s.Start], End: points[s.End], Type: string(s.Type)})
	}
	return out, nil
}

// offsets returns the byte at which each code point begins, and the end.
func offsets(s string) []int {
	var out []int
	for i := range s {
		out = append(out, i)
	}
	return append(out, len(s))
}

// reader takes another tool's spans from a file: one list of {start, end, type} a line, in code points.
type reader struct {
	path  string
	lines *bufio.Scanner
}

func (r *reader) spans(text string) ([]corpora.Span, error) {
	if r.lines == nil {
		f, err := os.Open(r.path)
		if err != nil {
			return nil, err
		}
		r.lines = bufio.NewScanner(f)
		r.lines.Buffer(nil, 64<<20)
	}
	if !r.lines.Scan() {
		return nil, fmt.Errorf("%s ends early: was it written for the same sets?", r.path)
	}
	var in []struct {
		Start, End int
		Type       string
	}
	if err := json.Unmarshal(r.lines.Bytes(), &in); err != nil {
		return nil, err
	}
	var out []corpora.Span
	points := offsets(text)
	for _, s := range in {
		out = append(out, corpora.Span{Start: points[s.Start], End: points[s.End], Type: s.Type})
	}
	return out, nil
}

// write gives the texts to another tool.
func write(path string, sets []corpora.Set) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	w := bufio.NewWriter(f)
	e := json.NewEncoder(w)
	for _, set := range sets {
		for _, d := range set.Docs {
			if err := e.Encode(map[string]string{"text": d.Text, "language": d.Language}); err != nil {
				return err
			}
		}
	}
	return w.Flush()
}
