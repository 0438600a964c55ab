package evidence

import (
	"slices"
	"time"

	"ringfence/internal/residency"
	"ringfence/internal/residency/zone"
)

// A Basis is why data may go to a place under Chapter V GDPR.
type Basis string

// The bases. Inside needs none: there is no transfer within the EEA.
const (
	Inside     Basis = "eea"
	ByAdequacy Basis = "adequacy"   // Art. 45
	ByDPF      Basis = "dpf"        // Art. 45, United States, certified recipients
	ByClauses  Basis = "scc"        // Art. 46(2)(c), with a transfer assessment
	ByRules    Basis = "bcr"        // Art. 47
	Derogation Basis = "derogation" // Art. 49, for single cases
)

// Bases lists them.
func Bases() []Basis { return []Basis{Inside, ByAdequacy, ByDPF, ByClauses, ByRules, Derogation} }

// A Row of the register says by what contract and on what basis data goes to a
// recipient, for what and which.
type Row struct {
	Name       string
	Recipient  string
	Hosts      []string // names, or *.name for all below it
	Contract   string   // under Art. 28
	Basis      Basis    // under Chapter V
	Purposes   []string
	Categories []string
	From       time.Time
	Until      time.Time
}

// registered: a service that runs AI or collects data has a valid row.
func (h *hearing) registered() residency.Reason {
	if !h.delicate() {
		return ""
	}
	row := h.row()
	now := h.Now()
	switch {
	case row == nil:
		h.note(false, "register", "no contract for %s is in the register", h.to.Host)
		return RegisterMissing
	case now.Before(row.From) || !now.Before(row.Until):
		h.note(false, "register", "%s holds from %s until %s", row.Name, row.From.Format(time.DateOnly), row.Until.Format(time.DateOnly))
		return RegisterExpired
	case !h.based(row.Basis):
		h.note(false, "register", "%s is no basis for %s", row.Basis, h.place)
		return RegisterBasis
	}
	if reason := h.covered(row); reason != "" {
		return reason
	}
	h.note(true, "register", "%s: %s with %s, basis %s, until %s", row.Name, row.Contract, row.Recipient, row.Basis, row.Until.Format(time.DateOnly))
	return ""
}

// row is the row that names the host best.
func (h *hearing) row() *Row {
	var found *Row
	best := -1
	for i := range h.Register {
		for _, p := range h.Register[i].Hosts {
			if n := fits(p, h.to.Host); n > best {
				found, best = &h.Register[i], n
			}
		}
	}
	return found
}

// based says whether a basis fits the place.
func (h *hearing) based(b Basis) bool {
	_, adequate := zone.Adequate(h.place)
	switch b {
	case Inside:
		return zone.EEA.Holds(h.place)
	case ByAdequacy:
		return adequate && h.place != "US"
	case ByDPF:
		return h.place == "US" && h.claim.Certified
	case ByClauses, ByRules, Derogation:
		return true
	}
	return false
}

// covered says whether the row covers what the call is for and what is in it,
// where that is known.
func (h *hearing) covered(row *Row) residency.Reason {
	c := h.to.Call
	if c == nil {
		return ""
	}
	if c.Purpose != "" && !slices.Contains(row.Purposes, c.Purpose) {
		h.note(false, "register", "%s does not cover the purpose %s", row.Name, c.Purpose)
		return RegisterPurpose
	}
	for _, category := range c.Categories {
		if !slices.Contains(row.Categories, category) {
			h.note(false, "register", "%s does not cover data of the category %s", row.Name, category)
			return RegisterCategory
		}
	}
	return ""
}
