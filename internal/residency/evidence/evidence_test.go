package evidence_test

import (
	"math/rand/v2"
	"net/netip"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"ringfence/internal/residency"
	"ringfence/internal/residency/evidence"
	"ringfence/internal/residency/geo"
	"ringfence/internal/residency/mmdbtest"
	"ringfence/internal/residency/zone"
)

var now = time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)

func accept(words ...string) zone.Zone {
	z, err := zone.Parse(words)
	if err != nil {
		panic(err)
	}
	return z
}

func addrs(s ...string) (out []netip.Addr) {
	for _, a := range s {
		out = append(out, netip.MustParseAddr(a))
	}
	return out
}

// database is a geo database of rows, some days old.
func database(t testing.TB, name string, days int, rows map[string]mmdbtest.Row) evidence.NamedDatabase {
	path := filepath.Join(t.TempDir(), name+".mmdb")
	mmdbtest.Write(t, path, now.AddDate(0, 0, -days), rows)
	d := geo.New(geo.Options{Path: path, Now: func() time.Time { return now }})
	if _, err := d.Refresh(); err != nil {
		t.Fatal(err)
	}
	return evidence.NamedDatabase{Name: name, Database: d}
}

func claim(place zone.Place, hosts ...string) evidence.Claim {
	return evidence.Claim{Name: "test", Hosts: hosts, Place: place, Contract: "a contract", From: now.AddDate(0, -1, 0), Until: now.AddDate(0, 1, 0)}
}

func row(basis evidence.Basis, hosts ...string) evidence.Row {
	return evidence.Row{
		Name: "test", Recipient: "A Ltd", Hosts: hosts, Contract: "a contract", Basis: basis, Purposes: []string{"service.reply"}, Categories: []string{"contact"},
		From: now.AddDate(0, -1, 0), Until: now.AddDate(0, 1, 0),
	}
}

func with[T any](v T, change func(*T)) T {
	change(&v)
	return v
}

