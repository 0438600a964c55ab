package scan

import (
	"context"
	"fmt"
	"sort"
	"strings"
	"sync"

	"ringfence/internal/scan/js"
	"ringfence/internal/scan/php"
)

// reading is what one file of a component gave.
type reading struct {
	php      *php.File
	script   *script
	requires []string // of a composer.json
	fault    any      // a panic, to be raised where the component's faults are caught
}

// readUnit reads the files of a component, on every core: they have nothing to do with each other.
func (t *tree) readUnit(ctx context.Context, u *unit, o Options) (files []*php.File, scripts []script) {
	list := make([]reading, len(u.files))
	if each(ctx, o.Workers, len(u.files), func(i int) { list[i] = t.readFile(u, u.files[i], o) }) != nil {
		return nil, nil // nobody waits for it any more
	}
	for i, s := range u.files {
		r := &list[i]
		if r.fault != nil {
			panic(r.fault)
		}
		if s.opened {
			u.Files++
		}
		if r.php != nil {
			files = append(files, r.php)
		}
		if r.script != nil {
			scripts = append(scripts, *r.script)
		}
		u.Libraries = append(u.Libraries, r.requires...)
	}
	return files, scripts
}

// readFile reads one file, unless the walk decided against it.
func (t *tree) readFile(u *unit, s *source, o Options) (r reading) {
	if s.status == "skipped" || s.kind == "other" {
		return r
	}
	defer func() { r.fault = recover() }()
	s.opened = true
	text := t.read(s)
	switch {
	case s.status == "skipped":
	case s.test:
		s.note("skipped", "test code")
	case s.kind == "php":
		r.php = readPHP(s, text, u.Kind == "core" && !o.Core)
	case s.kind == "js" && u.Kind == "core":
		s.note("skipped", "script of WordPress itself")
	case s.kind == "js":
		script := readScript(s, text)
		r.script = &script
	case strings.HasSuffix(s.path, "composer.json"):
		r.requires = requires(text)
	}
	return r
}

// readPHP parses one file and notes how far that went.
func readPHP(s *source, text string, core bool) *php.File {
	switch {
	case core:
		s.note("skipped", "WordPress' own code, known to the rules")
		return nil
	case len(text) > maxPHP:
		s.note("skipped", "PHP file larger than 8 MB")
		return nil
	}
	f, diags := php.Parse(s.path, text)
	if len(diags) > 0 {
		s.note("partly", fmt.Sprintf("line %d: %s", diags[0].Line, diags[0].Text))
	}
	return f
}

func readScript(s *source, text string) script {
	starts := []int{0}
	for i := range len(text) {
		if text[i] == '\n' {
			starts = append(starts, i+1)
		}
	}
	return newScript(s, text, func(pos int) int { return sort.SearchInts(starts, pos+1) })
}

func newScript(s *source, text string, line func(pos int) int) script {
	return script{src: s, text: text, file: js.Scan(text), line: line, follow: sync.OnceValue(func() *js.Flow { return js.Follow(text) })}
}

// inlineScripts reads the scripts inside the HTML of PHP files.
func inlineScripts(files []*php.File, sources []*source) []script {
	byPath := map[string]*source{}
	for _, s := range sources {
		byPath[s.path] = s
	}
	var list []script
	for _, f := range files {
		f.Each(func(n *php.Node) bool {
			if n.Op == php.HTML && speaking(n.Text) {
				base := n.Pos
				list = append(list, newScript(byPath[f.Path], n.Text, func(pos int) int { return f.Line(base + int32(pos)) }))
			}
			return true
		})
	}
	return list
}

// speaking tells HTML with a script that may speak to the outside.
func speaking(html string) bool {
	for _, word := range []string{"fetch(", "XMLHttpRequest", ".ajax(", "axios", "sendBeacon", "EventSource(", "WebSocket(", "algoliasearch"} {
		if strings.Contains(html, word) {
			return true
		}
	}
	return false
}
