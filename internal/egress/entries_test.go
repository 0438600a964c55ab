package egress_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"ringfence/internal/egress"
)

// TestEntriesHoldNobody is law 7 for connections: whatever a plugin puts where,
// nothing of a customer stands in an entry.
func TestEntriesHoldNobody(t *testing.T) {
	w := newWorld(t, withRule(egress.Rule{Name: "cdn", Hosts: []string{"*.cdn.example"}, Action: egress.RuleAllow}))
	echoed := http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		rw.Header().Set("Location", "http://anna.example/"+r.URL.Path)
		io.Copy(rw, r.Body)
	})
	w.site("anna-muster.cdn.example", "198.41.0.4:80", echoed)
	w.names["muster.anna.collector.example"] = []netip.Addr{netip.MustParseAddr("198.41.0.4")}
	auth := "Proxy-Authorization: " + w.basic(w.key)
	for _, head := range []string{
		"GET http://anna-muster.cdn.example/anna@example.org/?mail=anna%40example.org&key=AIzaMuster HTTP/1.1\r\nHost: anna.example",
		"POST http://anna-muster.cdn.example/ HTTP/1.1\r\nHost: x\r\nReferer: http://anna.example\r\nCookie: name=muster\r\nContent-Length: 0\r\nUser-Agent: Mozilla/5.0 (Anna Muster)",
		"GET http://muster.anna.collector.example/ HTTP/1.1\r\nHost: x",
		"CONNECT muster.anna.collector.example:443 HTTP/1.1\r\nHost: x\r\nUser-Agent: b/1\r\nRingfence-Caller: Anna Muster <anna@example.org>",
		"CONNECT anna:muster@collector.example:443 HTTP/1.1\r\nHost: x",
	} {
		before := len(w.log.types())
		_, answer := w.ask(head, auth, "X-Name: Anna Muster")
		answer.Body.Close()
		w.log.last(t, before+1)
	}
	w.proxy.Close()
	text, err := json.Marshal(w.log.entries)
	if err != nil {
		t.Fatal(err)
	}
	for _, of := range []string{"anna", "muster", "AIza", "mail"} {
		if strings.Contains(strings.ToLower(string(text)), strings.ToLower(of)) {
			t.Errorf("%q stands in the entries: %s", of, text)
		}
	}
}
