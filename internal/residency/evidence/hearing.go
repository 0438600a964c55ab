package evidence

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"ringfence/internal/residency"
	"ringfence/internal/residency/catalogue"
	"ringfence/internal/residency/geo"
	"ringfence/internal/residency/zone"
)

// A hearing is one judgement under way.
type hearing struct {
	Options
	to    residency.Destination
	addrs []netip.Addr

	claim     *Claim
	place     zone.Place // the widest that claim and observations allow
	vouched   zone.Place // what the vendor says
	assurance Assurance
	kind      string // of zone
	voided    bool   // an anycast network voided a database
	stale     bool   // a database is too old to be asked
	findings  []residency.Finding
}

func (h *hearing) note(ok bool, step, says string, args ...any) {
	h.findings = append(h.findings, residency.Finding{Step: step, Says: fmt.Sprintf(says, args...), OK: ok})
}

// hear goes through the steps and returns the reason of the first that says
// no, or the one for which it is yes.
func (h *hearing) hear() residency.Reason {
	for _, step := range []func() residency.Reason{h.claimed, h.observed, h.accepted, h.registered} {
		if reason := step(); reason != "" {
			return reason
		}
	}
	switch h.assurance {
	case Evidenced:
		return Agrees
	case Contractual:
		return Contracted
	}
	return Declared
}

// claimed: somebody declared where this is, and it holds today.
func (h *hearing) claimed() residency.Reason {
	c := claimFor(h.Claims, h.to.Host)
	if c == nil {
		h.note(false, "claim", "nobody declared where %s is", h.to.Host)
		return residency.ReasonNoClaim
	}
	h.claim, h.place = c, c.Place
	now := h.Now()
	switch {
	case now.Before(c.From):
		h.note(false, "claim", "%s holds from %s", c.Name, c.From.Format(time.DateOnly))
		return NotYet
	case !now.Before(c.Until):
		h.note(false, "claim", "%s held until %s", c.Name, c.Until.Format(time.DateOnly))
		return Expired
	}
	h.note(true, "claim", "%s: %s by %s, until %s", c.Name, c.Place, c.Contract, c.Until.Format(time.DateOnly))
	return ""
}

// observed: enough observations agree with the claim, for every address.
func (h *hearing) observed() residency.Reason {
	vendor, reason := h.vendor()
	if reason != "" {
		return reason
	}
	tls := h.identified()
	enough := true
	for _, a := range h.addrs {
		n, reason := h.address(a)
		if reason != "" {
			return reason
		}
		enough = enough && n+count(vendor)+count(tls) >= 2
	}
	return h.weigh(enough && len(h.addrs) > 0, vendor)
}

