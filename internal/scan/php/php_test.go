package php

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestExpressions reads expressions and renders the tree, so that precedence and shape are seen.
func TestExpressions(t *testing.T) {
	for src, want := range map[string]string{
		`$a . $b . 'c'`:                             `(. $a $b 'c')`,
		`$a + $b * 2 ** 3`:                          `(+ $a (* $b (** 2 3)))`,
		`!$a = f()`:                                 `(! (= $a call:f()))`,
		`!$a instanceof B`:                          `(! (is $a B))`,
		`$a ?? $b ?: $c`:                            `(? (?? $a $b) _ $c)`,
		`$a ? $b : ($c ? $d : $e)`:                  `(? $a $b (? $c $d $e))`,
		`"x {$a['k']->m()} $b[1] $c->d"`:            `"'x ' $a['k']->m() ' ' $b['1'] ' ' $c->d"`,
		`A::B . static::$c . $x::class`:             `(. A::B static::$c $x::class)`,
		`[$a, 'k' => $b, ...$c]`:                    `[$a 'k'=>$b ...$c]`,
		`new A($b)`:                                 `new A($b)`,
		`(new A)->b()?->c`:                          `new A()->b()->c`,
		`f(...)`:                                    `call:f()`,
		`f(name: 1, ...$r)`:                         `call:f(name:1 ...$r)`,
		`(int) $a`:                                  `(int $a)`,
		`function ($x) use ($y) { }`:                `closure`,
		`fn($x) => $x + 1`:                          `closure`,
		`match(true) { $a, $b => 1, default => 2 }`: `match`,
		`isset($a[1], $b)`:                          `isset($a[1] $b)`,
		`'it\'s'`:                                   `'it's'`,
		`"\x41\t"`:                                  "'A\t'",
		`$a{0}`:                                     `$a[0]`,
		`print $a`:                                  `print`,
		`$x |> trim(...)`:                           `call:trim($x)`,
	} {
		f, diags := Parse("t.php", "<?php "+src+";")
		if len(diags) > 0 || len(f.Main.Body) != 1 {
			t.Errorf("%s: %v", src, diags)
			continue
		}
		if got := show(f.Main.Body[0]); got != want {
			t.Errorf("%s\n got %s\nwant %s", src, got, want)
		}
	}
}

// show renders a tree as short text.
func show(n *Node) string {
	if n == nil {
		return "_"
	}
	switch n.Op {
	case Var:
		return "$" + n.Text
	case Str:
		return "'" + n.Text + "'"
	case Num, Name, Const:
		return n.Text
	case Concat:
		return "(. " + showAll(n.List) + ")"
	case Interp:
		return `"` + showAll(n.List) + `"`
	case Binary, Assign:
		return "(" + n.Text + " " + show(n.X) + " " + show(n.Y) + ")"
	case Unary, Cast:
		return "(" + n.Text + " " + show(n.X) + ")"
	case Ternary:
		return "(? " + show(n.X) + " " + show(n.Y) + " " + show(n.Z) + ")"
	case Instanceof:
		return "(is " + show(n.X) + " " + show(n.Y) + ")"
	case Index:
		return show(n.X) + "[" + show(n.Y) + "]"
	case Prop:
		return show(n.X) + "->" + n.Text
	case Method:
		return show(n.X) + "->" + n.Text + "(" + showAll(n.List) + ")"
	case ClassConst:
		return show(n.X) + "::" + n.Text
	case StaticProp:
		return show(n.X) + "::$" + n.Text
	case Call:
		return "call:" + show(n.X) + "(" + showAll(n.List) + ")"
	case New:
		return "new " + show(n.X) + "(" + showAll(n.List) + ")"
	case Array:
		return "[" + showAll(n.List) + "]"
	case Item:
		if n.X != nil {
			return show(n.X) + "=>" + show(n.Y)
		}
		return n.Text + show(n.Y)
	case Arg:
		if n.Text == "" || n.Text == "..." {
			return n.Text + show(n.X)
		}
		return n.Text + ":" + show(n.X)
	case Isset:
		return "isset(" + showAll(n.List) + ")"
	}
	return map[Op]string{Closure: "closure", Match: "match", Print: "print"}[n.Op]
}

func showAll(list []*Node) string {
	var parts []string
	for _, n := range list {
		parts = append(parts, show(n))
	}
	return strings.Join(parts, " ")
}

