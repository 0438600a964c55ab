package people

import (
	"strings"
	"testing"
)

// TestLines takes the lines that stores send, plain and as WooCommerce's REST API has them.
func TestLines(t *testing.T) {
	x := open(t, "")
	kinds := x.Kinds()
	for kind, lines := range map[string][]string{
		"customer": {
			`{"kind":"customer","subject":"cust:1","name":"Anna Muster","email":"anna@example.org","orders":[1042,"RF-7731"]}`,
			`{"kind":"customer","id":2,"first_name":"Bela","last_name":"Zorblax","email":"b@shop.example","billing":{"first_name":"Bela",
				"last_name":"Zorblax","company":"Quix Handel GmbH","address_1":"Am Tor 3","postcode":"20095","city":"Hamburg","phone":"040 901820"},
				"shipping":{"first_name":"Cara","last_name":"Quix","address_1":"Kai 9","postcode":"20457","city":"Hamburg"},"meta_data":[],"role":"customer"}`,
		},
		"order": {
			`{"kind":"order","id":77123,"customer_id":2,"meta_data":[{"key":"_tracking_number","value":"JD0146000038"},{"key":"x","value":{"a":[1]}}]}`,
			`{"kind":"order","number":"77124","customer_id":0,"billing":{"first_name":"Dora","last_name":"Pfeffermann","email":"d@x.example"}}`,
		},
		"product":  {`{"kind":"product","id":5,"name":"Earl Grey","brands":[{"id":1,"name":"Zorblax Tea"}],"categories":[{"name":"Schwarztee"}]}`},
		"category": {`{"kind":"category","name":"Kannen & Tassen"}`},
	} {
		for _, line := range lines {
			if err := kinds[kind].Put([]byte(strings.ReplaceAll(line, "\n", " ")), ""); err != nil {
				t.Errorf("%s: %v", line, err)
			}
		}
	}
	for text, want := range map[string]string{
		"Order #1042 is late":        "cust:1",
		"where is RF-7731":           "cust:1",
		"ruf (040) 901820 an":        "cust:2",
		"es ging an Cara Quix":       "cust:2",
		"steht am Tor 3 im Hof":      "cust:2",
		"Paket JD0146000038 fehlt":   "cust:2",
		"Bestellung 77123 fehlt":     "cust:2",
		"Bestellung 77124 fehlt":     "order:77124",
		"hier ist pfeffermann, dora": "order:77124",
		"die quix handel gmbh zahlt": "cust:2",
	} {
		if masked, owners := hidden(t, x, "", text); len(owners) != 1 || owners[0] != want {
			t.Errorf("%q: %v in %q", text, owners, masked)
		}
	}
	if found, err := kinds["customer"].Delete([]byte(`{"id":2}`)); err != nil || !found {
		t.Error(found, err)
	}
	if s := x.Status(); s.Customers != 1 || s.Orders != 2 || s.Products != 2 {
		t.Errorf("%+v", s)
	}
	if n, err := x.Forget("cust:2"); err != nil || n != 1 {
		t.Error(n, err)
	}
}

func TestBadLinesAreNamedWithoutTheirValues(t *testing.T) {
	x := open(t, "")
	for _, line := range []string{`{"name":"Zorblaxia"}`, `{"subject":"s","name":{"a":"Zorblaxia"}}`, `{"subject":"s","names":"Zorblaxia"}`,
		`{"subject":"s","id":["Zorblaxia"]}`, `{"subject":"` + strings.Repeat("Zorblaxia", 50) + `"}`, `{"subject":"Zorblaxia`} {
		if err := x.Kinds()["customer"].Put([]byte(line), ""); err == nil || strings.Contains(err.Error(), "Zorblaxia") {
			t.Errorf("%s: %v", line, err)
		}
	}
}

func FuzzLine(f *testing.F) {
	f.Add(`{"subject":"cust:1","name":"Anna Muster","addresses":[{"address_1":"Weg 1","postcode":"1","city":"x"}]}`)
	f.Add(`{"number":7,"tracking":["a1","b2"],"meta_data":[{"key":"_tracking_number","value":1}]}`)
	f.Add(`{"id":5,"name":"Earl Grey","brands":["x",{"name":"y"}]}`)
	x, err := Open(Options{Secret: secret})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, line string) {
		for _, k := range x.Kinds() {
			if k.Put([]byte(line), "") == nil {
				if found, err := k.Delete([]byte(line)); err != nil || !found {
					t.Errorf("%s %q: put, but not deleted: %v", k.name, line, err)
				}
			}
		}
		if n := x.table.size(); n != 0 {
			t.Fatalf("%q: %d hashes are left", line, n)
		}
	})
}
