package minimize

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

const order = `{"order": {
	"id": 1042, "number": "1042", "order_key": "wc_order_secret", "status": "processing", "currency": "EUR",
	"date_created": "2026-11-14T10:00:00", "total": "59.90", "customer_id": 42, "customer_ip_address": "203.0.113.9",
	"customer_user_agent": "Mozilla/5.0 Firefox/150.0", "payment_method_title": "Kreditkarte (Visa)", "customer_note": "ring twice",
	"billing": {"first_name": "Anna", "last_name": "Muster", "email": "anna@example.org", "city": "Berlin", "postcode": "10115", "country": "DE", "state": ""},
	"line_items": [{"id": 9, "name": "Wool sweater", "quantity": 1, "total": "59.90", "meta_data": [{"key": "Engraving", "value": "For Anna"}]}],
	"shipping_lines": [{"method_title": "DHL"}],
	"shipment_tracking": [{"tracking_provider": "DHL", "tracking_number": "JJD1", "date_shipped": "2026-11-15"}],
	"meta_data": [{"id": 1, "key": "_tracking_number", "value": "JJD2"}, {"id": 2, "key": "vat", "value": "DE1"}]}}`

func TestCut(t *testing.T) {
	for _, c := range []struct{ purpose, subject, want string }{
		{"service.order_status", "cust:42", `{"order":{"billing":{"country":"DE","first_name":"Anna","last_name":"Muster"},"date_created":"2026-11-14T10:00:00","id":1042,"line_items":[{"name":"Wool sweater","quantity":1}],"meta_data":[{"key":"_tracking_number","value":"JJD2"}],"number":"1042","shipment_tracking":[{"date_shipped":"2026-11-15","tracking_number":"JJD1","tracking_provider":"DHL"}],"shipping_lines":[{"method_title":"DHL"}],"status":"processing"}}`},
		{"service.order_status", "", `{"order":{"billing":{"country":"DE"},"date_created":"2026-11-14T10:00:00","id":1042,"line_items":[{"name":"Wool sweater","quantity":1}],"meta_data":[{"key":"_tracking_number","value":"JJD2"}],"number":"1042","shipment_tracking":[{"date_shipped":"2026-11-15","tracking_number":"JJD1","tracking_provider":"DHL"}],"shipping_lines":[{"method_title":"DHL"}],"status":"processing"}}`},
		{"service.order_status", "cust:43", ``},
		{"discovery.recommend_personal", "cust:42", `{"order":{"billing":{"country":"DE"},"date_created":"2026-11","line_items":[{"name":"Wool sweater","quantity":1,"total":"50-100"}],"shipment_tracking":[{"date_shipped":"2026-11"}],"total":"50-100"}}`},
		{"checkout.risk", "", `{"order":{"billing":{"country":"DE","email":"anna@example.org","first_name":"Anna","last_name":"Muster","postcode":"10"},"currency":"EUR","customer_id":42,"customer_ip_address":"203.0.113.0/24","customer_user_agent":"Firefox","date_created":"2026-11-14T10:00:00","id":1042,"line_items":[{"name":"Wool sweater","quantity":1,"total":"59.90"}],"number":"1042","payment_method_title":"Kreditkarte (Visa)","shipment_tracking":[{"date_shipped":"2026-11-15","tracking_number":"JJD1","tracking_provider":"DHL"}],"shipping_lines":[{"method_title":"DHL"}],"status":"processing","total":"59.90"}}`},
		{"account.self", "", ``},
		{"service.triage", "", `{"order":{"billing":{"country":"DE"},"customer_note":"ring twice","date_created":"2026-11-14T10:00:00","shipment_tracking":[{"date_shipped":"2026-11-15","tracking_provider":"DHL"}],"shipping_lines":[{"method_title":"DHL"}],"status":"processing"}}`},
		{"admin.analytics", "", ``},
		{"training.finetune", "", ``},
		{"no.such_purpose", "cust:42", ``},
		{"", "", ``},
	} {
		got, err := Cut(c.purpose, c.subject, json.RawMessage(order))
		if err != nil || got.Text != c.want {
			t.Errorf("%s for %q: %v\n%s\nwant\n%s", c.purpose, c.subject, err, got.Text, c.want)
		}
	}
}

func TestCountsAndNames(t *testing.T) {
	context := `{"order": {"status": "processing", "total": "5", "total_tax": "1", "colour": "red", "x": {"anna@example.org": 1, "y": [1, 2, null, ""]}, "note": null, "billing": {"country": "de"}, "number": "7"}, "cookies": ["a"]}`
	got, err := Cut("service.order_status", "", json.RawMessage(context))
	if err != nil {
		t.Fatal(err)
	}
	if want := (Counts{Allowed: 2, Generalised: 1, Denied: 2, Unknown: 5}); got.Counts != want {
		t.Errorf("counts %+v, want %+v", got.Counts, want)
	}
	if want := []string{"orders.total", "orders.total_tax"}; !slices.Equal(got.Denied, want) {
		t.Errorf("denied %v, want %v", got.Denied, want)
	}
	if want := []string{"cookies", "order.colour", "order.x"}; !slices.Equal(got.Unknown, want) {
		t.Errorf("unknown %v, want %v", got.Unknown, want)
	}
}

