package scan

import (
	"strconv"
	"strings"

	"ringfence/internal/scan/fact"
	"ringfence/internal/scan/flow"
	"ringfence/internal/scan/php"
	"ringfence/internal/scan/rule"
)

// findKeys reports keys written into PHP or scripts.
func findKeys(j *judge) {
	report := func(vendor, key string, f *fact.Finding) {
		f.Title = "A key of " + vendor + " stands in the code"
		if vendor == "Google" && !j.unit.AI {
			f.Level = "medium" // such keys are often made for pages, and bound to them
		}
		f.Excerpt = key[:6] + "... (" + strconv.Itoa(len(key)) + " characters, not shown)"
		f.Vendor, f.Data, f.DataClasses = vendor, []string{"keys and passwords"}, []string{"secret"}
		j.out.keys = append(j.out.keys, fact.Key{Component: j.unit.Slug, Storage: "code", Vendor: vendor, Place: f.Place})
		j.add(f, f.File, vendor)
	}
	for _, file := range j.prog.Files {
		file.Each(func(n *php.Node) bool {
			if n.Op == php.Str {
				if vendor, key := rule.FindSecret(n.Text); vendor != "" {
					report(vendor, key, j.newFinding("key-in-code", j.place(file, n.Pos), nil, 0))
				}
			}
			return true
		})
	}
	for _, s := range j.scripts {
		for _, str := range s.file.Strings {
			if vendor, key := rule.FindSecret(str.Text); vendor != "" {
				f := j.newFinding("key-in-browser", fact.Place{File: s.src.path, Line: s.line(str.Pos)}, nil, 0)
				report(vendor, key, f)
			}
		}
	}
}

// findTLS reports switches that turn certificate checks off: one finding for a component and level,
// with every place.
func findTLS(j *judge) {
	at := map[string]*fact.Finding{}
	for _, file := range j.prog.Files {
		visit := func(n *php.Node) bool {
			name, ok := tlsSwitch(n)
			if !ok {
				return true
			}
			level, condition := j.tlsLevel(file, n)
			f := at[level]
			if f == nil {
				f = j.newFinding("tls-off", j.place(file, n.Pos), file, n.Pos)
				f.Level, f.Conditions = level, condition
				at[level] = f
			}
			f.Path = append(f.Path, fact.Step{Place: j.place(file, n.Pos), What: name + " is off", Code: file.Excerpt(n.Pos, 140)})
			return true
		}
		file.EachFunc(func(_ string, body []*php.Node) {
			for _, n := range body {
				php.Walk(n, visit)
			}
		})
	}
	for _, level := range fact.Levels {
		if f := at[level]; f != nil {
			if n := len(f.Path); n > 1 {
				f.Title += " in " + strconv.Itoa(n) + " places"
			}
			j.add(f, level)
		}
	}
}

// tlsLevel weighs one switch by the call it most likely belongs to.
func (j *judge) tlsLevel(file *php.File, n *php.Node) (level, condition string) {
	level = "high"
	if !j.unit.AI || vendored(file.Path) {
		level = "medium"
	}
	switch t := j.callNear(file, n.Pos); t.Class {
	case "own", "local":
		return "low", "the call seems to go to the shop itself"
	case "other", "unknown":
		level = "medium"
	}
	return level, ""
}

// callNear is the receiver of the call an option most likely belongs to.
func (j *judge) callNear(file *php.File, pos int32) target {
	best, dist := (*flow.Site)(nil), int32(2500)
	for _, s := range j.prog.Sites {
		if s.File == file && outbound(s.Sink.Way) && s.Sink.Name != "curl_init" {
			if d := max(s.Pos-pos, pos-s.Pos); d < dist {
				best, dist = s, d
			}
		}
	}
	if best == nil {
		return target{}
	}
	return j.siteTo[best]
}

// tlsSwitch recognises the spellings of "do not check the certificate".
func tlsSwitch(n *php.Node) (string, bool) {
	off := func(v *php.Node) bool {
		return v != nil && (v.Op == php.Const && strings.EqualFold(v.Text, "false") || v.Op == php.Num && v.Text == "0")
	}
	switch n.Op {
	case php.Item:
		if n.X != nil && off(n.Y) {
			switch {
			case n.X.Op == php.Str && (n.X.Text == "sslverify" || n.X.Text == "verify_peer" || n.X.Text == "verify_peer_name"):
				return n.X.Text, true
			case n.X.Op == php.Str && n.X.Text == "verify" && n.Y.Op == php.Const:
				return "verify", true
			case n.X.Op == php.Const && strings.HasPrefix(strings.ToUpper(n.X.Text), "CURLOPT_SSL_VERIFY"):
				return n.X.Text, true
			}
		}
	case php.Call:
		if n.X.Op == php.Const && strings.EqualFold(n.X.Text, "curl_setopt") && len(n.List) == 3 && n.List[1].X.Op == php.Const &&
			strings.HasPrefix(strings.ToUpper(n.List[1].X.Text), "CURLOPT_SSL_VERIFY") && off(n.List[2].X) {
			return n.List[1].X.Text, true
		}
		if n.X.Op == php.Const && strings.EqualFold(n.X.Text, "add_filter") && len(n.List) >= 2 && n.List[0].X.Op == php.Str &&
			n.List[0].X.Text == "https_ssl_verify" && n.List[1].X.Op == php.Str && n.List[1].X.Text == "__return_false" {
			return "https_ssl_verify", true
		}
	case php.Assign:
		if n.X.Op == php.Index && n.X.Y != nil && n.X.Y.Op == php.Str && n.X.Y.Text == "sslverify" && off(n.Y) {
			return "sslverify", true
		}
	}
	return "", false
}
