package scan

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"

	"ringfence/internal/scan/fact"
	"ringfence/internal/scan/flow"
	"ringfence/internal/scan/php"
	"ringfence/internal/scan/rule"
)

// findingRules are run in this order on every component. Each adds its findings to j.out.
var findingRules = []func(*judge){
	findDataFlows, findOpenEndpoints, findOwnership, findKeys, findBrowser, findTLS, findLogs, findAnswers, findTransfers, findTimeouts,
	findModified, findVulnerable,
}

// group is one finding about data in the making: all classes of one kind from one place to one target.
type group struct {
	rule  string
	site  *flow.Site
	to    target
	ai    bool
	taint []flow.Taint
	roots []*php.Func
	hit   *flow.Hit
}

// kinds of data findings by the group of the class.
func dataRule(class *rule.Class, ai bool) string {
	switch class.Group {
	case "personal", "pseudonym":
		if ai {
			return "personal-data-to-ai"
		}
		return "personal-data-to-outside"
	case "words":
		switch {
		case class.Name == "review" && ai:
			return "untrusted-text-to-ai"
		case ai:
			return "visitor-words-to-ai"
		}
	case "business":
		if ai {
			return "business-secrets-to-ai"
		}
	case "content":
		if ai {
			return "catalogue-to-ai"
		}
	}
	return ""
}

// findDataFlows reports what reaches whom, one finding per rule, site and target.
func findDataFlows(j *judge) {
	groups := map[string]*group{}
	var order []string
	for _, h := range j.prog.Hits {
		t := j.targets[h]
		if !outbound(h.Site.Sink.Way) || t.Class == "own" || t.Class == "local" || t.Host != nil && quiet(t.Host) {
			continue
		}
		ai := j.aiTarget(h)
		if t.Class == "unknown" && (!ai || j.siteTo[h.Site].Class == "ai") {
			continue // nobody can act on "some data goes somewhere"
		}
		for _, x := range h.Taint {
			name := dataRule(x.Class, ai)
			if name == "" || x.Class.Group == "pseudonym" && stepLen(x.Step) > 8 {
				continue
			}
			if name == "personal-data-to-outside" && tracking(h, t, x) {
				name = "usage-tracking"
			}
			id := strings.Join([]string{name, h.Site.File.Path, flow.Name(h.Site.Fn), t.Name}, "|")
			if !ai {
				id = name + "|" + t.Name // one receiver, one decision
			}
			g := groups[id]
			if g == nil {
				g = &group{rule: name, site: h.Site, to: t, ai: ai, hit: h}
				groups[id] = g
				order = append(order, id)
			}
			for _, o := range t.Also {
				if !g.to.names(o.Name) {
					g.to.Also = append(g.to.Also, o)
				}
			}
			g.add(x, h.Root)
		}
	}
	for _, id := range order {
		j.report(groups[id])
	}
}

// tracking tells reports of a plugin about the shop and its administrator to the plugin's maker.
func tracking(h *flow.Hit, t target, x flow.Taint) bool {
	if x.Origin == "order" || x.Origin == "comment" || x.Origin == "cart" {
		return false
	}
	for _, maker := range []string{"freemius.com", "appsero.com", "wpdeveloper.com"} {
		if t.Name == maker || strings.HasSuffix(t.Name, "."+maker) {
			return true
		}
	}
	reports := trackingWords.MatchString(t.Name + t.Path + " " + flow.Name(h.Site.Fn) + " " + flow.Name(h.Root) + " " + base(h.Site.File.Path))
	switch {
	case x.Origin == "site", x.Class.Name == "agent", ofStaff(x):
	default:
		return reports && (x.Class.Name == "email" || x.Class.Name == "name") && stepLen(x.Step) <= 8 // get_users() for the administrator, a form of the maker's
	}
	if t.Host != nil && (t.Host.Kind == "telemetry" || t.Host.Kind == "analytics") {
		return true
	}
	return reports
}

// base is the last element of a path.
func base(path string) string { return path[strings.LastIndexByte(path, '/')+1:] }

var trackingWords = regexp.MustCompile(`(?i)telemetry|(?:^|[^o])track(?:ing|er)|usage[._-]?(?:track|data|stat|check)|^usage|insights|analytics|feedback|deactivat|uninstall|survey|checkin|diagnostic|newsletter`)

func outbound(way string) bool {
	switch way {
	case "http", "curl", "stream", "socket", "client", "ai":
		return true
	}
	return false
}

func (g *group) add(x flow.Taint, root *php.Func) {
	if !slices.Contains(g.roots, root) {
		g.roots = append(g.roots, root)
	}
	for i, o := range g.taint {
		if o.Class == x.Class && o.Origin == x.Origin && o.Redacted == x.Redacted {
			if stepLen(x.Step) < stepLen(o.Step) {
				g.taint[i] = x
			}
			return
		}
	}
	g.taint = append(g.taint, x)
}

func stepLen(s *flow.Step) (n int) {
	for ; s != nil; s = s.Before() {
		n++
	}
	return n
}