func TestWholeRecords(t *testing.T) {
	for name, c := range map[string]struct {
		purpose, subject, context, want string
		refusal                         Refusal
	}{
		"another customer's order":   {"account.self", "cust:1", `{"order":{"customer_id":2,"status":"new"}}`, ``, Refusal{"order", OtherSubject}},
		"one of two":                 {"account.self", "cust:1", `{"orders":[{"customer_id":2,"status":"a"},{"customer_id":1,"status":"b"}]}`, `{"orders":[{"customer_id":1,"status":"b"}]}`, Refusal{"orders", OtherSubject}},
		"a guest's order":            {"account.self", "cust:1", `{"order":{"customer_id":0,"status":"new"}}`, ``, Refusal{"order", OtherSubject}},
		"a guest and his order":      {"account.self", "guest:a", `{"order":{"customer_id":0,"status":"new"}}`, `{"order":{"customer_id":0,"status":"new"}}`, Refusal{}},
		"no owner named":             {"account.self", "cust:1", `{"order":{"status":"new"}}`, `{"order":{"status":"new"}}`, Refusal{}},
		"an owner that is no id":     {"account.self", "cust:1", `{"order":{"customer_id":[1],"status":"new"}}`, ``, Refusal{"order", OtherSubject}},
		"another customer":           {"service.reply", "cust:1", `{"customer":{"id":2,"first_name":"Ben"}}`, ``, Refusal{"customer", OtherSubject}},
		"the customer":               {"service.reply", "cust:2", `{"customer":{"id":2,"first_name":"Ben"}}`, `{"customer":{"first_name":"Ben","id":2}}`, Refusal{}},
		"anonymized, by meta":        {"service.reply", "", `{"order":{"status":"new","meta_data":[{"key":"_anonymized","value":"yes"}]}}`, ``, Refusal{"order", Anonymized}},
		"anonymized, by field":       {"service.reply", "", `{"order":{"status":"new","_anonymized":"yes"}}`, ``, Refusal{"order", Anonymized}},
		"a draft in the shop window": {"discovery.search", "", `{"product":{"name":"A","status":"draft"}}`, ``, Refusal{}},
		"a private one":              {"service.reply", "", `{"product":{"name":"A","status":"private"}}`, ``, Refusal{}},
		"a hidden one":               {"discovery.search", "", `{"product":{"name":"A","status":"publish","catalog_visibility":"hidden"}}`, ``, Refusal{}},
		"a draft being written":      {"admin.copy", "", `{"product":{"name":"A","status":"draft"}}`, `{"product":{"name":"A","status":"draft"}}`, Refusal{}},
		"a published one":            {"discovery.search", "", `{"product":{"name":"A","status":"publish"}}`, `{"product":{"name":"A","status":"publish"}}`, Refusal{}},
		"a purpose nobody knows":     {"service.gossip", "", `{"order":{"status":"new"}}`, ``, Refusal{"", PurposeUnknown}},
	} {
		got, err := Cut(c.purpose, c.subject, json.RawMessage(c.context))
		if err != nil || got.Text != c.want {
			t.Errorf("%s: %v %s, want %s", name, err, got.Text, c.want)
		}
		var want []Refusal
		if c.refusal != (Refusal{}) {
			want = []Refusal{c.refusal}
		}
		if !slices.Equal(got.Refusals, want) {
			t.Errorf("%s: refusals %v, want %v", name, got.Refusals, want)
		}
	}
}

func TestUnreadable(t *testing.T) {
	for context, want := range map[string]string{
		`[]`:                             "context_not_json",
		`"order"`:                        "context_not_json",
		`{"order":`:                      "context_not_json",
		`{"order":{}} {}`:                "context_not_json",
		"{\"order\":\"\xff\"}":           "context_not_json",
		`{"order":{},"order":{}}`:        "context_duplicate_key",
		`{"order":{"id":1,"\u0069d":2}}`: "context_duplicate_key",
		strings.Repeat(`{"order":`, MaxDepth+1) + "1" + strings.Repeat("}", MaxDepth+1): "context_too_deep",
		`{"order":"` + strings.Repeat("a", MaxBytes) + `"}`:                             "context_too_large",
		`{"order":[` + strings.Repeat("1,", MaxValues) + `1]}`:                          "context_too_large",
	} {
		r, err := Cut("account.self", "", json.RawMessage(context))
		var e *Error
		if !errors.As(err, &e) || e.Reason != want || e.Message == "" || r.Text != "" {
			t.Errorf("%.40q: %v, want %s", context, err, want)
		}
	}
	for _, empty := range []string{"", " \n", "null", "{}", `{"order":null}`} {
		if r, err := Cut("account.self", "", json.RawMessage(empty)); err != nil || r.Text != "" {
			t.Errorf("%q: %+v %v", empty, r, err)
		}
	}
}

