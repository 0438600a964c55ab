package integration_test

import (
	"errors"
	"strings"
	"testing"

	"ringfence/internal/integration"
)

func TestNamesAreUniqueAmongValidKeys(t *testing.T) {
	r := integration.Open(keyFile(t))
	first, _ := create(t, r, "bot")
	_, _, err := r.Create(integration.Integration{Name: "bot", Surface: "admin"})
	if !errors.Is(err, integration.ErrNameTaken) {
		t.Fatalf("a second bot: %v", err)
	}
	if _, err := r.Revoke(first.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Revoke("bot"); !errors.Is(err, integration.ErrRevokedKey) {
		t.Errorf("revoked twice: %v", err)
	}
	if _, err := r.Revoke("nobody"); !errors.Is(err, integration.ErrNotFound) {
		t.Errorf("revoked nobody: %v", err)
	}
	create(t, r, "bot")
	all, err := r.List()
	if err != nil || len(all) != 2 || all[0].Revoked == nil || all[1].Revoked != nil {
		t.Errorf("List = %+v, %v", all, err)
	}
}

func TestCreateRefusesWhatMakesNoSense(t *testing.T) {
	type in = integration.Integration
	cases := map[string]in{
		"name":                               {Name: "", Surface: "service"},
		"name: ":                             {Name: "a\nb", Surface: "service"},
		"surface":                            {Name: "bot", Surface: "kitchen"},
		"purposes":                           {Name: "bot", Surface: "service", Purposes: []string{"admin.summary"}},
		"purposes: \"x\" does not look like": {Name: "bot", Surface: "service", Purposes: []string{"x"}},
		"models":                             {Name: "bot", Surface: "service", Models: []string{"a b"}},
		"aliases":                            {Name: "bot", Surface: "service", Aliases: map[string]string{"a*b": "m"}},
		"mode":                               {Name: "bot", Surface: "service", Mode: "off"},
		"limits.requests_per_minute":         {Name: "bot", Surface: "service", Limits: integration.Limits{RequestsPerMinute: -1}},
	}
	r := integration.Open(keyFile(t))
	for want, i := range cases {
		if _, _, err := r.Create(i); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("Create(%+v) = %v, want an error about %s", i, err, want)
		}
	}
	if all, _ := r.List(); len(all) != 0 {
		t.Errorf("%d integrations were written", len(all))
	}
}

func TestBounds(t *testing.T) {
	i := integration.Integration{Surface: "service"}
	if !i.AllowsPurpose("service.any") || i.AllowsPurpose("admin.any") || !i.AllowsPurpose("") || i.AllowsPurpose("service") {
		t.Error("no list: every purpose of the surface, and no other")
	}
	i.Purposes = []string{"service.a"}
	if !i.AllowsPurpose("service.a") || i.AllowsPurpose("service.b") {
		t.Error("a list: only what it names")
	}
	if !i.AllowsModel("m") {
		t.Error("no list: every model")
	}
	i.Models = []string{"m"}
	if !i.AllowsModel("m") || i.AllowsModel("n") {
		t.Error("a list: only what it names")
	}
	got := integration.Limits{TokensPerMinute: 5}.Or(integration.Limits{RequestsPerMinute: 1, TokensPerMinute: 2, Concurrent: 3})
	if got != (integration.Limits{RequestsPerMinute: 1, TokensPerMinute: 5, Concurrent: 3}) {
		t.Errorf("Or = %+v", got)
	}
}
