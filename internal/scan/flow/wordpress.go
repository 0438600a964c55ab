package flow

import (
	"regexp"
	"strings"

	"ringfence/internal/scan/php"
	"ringfence/internal/scan/rule"
)

// external evaluates a call of a function the program does not declare.
func (f *frame) external(name string, n *php.Node, a []*Value) *Value {
	f.guard(n, name, a, false)
	f.ownership(name, n, a)
	if w, ok := f.p.wordpress[name]; ok {
		v := w(f, n, a)
		f.pending(name, w, n, a)
		return v
	}
	if sink := f.p.Rules.SinkCall(name); sink != nil {
		v := f.reach(sink, n, a, nil)
		if sink.Way == "ai" {
			v = join(v, &Value{types: []string{"@ai:" + strings.ToLower(sink.Name)}})
		}
		return v
	}
	if src := f.p.Rules.Call(name); src != nil {
		v := f.tainted(src, n.Pos, "reads "+name+"()")
		if src.Class != nil && (src.Class.Name == "site" || src.Origin == "media") && (strings.HasSuffix(name, "url") || strings.HasSuffix(name, "src")) {
			v.strs = []text{{{kind: pSite}}}
			if path := arg(a, 0).literal(); path != "" && (name == "home_url" || name == "site_url") {
				v.strs = []text{{{kind: pSite}, {kind: pLit, s: path}}}
			}
		}
		return v
	}
	if v, ok := f.effect(name, a); ok {
		return v
	}
	var out *Value
	for _, x := range a {
		out = join(out, x.flat())
		for _, c := range orEmpty(x).funcs { // a closure handed to code out of sight
			if c.env != nil && f.nest < maxEval/4 {
				f.inline(c, nil)
			}
		}
	}
	if signs(name) {
		out = keyless(out)
	}
	return f.redacting(name, out)
}

// effect applies what the guard table says a function does to its arguments.
func (f *frame) effect(name string, a []*Value) (*Value, bool) {
	switch f.p.Rules.Guard(name, true) {
	case "clean":
		return keepNumbers(arg(a, 0), name), true
	case "hash":
		return pseudonym(f, arg(a, 0)), true
	}
	return nil, false
}

// keepNumbers lets identifiers pass a cast to a number.
func keepNumbers(v *Value, name string) *Value {
	switch name {
	case "absint", "intval", "floatval", "round", "max", "min":
		return numeric(v)
	}
	return nil
}

// pseudonym is what is left of data after a one-way function: something that still points to the person.
func pseudonym(f *frame, v *Value) *Value {
	out := &Value{}
	for _, t := range v.all() {
		if t.Class.Group == "personal" || t.Class.Group == "pseudonym" {
			out.taint = joinTaint(out.taint, []Taint{{f.p.label(f.p.Rules.Classes["userid"], t.Origin).twin, t.Step}})
		}
	}
	return out
}

// redacting marks data that passed a function whose name says it takes personal data out.
func (f *frame) redacting(name string, v *Value) *Value {
	if v == nil || f.p.Rules.Guard(name, true) != "redact" {
		return v
	}
	out := carry(nil, nil)
	for _, t := range v.all() {
		out = join(out, &Value{taint: []Taint{t.redacted()}})
	}
	for _, s := range v.allSyms() {
		s.redacted = true
		out = join(out, &Value{syms: []sym{s}})
	}
	return out
}