// Every field of the catalogue, each with a value that stands nowhere else: the
// text must hold exactly the values that Explain lets through.
func TestNoDeniedValueIsEverInTheText(t *testing.T) {
	for _, p := range Purposes() {
		for _, subject := range []string{"", "cust:1"} {
			context, marks := everyField()
			raw, err := json.Marshal(context)
			if err != nil {
				t.Fatal(err)
			}
			got, err := Cut(p.ID, subject, raw)
			if err != nil {
				t.Fatal(err)
			}
			for path, mark := range marks {
				d, known := Explain(p.ID, path)
				if !known {
					t.Fatalf("%s is not in the catalogue", path)
				}
				kept := d.Action != Deny && d.Action != Aggregate && d.Action != Generalise && (!d.NeedsSubject || subject != "")
				if strings.Contains(got.Text, mark) != kept {
					t.Errorf("%s %q: %s (%s): kept %v, want %v", p.ID, subject, path, d.Action, !kept, kept)
				}
			}
			n := got.Counts
			if sum := n.Allowed + n.Generalised + n.Pseudonymised + n.Denied; sum != len(marks) || n.Unknown != 0 {
				t.Errorf("%s: %+v for %d fields", p.ID, n, len(marks))
			}
		}
	}
}

// everyField returns a context with all fields and the mark in each.
func everyField() (context map[string]any, marks map[string]string) {
	context, marks = map[string]any{}, map[string]string{}
	rename := map[string]string{}
	for key, resource := range loaded().records {
		if old, ok := rename[resource]; !ok || key < old {
			rename[resource] = key
		}
	}
	for i, path := range Paths() {
		marks[path] = fmt.Sprintf("mark-%04d", i)
		words := strings.Split(path, ".")
		words[0] = rename[words[0]]
		at := context
		for _, w := range words[:len(words)-1] {
			if at[w] == nil {
				at[w] = map[string]any{}
			}
			at = at[w].(map[string]any)
		}
		last := words[len(words)-1]
		at[last] = marks[path]
		// These say who owns a record or whether it is published.
		if path == "orders.customer_id" || path == "checkout.customer_id" || path == "customers.id" || last == "catalog_visibility" || (last == "status" && strings.HasPrefix(path, "product")) {
			delete(at, last)
			delete(marks, path)
		}
	}
	return context, marks
}

func TestOrderOfKeysDoesNotMatter(t *testing.T) {
	var context map[string]any
	if err := json.Unmarshal([]byte(order), &context); err != nil {
		t.Fatal(err)
	}
	for seed := range uint64(20) {
		shuffled := string(shuffle(context, rand.New(rand.NewPCG(seed, 3))))
		for _, p := range []string{"service.order_status", "checkout.risk", "no.such"} {
			a, errA := Cut(p, "cust:42", json.RawMessage(order))
			b, errB := Cut(p, "cust:42", json.RawMessage(shuffled))
			if errA != nil || errB != nil || fmt.Sprint(a) != fmt.Sprint(b) {
				t.Fatalf("%s: %v %v, shuffled %v %v", p, a, errA, b, errB)
			}
		}
	}
}

// shuffle writes v as JSON with the keys of each object in a random order.
func shuffle(v any, rnd *rand.Rand) []byte {
	switch v := v.(type) {
	case map[string]any:
		names := keys(v)
		rnd.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
		var parts []string
		for _, n := range names {
			parts = append(parts, fmt.Sprintf("%q:%s", n, shuffle(v[n], rnd)))
		}
		return []byte("{" + strings.Join(parts, ",") + "}")
	case []any:
		var parts []string
		for _, e := range v {
			parts = append(parts, string(shuffle(e, rnd)))
		}
		return []byte("[" + strings.Join(parts, ",") + "]")
	}
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // it came from JSON
	}
	return b
}

func FuzzCut(f *testing.F) {
	f.Add("service.order_status", "cust:42", order)
	f.Add("account.self", "cust:0", `{"orders":[{"customer_id":0,"meta_data":[{"key":"_anonymized","value":"yes"}]}],"product":{"status":"draft"}}`)
	f.Add("admin.copy", "", `{"product":[[{"name":[1,{"a":[]}]}]],"x":{"y":null}}`)
	f.Fuzz(func(t *testing.T, purpose, subject, context string) {
		r, err := Cut(purpose, subject, json.RawMessage(context))
		if err != nil {
			var e *Error
			if !errors.As(err, &e) || e.Reason == "" {
				t.Fatalf("%q: %v", context, err)
			}
			return
		}
		if r.Text != "" && !json.Valid([]byte(r.Text)) {
			t.Fatalf("%q left %q", context, r.Text)
		}
		if _, err := Cut(purpose, subject, json.RawMessage(r.Text)); err != nil {
			t.Fatalf("what was left of %q cannot be read again: %v", context, err)
		}
		for _, p := range r.Denied {
			if loaded().find(p) == nil {
				t.Fatalf("denied path %q is not the catalogue's", p)
			}
		}
	})
}
