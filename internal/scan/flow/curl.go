package flow

import (
	"strings"

	"ringfence/internal/scan/php"
)

// A curl handle is a value with the fields url, body, headers, verify and timeout.

func curlInit(f *frame, n *php.Node, a []*Value) *Value {
	v := &Value{types: []string{"@curl"}}
	if sink := f.p.Rules.SinkCall("curl_init"); sink != nil {
		f.reach(sink, n, a, nil)
	}
	if u := arg(a, 0); u != nil {
		v = v.with("url", u)
	}
	return v
}

var curlFields = map[string]string{
	"curlopt_url": "url", "curlopt_postfields": "body", "curlopt_httpheader": "headers", "curlopt_cookie": "headers",
	"curlopt_ssl_verifypeer": "verify", "curlopt_timeout": "timeout", "curlopt_timeout_ms": "timeout", "curlopt_connecttimeout": "connect",
}

func curlSet(f *frame, n *php.Node, _ []*Value) *Value {
	if len(n.List) == 3 && n.List[1].X.Op == php.Const {
		if field := curlFields[strings.ToLower(n.List[1].X.Text)]; field != "" {
			f.assign(n.List[0].X, f.expr(n.List[0].X).with(field, f.expr(n.List[2].X)))
		}
	}
	return nil
}

func curlSetAll(f *frame, n *php.Node, _ []*Value) *Value {
	if len(n.List) != 2 {
		return nil
	}
	v := f.expr(n.List[0].X)
	if list := n.List[1].X; list.Op == php.Array {
		for _, item := range list.List {
			if item.X != nil && item.X.Op == php.Const {
				if field := curlFields[strings.ToLower(item.X.Text)]; field != "" {
					v = v.with(field, f.expr(item.Y))
				}
			}
		}
	} else { // options built elsewhere: all of it may be sent
		opts := f.expr(list)
		for k, field := range curlFields {
			if w, ok := orEmpty(opts).fields["constant "+k]; ok {
				v = v.with(field, w)
			}
		}
		v = v.with("body", opts.flat())
	}
	f.assign(n.List[0].X, v)
	return nil
}