// wordpressTable maps the functions of WordPress with a meaning of their own.
func wordpressTable() map[string]shape {
	return map[string]shape{
		"get_option": option, "get_site_option": option, "get_network_option": optionNet, "get_transient": option, "get_site_transient": option,
		"update_option": setOption, "add_option": setOption, "update_site_option": setOption, "set_transient": setOption,
		"register_setting":    registerSetting,
		"get_user_meta":       func(f *frame, n *php.Node, a []*Value) *Value { return f.metaValue(a, 1, nil, n.Pos) },
		"get_post_meta":       func(f *frame, n *php.Node, a []*Value) *Value { return f.metaValue(a, 1, nil, n.Pos) },
		"get_comment_meta":    func(f *frame, n *php.Node, a []*Value) *Value { return f.metaValue(a, 1, nil, n.Pos) },
		"get_metadata":        func(f *frame, n *php.Node, a []*Value) *Value { return f.metaValue(a, 2, nil, n.Pos) },
		"get_the_author_meta": func(f *frame, n *php.Node, a []*Value) *Value { return f.metaValue(a, 0, nil, n.Pos) },
		"update_post_meta":    setMeta, "update_user_meta": setMeta, "add_post_meta": setMeta, "add_user_meta": setMeta,
		"add_action": addHook, "add_filter": addHook, "add_shortcode": addShortcode,
		"apply_filters": applyFilters, "apply_filters_ref_array": applyFilters, "do_action": doAction, "do_action_ref_array": doAction,
		"register_rest_route": restRoute, "wp_register_ability": ability, "register_block_type": blockType,
		"register_graphql_field": graphqlField, "register_graphql_mutation": graphqlMutation,
		"wp_schedule_event": schedule(2), "wp_schedule_single_event": schedule(1), "as_schedule_single_action": schedule(1),
		"as_schedule_recurring_action": schedule(2), "as_enqueue_async_action": schedule(0), "as_schedule_cron_action": schedule(2),
		"admin_url": ownURL, "rest_url": ownURL, "get_rest_url": ownURL, "plugins_url": ownURL, "plugin_dir_url": ownURL, "content_url": ownURL,
		"includes_url": ownURL, "network_admin_url": ownURL, "get_permalink": ownURL, "wp_upload_dir": ownURL, "get_stylesheet_directory_uri": ownURL,
		"get_template_directory_uri": ownURL, "wc_get_cart_url": ownURL, "wc_get_checkout_url": ownURL, "network_site_url": ownURL,
		"network_home_url": ownURL, "get_admin_url": ownURL,
		"add_query_arg": queryArg, "wp_json_encode": encode, "json_encode": encode, "http_build_query": encode, "serialize": encode,
		"WC": woocommerce, "wc": woocommerce,
		"wp_remote_retrieve_body": first, "wp_remote_retrieve_response_code": nothing, "is_wp_error": nothing, "wp_remote_retrieve_headers": nothing,
		"define": nothing, "exit": nothing, "wp_die": dies, "wp_send_json": dies, "wp_send_json_error": dies, "wp_send_json_success": dies, "wp_safe_redirect": nothing,
		"getenv": getenv, "constant": constantCall, "wc_get_logger": logger, "apply_shortcodes": first, "wp_get_environment_type": nothing,
		"wp_kses_post": cleanHTML, "wp_kses": cleanHTML, "esc_html": cleanHTML, "esc_attr": cleanHTML, "wp_strip_all_tags": first,
		"sanitize_text_field": first, "sanitize_textarea_field": first, "wp_verify_nonce": nothing, "check_ajax_referer": nothing, "current_user_can": nothing,
	}
}

// cleanHTML keeps the data and takes the danger out of a model's answer.
func cleanHTML(_ *frame, _ *php.Node, a []*Value) *Value {
	v := arg(a, 0)
	if v == nil {
		return nil
	}
	w := *v
	w.taint, w.inside = nil, nil
	for _, t := range v.taint {
		if t.Class.Group != "answer" {
			w.taint = append(w.taint, t)
		}
	}
	return &w
}

// dies is a call that answers the request and ends it.
func dies(f *frame, n *php.Node, a []*Value) *Value {
	if sink := f.p.Rules.SinkCall(strings.ToLower(n.X.Text)); sink != nil {
		f.reach(sink, n, a, nil)
	}
	f.env.dead = true
	return nil
}

func logger(*frame, *php.Node, []*Value) *Value { return &Value{types: []string{"wc_logger"}} }

