package gateway

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"ringfence/internal/mask"
	"ringfence/proof"
)

// sensitive applies the policy for words about health, religion and the other categories of Article 9 GDPR that the
// masker counted. They are named in the entry by category, never by what was said.
func (t *trip) sensitive(categories map[string]int) error {
	if len(categories) == 0 {
		return nil
	}
	policy := t.policy.Sensitive
	stop := policy == mask.SensitiveRefuse || policy == mask.SensitiveLocal && t.record.Engine.Zone != "local"
	action := "flag"
	switch {
	case stop:
		action = "block"
	case policy == mask.SensitiveMask:
		action = "mask"
	}
	names := slices.Sorted(maps.Keys(categories))
	for _, name := range names {
		t.record.Verdicts = append(t.record.Verdicts, proof.Verdict{Side: "prompt", Action: action, Reason: "sensitive_" + name,
			Rule: "article9", Watch: stop && t.watching()})
	}
	t.w.Header().Set("Ringfence-Sensitive", strings.Join(names, ", "))
	if !stop || t.watching() {
		return nil
	}
	return refused(http.StatusForbidden, "sensitive_data", "This call speaks of a person's "+strings.Join(names, ", ")+
		", and mask.sensitive in ringfence.yaml does not let that reach this engine. Leave it out, use an engine in zone local, or change the setting.")
}
