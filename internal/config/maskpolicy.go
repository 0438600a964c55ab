package config

import (
	"fmt"
	"slices"
	"strings"
)

// AllSurfaces stands for every surface in mask.policy.
const AllSurfaces = "all"

// checkMaskPolicy checks one entry of mask.policy.
func checkMaskPolicy(key, action string) error {
	surface, kind, ok := strings.Cut(key, ".")
	surfaces := []string{AllSurfaces, "checkout", "account", "discovery", "service", "admin", "training"}
	switch {
	case !ok || !slices.Contains(surfaces, surface):
		return fmt.Errorf("must be SURFACE.KIND with one of %s, as in discovery.ADDRESS", strings.Join(surfaces, ", "))
	case !slices.Contains(Kinds(), kind):
		return among(Kinds(), kind)
	case (kind == "SECRET" || kind == "CARD") && action != "irreversible":
		return fmt.Errorf("cards and secrets are always irreversible; remove it")
	}
	return among([]string{"reversible", "irreversible", "generalise", "keep"}, action)
}