func woocommerce(*frame, *php.Node, []*Value) *Value { return &Value{types: []string{"woocommerce"}} }

func ownURL(f *frame, n *php.Node, a []*Value) *Value { return &Value{strs: []text{{{kind: pSite}}}} }

func encode(_ *frame, _ *php.Node, a []*Value) *Value {
	v := arg(a, 0)
	if v == nil {
		return nil
	}
	w := &Value{syms: v.allSyms(), fields: v.fields} // the keys stay known: they tell what is sent
	for _, t := range v.all() {
		if t.Class.Group != "answer" { // inside JSON an answer is no markup
			w.taint = append(w.taint, t)
		}
	}
	return w
}

// queryArg is add_query_arg( pairs, url ) or add_query_arg( key, value, url ).
func queryArg(_ *frame, _ *php.Node, a []*Value) *Value {
	url, data := arg(a, 1), arg(a, 0).flat()
	if len(a) == 3 {
		url, data = arg(a, 2), arg(a, 1).flat()
	}
	return concat(url, join(lit("?"), data))
}

func getenv(f *frame, n *php.Node, a []*Value) *Value {
	return f.optionValue(&Value{strs: []text{{{kind: pOption, s: "environment " + arg(a, 0).literal()}}}}, "environment "+arg(a, 0).literal(), n.Pos)
}

func constantCall(f *frame, n *php.Node, a []*Value) *Value {
	if name := arg(a, 0).literal(); name != "" {
		return f.constant(&php.Node{Op: php.Const, Text: name, Pos: n.Pos})
	}
	return nil
}

func optionNet(f *frame, n *php.Node, a []*Value) *Value {
	if len(a) < 2 {
		return nil
	}
	return option(f, n, a[1:])
}

// option reads a setting: its value is whatever was ever stored under the name, the default, or unknown.
func option(f *frame, n *php.Node, a []*Value) *Value {
	var out *Value
	names := arg(a, 0)
	if names == nil {
		return nil
	}
	for _, t := range names.strs {
		name := t.key()
		v := &Value{strs: []text{{{kind: pOption, s: name}}}, types: []string{"@option"}}
		if named := cellName(name); named != "{?}" {
			v = join(v, f.p.cells["option:"+named])
		}
		if d := arg(a, 1); d != nil && d.literal() != "false" {
			v = join(v, d)
		}
		if shopAddress[name] {
			v = join(v, f.sourceOf("email", "site", n.Pos, "reads the shop's own address in option "+name))
		}
		out = join(out, f.optionValue(v, name, n.Pos))
	}
	return out
}

// shopAddress are settings that hold an e-mail address of the shop, which is often its owner's.
var shopAddress = map[string]bool{"admin_email": true, "new_admin_email": true, "woocommerce_email_from_address": true, "woocommerce_stock_email_recipient": true}

// optionValue marks a setting whose name says that it holds a credential.
func (f *frame) optionValue(v *Value, name string, pos int32) *Value {
	last := name
	if i := strings.LastIndexByte(name, '['); i >= 0 {
		last = strings.TrimSuffix(name[i+1:], "]")
	}
	if name == "" || !rule.KeyName(strings.TrimPrefix(last, "environment ")) {
		return v
	}
	f.p.keyUse(name, f.file, pos)
	return join(v, f.sourceOf("secret", "option", pos, "reads the key in option "+name))
}

// cellName makes names with unknown parts meet: what is written under "x_{?}" is read under "x_{0}".
func cellName(name string) string { return holes.ReplaceAllString(name, "{?}") }

var holes = regexp.MustCompile(`\{[^}]*\}`)

func setOption(f *frame, n *php.Node, a []*Value) *Value {
	for _, t := range orEmpty(arg(a, 0)).strs {
		name := t.key()
		f.optionValue(nil, name, n.Pos)
		if named := cellName(name); named != "{?}" { // a name nothing is known of would mix all settings
			f.writeCell("option:"+named, arg(a, 1))
		}
	}
	return nil
}

