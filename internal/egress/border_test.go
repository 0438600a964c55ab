package egress_test

import (
	"io"
	"net"
	"net/http"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"ringfence/internal/egress"
	"ringfence/internal/residency"
	"ringfence/internal/testkit/border"
)

// The border test runs a proxy in a network of its own whose only way out leads
// to a made-up internet, in another. The kernel counts, over there, what
// arrives for addresses that are to be denied.

const goodV4, goodV6 = "198.41.0.4", "2001:500:2::c"

var beyond = border.Internet{
	Resolver: "198.41.0.53",
	Good:     []string{goodV4, goodV6},
	Denied:   []string{"10.9.9.9", "172.16.9.9", "192.168.9.9", "100.64.9.9", "169.254.169.254", "198.18.0.9", "203.0.113.9", "198.41.0.66", "64:ff9b::a09:909", "2002:a09:909::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "fd00:9::9", "2001:db8::9", "2001:500:2::66"},
	Zone: map[string][][]string{
		"good.example":        {{goodV4, goodV6}},
		"denied.example":      {{"198.41.0.66"}},
		"denied6.example":     {{"2001:500:2::66"}},
		"rebind.example":      {{goodV4}, {"10.9.9.9"}},
		"mixed.example":       {{goodV4, "10.9.9.9"}},
		"mixed6.example":      {{goodV4, "fd00:9::9"}},
		"mapped.example":      {{"::ffff:10.9.9.9"}},
		"nat64.example":       {{"64:ff9b::a09:909"}},
		"sixtofour.example":   {{"2002:a09:909::1"}},
		"teredo.example":      {{"2001:0:4136:e378:8000:63bf:3fff:fdd2"}},
		"private.example":     {{"10.9.9.9"}},
		"carrier.example":     {{"100.64.9.9"}},
		"metadata.example":    {{"169.254.169.254"}},
		"loopback.example":    {{"127.0.0.1"}},
		"loopback6.example":   {{"::1"}},
		"ourselves.example":   {{border.InsideV4}},
		"unspecified.example": {{"0.0.0.0"}},
		"chain.example":       {{"CNAME link.example"}},
		"link.example":        {{"CNAME private.example"}},
		"loop.example":        {{"CNAME loop.example"}},
		"empty.example":       {{}},
	},
}

// inside says that this is the store's network.
const inside = "RINGFENCE_BORDER_INSIDE"

func TestMain(m *testing.M) {
	border.Play()
	os.Exit(m.Run())
}

func TestBorder(t *testing.T) {
	if runtime.GOOS != "linux" || os.Geteuid() != 0 {
		t.Fatal("this test makes network namespaces of its own, which needs root on Linux: run make test as root")
	}
	n := border.New(t, beyond)
	c := n.Command(os.Args[0], "-test.run", "^TestInside$", "-test.timeout", "2m")
	c.Env = append(os.Environ(), inside+"=yes")
	if out, err := c.CombinedOutput(); err != nil {
		t.Errorf("inside: %v\n%s", err, out)
	}
	if denied, good := n.Packets(t, "denied"), n.Packets(t, "good"); denied != 0 || good == 0 {
		t.Errorf("at the border: %d packets for denied addresses, %d for good ones", denied, good)
	}
	// The counter counts: the same address without the proxy.
	n.Command("timeout", "2", "bash", "-c", "echo x > /dev/tcp/10.9.9.9/443").Run()
	if n.Packets(t, "denied") == 0 {
		t.Error("the border counts nothing")
	}
}

// TestInside runs in the store's network, started by TestBorder: a proxy with
// the real dialer, and clients that try everything.
func TestInside(t *testing.T) {
	if os.Getenv(inside) == "" {
		return // TestBorder runs it where it belongs
	}
	w := newWorld(t, withRule(egress.Rule{Name: "all", Action: egress.RuleAllow, Hosts: []string{"*"}}),
		withRule(egress.Rule{Name: "no", Action: egress.RuleDeny, Hosts: []string{"denied.example", "denied6.example"}}), func(_ *world, o *egress.Options) {
			o.Dialer = &residency.Dialer{Strangers: true, Judge: everywhere{}, Timeout: 2 * time.Second}
		})
	own, err := net.Listen("tcp", ":443") // this machine itself, which no client may reach either
	if err != nil {
		t.Fatal(err)
	}
	defer own.Close()
	go func() {
		if c, err := own.Accept(); err == nil {
			t.Error("this machine itself was reached by ", c.RemoteAddr())
		}
	}()
	for turn := range 2 { // some names lead elsewhere the second time
		for name := range beyond.Zone {
			want := name == "good.example" || name == "rebind.example" && turn == 0
			if got := w.through(name+":443", clientHello(t, name)); got != want {
				t.Errorf("turn %d: %s was reached: %v", turn, name, got)
			}
		}
	}
	for _, target := range append(beyond.Denied[:8:8], "[64:ff9b::a09:909]", "[fd00:9::9]", "[::ffff:10.9.9.9]", "0xa090909", "168364297", "012.9.9.9", "10.9.2313") {
		if w.through(target+":443", clientHello(t, "good.example")) {
			t.Errorf("%s was reached", target)
		}
	}
	for _, said := range [][]byte{clientHello(t, "denied.example"), clientHello(t, ""), []byte("GET / HTTP/1.1\r\nHost: good.example\r\n\r\n")} {
		if w.through("good.example:443", said) {
			t.Errorf("%.20q was passed on", said)
		}
	}
	if answer, body := get(t, w.http(), "http://good.example/"); answer.StatusCode != 200 || !strings.HasPrefix(body, "hello") {
		t.Errorf("plain: %s", answer.Status)
	}
	for _, url := range []string{"http://private.example/", "http://10.9.9.9/", "http://metadata.example/latest/"} {
		if answer, _ := get(t, w.http(), url); answer.StatusCode < 400 {
			t.Errorf("%s: %s", url, answer.Status)
		}
	}
}

// through says something to target, and whether anybody answered.
func (w *world) through(target string, said []byte) bool {
	w.t.Helper()
	conn, answer := w.connect(target)
	if answer.StatusCode != http.StatusOK {
		return false
	}
	conn.Write(said)
	first := make([]byte, 1)
	_, err := io.ReadFull(conn, first)
	return err == nil && first[0] == 22 // a server's hello; the proxy's own alert is 21
}
