package proof_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"ringfence/proof"
)

func sampleEntry() proof.Entry {
	return proof.Entry{
		SpecVersion: "1.0", ID: "7KQ", Source: "shop.example/log", Type: "ringfence.call.intent",
		Time: time.Date(2026, 11, 23, 9, 30, 0, 5000, time.UTC), Subject: "cust:8f3a",
		Data: json.RawMessage(`{ "purpose": "service.order_status", "masked": {"EMAIL": 1} }`),
	}
}

func TestEntryForm(t *testing.T) {
	const want = `{"data":{"masked":{"EMAIL":1},"purpose":"service.order_status"},"id":"7KQ","source":"shop.example/log",` +
		`"specversion":"1.0","subject":"cust:8f3a","time":"2026-11-23T09:30:00.000005Z","type":"ringfence.call.intent"}`
	stored, err := sampleEntry().Marshal()
	if err != nil || string(stored) != want {
		t.Fatalf("Marshal = %s, %v\nwant %s", stored, err, want)
	}
	read, err := proof.ParseEntry(stored)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := read.Marshal(); err != nil || string(again) != want {
		t.Errorf("parsed and written again: %s, %v", again, err)
	}
}

func TestEntryRefuses(t *testing.T) {
	stored, _ := sampleEntry().Marshal()
	valid := string(stored)
	for name, text := range map[string]string{
		"a space":               strings.Replace(valid, `"id":`, `"id": `, 1),
		"another specversion":   strings.Replace(valid, `"1.0"`, `"0.3"`, 1),
		"no id":                 strings.Replace(valid, `"id":"7KQ",`, ``, 1),
		"ID for id":             strings.Replace(`{"ID":"7KQ",`+valid[1:], `"id":"7KQ",`, ``, 1),
		"id a number":           strings.Replace(valid, `"7KQ"`, `7`, 1),
		"no time":               strings.Replace(valid, `"time":"2026-11-23T09:30:00.000005Z",`, ``, 1),
		"time not a time":       strings.Replace(valid, `2026-11-23T`, `yesterday `, 1),
		"an array":              `[]`,
		"nothing":               ``,
		"null":                  `null`,
		"larger than a bundle":  `"` + strings.Repeat("a", proof.MaxEntry) + `"`,
		"a duplicate attribute": strings.Replace(valid, `"id":"7KQ",`, `"id":"7KQ","id":"7KR",`, 1),
	} {
		if _, err := proof.ParseEntry([]byte(text)); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

// CloudEvents allows extension attributes: a newer log stays readable for an older auditor.
func TestEntryAllowsUnknownAttributes(t *testing.T) {
	stored, _ := sampleEntry().Marshal()
	newer := strings.Replace(string(stored), `"id":`, `"dataref":"x","id":`, 1)
	if _, err := proof.ParseEntry([]byte(newer)); err != nil {
		t.Error(err)
	}
}

func TestEntrySize(t *testing.T) {
	e := sampleEntry()
	e.Data = nil
	empty, _ := e.Marshal()
	room := proof.MaxEntry - len(empty) - len(`"data":"",`)
	e.Data, _ = json.Marshal(strings.Repeat("x", room))
	if stored, err := e.Marshal(); err != nil || len(stored) != proof.MaxEntry {
		t.Errorf("the largest entry: %d bytes, %v", len(stored), err)
	}
	e.Data, _ = json.Marshal(strings.Repeat("x", room+1))
	var tooLarge *proof.TooLargeError
	if _, err := e.Marshal(); !errors.As(err, &tooLarge) || tooLarge.Size != proof.MaxEntry+1 {
		t.Errorf("one byte more: %v", err)
	}
}

func TestEntryMarshalRefuses(t *testing.T) {
	for name, change := range map[string]func(*proof.Entry){
		"invalid UTF-8":  func(e *proof.Entry) { e.Subject = "\xff" },
		"no JSON":        func(e *proof.Entry) { e.Data = json.RawMessage(`{`) },
		"two values":     func(e *proof.Entry) { e.Data = json.RawMessage(`1,"id":"x"`) },
		"year 10000":     func(e *proof.Entry) { e.Time = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC) },
		"no type":        func(e *proof.Entry) { e.Type = "" },
		"no specversion": func(e *proof.Entry) { e.SpecVersion = "" },
	} {
		e := sampleEntry()
		change(&e)
		if stored, err := e.Marshal(); err == nil {
			t.Errorf("%s: %s", name, stored)
		}
	}
}

// Whatever the attributes say, what Marshal writes is canonical and reads back the same.
func FuzzMarshal(f *testing.F) {
	f.Add("a", "b\"\n", "\u2028<&>", "é\U0001F600", []byte(`{"b":1,"a":[1.50,"x"]}`))
	f.Fuzz(func(t *testing.T, id, source, typ, subject string, data []byte) {
		e := proof.Entry{SpecVersion: "1.0", ID: id, Source: source, Type: typ, Subject: subject, Data: data, Time: sampleEntry().Time}
		stored, err := e.Marshal()
		if err != nil {
			return
		}
		read, err := proof.ParseEntry(stored)
		if err != nil || read.ID != id || read.Source != source || read.Type != typ || read.Subject != subject {
			t.Fatalf("%s is read as %+v, %v", stored, read, err)
		}
	})
}

func FuzzParseEntry(f *testing.F) {
	stored, _ := sampleEntry().Marshal()
	f.Add(stored)
	f.Add([]byte(`{"id":"a","source":"b","specversion":"1.0","time":"2026-11-23T09:30:00Z","type":"c"}`))
	f.Fuzz(func(t *testing.T, in []byte) {
		e, err := proof.ParseEntry(in)
		if err != nil {
			return
		}
		if _, err := e.Marshal(); err != nil {
			t.Fatalf("parsed %q but cannot write it: %v", in, err)
		}
	})
}
