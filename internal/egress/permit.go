package egress

import (
	"fmt"
	"net/http"

	"ringfence/internal/integration"
	"ringfence/proof"
)

// granted is a destination that the policy lets pass, or would refuse in
// enforce mode. Only permit makes one.
type granted struct {
	*destination
	ruled
}

// permit asks the policy about the name, before anything resolves it: a name
// that is looked up has already left.
func (p *Proxy) permit(a *attempt, d *destination) (*granted, error) {
	v := a.policy.rule(d, a.connect)
	if v.rule == "" && a.policy.Intercept && a.connect && p.interceptable(d) == nil {
		v.action, v.reason, v.would = proof.ActionIntercept, "", ""
	}
	a.record.Rule, a.record.Would = v.rule, v.would
	if v.watch {
		a.record.Mode = integration.ModeWatch
	}
	if v.named {
		a.record.Host = d.host // the operator wrote it: nothing of a customer's
	}
	switch v.action {
	case proof.ActionDeny:
		return nil, refused(http.StatusForbidden, v.reason, denial(d, v))
	case proof.ActionIntercept:
		if why := p.interceptable(d); why != nil {
			return nil, why
		}
		if !a.connect {
			return nil, refused(http.StatusForbidden, "not_interceptable", "Only TLS connections are intercepted. Use https:// for this host.")
		}
	}
	if v.action == proof.ActionInspect {
		if why := p.inspectable(d, v); why != nil {
			return nil, why
		}
	}
	a.record.Action = v.action
	return &granted{d, v}, nil
}

func denial(d *destination, v ruled) string {
	switch {
	case v.rule != "":
		return fmt.Sprintf("The rule %q of egress.rules in ringfence.yaml denies this.", v.rule)
	case d.service != nil:
		return fmt.Sprintf("%s is a service of kind %s, and no rule of egress.rules in ringfence.yaml allows it. Point the plugin at the gateway, or let the proxy intercept it (egress.intercept).", d.host, d.kind())
	}
	return "No rule of egress.rules in ringfence.yaml allows this host. `ringfence egress check HOST` explains it."
}