// TestJudge is the table of verdicts: what is claimed, what is seen, what is
// said. 5.1/16 is German in both databases, 5.2/16 French, 5.3/16 disputed, 5.4/16
// in the first alone, 7.1/16 American, 104.16/16 a content network's.
func TestJudge(t *testing.T) {
	a := database(t, "a", 3, map[string]mmdbtest.Row{
		"5.1.0.0/16": {Country: "DE", ASN: 64500}, "5.2.0.0/16": {Country: "FR"}, "5.3.0.0/16": {Country: "DE"}, "5.4.0.0/16": {Country: "DE"},
		"7.1.0.0/16": {Country: "US"}, "104.16.0.0/16": {Country: "US", ASN: 13335}, "9.1.0.0/16": {Country: "DE", ASN: 13335}, "10.0.0.0/8": {},
	})
	b := database(t, "b", 3, map[string]mmdbtest.Row{
		"5.1.0.0/16": {Flat: "DE"}, "5.2.0.0/16": {Flat: "FR"}, "5.3.0.0/16": {Flat: "US"}, "7.1.0.0/16": {Flat: "US"}, "104.16.0.0/16": {Flat: "US"}, "9.1.0.0/16": {Flat: "DE"},
	})
	old := database(t, "old", 60, map[string]mmdbtest.Row{"5.1.0.0/16": {Country: "DE"}})
	base := evidence.Options{Accept: accept("EEA"), Databases: []evidence.NamedDatabase{a, b}, Now: func() time.Time { return now }}
	for name, c := range map[string]struct {
		claim  evidence.Claim
		row    evidence.Row
		change func(*evidence.Options)
		host   string
		addrs  []netip.Addr
		call   *residency.Call
		tls    bool
		want   residency.Reason
	}{
		"two databases":                {claim: claim("DE", "x.example"), addrs: addrs("5.1.0.1"), want: evidence.Agrees},
		"two addresses of the Union":   {claim: claim("EU", "x.example"), addrs: addrs("5.1.0.1", "5.2.0.1"), want: evidence.Agrees},
		"no claim":                     {claim: claim("DE", "y.example"), addrs: addrs("5.1.0.1"), want: residency.ReasonNoClaim},
		"claim above":                  {claim: claim("DE", "*.example"), addrs: addrs("5.1.0.1"), want: evidence.Agrees},
		"claim for another above":      {claim: claim("DE", "*.x.example"), addrs: addrs("5.1.0.1"), want: residency.ReasonNoClaim},
		"expired":                      {claim: with(claim("DE", "x.example"), func(c *evidence.Claim) { c.Until = now }), addrs: addrs("5.1.0.1"), want: evidence.Expired},
		"not yet":                      {claim: with(claim("DE", "x.example"), func(c *evidence.Claim) { c.From = now.Add(1) }), addrs: addrs("5.1.0.1"), want: evidence.NotYet},
		"another country":              {claim: claim("DE", "x.example"), addrs: addrs("5.2.0.1"), want: evidence.Conflict},
		"one address elsewhere":        {claim: claim("DE", "x.example"), addrs: addrs("5.1.0.1", "5.2.0.1"), want: evidence.Conflict},
		"databases disagree":           {claim: claim("DE", "x.example"), addrs: addrs("5.3.0.1"), want: evidence.Conflict},
		"databases disagree inside":    {claim: claim("EU", "x.example"), addrs: addrs("5.3.0.1"), want: evidence.Conflict},
		"one database":                 {claim: claim("DE", "x.example"), addrs: addrs("5.4.0.1"), want: residency.ReasonNoEvidence},
		"one database and one range":   {claim: with(claim("DE", "x.example"), func(c *evidence.Claim) { c.Ranges = []netip.Prefix{netip.MustParsePrefix("5.4.0.0/24")} }), addrs: addrs("5.4.0.1"), want: evidence.Agrees},
		"outside the range":            {claim: with(claim("DE", "x.example"), func(c *evidence.Claim) { c.Ranges = []netip.Prefix{netip.MustParsePrefix("5.4.0.0/24")} }), addrs: addrs("5.1.0.1"), want: evidence.Conflict},
		"the declared network":         {claim: with(claim("DE", "x.example"), func(c *evidence.Claim) { c.ASNs = []uint32{64500} }), addrs: addrs("5.1.0.1"), want: evidence.Agrees},
		"another network":              {claim: with(claim("DE", "x.example"), func(c *evidence.Claim) { c.ASNs = []uint32{64501} }), addrs: addrs("5.1.0.1"), want: evidence.Conflict},
		"a network nobody knows":       {claim: with(claim("DE", "x.example"), func(c *evidence.Claim) { c.ASNs = []uint32{64501} }), addrs: addrs("5.4.0.1"), want: residency.ReasonNoEvidence},
		"unknown address":              {claim: claim("DE", "x.example"), addrs: addrs("6.6.6.6"), want: residency.ReasonNoEvidence},
		"no address":                   {claim: claim("DE", "x.example"), want: residency.ReasonNoEvidence},
		"no databases":                 {claim: claim("DE", "x.example"), addrs: addrs("5.1.0.1"), change: func(o *evidence.Options) { o.Databases = nil }, want: residency.ReasonNoEvidence},
		"old databases":                {claim: claim("DE", "x.example"), addrs: addrs("5.1.0.1"), change: func(o *evidence.Options) { o.Databases = []evidence.NamedDatabase{a, old} }, want: evidence.Stale},
		"outside the zone":             {claim: claim("US", "x.example"), addrs: addrs("7.1.0.1"), want: evidence.OutsideZone},
		"a zone of its own":            {claim: with(claim("US", "x.example"), func(c *evidence.Claim) { c.Accept = accept("US") }), addrs: addrs("7.1.0.1"), want: evidence.Agrees},
		"certified":                    {claim: with(claim("US", "x.example"), func(c *evidence.Claim) { c.Accept, c.Certified = accept("DPF"), true }), addrs: addrs("7.1.0.1"), want: evidence.Agrees},
		"not certified":                {claim: with(claim("US", "x.example"), func(c *evidence.Claim) { c.Accept = accept("DPF") }), addrs: addrs("7.1.0.1"), want: evidence.OutsideZone},
		"content network":              {claim: claim("US", "x.example"), addrs: addrs("104.16.0.1"), want: residency.ReasonNoEvidence},
		"content network by number":    {claim: claim("DE", "x.example"), addrs: addrs("9.1.0.1"), want: residency.ReasonNoEvidence},
		"declared anycast":             {claim: claim("DE", "x.example"), addrs: addrs("5.1.0.1"), change: func(o *evidence.Options) { o.Anycast = []netip.Prefix{netip.MustParsePrefix("5.1.0.0/24")} }, want: residency.ReasonNoEvidence},
		"the operator's word":          {claim: with(claim("US", "x.example"), func(c *evidence.Claim) { c.Assurance, c.Accept = evidence.Operator, accept("US") }), addrs: addrs("104.16.0.1"), want: evidence.Declared},
		"the operator's word outside":  {claim: with(claim("US", "x.example"), func(c *evidence.Claim) { c.Assurance = evidence.Operator }), addrs: addrs("104.16.0.1"), want: evidence.OutsideZone},
		"the operator's word for AI":   {claim: with(claim("DE", "api.groq.com"), func(c *evidence.Claim) { c.Assurance = evidence.Operator }), row: row("eea", "api.groq.com"), host: "api.groq.com", addrs: addrs("104.16.0.1"), want: residency.ReasonNoEvidence},
		"the operator's word, no path": {claim: with(claim("DE", "api.cloudflare.com"), func(c *evidence.Claim) { c.Assurance = evidence.Operator }), host: "api.cloudflare.com", addrs: addrs("104.16.0.1"), want: evidence.VendorRefuses},

		"regional name":              {claim: with(claim("EU", "eu.api.openai.com"), func(c *evidence.Claim) { c.Assurance = evidence.Contractual }), row: row("eea", "eu.api.openai.com"), host: "eu.api.openai.com", addrs: addrs("104.16.0.1"), want: evidence.Contracted},
		"regional name is not two":   {claim: claim("EU", "eu.api.openai.com"), row: row("eea", "eu.api.openai.com"), host: "eu.api.openai.com", addrs: addrs("104.16.0.1"), want: residency.ReasonNoEvidence},
		"regional name and database": {claim: claim("EU", "eu.api.openai.com"), row: row("eea", "*.openai.com"), host: "eu.api.openai.com", addrs: addrs("5.4.0.1"), want: evidence.Agrees},
		"regional name elsewhere":    {claim: claim("EU", "us.api.openai.com"), row: row("eea", "us.api.openai.com"), host: "us.api.openai.com", addrs: addrs("5.1.0.1"), want: evidence.Conflict},
		"global name":                {claim: claim("DE", "api.openai.com"), row: row("eea", "api.openai.com"), host: "api.openai.com", addrs: addrs("5.1.0.1"), want: evidence.VendorRefuses},
		"global name, mistral":       {claim: claim("FR", "api.mistral.ai"), row: row("eea", "api.mistral.ai"), host: "api.mistral.ai", addrs: addrs("5.2.0.1"), want: evidence.VendorRefuses},

		"no register":          {claim: claim("DE", "api.scaleway.ai"), host: "api.scaleway.ai", addrs: addrs("5.1.0.1"), want: evidence.Conflict},
		"no row":               {claim: claim("FR", "api.scaleway.ai"), host: "api.scaleway.ai", addrs: addrs("5.2.0.1"), want: evidence.RegisterMissing},
		"row":                  {claim: claim("FR", "api.scaleway.ai"), row: row("eea", "api.scaleway.ai"), host: "api.scaleway.ai", addrs: addrs("5.2.0.1"), want: evidence.Agrees},
		"row expired":          {claim: claim("FR", "api.scaleway.ai"), row: with(row("eea", "api.scaleway.ai"), func(r *evidence.Row) { r.Until = now }), host: "api.scaleway.ai", addrs: addrs("5.2.0.1"), want: evidence.RegisterExpired},
		"row without basis":    {claim: with(claim("US", "us.api.openai.com"), func(c *evidence.Claim) { c.Accept = accept("US") }), row: row("adequacy", "us.api.openai.com"), host: "us.api.openai.com", addrs: addrs("7.1.0.1"), want: evidence.RegisterBasis},
		"row with clauses":     {claim: with(claim("US", "us.api.openai.com"), func(c *evidence.Claim) { c.Accept = accept("US") }), row: row("scc", "us.api.openai.com"), host: "us.api.openai.com", addrs: addrs("7.1.0.1"), want: evidence.Agrees},
		"dpf, not certified":   {claim: with(claim("US", "us.api.openai.com"), func(c *evidence.Claim) { c.Accept = accept("US") }), row: row("dpf", "us.api.openai.com"), host: "us.api.openai.com", addrs: addrs("7.1.0.1"), want: evidence.RegisterBasis},
		"another purpose":      {claim: claim("FR", "api.scaleway.ai"), row: row("eea", "api.scaleway.ai"), host: "api.scaleway.ai", addrs: addrs("5.2.0.1"), call: &residency.Call{Purpose: "training.finetune"}, want: evidence.RegisterPurpose},
		"another category":     {claim: claim("FR", "api.scaleway.ai"), row: row("eea", "api.scaleway.ai"), host: "api.scaleway.ai", addrs: addrs("5.2.0.1"), call: &residency.Call{Purpose: "service.reply", Categories: []string{"health"}}, want: evidence.RegisterCategory},
		"the purpose":          {claim: claim("FR", "api.scaleway.ai"), row: row("eea", "api.scaleway.ai"), host: "api.scaleway.ai", addrs: addrs("5.2.0.1"), call: &residency.Call{Purpose: "service.reply", Categories: []string{"contact"}}, want: evidence.Agrees},
		"a collector's row":    {claim: claim("FR", "tracking.woocommerce.com"), host: "tracking.woocommerce.com", addrs: addrs("5.2.0.1"), want: evidence.RegisterMissing},
		"a resolver's row":     {claim: claim("FR", "dns.google"), host: "dns.google", addrs: addrs("5.2.0.1"), want: evidence.RegisterMissing},
		"bedrock, splice":      {claim: claim("DE", "*.amazonaws.com"), row: row("eea", "*.amazonaws.com"), host: "bedrock-runtime.eu-central-1.amazonaws.com", addrs: addrs("5.1.0.1"), want: evidence.CallUnknown},
		"bedrock, at home":     {claim: claim("DE", "*.amazonaws.com"), row: row("eea", "*.amazonaws.com"), host: "bedrock-runtime.eu-central-1.amazonaws.com", addrs: addrs("5.4.0.1"), call: &residency.Call{Path: "/model/m.x/converse"}, want: evidence.Agrees},
		"bedrock, global":      {claim: claim("DE", "*.amazonaws.com"), row: row("eea", "*.amazonaws.com"), host: "bedrock-runtime.eu-central-1.amazonaws.com", addrs: addrs("5.1.0.1"), call: &residency.Call{Path: "/model/global.m/converse"}, want: evidence.VendorRefuses},
		"bedrock, us":          {claim: claim("DE", "*.amazonaws.com"), row: row("eea", "*.amazonaws.com"), host: "bedrock-runtime.eu-central-1.amazonaws.com", addrs: addrs("5.1.0.1"), call: &residency.Call{Path: "/model/us.m/converse"}, want: evidence.Conflict},
		"bedrock, eu":          {claim: claim("DE", "*.amazonaws.com"), row: row("eea", "*.amazonaws.com"), host: "bedrock-runtime.eu-central-1.amazonaws.com", addrs: addrs("5.1.0.1"), call: &residency.Call{Path: "/model/eu.m/converse"}, want: evidence.Agrees},
		"anthropic, splice":    {claim: with(claim("US", "api.anthropic.com"), func(c *evidence.Claim) { c.Accept = accept("US") }), row: row("scc", "api.anthropic.com"), host: "api.anthropic.com", addrs: addrs("7.1.0.1"), want: evidence.CallUnknown},
		"anthropic, us":        {claim: with(claim("US", "api.anthropic.com"), func(c *evidence.Claim) { c.Accept = accept("US") }), row: row("scc", "api.anthropic.com"), host: "api.anthropic.com", addrs: addrs("7.1.0.1"), call: &residency.Call{Body: map[string]string{"inference_geo": "us"}}, want: evidence.Agrees},
		"anthropic, not said":  {claim: with(claim("US", "api.anthropic.com"), func(c *evidence.Claim) { c.Accept = accept("US") }), row: row("scc", "api.anthropic.com"), host: "api.anthropic.com", addrs: addrs("7.1.0.1"), call: &residency.Call{Body: map[string]string{}}, want: evidence.VendorRefuses},
		"azure":                {claim: claim("FR", "*.openai.azure.com"), row: row("eea", "*.openai.azure.com"), host: "shop.openai.azure.com", addrs: addrs("5.2.0.1"), want: evidence.CallUnknown},
		"azure, deployed":      {claim: with(claim("FR", "*.openai.azure.com"), func(c *evidence.Claim) { c.Deployment = "FR" }), row: row("eea", "*.openai.azure.com"), host: "shop.openai.azure.com", addrs: addrs("5.2.0.1"), want: evidence.Agrees},
		"identity, not looked": {claim: with(claim("DE", "x.example"), func(c *evidence.Claim) { c.Identity = &residency.Identity{} }), addrs: addrs("5.4.0.1"), want: residency.ReasonNoEvidence},
		"identity":             {claim: with(claim("DE", "x.example"), func(c *evidence.Claim) { c.Identity = &residency.Identity{} }), addrs: addrs("5.4.0.1"), tls: true, want: evidence.Agrees},
		"inside, by identity": {claim: with(claim("DE", "x.example"), func(c *evidence.Claim) {
			c.Identity, c.Ranges = &residency.Identity{}, []netip.Prefix{netip.MustParsePrefix("10.1.0.0/16")}
		}), addrs: addrs("10.1.0.1"), tls: true, want: evidence.Agrees},
	} {
		o := base
		o.Claims, o.Register = []evidence.Claim{c.claim}, []evidence.Row{c.row}
		if c.change != nil {
			c.change(&o)
		}
		to := residency.Destination{Host: c.host, Port: 443, Call: c.call, Verifies: c.tls}
		if to.Host == "" {
			to.Host = "x.example"
		}
		got := evidence.New(o).Judge(t.Context(), to, c.addrs)
		good := slices.Contains([]residency.Reason{evidence.Agrees, evidence.Contracted, evidence.Declared}, c.want)
		if got.Reason != c.want || got.Allowed() != good || good != (got.Zone != "") {
			t.Errorf("%s: %s %s in %q (%s), want %s\n%+v", name, got.Outcome, got.Reason, got.Zone, got.Assurance, c.want, got.Evidence)
		}
	}
}

