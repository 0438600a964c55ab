package flow

import (
	"fmt"
	"strings"
	"testing"

	"ringfence/internal/scan/php"
	"ringfence/internal/scan/rule"
)

func analyse(t testing.TB, src string, budget int) *Program {
	t.Helper()
	rules, err := rule.Load()
	if err != nil {
		t.Fatal(err)
	}
	f, _ := php.Parse("t.php", src)
	return Analyse(t.Context(), rules, []*php.File{f}, budget)
}

// urls are the addresses of all calls, sorted.
func urls(p *Program) string {
	var list []string
	for _, h := range p.Hits {
		list = append(list, strings.Join(h.URLs, "+"))
	}
	return strings.Join(list, " ")
}

// TestAddresses: however an address is put together, it is read; what is not known stands in braces.
func TestAddresses(t *testing.T) {
	for src, want := range map[string]string{
		`define( 'U', 'https://a.example' ); wp_remote_get( U . '/x' );`:                                                                                               "https://a.example/x",
		`class C { const U = 'https://a.example'; function f() { wp_remote_get( self::U . '/' . static::P ); } const P = 'p'; }`:                                       "https://a.example/p",
		`function f() { $u = sprintf( 'https://%s.example/%2$s', 'b', 'c' ); wp_remote_get( $u ); }`:                                                                   "https://b.example/c",
		`function f( $k ) { wp_remote_get( "https://a.example/?k={$k}" ); }`:                                                                                           "https://a.example/?k={0}",
		`function f() { $m = array( 'x' => 'https://a.example' ); wp_remote_get( $m['x'] ); }`:                                                                         "https://a.example",
		`function f( $p ) { switch ( $p ) { case 'a': $u = 'https://a.example'; break; default: $u = 'https://b.example'; } wp_remote_get( $u ); }`:                    "https://a.example+https://b.example",
		`function g( $p ) { return match ( $p ) { 'a' => 'https://a.example', 'b' => 'https://b.example' }; } function f() { wp_remote_get( g( 'b' ) ); }`:             "https://b.example",
		`function f() { wp_remote_get( trailingslashit( get_option( 'u', 'https://a.example/' ) ) . 'x' ); }`:                                                          "https://a.example/x+{option u}/x",
		`function f() { wp_remote_get( home_url( '/x' ) ); }`:                                                                                                          "{site}/x",
		`class A { protected $u = ''; function f() { wp_remote_get( $this->u ); } } class B extends A { protected $u = 'https://b.example'; }`:                         "https://b.example",
		`abstract class A { abstract function u(); function f() { wp_remote_get( $this->u() ); } } class B extends A { function u() { return 'https://b.example'; } }`: "https://b.example",
	} {
		p := analyse(t, "<?php "+src, 0)
		if got := urls(p); got != want {
			t.Errorf("%s\n got %s\nwant %s", src, got, want)
		}
	}
}

// TestEnds: circles of calls, closures that make closures and long chains come to an end.
func TestEnds(t *testing.T) {
	nested := strings.Repeat("function() { return ", 60) + "1;" + strings.Repeat(" };", 60)
	for _, src := range []string{
		`function a( $x ) { return b( $x . 'y' ); } function b( $x ) { return a( $x ); } a( $_POST['m'] );`,
		`class A { function f() { return $this->f()->g(); } function g() { $this->p = $this->f(); return $this; } }`,
		`function f( $a ) { $a['x'] = $a; while ( 1 ) { $a = array( $a, f( $a ) ); } return $a; }`,
		`$f = ` + nested,
		`$s = ''` + strings.Repeat(`; $s .= 'x' . $s`, 300) + `;`,
		`add_filter( 'h', 'f' ); function f( $x ) { return apply_filters( 'h', $x ); }`,
	} {
		if p := analyse(t, "<?php "+src, 0); p.Stopped {
			t.Errorf("the budget ran out on %.60s", src)
		}
	}
}

// TestBudget: past its budget the analysis stops and says so, with what it had.
func TestBudget(t *testing.T) {
	p := analyse(t, "<?php "+strings.Repeat("function f"+"() { g( 1 + 2 ); }\n", 1)+strings.Repeat("$a = 1 + 2;", 5000), 1000)
	if !p.Stopped {
		t.Error("did not stop")
	}
}

func BenchmarkAnalyse(b *testing.B) {
	var code strings.Builder
	code.WriteString("<?php class C {")
	for i := range 400 {
		fmt.Fprintf(&code, "function f%d() { $o = wc_get_order( $_POST['id'] ); $t = \"For {$o->get_billing_email()}\"; return $this->send( array( 'input' => $t ) ); }\n", i)
	}
	code.WriteString("function send( $body ) { return wp_remote_post( 'https://api.openai.com/v1/responses', array( 'body' => wp_json_encode( $body ) ) ); } }")
	src := code.String()
	if p := analyse(b, src, 0); len(p.Hits) < 400 {
		b.Fatalf("%d hits", len(p.Hits))
	}
	b.SetBytes(int64(len(src)))
	for b.Loop() {
		analyse(b, src, 0)
	}
}
