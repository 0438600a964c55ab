package scan

import (
	"regexp"
	"slices"
	"strings"

	"ringfence/internal/scan/fact"
	"ringfence/internal/scan/flow"
	"ringfence/internal/scan/php"
)

// findOpenEndpoints judges the doors behind which a model is called.
func findOpenEndpoints(j *judge) {
	for _, e := range j.prog.Entries {
		p := j.entries[e]
		if p == nil || len(e.Callbacks) == 0 || harmless(e) || loopback(e) {
			continue
		}
		if (e.Kind == "ajax" || e.Kind == "admin-post") && j.twin(e) {
			continue // the same action is open to guests: that door is the finding
		}
		if p.ReachesAI || (e.Kind == "ability" || e.Kind == "mcp") && e.Permission == "open" {
			j.judgeDoor(e, p)
		} else if act := j.changes(e); act != "" && namedAI(j.unit) {
			j.judgeAction(e, p, act)
		}
	}
}

// twin tells whether a logged-in action is registered for guests too.
func (j *judge) twin(e *flow.Entry) bool {
	return slices.ContainsFunc(j.prog.Entries, func(o *flow.Entry) bool { return o.Kind == e.Kind+"-nopriv" && o.Name == e.Name })
}

// harmless are doors that tell the state of the service only.
func harmless(e *flow.Entry) bool {
	name := strings.ToLower(e.Name)
	for _, w := range []string{"health", "/status", "/ping", ".well-known", "/version"} {
		if strings.HasSuffix(name, w) {
			return true
		}
	}
	return false
}

// loopback tells the door of a background job by which the shop calls itself: its nonce stands in no page.
func loopback(e *flow.Entry) bool {
	return slices.ContainsFunc(e.Callbacks, func(fn *php.Func) bool { return fn.Class != nil && selfCall.MatchString(fn.Class.Name) })
}

var selfCall = regexp.MustCompile(`(?i)async_?request|background_?process`)

// judgeDoor weighs the locks of one door to a model.
func (j *judge) judgeDoor(e *flow.Entry, p *fact.Endpoint) {
	has := func(kind string) bool { return slices.Contains(locks(p), kind) }
	if has("capability") || has("signature") || has("owner") {
		return
	}
	f := j.newFinding("open-ai-endpoint", p.Place, e.File, e.Pos)
	f.Guards, f.Trigger, f.Entry, f.Surface = p.Guards, p.Who, p.Kind+" "+e.Name, "service"
	f.Path = j.wayToModel(e)
	guest := forGuests(e)
	switch {
	case guest && has("limit") && (has("nonce") || has("captcha") || has("login")):
		return // what a public chat can do
	case (e.Kind == "ability" || e.Kind == "mcp") && len(e.Checks) == 0:
		f.Level, f.Title = "medium", "Any AI agent may use "+e.Name+" without a permission check"
		f.Why = "What the tool returns goes to whichever agent asks, and from there to its model. Nothing asks who stands behind the agent (OWASP LLM06)."
		f.Do = "Give the tool a permission callback that asks for a capability. In Ringfence name it in the tools an integration may use."
	case e.Kind == "request" && len(locks(p)) == 0:
		f.Level = "medium"
		f.Conditions = "the hook runs for every request; what the request must hold stands in the code"
	case guest && has("login"):
		f.Level, f.Title = "medium", "Any customer can make the shop call a model, as often as he likes"
	case guest && (has("nonce") || has("captcha")):
		f.Level, f.Title = "medium", "Any visitor can make the shop call a model, as often as he likes"
		f.Conditions = "a nonce is handed to every visitor of the page: it stops other sites, not this one's visitors"
	case guest && has("limit"):
		f.Level, f.Title = "medium", "Strangers can make the shop call a model, up to a limit"
	case guest && webhook.MatchString(e.Name):
		f.Level, f.Title = "high", "A webhook without a signature makes the shop call a model"
		f.Do = "Check a signature over the body with hash_equals() before the message is used, and give the integration in Ringfence a request and token limit."
	case guest:
		f.Level = "high"
	case e.Kind == "rest" || e.Kind == "ability" || e.Kind == "mcp":
		if len(e.Checks) == 0 || has("login") || has("nonce") || has("limit") || has("captcha") {
			return // a check out of sight, or one that asks who it is
		}
		f.Level, f.Title = "low", "The permission check of a door to a model could not be followed"
	case e.Kind != "ajax" && e.Kind != "admin-post":
		return
	case has("nonce"):
		f.Level, f.Title = "medium", "Any logged-in user, customers included, can make the shop call a model"
		f.Conditions = "the user needs the nonce of the page"
	default:
		f.Level, f.Title = "medium", "Any logged-in user, and any page he visits, can make the shop call a model"
	}
	if e.Kind == "shortcode" || e.Kind == "block" {
		return
	}
	j.add(f, e.Kind, e.Name)
}

