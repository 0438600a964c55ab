package minimize

import (
	"slices"
	"strings"
	"testing"
)

func TestCatalogueIsWhole(t *testing.T) {
	c, err := parse(catalogueText)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(Paths()); n < 426 {
		t.Errorf("only %d fields", n)
	}
	surfaces := []string{"checkout", "account", "discovery", "service", "admin", "training"}
	for _, p := range c.purposes {
		if !slices.Contains(surfaces, p.Surface) || p.Title == "" {
			t.Errorf("purpose %+v", p)
		}
	}
	for key, resource := range c.records {
		if c.resources[resource] == nil {
			t.Errorf("record %s leads to %s, which has no fields", key, resource)
		}
	}
	for key := range c.overrides {
		_, path, _ := strings.Cut(key, " ")
		if f := c.find(path); f == nil || f.children != nil {
			t.Errorf("override for %s, which is no field", path)
		}
	}
}

// What must never leave, whatever the purpose.
func TestNeverAllowed(t *testing.T) {
	for _, path := range []string{
		"orders.order_key", "orders.transaction_id", "orders.meta_data.value", "orders.line_items.meta_data", "customers.password",
		"customers.downloads.download_url", "products.downloads.file", "checkout.payment_data", "order-notes.author",
	} {
		for _, p := range Purposes() {
			d, ok := Explain(p.ID, path)
			if !ok || d.Action != Deny {
				t.Errorf("%s for %s: %+v", path, p.ID, d)
			}
		}
	}
}

func TestExplain(t *testing.T) {
	d, ok := Explain("service.order_status", "order.billing.first_name")
	if !ok || d.Action != Pseudonymise || !d.NeedsSubject || d.Path != "orders.billing.first_name" || d.Class != "direct_id" || d.Reason == "" {
		t.Errorf("%+v %v", d, ok)
	}
	d, _ = Explain("service.reply", "orders.billing.city")
	if d.Action != Deny || !strings.Contains(d.Reason, "coarser") {
		t.Errorf("a field without a coarser form: %+v", d)
	}
	for _, missing := range [][2]string{{"service.order_status", "order.nope"}, {"service.order_status", "order.billing"}, {"service.order_status", ""}, {"service.order_status", "order.id.x"}, {"nope", "order.id"}} {
		if d, ok := Explain(missing[0], missing[1]); ok {
			t.Errorf("%v explained as %+v", missing, d)
		}
	}
	if got := Below("order.shipping_lines"); !slices.Contains(got, "orders.shipping_lines.method_title") {
		t.Errorf("below order.shipping_lines: %v", got)
	}
	if got := Below("order.nope"); got != nil {
		t.Errorf("below nothing: %v", got)
	}
}

func TestBrokenCatalogues(t *testing.T) {
	for _, bad := range []string{
		"[classes]\na aa x\n", "[purposes]\nnodots | x\n", "[purposes]\na.b no bar\n", "[orders]\nid nope\n",
		"[purposes]\na.b | x\n[classes]\nc z x\n", "[purposes]\na.b | x\n[classes]\nc a x\n[orders]\nid c nope\n",
		"[purposes]\na.b | x\n[overrides]\nx.y orders.id a\n",
	} {
		if _, err := parse(bad); err == nil {
			t.Errorf("accepted %q", bad)
		}
	}
}

func TestCoarseners(t *testing.T) {
	for _, c := range []struct{ kind, in, want string }{
		{"month", "2026-11-14T10:00:00", "2026-11"}, {"month", "2026-11", "2026-11"}, {"month", "2026-13-01", ""}, {"month", "14.11.2026", ""}, {"month", "2026-11X", ""},
		{"band", "59.90", "50-100"}, {"band", "0", "0-10"}, {"band", "9.99", "0-10"}, {"band", "5000", "5000 and more"}, {"band", "-3", "below 0"}, {"band", "NaN", ""}, {"band", "12 EUR", ""},
		{"postcode", "10115", "10"}, {"postcode", "SW1A 1AA", "SW1"}, {"postcode", "1011 AB", "101"}, {"postcode", "ab", ""}, {"postcode", "123", ""},
		{"country", "de", "DE"}, {"country", "Germany", ""}, {"country", "1x", ""},
		{"network", "203.0.113.9", "203.0.113.0/24"}, {"network", "2001:db8:1:2::3", "2001:db8:1::/48"}, {"network", "::ffff:203.0.113.9", "203.0.113.0/24"}, {"network", "fe80::1%eth0", "fe80::/48"}, {"network", "anna", ""},
		{"browser", "Mozilla/5.0 (X11) AppleWebKit/537.36 Chrome/150.0 Safari/537.36 Edg/150.0", "Edge"}, {"browser", "curl/8", "other"}, {"browser", "", ""},
		{"payment", "Kreditkarte (Visa)", "card"}, {"payment", "PayPal von Anna Muster", "wallet"}, {"payment", "Vorkasse bei Anna", "other"}, {"payment", "cod", "cash"}, {"payment", "Kauf auf Rechnung", "invoice"},
	} {
		got, ok := coarseners[c.kind](c.in)
		if !ok {
			got = ""
		}
		if got != c.want {
			t.Errorf("%s of %q is %q, want %q", c.kind, c.in, got, c.want)
		}
	}
}
