package scan

import (
	"ringfence/internal/scan/flow"
	"ringfence/internal/scan/php"
)

// everyRequest are hooks that run for whoever asks for a page; admin_init among them, because
// admin-ajax.php runs it for strangers too.
var everyRequest = map[string]bool{"init": true, "wp_loaded": true, "wp": true, "parse_request": true, "template_redirect": true, "admin_init": true, "plugins_loaded": true}

// requestDoors finds the callbacks of such hooks that answer a request themselves: they read it, and
// ask a model. Each is a door of its own.
func (j *judge) requestDoors() {
	for _, e := range j.prog.Entries {
		if e.Kind != "hook" || !everyRequest[e.Name] {
			continue
		}
		for _, fn := range e.Callbacks {
			if j.readsRequest(fn) && len(j.prog.PathTo(fn, 5, j.isModel)) > 0 {
				door := &flow.Entry{Kind: "request", Name: e.Name + " " + flow.Name(fn), Who: "guest", Fn: e.Fn, File: fn.File, Pos: fn.Pos, Callbacks: []*php.Func{fn}}
				j.prog.Entries = append(j.prog.Entries, door)
				j.doors[fn] = append(j.doors[fn], door)
			}
		}
	}
}

// readsRequest tells a function that reads the request itself.
func (j *judge) readsRequest(fn *php.Func) bool {
	found := false
	for _, n := range fn.Body {
		php.Walk(n, func(n *php.Node) bool {
			switch {
			case n.Op == php.Var && (n.Text == "_GET" || n.Text == "_POST" || n.Text == "_REQUEST"),
				n.Op == php.Call && n.X.Op == php.Const && (n.X.Text == "get_query_var" || n.X.Text == "filter_input"):
				found = true
			}
			return !found
		})
	}
	return found
}

// forGuests tells the kinds of doors that are open to people nobody knows.
func forGuests(e *flow.Entry) bool {
	switch e.Kind {
	case "ajax-nopriv", "wc-ajax", "wc-api", "admin-post-nopriv", "request", "graphql":
		return true
	case "rest", "ability", "mcp":
		return e.Permission != "check"
	}
	return false
}