// TestStatements: every control structure, in both spellings, reads without complaint.
func TestStatements(t *testing.T) {
	for _, src := range []string{
		`<p><?php if ($a): ?>x<?php elseif ($b): ?>y<?php else: ?>z<?php endif ?></p>`,
		`<?php foreach ($a as $k => [$b, $c]) : while (1) : break; endwhile; endforeach;`,
		`<?php switch ($a) { case 1: case 2; f(); break; default: g(); }`,
		`<?php switch ($a): ?> <?php case 1: ?> x <?php endswitch;`,
		`<?php try { f(); } catch (A|B $e) { } catch (C) { } finally { g(); }`,
		`<?php declare(strict_types=1); namespace A\B { use X\{Y, Z as W}; use function a\b; const C = 1; }`,
		`<?php for ($i = 0, $j = 1; $i < 3; $i++, $j--) echo $i, $j; do { } while (0); goto end; end: f();`,
		`<?php abstract class A extends \B\C implements D { use T { a as protected b; } const X = 1, Y = 2; abstract function f(); public static ?int $p = 1; }`,
		`<?php enum S: string implements I { case A = 'a'; case Private = 'b'; public static function f(): self { return self::A; } }`,
		`<?php $x = new class(1) extends A { public function f() { return 1; } };`,
		"<?php $a = <<<EOT\n  x {$b} ${c} $d[e]\n  EOT . 'y'; $n = <<<'RAW'\nraw $x\nRAW;\n",
		`<?php function &f(array $a = [], ?B &...$c): static|null { static $n = 0, $m; global $g; return yield from g(); }`,
		`<?php #[A(1, [2])] function f(#[B] $x) { } // comment ?> text <?= $x ?>`,
		`<?php interface I extends J, K { const A = 1; public function f(): void; } trait T { private readonly int $x; }`,
		`<?php list('a' => $x, 'b' => list($y)) = f(); [$a, , $b] = g(); exit; die('x'); __halt_compiler(); garbage ((`,
	} {
		if _, diags := Parse("t.php", src); len(diags) > 0 {
			t.Errorf("%s\n%v", src, diags)
		}
	}
}

// TestRecovery: after broken code the next members and functions are still there, and the file says so.
func TestRecovery(t *testing.T) {
	src := "<?php\nclass A {\n function one() { $x = ; }\n const ;\n public function two() { if (1) { f(); \n public function three() { return 3; }\n}\nfunction four() { return 4; }\n"
	f, diags := Parse("t.php", src)
	if len(diags) == 0 {
		t.Error("nothing reported")
	}
	var names []string
	for _, c := range f.Classes {
		for _, m := range c.Methods {
			names = append(names, m.Name)
		}
	}
	for _, fn := range f.Funcs {
		names = append(names, fn.Name)
	}
	if got := strings.Join(names, " "); got != "one two three four" {
		t.Errorf("found %q", got)
	}
}

// TestPositions: every node points into the source, and lines count from one.
func TestPositions(t *testing.T) {
	f, _ := Parse("t.php", "<?php\n\n$a = wp_get_current_user(\n 1 );\n")
	n := f.Main.Body[0]
	if f.Line(n.Pos) != 3 || f.Excerpt(n.Pos, 80) != "$a = wp_get_current_user(" {
		t.Errorf("line %d, %q", f.Line(n.Pos), f.Excerpt(n.Pos, 80))
	}
}

// oracle prints, for each file named on stdin, the functions PHP itself sees in it.
const oracle = `<?php
while ($f = fgets(STDIN)) {
	$f = trim($f); $n = 0; $prev = null;
	try { $toks = token_get_all(file_get_contents($f), TOKEN_PARSE); } catch (Throwable $e) { echo "$f error\n"; continue; }
	foreach ($toks as $t) {
		if (is_array($t) && $t[0] === T_WHITESPACE) continue;
		if (is_array($t) && in_array($t[0], [T_FUNCTION, T_FN]) && !(is_array($prev) && $prev[0] === T_USE)) $n++;
		$prev = $t;
	}
	echo "$f $n\n";
}`

// TestOracle compares the number of functions with PHP's own tokenizer, over the folder named in
// RINGFENCE_PLUGIN_CORPUS. It needs a php command; without both it checks nothing and says so.
func TestOracle(t *testing.T) {
	dir := os.Getenv("RINGFENCE_PLUGIN_CORPUS")
	if _, err := exec.LookPath("php"); err != nil || dir == "" {
		t.Log("no PHP or no corpus at hand: nothing compared")
		return
	}
	files, differ := 0, 0
	for path, want := range askPHP(t, dir) {
		src, err := os.ReadFile(path)
		if err != nil {
			continue // a link that leads nowhere
		}
		f, diags := Parse(path, string(src))
		got := fmt.Sprint(countFuncs(f))
		files++
		if want == "error" {
			continue // PHP refuses the file itself
		}
		if got != want || len(diags) > 0 {
			if differ++; differ < 20 {
				t.Errorf("%s: %s functions, PHP sees %s; %v", path, got, want, diags)
			}
		}
	}
	t.Logf("%d files, %d differ", files, differ)
}

