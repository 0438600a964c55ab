package config

import (
	"errors"
	"fmt"
	"net/url"
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

// checkDetector checks mask.detector.
func checkDetector(address string) error {
	if address == "" {
		return nil
	}
	u, err := url.Parse(address)
	switch {
	case err != nil:
		return fmt.Errorf("must be an address such as http://127.0.0.1:3000/analyze: %w", err)
	case u.Scheme != "http" && u.Scheme != "https", u.Host == "":
		return errors.New("must be an address such as http://127.0.0.1:3000/analyze")
	case u.User != nil:
		return errors.New("must hold no password; protect the detector by its network")
	}
	return nil
}

// checkForm checks one form of mask.orders or mask.parcels: long enough, and with digits, to be mistaken for little else.
func checkForm(form string) error {
	marks, digits := 0, 0
	for _, r := range form {
		switch {
		case r == '#':
			digits++
		case r == '?':
			marks++
		case r >= 0x80 || r <= ' ':
			return errors.New("must have letters, digits and signs of ASCII only, # for a digit and ? for a letter")
		}
	}
	if digits < 3 || len(form) < 5 || len(form) > 40 {
		return errors.New("must have 5 to 40 characters, three # among them: shorter forms are found in everything")
	}
	return nil
}
