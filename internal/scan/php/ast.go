package php

import (
	"sort"
	"strings"
)

// Op says what a Node is. The comment names the fields each one uses.
type Op uint8

const (
	Bad        Op = iota // unreadable source
	Var                  // Text: name without $; or X: expression giving the name
	Str                  // Text: decoded value
	Interp               // List: parts of an interpolated string
	Num                  // Text
	Const                // Text: constant name as written
	Magic                // Text: __CLASS__, __DIR__, ...
	Name                 // Text: resolved class name (self, static, parent as written)
	ClassConst           // X: class (Name or expression), Text: constant ("class" for ::class)
	Index                // X[Y]; Y nil for X[]
	Prop                 // X->Text, or X->{Y}
	StaticProp           // X::$Text
	Call                 // X: Name-like Const or expression; List: arguments
	Method               // X->Text(List), or X->{Y}(List)
	StaticCall           // X::Text(List)
	New                  // X: Name or expression; List: arguments
	Arg                  // X, Text: name of a named argument, or "..." for a spread
	Array                // List of Item; also the target of list()
	Item                 // X: key or nil, Y: value, Text "..." for a spread
	Assign               // X Text Y, Text is "=", ".=", "??=", "=&", ...
	Binary               // X Text Y
	Concat               // List: operands of a chain of dots
	Unary                // Text X
	Cast                 // Text: type, X
	Ternary              // X ? Y : Z; Y nil for ?:
	Isset                // List
	Empty                // X
	Closure              // Func
	Match                // X; List of Arm
	Arm                  // List: conditions (none for default), X: value
	Instanceof           // X, Y
	Include              // X
	Exit                 // X or nil
	Print                // X
	Throw                // X
	Yield                // X: value, Y: key
	Clone                // X
	Eval                 // X
	Shell                // List: parts

	Echo     // List
	HTML     // Text: inline HTML
	Block    // List
	If       // X: condition, Y: then, Z: else or nil
	Loop     // X: condition or nil, List: body; while, do, for (Y: init block, Z: step block)
	Foreach  // X: subject, Y: key or nil, Z: value, List: body
	Switch   // X; List of Case
	Case     // X: condition, nil for default; List
	Try      // List: body; Y: Block of Catch; Z: finally or nil
	Catch    // X: Var or nil, List: body; Text: types joined by |
	Return   // X or nil
	Jump     // Text: break, continue, goto
	Global   // List of Var
	Static   // List of Assign
	Unset    // List
	DefConst // Text: name, X: value
)

// Node is one expression or statement.
type Node struct {
	Op      Op
	Pos     int32 // byte offset in the file
	Text    string
	X, Y, Z *Node
	List    []*Node
	Func    *Func
}

// Param is one declared parameter.
type Param struct {
	Name     string
	Types    []string // class names and scalar words, lower case
	Default  *Node
	ByRef    bool
	Variadic bool
	Promoted bool // constructor parameter that also declares a property
}

// Func is a function, method, closure or arrow function.
type Func struct {
	Name   string // "" for closures
	Space  string // namespace, lower case, for the lookup of unqualified names
	Class  *Class // nil outside classes
	Params []Param
	Uses   []string // variables a closure captures
	Types  []string // declared return types
	Body   []*Node
	Doc    string
	Pos    int32
	Arrow  bool
	Static bool
	Hidden bool // private or protected
	File   *File
}

// Property is one declared property.
type Property struct {
	Name    string
	Types   []string
	Default *Node
	Pos     int32
}

// Constant is a class constant or an enum case.
type Constant struct {
	Name  string
	Value *Node
}

// Class is a class, interface, trait or enum.
type Class struct {
	Name       string // fully qualified, as written
	Kind       string // class, interface, trait, enum
	Abstract   bool
	Parent     string
	Interfaces []string
	Traits     []string
	Consts     []Constant
	Props      []Property
	Methods    []*Func
	Pos        int32
	File       *File
}

// File is what could be read of one PHP file.
type File struct {
	Path    string
	Src     string
	Main    *Func // top-level code
	Funcs   []*Func
	Classes []*Class
	Diags   []Diag
	lines   []int32
}

// Diag tells where the front end could not follow the source.
type Diag struct {
	Pos  int32
	Line int
	Text string
}

// Line converts a byte offset to a line number, counted from 1.
func (f *File) Line(pos int32) int {
	if f.lines == nil {
		f.lines = lineStarts(f.Src)
	}
	return sort.Search(len(f.lines), func(i int) bool { return f.lines[i] > pos })
}

// Excerpt returns the source line at an offset, trimmed and cut to max bytes.
func (f *File) Excerpt(pos int32, max int) string {
	n := f.Line(pos)
	if n == 0 {
		return ""
	}
	s := f.Src[f.lines[n-1]:]
	if i := strings.IndexByte(s, '\n'); i >= 0 {
		s = s[:i]
	}
	if len(s) > max { // a file on one line: show the part around the offset
		at := int(pos - f.lines[n-1])
		from := max0(at - max/3)
		s = s[from:min(len(s), from+max)]
	}
	return strings.ToValidUTF8(strings.TrimSpace(s), "?")
}

func max0(n int) int { return max(n, 0) }

func lineStarts(s string) []int32 {
	starts := []int32{0}
	for i := 0; ; {
		n := strings.IndexByte(s[i:], '\n')
		if n < 0 {
			return starts
		}
		i += n + 1
		starts = append(starts, int32(i))
	}
}
