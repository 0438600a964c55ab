package mask

import (
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"testing"
)

func TestConcat(t *testing.T) {
	var none Text
	if got := Concat(none, Literal("a"), Literal("b"), none).String(); got != "ab" {
		t.Errorf("got %q", got)
	}
}

// only is an importer that knows the file text.go as package mask.
type only struct{ mask *types.Package }

func (o only) Import(string) (*types.Package, error) { return o.mask, nil }

// TestNobodyElseMakesText compiles what other packages might write.
func TestNobodyElseMakesText(t *testing.T) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "text.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	std := types.Config{Importer: importer.ForCompiler(fset, "source", nil)}
	mask, err := std.Check("mask", fset, []*ast.File{file}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		code     string
		compiles bool
	}{
		{`mask.Literal("written by us")`, true},
		{`mask.Literal("a" + "b")`, true},
		{`mask.Concat(mask.Literal("a"), mask.Text{})`, true},
		{`mask.Literal(variable)`, false},
		{`mask.Literal(string("x"))`, false},
		{`mask.Literal(variable[:1])`, false},
		{`mask.Text{variable}`, false},
		{`mask.Text{s: variable}`, false},
		{`mask.Text(variable)`, false},
		{`mask.constant(variable)`, false},
	} {
		src := "package p\nimport \"mask\"\nvar variable = \"x\"\nvar _ = " + c.code + "\n"
		file, err := parser.ParseFile(fset, "p.go", src, 0)
		if err != nil {
			t.Fatal(err)
		}
		client := types.Config{Importer: only{mask}}
		if _, err := client.Check("p", fset, []*ast.File{file}, nil); (err == nil) != c.compiles {
			t.Errorf("%s: compiles is %v, %v", c.code, err == nil, err)
		}
	}
}
