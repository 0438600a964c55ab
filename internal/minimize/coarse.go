package minimize

import (
	"encoding/json"
	"net/netip"
	"strconv"
	"strings"
)

// coarseners make a value coarser; false means the value has not the expected
// form, and then it is denied.
var coarseners = map[string]func(string) (string, bool){
	"month":    month,
	"band":     band,
	"postcode": postcode,
	"country":  country,
	"network":  network,
	"browser":  browser,
	"payment":  payment,
}

// text returns a JSON scalar as the catalogue's text forms expect it.
func text(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return strings.TrimSpace(v), true
	case json.Number:
		return v.String(), true
	}
	return "", false
}

// month turns an ISO 8601 date into its year and month.
func month(s string) (string, bool) {
	if len(s) < 7 || s[4] != '-' || !digits(s[:4]) || !digits(s[5:7]) || s[5:7] > "12" || s[5:7] == "00" {
		return "", false
	}
	return s[:7], len(s) == 7 || s[7] == '-'
}

// bandEdges are amounts in the order's own currency.
var bandEdges = []float64{0, 10, 25, 50, 100, 250, 500, 1000, 5000}

func band(s string) (string, bool) {
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || v != v {
		return "", false
	}
	if v < 0 {
		return "below 0", true
	}
	for i := len(bandEdges) - 1; i >= 0; i-- {
		if v < bandEdges[i] {
			continue
		}
		low := strconv.FormatFloat(bandEdges[i], 'f', -1, 64)
		if i == len(bandEdges)-1 {
			return low + " and more", true
		}
		return low + "-" + strconv.FormatFloat(bandEdges[i+1], 'f', -1, 64), true
	}
	return "", false
}

// postcode keeps the region: two characters, three of a long code. Of a code
// too short for that nothing is kept.
func postcode(s string) (string, bool) {
	r := []rune(strings.ReplaceAll(s, " ", ""))
	keep := 2
	if len(r) >= 6 {
		keep = 3
	}
	if len(r) < keep+2 {
		return "", false
	}
	return string(r[:keep]), true
}

// country passes an ISO 3166-1 alpha-2 code and nothing else.
func country(s string) (string, bool) {
	if len(s) != 2 {
		return "", false
	}
	up := strings.ToUpper(s)
	return up, up[0] >= 'A' && up[0] <= 'Z' && up[1] >= 'A' && up[1] <= 'Z'
}

// network keeps a /24 of IPv4, a /48 of IPv6.
func network(s string) (string, bool) {
	a, err := netip.ParseAddr(s)
	if err != nil {
		return "", false
	}
	bits := 48
	if a = a.Unmap().WithZone(""); a.Is4() {
		bits = 24
	}
	p, err := a.Prefix(bits)
	return p.String(), err == nil
}

// browser keeps the family. Order matters: most browsers also name others.
func browser(s string) (string, bool) {
	for _, family := range []string{"Edg", "OPR", "Firefox", "Chrome", "Safari"} {
		if strings.Contains(s, family+"/") {
			return strings.NewReplacer("Edg", "Edge", "OPR", "Opera").Replace(family), true
		}
	}
	return "other", s != ""
}

// payment maps a method's id or title to its kind; a kind nobody knows is
// "other", since a title may hold anything.
func payment(s string) (string, bool) {
	s = strings.ToLower(s)
	for _, k := range []struct{ kind, words string }{
		{"invoice", "invoice cheque rechnung facture factuur klarna afterpay riverty"},
		{"wallet", "paypal ppcp apple google amazon wallet twint"},
		{"transfer", "bacs bank transfer sepa ideal sofort giropay bancontact przelewy überweisung virement"},
		{"cash", "cod cash nachnahme"},
		{"card", "card stripe visa mastercard karte carte kaart tarjeta"},
	} {
		for w := range strings.FieldsSeq(k.words) {
			if strings.Contains(s, w) {
				return k.kind, true
			}
		}
	}
	return "other", s != ""
}

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}