// report turns a group into a finding.
func (j *judge) report(g *group) {
	sort.SliceStable(g.taint, func(a, b int) bool { return g.taint[a].Class.ID < g.taint[b].Class.ID })
	var doors []*flow.Entry
	for _, r := range g.roots {
		doors = append(doors, j.doorsAbove(r)...)
	}
	j.nearest(doors)
	f := j.newFinding(g.rule, j.place(g.site.File, g.site.Pos), g.site.File, g.site.Pos)
	for _, x := range g.taint {
		title := x.Class.Title
		if x.Redacted {
			title += " (after a function that takes personal data out)"
		}
		f.Data = append(f.Data, title)
		f.DataClasses = append(f.DataClasses, x.Class.Name)
	}
	f.Data, f.DataClasses = slices.Compact(f.Data), slices.Compact(f.DataClasses)
	j.address4(f, g.to)
	f.Trigger = j.trigger(doors)
	f.Path = j.path(heaviest(g.taint).Step, g.site)
	if len(doors) > 0 {
		f.Entry = doors[0].Kind + " " + doors[0].Name
		f.Guards = j.factGuards(j.guards(doors[0]))
	}
	if e := j.typist(g.taint); e != nil {
		f.Trigger, f.Entry, f.Guards = j.who(e), e.Kind+" "+e.Name, j.factGuards(j.guards(e))
	}
	f.Surface = surface(f, g)
	f.Level = dataLevel(g, f.Trigger)
	if f.Rule == "visitor-words-to-ai" && (f.Trigger == "admin" || f.Trigger == "cron") {
		f.Rule = "staff-words-to-ai"
		f.Why, f.Do = texts[f.Rule].why, texts[f.Rule].do
	}
	f.Title = dataTitle(f)
	if !g.ai {
		j.add(f, g.to.Name)
		return
	}
	j.add(f, flow.Name(g.site.Fn), g.site.Sink.Name, g.to.Name)
}

// typist is the door behind which the words of a finding are read, when all of them come from requests:
// what staff stored in the morning is theirs, whoever sets the call off later.
func (j *judge) typist(list []flow.Taint) *flow.Entry {
	var doors []*flow.Entry
	for _, x := range list {
		if x.Origin != "request" {
			return nil
		}
		first := x.Step.First()
		fn := j.functionAt(first.File, first.Pos)
		if fn == nil {
			return nil
		}
		above := j.doorsAbove(fn)
		if len(above) == 0 || above[0].Kind == "hook" {
			return nil
		}
		doors = append(doors, above[0])
	}
	j.nearest(doors)
	return doors[0]
}

// functionAt is the named function or method a position stands in.
func (j *judge) functionAt(file *php.File, pos int32) *php.Func {
	var best *php.Func
	visit := func(fn *php.Func) {
		if fn.Pos <= pos && (best == nil || fn.Pos > best.Pos) {
			best = fn
		}
	}
	for _, fn := range file.Funcs {
		visit(fn)
	}
	for _, c := range file.Classes {
		for _, m := range c.Methods {
			visit(m)
		}
	}
	return best
}

// heaviest is the data a path is shown for.
func heaviest(list []flow.Taint) flow.Taint {
	best := list[0]
	order := map[string]int{"business": 6, "personal": 5, "words": 4, "pseudonym": 3, "content": 2}
	weight := func(x flow.Taint) int {
		if x.Origin == "site" {
			return 1
		}
		return order[x.Class.Group]
	}
	for _, x := range list {
		if weight(x) > weight(best) {
			best = x
		}
	}
	return best
}

// dataLevel weighs class, target and trigger.
func dataLevel(g *group, trigger string) string {
	worst := "info"
	raise := func(level string) {
		if fact.Rank(level) < fact.Rank(worst) {
			worst = level
		}
	}
	for _, x := range g.taint {
		raise(classLevel(x, g, trigger))
	}
	if g.site.Sink.Name == "wp_register_ability" && worst == "high" {
		return "medium" // an agent asks, and the ability has a permission check of its own
	}
	return worst
}

func classLevel(x flow.Taint, g *group, trigger string) string {
	staff := trigger == "admin"
	switch {
	case x.Redacted, x.Class.Group == "personal" && x.Origin == "site":
		return "low"
	case g.rule == "usage-tracking":
		return "low"
	case !g.ai && x.Class.Group == "personal" && x.Origin != "request" && !other(g.to.Name):
		return "medium"
	case !g.ai:
		return "low"
	case x.Class.Group == "personal" && (x.Class.Name == "location" || staff && (x.Origin == "request" || ofStaff(x))):
		return "medium"
	case x.Class.Group == "personal":
		return "high"
	case x.Class.Group == "pseudonym":
		return "low"
	case x.Class.Name == "stock" || x.Class.Name == "coupon":
		return "low"
	case x.Class.Group == "business":
		return "high"
	case x.Class.Name == "message" || x.Class.Name == "upload" || x.Class.Name == "search":
		if staff {
			return "info"
		}
		return "medium"
	case x.Class.Name == "review":
		return "medium"
	case x.Class.Name == "input" && !staff:
		return "low"
	}
	return "info"
}

