package config

import (
	"bytes"
	"cmp"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"
)

// File is the name that Load looks for when it is given none.
const File = "ringfence.yaml"

// maxFile is far above any configuration, and keeps the YAML parser, which takes
// longer than linear time on strange input, within seconds.
const maxFile = 64 << 10

// Load reads and checks the file at path. With an empty path it reads File in the
// working folder, or returns Default when there is none. The error is an *Error.
func Load(path string) (*Config, error) {
	name := path
	if name == "" {
		name = File
	}
	raw, at, err := readText(name)
	if path == "" && errors.Is(err, fs.ErrNotExist) {
		return Default(), nil
	}
	if err != nil {
		return nil, unreadable(name, err)
	}
	c, err := parse(name, raw)
	if err != nil {
		return nil, err
	}
	c.Path, c.stamp = name, at
	c.anchorPaths(filepath.Dir(name))
	return c, nil
}

func readText(path string) ([]byte, stamp, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, stamp{}, err
	}
	defer f.Close()
	fi, err := f.Stat()
	if err != nil {
		return nil, stamp{}, err
	}
	if !fi.Mode().IsRegular() {
		return nil, stamp{}, errNotRegular
	}
	raw, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	return raw, stampOf(fi), err
}

var errNotRegular = errors.New("not a regular file")

func unreadable(path string, err error) *Error {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return whole(path, "there is no such file; leave --config away to use the defaults")
	case errors.Is(err, fs.ErrPermission):
		return whole(path, "this user may not read the file")
	case errors.Is(err, errNotRegular):
		return whole(path, "this is a folder or a device, not a file")
	}
	return whole(path, "cannot be read: %v", err)
}

// parse turns the bytes of a file into a checked Config.
func parse(path string, raw []byte) (*Config, error) {
	text, err := clean(path, raw)
	if err != nil {
		return nil, err
	}
	d := &decoder{text: text, seen: map[string]place{}}
	c := Default()
	d.document(c)
	if len(d.problems) == 0 {
		d.check(c)
	}
	if len(d.problems) > 0 {
		slices.SortFunc(d.problems, func(a, b Problem) int {
			return cmp.Or(a.Line-b.Line, a.Column-b.Column, strings.Compare(a.Key, b.Key))
		})
		return nil, &Error{path, d.problems}
	}
	return c, nil
}

// clean returns the file as text with plain line ends.
func clean(path string, raw []byte) (string, error) {
	if len(raw) > maxFile {
		return "", whole(path, "the file is larger than %d KiB", maxFile>>10)
	}
	if bytes.HasPrefix(raw, []byte("\xff\xfe")) || bytes.HasPrefix(raw, []byte("\xfe\xff")) {
		return "", whole(path, "the file is UTF-16; save it as UTF-8")
	}
	raw = bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf"))
	text := strings.ReplaceAll(string(raw), "\r\n", "\n")
	for n, r := range text {
		bad := ""
		if r == utf8.RuneError && !strings.HasPrefix(text[n:], "\uFFFD") {
			bad = "this is not UTF-8"
		} else if r < ' ' && r != '\n' && r != '\t' || r == 0x7f {
			bad = "there is a control character here"
		}
		if bad != "" {
			line := strings.Count(text[:n], "\n") + 1
			column := utf8.RuneCountInString(text[strings.LastIndexByte(text[:n], '\n')+1:n]) + 1
			return "", &Error{path, []Problem{{Line: line, Column: column, Message: bad}}}
		}
	}
	return text, nil
}

// anchorPaths makes relative paths start at the folder of the file.
func (c *Config) anchorPaths(dir string) {
	for _, p := range []*string{&c.Engine.Model, &c.Engine.Server, &c.Engine.APIKeyFile, &c.Engine.Embeddings.Model,
		&c.Egress.TLS.Certificate, &c.Egress.TLS.Key, &c.Egress.TLS.ClientCA} {
		*p = anchored(dir, *p)
	}
	for name, g := range c.Residency.Databases {
		g.Path = anchored(dir, g.Path)
		c.Residency.Databases[name] = g
	}
	for name, claim := range c.Residency.Claims {
		claim.TLSCA = anchored(dir, claim.TLSCA)
		c.Residency.Claims[name] = claim
	}
}

func anchored(dir, path string) string {
	if path == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(dir, path)
}
