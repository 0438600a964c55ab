package flow

import (
	"strings"

	"ringfence/internal/scan/php"
)

// include is include and require inside a function: the code of the file runs there, so what it does
// can be set off by whoever calls the function.
func (f *frame) include(n *php.Node) {
	v := f.expr(n.X)
	if f.fn == f.file.Main || v == nil {
		return
	}
	for _, t := range v.strs {
		if len(t) == 0 || t[len(t)-1].kind != pLit {
			continue
		}
		if file := f.p.fileEnding(t[len(t)-1].s); file != nil && file != f.file {
			f.edge(file.Main, n.Pos)
		}
	}
}

// fileEnding is the one file whose path ends like this; nil when there is none, or more than one.
func (p *Program) fileEnding(tail string) *php.File {
	tail = strings.TrimPrefix(strings.TrimLeft(tail, "./"), "/")
	if !strings.HasSuffix(tail, ".php") {
		return nil
	}
	var found *php.File
	for _, file := range p.Files {
		if file.Path == tail || strings.HasSuffix(file.Path, "/"+tail) {
			if found != nil {
				return nil
			}
			found = file
		}
	}
	return found
}