// ofStaff tells data of the person at the keyboard, who is staff where only staff gets there.
func ofStaff(x flow.Taint) bool {
	return strings.Contains(x.Step.First().What, "wp_get_current_user")
}

// newFinding starts a finding with what its rule says.
func (j *judge) newFinding(name string, at fact.Place, file *php.File, pos int32) *fact.Finding {
	t := texts[name]
	f := &fact.Finding{Rule: name, Component: j.unit.Slug, Place: at, Why: t.why, Do: t.do, Title: t.title, Level: t.level}
	if file != nil {
		f.Excerpt = file.Excerpt(pos, 160)
	}
	return f
}

// address4 fills in who receives the data and where that is.
func (j *judge) address4(f *fact.Finding, t target) {
	f.To = t.Name
	for i, o := range t.Also {
		if i == 4 && len(t.Also) > 5 {
			f.To += ", and " + strconv.Itoa(len(t.Also)-4) + " more"
			break
		}
		f.To += ", " + o.Name
	}
	switch {
	case t.Host != nil:
		f.Vendor = t.Host.Vendor
		f.Jurisdiction = jurisdiction(t.Host)
	case t.Class == "ai":
		f.Jurisdiction = "not in the code: whichever provider is configured decides"
	case t.Class == "configurable":
		f.Jurisdiction = "not in the code: a setting of the shop decides"
	default:
		f.Jurisdiction = "unknown: a service of the plugin's vendor; what it hands on, and to whom, is not in the code"
	}
}

// jurisdiction says in one line where a host's vendor sits and where it says it processes.
func jurisdiction(h *rule.Host) string {
	where := map[string]string{"global": "processed anywhere", "unknown": "place of processing not documented",
		"by-name": "place of processing is in the host name", "by-resource": "place of processing depends on the resource",
		"by-call": "place of processing depends on what the call asks for"}[h.Region]
	if where == "" {
		where = "processed in " + h.Region
	}
	seat := h.Seat
	if z := rule.Zone(h.Seat); z != "unknown" && z != h.Seat {
		seat += " (" + z + ")"
	}
	return "vendor in " + seat + ", " + where
}

// add completes a finding with its fingerprint; parts are what it is about, free of line numbers.
func (j *judge) add(f *fact.Finding, parts ...string) {
	if f.Level == "high" && !j.unit.AI && !namedAI(j.unit) && !gravest[f.Rule] {
		f.Level = "medium" // a shop with this component alone sends nothing to AI
	}
	key := append([]string{f.Rule, f.Component}, parts...)
	f.Key = strings.Join(key, " | ")
	sum := sha256.Sum256([]byte(f.Key))
	f.ID = hex.EncodeToString(sum[:8])
	j.out.findings = append(j.out.findings, *f)
}

// gravest are findings that stay high in a component without AI.
var gravest = map[string]bool{"answer-executed": true, "browser-side-ai": true}

// dedupe keeps one finding per fingerprint: the one with the highest level, with all data classes.
func (r *result) dedupe() {
	at := map[string]int{}
	var list []fact.Finding
	for _, f := range r.findings {
		i, ok := at[f.ID]
		if !ok {
			at[f.ID] = len(list)
			list = append(list, f)
			continue
		}
		if fact.Rank(f.Level) < fact.Rank(list[i].Level) {
			list[i] = f
		}
	}
	r.findings = list
}

// surface tells where AI touches the store, from the door and the data.
func surface(f *fact.Finding, g *group) string {
	text := strings.ToLower(f.Entry + " " + g.site.File.Path + " " + flow.Name(g.site.Fn))
	for _, s := range []struct{ word, surface string }{
		{"checkout", "checkout"}, {"payment", "checkout"}, {"new_order", "checkout"}, {"fraud", "checkout"},
		{"embed", "training"}, {"index", "training"}, {"train", "training"}, {"vector", "training"}, {"knowledge", "training"},
		{"search", "discovery"}, {"recommend", "discovery"}, {"product_quest", "discovery"},
		{"account", "account"}, {"login", "account"}, {"register", "account"},
		{"chat", "service"}, {"support", "service"}, {"message", "service"}, {"assistant", "service"}, {"review", "service"},
	} {
		if strings.Contains(text, s.word) {
			return s.surface
		}
	}
	if f.Trigger == "admin" || f.Trigger == "cron" || f.Trigger == "user" {
		return "admin"
	}
	return "service"
}

func dataTitle(f *fact.Finding) string {
	data := strings.Join(f.Data, ", ")
	if data == "" {
		data = "data"
	}
	return strings.ToUpper(data[:1]) + data[1:] + " to " + toWhom(f)
}

func toWhom(f *fact.Finding) string {
	if f.Vendor != "" && !strings.Contains(strings.ToLower(f.To), strings.ToLower(f.Vendor)) {
		return f.Vendor + " (" + f.To + ")"
	}
	return f.To
}