// webhook are names of doors meant for other servers.
var webhook = regexp.MustCompile(`(?i)web_?-?hook|callback|incoming`)

// changing are calls that alter the shop in a way a guest should not cause unasked.
var changing = map[string]string{
	"apply_coupon": "apply a coupon", "add_discount": "apply a coupon", "wp_insert_user": "create a user", "wp_update_user": "change a user",
	"wp_delete_post": "delete content",
	"wp_insert_post": "create content", "wp_update_post": "change content",
	"wc_create_order": "create an order", "wp_delete_user": "delete a user", "wc_create_refund": "refund an order",
}

// changes tells what a guest's door alters; "" when nothing was found or the door is not for guests.
func (j *judge) changes(e *flow.Entry) string {
	if !forGuests(e) || e.Kind == "ability" || e.Kind == "mcp" {
		return ""
	}
	act := ""
	settings := settingsDoor.MatchString(e.Name)
	for _, fn := range e.Callbacks {
		j.prog.Below(fn, 3, func(g *php.Func) {
			for _, n := range g.Body {
				php.Walk(n, func(n *php.Node) bool {
					name := ""
					switch {
					case n.Op == php.Call && n.X.Op == php.Const:
						name = n.X.Text
					case n.Op == php.Method:
						name = n.Text
					}
					if a := changing[strings.ToLower(name)]; a != "" && act == "" {
						act = a
					}
					if settings && act == "" && strings.EqualFold(name, "update_option") {
						act = "change the settings"
					}
					return act == ""
				})
			}
		})
	}
	return act
}

// settingsDoor are names of doors that store settings; elsewhere an option often is a counter.
var settingsDoor = regexp.MustCompile(`(?i)settings?|options?|config|save|api_?key`)

func (j *judge) judgeAction(e *flow.Entry, p *fact.Endpoint, act string) {
	l := locks(p)
	if slices.Contains(l, "capability") || slices.Contains(l, "signature") || slices.Contains(l, "login") || slices.Contains(l, "limit") || slices.Contains(l, "owner") {
		return
	}
	f := j.newFinding("open-endpoint", p.Place, e.File, e.Pos)
	f.Guards, f.Trigger, f.Entry, f.Surface = p.Guards, p.Who, p.Kind+" "+e.Name, "service"
	f.Title = "Any guest can " + act + " through the AI plugin"
	if len(l) == 0 {
		f.Level = "high"
	}
	j.add(f, e.Kind, e.Name)
}

// findOwnership reports orders loaded by a number from the request without asking whose they are.
func findOwnership(j *judge) {
	if !j.unit.AI {
		return
	}
	for _, e := range j.prog.Entries {
		p := j.entries[e]
		if p == nil || harmless(e) {
			continue
		}
		l := locks(p)
		if slices.Contains(l, "capability") || slices.Contains(l, "owner") || slices.Contains(l, "signature") || p.Who == "admin" {
			continue
		}
		for _, fn := range e.Callbacks {
			j.prog.Picks(fn, 3, func(what string, file *php.File, pos int32) {
				f := j.newFinding("missing-ownership-check", j.place(file, pos), file, pos)
				f.Guards, f.Trigger, f.Entry, f.Surface = p.Guards, p.Who, p.Kind+" "+e.Name, "account"
				f.Data, f.DataClasses = []string{"order records"}, []string{"order"}
				parts := []string{e.Name, flow.Name(fn)}
				if what != "order" {
					f.Title = "One customer can read another's " + what
					f.Why = "A " + what + " is loaded by a number from the request and nothing asks whose it is (GDPR Art. 32, OWASP A01)."
					f.Do = "Store the user or session number with the record, and compare it before the record is used."
					f.Data, f.DataClasses = []string{"what visitors type"}, []string{"message"}
					parts = append(parts, what)
				}
				j.add(f, parts...)
			})
		}
	}
}