func registerSetting(f *frame, n *php.Node, a []*Value) *Value {
	for _, t := range orEmpty(arg(a, 1)).strs {
		if name := t.key(); !strings.HasPrefix(name, "{") {
			f.optionValue(nil, name, n.Pos)
		}
	}
	return nil
}

// metaValue reads meta: the key decides what it is.
func (f *frame) metaValue(a []*Value, at int, whole *Value, pos int32) *Value {
	k := arg(a, at)
	var out *Value
	for _, t := range orEmpty(k).strs {
		name := t.key()
		src := f.p.Rules.Meta(strings.ToLower(strings.Trim(name, "{}?")))
		if src != nil {
			out = join(out, f.tainted(src, pos, "reads meta "+name))
		}
		out = join(out, f.p.cells["meta:"+name])
		if rule.KeyName(name) {
			out = f.optionValue(out, "meta "+name, pos)
		}
	}
	if out == nil && len(orEmpty(k).literals()) == 0 {
		out = whole.flat()
	}
	return out
}

func setMeta(f *frame, n *php.Node, a []*Value) *Value {
	for _, name := range arg(a, 1).literals() {
		f.writeCell("meta:"+name, arg(a, 2))
	}
	return nil
}

var tableName = regexp.MustCompile(`(?i)\b(?:from|join)\s+[\x60"']?(?:\{\?\}|\{[^}]*\})?[\x60]?([a-z_]+)`)

var lastWord = regexp.MustCompile(`[a-z_]+$`)

// database reads what a query can return from the tables its text names.
func (f *frame) database(n *php.Node, low string, a []*Value) *Value {
	switch low {
	case "prepare":
		f.lookup(n, a)
		return arg(a, 0)
	case "insert", "replace", "update":
		if names := orEmpty(arg(a, 0)).strs; len(names) == 1 { // one of several tables is nobody's
			if name := lastWord.FindString(names[0].key()); name != "" {
				f.writeCell("table:"+name, &Value{fields: map[string]*Value{"*": orEmpty(arg(a, 1))}})
			}
		}
		return nil
	case "get_results", "get_row", "get_var", "get_col", "query":
	default:
		return nil
	}
	var out *Value
	queries := orEmpty(arg(a, 0)).strs
	if len(queries) > 3 {
		return nil // a method for whatever table: what it reads is not known
	}
	for _, t := range queries {
		for _, m := range tableName.FindAllStringSubmatch(t.key(), -1) {
			name := strings.ToLower(m[1])
			src := f.p.Rules.Table(name)
			if src == nil {
				src = f.p.Rules.Table(strings.TrimPrefix(name, "wp_"))
			}
			if own := f.p.cells["table:"+name]; own != nil {
				out = join(out, selected(own, low, t.key()))
			}
			if src != nil && low != "get_var" && !aggregate.MatchString(t.key()) {
				out = join(out, f.tainted(src, n.Pos, "reads table "+name))
			}
		}
	}
	return out
}

var (
	oneColumn = regexp.MustCompile(`(?is)^\s*select\s+(?:distinct\s+)?[\x60]?(?:[a-z_]+\.)?[\x60]?([a-z_]+)[\x60]?\s+from\b`)
	aggregate = regexp.MustCompile(`(?is)^\s*select\s+(?:count|sum|avg|max|min|exists)\s*\(`)
)

// selected is what one query gives of the rows that were stored: a number says nothing of them, and a
// single column only what stands in it.
func selected(rows *Value, method, query string) *Value {
	if aggregate.MatchString(query) {
		return nil
	}
	row := rows.field("*")
	switch method {
	case "get_row":
		return row
	case "get_var", "get_col":
		v := row
		if m := oneColumn.FindStringSubmatch(query); m != nil {
			v = row.field(m[1])
		}
		if method == "get_col" {
			return listOf(v.flat())
		}
		return v.flat()
	}
	return rows
}
