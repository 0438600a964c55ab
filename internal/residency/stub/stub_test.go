package stub_test

import (
	"context"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/net/dns/dnsmessage"

	"ringfence/internal/residency"
	"ringfence/internal/residency/stub"
)

// world decides by a table and notes what it was asked.
type world struct {
	mu    sync.Mutex
	asked []string
}

func (w *world) decide(_ context.Context, to residency.Destination) residency.Decision {
	w.mu.Lock()
	w.asked = append(w.asked, to.Host)
	w.mu.Unlock()
	d := residency.Decision{Outcome: residency.Allowed}
	switch to.Host {
	case "denied.example":
		d.Outcome = residency.Refused
	case "broken.example":
		d.Outcome = residency.Failed
	}
	d.Addrs = []residency.Judged{{Addr: netip.MustParseAddr("5.1.0.1")}, {Addr: netip.MustParseAddr("2a01::1")}}
	return d
}

func question(name string, kind dnsmessage.Type, change func(*dnsmessage.Message)) []byte {
	m := dnsmessage.Message{Header: dnsmessage.Header{ID: 7, RecursionDesired: true}, Questions: []dnsmessage.Question{{Name: dnsmessage.MustNewName(name), Type: kind, Class: dnsmessage.ClassINET}}}
	if change != nil {
		change(&m)
	}
	b, err := m.Pack()
	if err != nil {
		panic(err)
	}
	return b
}

func TestAnswer(t *testing.T) {
	w := &world{}
	s := stub.New(stub.Options{Names: []string{"pay.example", "denied.example", "broken.example", "8.8.8.8", "*.wild.example"}, Decide: w.decide})
	for _, c := range []struct {
		query []byte
		code  dnsmessage.RCode
		is    string
	}{
		{question("pay.example.", dnsmessage.TypeA, nil), dnsmessage.RCodeSuccess, "5.1.0.1"},
		{question("PaY.eXample.", dnsmessage.TypeA, nil), dnsmessage.RCodeSuccess, "5.1.0.1"},
		{question("pay.example.", dnsmessage.TypeAAAA, nil), dnsmessage.RCodeSuccess, "2a01::1"},
		{question("pay.example.", dnsmessage.TypeTXT, nil), dnsmessage.RCodeSuccess, ""},
		{question("anna-muster.pay.example.", dnsmessage.TypeA, nil), dnsmessage.RCodeRefused, ""},
		{question("x.wild.example.", dnsmessage.TypeA, nil), dnsmessage.RCodeRefused, ""},
		{question("example.", dnsmessage.TypeA, nil), dnsmessage.RCodeRefused, ""},
		{question(".", dnsmessage.TypeNS, nil), dnsmessage.RCodeRefused, ""},
		{question("8.8.8.8.", dnsmessage.TypeA, nil), dnsmessage.RCodeRefused, ""},
		{question("denied.example.", dnsmessage.TypeA, nil), dnsmessage.RCodeRefused, ""},
		{question("broken.example.", dnsmessage.TypeA, nil), dnsmessage.RCodeServerFailure, ""},
		{question("pay.example.", dnsmessage.TypeA, func(m *dnsmessage.Message) { m.OpCode = 4 }), dnsmessage.RCodeNotImplemented, ""},
		{question("pay.example.", dnsmessage.TypeA, func(m *dnsmessage.Message) { m.Questions = nil }), dnsmessage.RCodeFormatError, ""},
		{question("pay.example.", dnsmessage.TypeA, func(m *dnsmessage.Message) { m.Questions = append(m.Questions, m.Questions[0]) }), dnsmessage.RCodeFormatError, ""},
	} {
		var m dnsmessage.Message
		if err := m.Unpack(s.Answer(t.Context(), c.query)); err != nil || m.ID != 7 || !m.Response || m.RCode != c.code || (len(m.Answers) > 0) != (c.is != "") {
			t.Errorf("%q: %v %+v, want %v", c.query, err, m, c.code)
			continue
		}
		if c.is == "" {
			continue
		}
		switch body := m.Answers[0].Body.(type) {
		case *dnsmessage.AResource:
			if netip.AddrFrom4(body.A).String() != c.is {
				t.Errorf("%v", body)
			}
		case *dnsmessage.AAAAResource:
			if netip.AddrFrom16(body.AAAA).String() != c.is {
				t.Errorf("%v", body)
			}
		}
	}
	slices.Sort(w.asked)
	if got := strings.Join(slices.Compact(w.asked), " "); got != "broken.example denied.example pay.example" {
		t.Errorf("asked about %s: a name that is not listed went further", got)
	}
	for _, none := range [][]byte{nil, {1, 2, 3}, question("pay.example.", dnsmessage.TypeA, func(m *dnsmessage.Message) { m.Response = true })} {
		if got := s.Answer(t.Context(), none); got != nil {
			t.Errorf("%q is answered", none)
		}
	}
}

// The system's own kind of resolver is content with it, over UDP and TCP.
func TestServe(t *testing.T) {
	s := stub.New(stub.Options{Names: []string{"pay.example"}, Decide: (&world{}).decide})
	packets, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 2)
	go func() { ended <- s.Packets(ctx, packets) }()
	go func() { ended <- s.Streams(ctx, l) }()
	for network, at := range map[string]string{"udp": packets.LocalAddr().String(), "tcp": l.Addr().String()} {
		r := net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
			var d net.Dialer
			return d.DialContext(ctx, network, at)
		}}
		if got, err := r.LookupHost(ctx, "pay.example"); err != nil || !slices.Contains(got, "5.1.0.1") || len(got) != 2 {
			t.Errorf("%s: %v %v", network, got, err)
		}
		if got, err := r.LookupHost(ctx, "anna.pay.example"); err == nil {
			t.Errorf("%s: %v", network, got)
		}
	}
	stop()
	for range 2 {
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
}

func FuzzAnswer(f *testing.F) {
	f.Add(question("pay.example.", dnsmessage.TypeA, nil))
	f.Add(question("a.pay.example.", dnsmessage.TypeTXT, nil))
	f.Add([]byte{0, 7, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0xc0, 0x0c, 0, 1, 0, 1})
	s := stub.New(stub.Options{Names: []string{"pay.example"}, Decide: func(_ context.Context, to residency.Destination) residency.Decision {
		if to.Host != "pay.example" {
			panic("asked about " + to.Host)
		}
		return residency.Decision{Outcome: residency.Allowed}
	}})
	f.Fuzz(func(t *testing.T, query []byte) {
		out := s.Answer(t.Context(), query)
		var m dnsmessage.Message
		if out != nil && (m.Unpack(out) != nil || !m.Response || len(out) > 512) {
			t.Fatalf("%q is answered %q", query, out)
		}
	})
}