func askPHP(t *testing.T, dir string) map[string]string {
	t.Helper()
	var list strings.Builder
	err := filepath.WalkDir(dir, func(p string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() && strings.HasSuffix(p, ".php") {
			list.WriteString(p + "\n")
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	script := filepath.Join(t.TempDir(), "oracle.php")
	if err := os.WriteFile(script, []byte(oracle), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("php", "-d", "memory_limit=1G", "-d", "error_reporting=0", script)
	cmd.Stdin = strings.NewReader(list.String())
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	answers := map[string]string{}
	for _, line := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		if i := strings.LastIndexByte(line, ' '); i > 0 {
			answers[line[:i]] = line[i+1:]
		}
	}
	return answers
}

func countFuncs(f *File) int {
	n := len(f.Funcs)
	for _, c := range f.Classes {
		n += len(c.Methods)
	}
	f.Each(func(x *Node) bool {
		if x.Op == Closure {
			n++
		}
		return true
	})
	return n
}

// FuzzParse: no bytes make the reader panic, hang or point outside the source.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"<?php class A { public $x { get => 1; } }", "<?php \"a {$b[\"c\"]} \"", "<?php <<<A\n$x\nA;", "<?php if(): endif", "<?php f(a: ...",
		"<?php match(1){default=>2}", "<?php #[A", "<?php (((((", "<?= $x ?>", "<?php enum A: int { case B = 1; }", "<?php $a |> clone($b, [])", "<?php <<<<<<< x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, src string) {
		file, _ := Parse("f.php", src)
		file.Each(func(n *Node) bool {
			if n.Pos < 0 || int(n.Pos) > len(src) {
				t.Fatalf("position %d outside %d bytes", n.Pos, len(src))
			}
			return true
		})
	})
}

// TestNewSyntax: what PHP 8.3 to 8.5 added is read whole, and the function behind it too.
func TestNewSyntax(t *testing.T) {
	for name, src := range map[string]string{
		"typed constant":                "class A { const string X = 'x'; final public const ?array Y = null; }",
		"constant by name":              "$a = A::{$name}; $b = $o::{'X'};",
		"readonly anonymous class":      "$a = new readonly class( 1 ) { public function __construct( private int $x ) {} };",
		"property hooks":                "class A { public string $x { get => $this->x . 'y'; set( string $v ) { $this->x = strtolower( $v ); } } public int $y { get; } }",
		"hooks on a promoted parameter": "class A { function __construct( public string $x { set => trim( $value ); }, protected(set) int $y = 1 ) {} }",
		"hooks in an interface":         "interface I { public string $x { get; set; } }",
		"asymmetric visibility":         "class A { public private(set) string $x = 'a'; protected(set) ?int $y; public protected(set) readonly array $z; }",
		"static asymmetric visibility":  "class A { public private(set) static int $n = 0; }",
		"new without brackets":          "$a = new A( 1 )->b()->c; $d = new A()::X; $e = new class { function m() {} }->m();",
		"pipe":                          "$a = $x |> trim(...) |> ( fn( $y ) => strtoupper( $y ) ) |> $this->m(...);",
		"clone with":                    "$a = clone( $b, [ 'x' => 1, 'y' => f() ] ); $c = clone $b;",
		"attributes on constants":       "#[\\Deprecated( 'x', since: '1' )] const A = 1;",
		"final promoted property":       "class A { function __construct( final public int $x ) {} }",
		"closures in constants":         "class A { const F = static function ( $x ) { return $x; }; const G = strlen(...); }",
		"void cast":                     "(void) f();",
		"DNF types":                     "function f( (A&B)|null $x, A|(B&C) $y ): (X&Y)|false { return $x; }",
		"enum in a constant expression": "enum E: string { case A = 'a'; const X = self::A->value; const D = E::A; }",
	} {
		f, diags := Parse("new.php", "<?php\n"+src+"\nfunction behind() { return 1; }\n")
		if len(diags) > 0 {
			t.Errorf("%s: %v", name, diags)
		}
		found := false
		for _, fn := range f.Funcs {
			found = found || fn.Name == "behind"
		}
		if !found {
			t.Errorf("%s: the function behind it was lost", name)
		}
	}
}