// TestNothingWithoutEvidence is the law as a property: whatever is claimed and
// seen, a destination is allowed only with a claim that holds, with two
// observations for each address that agree with it and with each other, inside
// the zone. What is counted here is counted from the drawing, not from findings.
func TestNothingWithoutEvidence(t *testing.T) {
	places := []zone.Place{"DE", "FR", "EU", "US", "CH"}
	networks := []string{"5.1.0.0/16", "5.2.0.0/16", "104.16.0.0/16"}
	r := rand.New(rand.NewPCG(1, 2))
	pick := func(from []zone.Place) zone.Place { return from[r.IntN(len(from))] }
	type drawn struct {
		evidence.NamedDatabase
		rows map[string]mmdbtest.Row
		age  int
	}
	var pool []drawn
	for range 100 {
		d := drawn{rows: map[string]mmdbtest.Row{"99.0.0.0/16": {Country: "DE"}}, age: []int{3, 3, 3, 60}[r.IntN(4)]}
		for _, n := range networks {
			if r.IntN(4) > 0 {
				d.rows[n] = mmdbtest.Row{Country: string(pick([]zone.Place{"DE", "DE", "FR", "US"}))}
			}
		}
		d.NamedDatabase = database(t, "a", d.age, d.rows)
		pool = append(pool, d)
	}
	allowed := 0
	for range 20_000 {
		databases := []drawn{pool[r.IntN(len(pool))], pool[r.IntN(len(pool))]}
		c := claim(pick(places), "x.example")
		held := r.IntN(8) > 0
		if !held {
			c.Until = now.Add(-time.Hour)
		}
		ranged := r.IntN(3) == 0
		if ranged {
			c.Ranges = []netip.Prefix{netip.MustParsePrefix("5.0.0.0/8")}
		}
		n := r.IntN(len(networks))
		at := netip.MustParsePrefix(networks[n]).Addr().Next()
		o := evidence.Options{Accept: accept("EEA"), Claims: []evidence.Claim{c}, Now: func() time.Time { return now },
			Databases: []evidence.NamedDatabase{databases[0].NamedDatabase, databases[1].NamedDatabase}}
		got := evidence.New(o).Judge(t.Context(), residency.Destination{Host: "x.example", Port: 443}, []netip.Addr{at})

		seen := []zone.Place{}
		for i, d := range databases {
			if i == 1 && d.Sum() == databases[0].Sum() {
				continue // one file twice is one witness
			}
			if row, ok := d.rows[networks[n]]; ok && d.age < 30 && networks[n] != "104.16.0.0/16" {
				seen = append(seen, zone.Place(row.Country))
			}
		}
		observations, agree := len(seen), held
		if ranged && strings.HasPrefix(networks[n], "5.") {
			observations++
		} else if ranged {
			agree = false
		}
		for _, p := range seen {
			agree = agree && c.Place.Holds(p) && p == seen[0]
		}
		want := agree && observations >= 2 && zone.EEA.Holds(c.Place)
		if got.Allowed() != want {
			t.Fatalf("claim %s (holds %v, ranged %v), seen %v: %s %s\n%+v", c.Place, held, ranged, seen, got.Outcome, got.Reason, got.Evidence)
		}
		if want {
			allowed++
		}
	}
	if allowed < 100 {
		t.Errorf("only %d of the drawings were allowed: the property says little", allowed)
	}
}
