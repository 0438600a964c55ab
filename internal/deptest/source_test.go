package deptest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"
)

const module = "ringfence"

// file is one Go file of the tree, for whatever system it is built.
type file struct {
	name    string // internal/mask/iban.go
	room    string // internal/mask: the folder
	test    bool
	syntax  *ast.File
	set     *token.FileSet
	imports map[string]string // name in the file -> import path
}

func (f file) at(n ast.Node) string {
	return f.set.Position(n.Pos()).String()
}

// tree parses every Go file below the root of the module.
func tree(t *testing.T) []file {
	t.Helper()
	root := filepath.Join("..", "..")
	if _, err := os.Stat(filepath.Join(root, "go.mod")); err != nil {
		t.Fatal(err)
	}
	var files []file
	err := filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, _ := filepath.Rel(root, p)
		base := d.Name()
		if d.IsDir() && name != "." && (base == "testdata" || base == "vendor" || base == "node_modules" || strings.HasPrefix(base, ".")) {
			return filepath.SkipDir
		}
		if !d.IsDir() && strings.HasSuffix(base, ".go") {
			f, err := parse(filepath.ToSlash(name), p)
			if err != nil {
				return err
			}
			files = append(files, f)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// parse reads one file; src is its path, or in tests of the rules its text.
func parse(name string, src string) (file, error) {
	f := file{name: name, room: path.Dir(name), test: strings.HasSuffix(name, "_test.go"), set: token.NewFileSet(), imports: map[string]string{}}
	var text any
	if strings.Contains(src, "\n") {
		text = src
	}
	var err error
	if f.syntax, err = parser.ParseFile(f.set, src, text, parser.SkipObjectResolution); err != nil {
		return f, err
	}
	for _, spec := range f.syntax.Imports {
		to := strings.Trim(spec.Path.Value, `"`)
		as := path.Base(to)
		if spec.Name != nil {
			as = spec.Name.Name
		}
		f.imports[as] = to
	}
	return f, nil
}

// within reports whether room is r or a folder below it.
func within(room, r string) bool { return room == r || strings.HasPrefix(room, r+"/") }

// withinAny reports whether room is one of list or below one of them.
func withinAny(room string, list []string) bool {
	for _, r := range list {
		if within(room, r) {
			return true
		}
	}
	return false
}
