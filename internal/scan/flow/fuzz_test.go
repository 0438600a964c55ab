package flow

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// FuzzAnalyse: no bytes make the analysis panic or go on past its budget.
func FuzzAnalyse(f *testing.F) {
	for _, s := range []string{"<?php function f($a){ return wp_remote_post($a['u'], $a); } f($_POST);", "<?php add_action('wp_ajax_x', [$this, 'y']);", "<?php $x = fn($y) => $y . $_GET['a']; echo $x(1);",
		"<?php register_rest_route('a','b',['callback'=>function($r){return $r['q'];}]);", "<?php curl_setopt($c, CURLOPT_URL, $c); curl_exec($c);", "<?php [$a, [$b]] = $c; $a->b->c['d'][] = $$e;"} {
		f.Add(s)
	}
	files, err := filepath.Glob("../../../testdata/php/*.txtar")
	if err != nil || len(files) < 20 {
		f.Fatalf("%d cases: %v", len(files), err)
	}
	for _, name := range files {
		a, err := txtar.ParseFile(name)
		if err != nil {
			f.Fatal(err)
		}
		for _, part := range a.Files {
			if strings.HasSuffix(part.Name, ".php") {
				f.Add(string(part.Data))
			}
		}
	}
	f.Fuzz(func(t *testing.T, src string) {
		const budget = 200_000
		within(t, analyse(t, src, budget), budget)
	})
}

// FuzzProgram: programs made of what flows are made of. Bytes choose the statements, so that far more of them than of
// random text is code: calls in circles, growing arrays, hooks that fire themselves. The analysis ends within its
// budget, with values of bounded size, and finds the same when it is run again.
func FuzzProgram(f *testing.F) {
	for _, s := range []string{"", "\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10\x11\x12\x13\x14\x15", strings.Repeat("\x03\x11\x07", 60), strings.Repeat("\x05\x06\x0b\x0c", 50)} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		const budget = 200_000
		src := program(data[:min(len(data), 600)])
		p := analyse(t, src, budget)
		within(t, p, budget)
		if again := analyse(t, src, budget); found(p) != found(again) {
			t.Errorf("two runs differ:\n%s\n%s\n%s", src, found(p), found(again))
		}
	})
}

// within checks the bounds the package promises.
func within(t *testing.T, p *Program, budget int) {
	t.Helper()
	if p.steps > budget+100_000 { // the last call may bring along more than is left
		t.Errorf("%d steps of %d", p.steps, budget)
	}
	for name, v := range p.cells {
		if n := v.weight(); n > 40*maxWeight {
			t.Errorf("cell %s holds %d values", name, n)
		}
	}
}

// found renders the outcome.
func found(p *Program) string {
	var b strings.Builder
	for _, h := range p.Hits {
		fmt.Fprintf(&b, "%s %s %d %s:", h.Site.Sink.Name, h.Site.File.Path, h.Site.Pos, strings.Join(h.URLs, " "))
		for _, t := range h.Taint {
			fmt.Fprintf(&b, " %s", t.Label.key)
			for s := t.Step; s != nil; s = s.Before() {
				fmt.Fprintf(&b, "<%d %s", s.Pos, s.What)
			}
		}
		b.WriteByte('\n')
	}
	for _, e := range p.Entries {
		fmt.Fprintf(&b, "%s %s %d %s\n", e.Kind, e.Name, len(e.Callbacks), e.Permission)
	}
	return b.String()
}

// parts are the statements of made-up programs; # is a digit chosen by the next byte.
var parts = []string{
	"} function f#( $a, $b = array() ) {", "} } class C# extends C1 { public $p; function m#( $a ) {", "if ( $v# ) { return $v#; }", "$v# = f#( $v1, $a );", "$v#['k#'] = $v2;", "$v#[] = $v#;",
	"$v1 = array( 'a' => $v#, 'b' => $v1, ...$v# );", "$v# = $_POST['m#'];", "$o = wc_get_order( $v# ); $v# = $o->get_billing_email();", "wp_remote_post( $v#, array( 'body' => $v# ) );",
	"wp_remote_post( 'https://api.openai.com/v1/' . $v#, $v# );", "$this->p = $v#;", "$v# = $this->p;", "$this->m#( $v# );", "$v# = new C#( $a );", "$v#->m#( $v#, $v# );",
	"add_action( 'h#', 'f#' ); do_action( 'h#', $v# );", "$v# = apply_filters( 'h#', $v#, $a );", "update_option( 'o#', $v# ); $v# = get_option( 'o#' );", "foreach ( $v# as $k => $v# ) { $v1 .= $k . $v#; }",
	"if ( ! current_user_can( 'x' ) ) { return $v#; }", "while ( f#( $v# ) ) { $v# = array( $v#, $v# ); }", "$v# = function ( $x ) use ( $v# ) { return f#( $x . $v1 ); };", "$v# = $v#( $v# );",
	"switch ( $v# ) { case 'a': $v# = 'b'; break; default: $v# = $a; }", "$v# = \"x{$v#}y$a\";", "register_rest_route( 'n', 'r#', array( 'callback' => array( $this, 'm#' ) ) );", "$v# = sprintf( '%s-%2$s', $v#, $a );",
	"try { $v# = f#( $a ); } catch ( E $e ) { $v# = $e; }", "$v# = array_map( 'f#', $v# );", "[ $v#, $v# ] = $v#;", "static::m#( $v# ); self::m#( $a );", "global $g#; $g# = $v#; $v# = $g#;", "echo $v#; eval( $v# );",
}

// program writes code the bytes ask for.
func program(data []byte) string {
	var b strings.Builder
	b.WriteString("<?php class C1 { public $p; function m1( $a ) {")
	for i := 0; i < len(data); i++ {
		for _, c := range []byte(parts[int(data[i])%len(parts)]) {
			if c == '#' {
				i++
				c = '1'
				if i < len(data) {
					c += data[i] % 5
				}
			}
			b.WriteByte(c)
		}
		b.WriteByte('\n')
	}
	b.WriteString("} }")
	return b.String()
}