func count(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// weigh says how good the evidence is, and whether that is good enough.
func (h *hearing) weigh(enough, vendor bool) residency.Reason {
	needed := h.claim.Assurance
	switch {
	case enough:
		h.assurance = Evidenced
	case vendor:
		h.assurance = Contractual
	default:
		h.assurance = Operator
	}
	switch {
	case h.assurance == Evidenced,
		h.assurance == Contractual && (needed == Contractual || needed == Operator),
		h.assurance == Operator && needed == Operator && !h.delicate():
		h.note(true, "assurance", "%s", h.assurance)
		return ""
	}
	h.note(false, "assurance", "%s is not enough: two observations must agree with the claim", h.assurance)
	if h.stale {
		return Stale
	}
	return residency.ReasonNoEvidence
}

// delicate: the operator's word is not enough for AI and for collectors.
func (h *hearing) delicate() bool {
	_, known := h.Catalogue.Lookup(h.to.Host, h.path())
	return known
}

func (h *hearing) path() string {
	if h.to.Call == nil {
		return ""
	}
	return h.to.Call.Path
}

// agree notes one observation of a place, which must contradict neither the
// claim nor the others about the same address.
func (h *hearing) agree(step string, place zone.Place, others ...zone.Place) residency.Reason {
	for _, other := range append(others, h.claim.Place) {
		if other == "" {
			continue
		}
		if _, ok := zone.Wider(other, place); !ok {
			h.note(false, step, "%s, which contradicts %s", place, other)
			return Conflict
		}
	}
	h.place, _ = zone.Wider(h.place, place)
	h.note(true, step, "%s", place)
	return ""
}

// vendor: what the vendor vouches for by the host's name and the call.
func (h *hearing) vendor() (bool, residency.Reason) {
	v := h.Catalogue.Where(h.to.Host, h.said)
	if v.Needs == "resource" && h.claim.Deployment != "" {
		v = catalogue.Vendor{Place: string(h.claim.Deployment), Why: "the deployment that the operator declares"}
	}
	if v.Place != "" {
		h.vouched = zone.Place(v.Place)
		reason := h.agree("vendor", h.vouched)
		return reason == "", reason
	}
	if _, known := h.Catalogue.Lookup(h.to.Host, ""); !known {
		return false, ""
	}
	h.note(false, "vendor", "%s", v.Why)
	switch {
	case v.Anywhere:
		return false, VendorRefuses
	case v.Needs != "":
		return false, CallUnknown
	}
	return false, ""
}

// said returns what the call says, for the vendor's rules.
func (h *hearing) said(field string) (string, bool) {
	c := h.to.Call
	switch {
	case c == nil:
		return "", false
	case field == "model" && c.Model != "":
		return c.Model, true
	case field == "model":
		return modelInPath(c.Path)
	case c.Body == nil:
		return "", false
	}
	return c.Body[field], true
}

// modelInPath finds the model id in a path as /model/ID/converse.
func modelInPath(path string) (string, bool) {
	_, rest, ok := strings.Cut(path, "/model/")
	id, _, _ := strings.Cut(rest, "/")
	return id, ok && id != ""
}

// identified: who answers will be checked on this connection.
func (h *hearing) identified() bool {
	switch {
	case h.claim.Identity == nil:
		return false
	case !h.to.Verifies:
		h.note(false, "tls", "an identity is declared, but cannot be seen on this connection")
		return false
	}
	h.note(true, "tls", "the connection is used only if the declared identity answers")
	return true
}

// address counts the observations about one address that agree.
func (h *hearing) address(a netip.Addr) (int, residency.Reason) {
	n := 0
	var asns []uint32
	answers := make([]geo.Answer, len(h.Databases))
	for i, db := range h.Databases {
		if answers[i] = db.Look(a); answers[i].ASN != 0 {
			asns = append(asns, answers[i].ASN)
		}
	}
	network, reason := h.network(a, asns)
	if reason != "" {
		return 0, reason
	}
	n += count(network)
	if whose := h.anycast(a, asns); whose != "" {
		h.voided = true
		h.note(false, "anycast", "%s is announced from many places (%s): geo databases say nothing about it", a, whose)
		return n, ""
	}
	others, sums := []zone.Place{h.vouched}, map[string]bool{}
	for i, db := range h.Databases {
		if sum := db.Sum(); sum != "" && sums[sum] {
			h.note(false, "geo:"+db.Name, "it is the same file as another, so it counts once")
			continue
		}
		sums[db.Sum()] = true
		said := answers[i].Place
		ok, reason := h.database(db, a, said, others)
		if reason != "" {
			return 0, reason
		}
		n, others = n+count(ok), append(others, said)
	}
	return n, ""
}

// network: the address is in a network that the operator declared for it.
func (h *hearing) network(a netip.Addr, asns []uint32) (bool, residency.Reason) {
	if len(h.claim.Ranges) == 0 && len(h.claim.ASNs) == 0 {
		return false, ""
	}
	if slices.ContainsFunc(h.claim.Ranges, func(p netip.Prefix) bool { return p.Contains(a) }) {
		h.note(true, "network", "%s is in a declared range", a)
		return true, ""
	}
	for _, asn := range asns {
		if slices.Contains(h.claim.ASNs, asn) {
			h.note(true, "network", "%s belongs to AS%d, as declared", a, asn)
			return true, ""
		}
	}
	if len(h.claim.Ranges) > 0 || len(asns) > 0 {
		h.note(false, "network", "%s is in none of the declared networks", a)
		return false, Conflict
	}
	return false, "" // nobody knows its network
}

func (h *hearing) anycast(a netip.Addr, asns []uint32) string {
	for _, asn := range append(asns, 0) {
		if whose := knownAnycast().of(a, asn, h.Anycast); whose != "" {
			return whose
		}
	}
	return ""
}

// database: one geo database agrees.
func (h *hearing) database(db NamedDatabase, a netip.Addr, said zone.Place, others []zone.Place) (bool, residency.Reason) {
	step := "geo:" + db.Name
	if state, built := db.State(); state != geo.Fresh {
		h.stale = h.stale || state == geo.Stale
		if state == geo.Absent {
			h.note(false, step, "there is no usable file")
		} else {
			h.note(false, step, "built %s, which is too long ago", built.Format(time.DateOnly))
		}
		return false, ""
	}
	if said == "" {
		h.note(false, step, "%s is not in it", a)
		return false, ""
	}
	reason := h.agree(step, said, others...)
	return reason == "", reason
}

// accepted: the widest place it may be in is inside the zone.
func (h *hearing) accepted() residency.Reason {
	accept := h.Accept
	if !h.claim.Accept.Empty() {
		accept = h.claim.Accept
	}
	kind, ok := accept.Accepts(h.place, h.claim.Certified)
	h.kind = kind
	if !ok {
		h.note(false, "zone", "%s is not in %s", h.place, accept)
		return OutsideZone
	}
	h.note(true, "zone", "%s is in %s", h.place, accept)
	return ""
}
