package egress_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"ringfence/internal/egress"
	"ringfence/internal/residency"
)

// The border test runs a proxy in a network of its own whose only way out leads
// to a made-up internet, in another. The kernel counts, over there, what
// arrives for addresses that are to be denied. It needs root.

// elsewhere are the addresses of the made-up internet: the good one, the
// resolver, and those nobody may reach.
var (
	goodV4, goodV6, resolverV4 = "198.41.0.4", "2001:500:2::c", "198.41.0.53"

	deniedV4 = []string{"10.9.9.9", "172.16.9.9", "192.168.9.9", "100.64.9.9", "169.254.169.254", "198.18.0.9", "203.0.113.9", "198.41.0.66"}
	deniedV6 = []string{"64:ff9b::a09:909", "2002:a09:909::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "fd00:9::9", "2001:db8::9", "2001:500:2::66"}
)

// zone is what the hostile resolver says. Of several lists the next one is
// taken for each question: a name that leads elsewhere the second time.
var zone = map[string][][]string{
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
	"ourselves.example":   {{insideV4}},
	"unspecified.example": {{"0.0.0.0"}},
	"chain.example":       {{"CNAME link.example"}},
	"link.example":        {{"CNAME private.example"}},
	"loop.example":        {{"CNAME loop.example"}},
	"empty.example":       {{}},
}

const (
	insideV4, outsideV4 = "198.41.1.1", "198.41.1.2"
	insideV6, outsideV6 = "2001:500:1::1", "2001:500:1::2"
	role                = "RINGFENCE_BORDER_ROLE"
)

// TestMain lets the test binary play the made-up internet, inside its own network.
func TestMain(m *testing.M) {
	switch os.Getenv(role) {
	case "internet":
		playInternet()
	default:
		os.Exit(m.Run())
	}
}

func TestBorder(t *testing.T) {
	if runtime.GOOS != "linux" || os.Geteuid() != 0 {
		t.Skip("network namespaces need root on Linux; .ci/run has it")
	}
	n := newNetworks(t)
	n.startInternet(t)
	inside := exec.Command("ip", "netns", "exec", n.inside, os.Args[0], "-test.run", "^TestInside$", "-test.timeout", "2m")
	inside.Env = append(os.Environ(), role+"=store")
	if out, err := inside.CombinedOutput(); err != nil {
		t.Errorf("inside: %v\n%s", err, out)
	}
	denied, good := n.counter(t, "denied"), n.counter(t, "good")
	if denied != 0 || good == 0 {
		t.Errorf("at the border: %d packets for denied addresses, %d for the good one", denied, good)
	}
	// The counter counts: the same address without the proxy.
	exec.Command("ip", "netns", "exec", n.inside, "timeout", "2", "bash", "-c", "echo x > /dev/tcp/10.9.9.9/443").Run()
	if n.counter(t, "denied") == 0 {
		t.Error("the border counts nothing")
	}
}

// networks are the store's and the internet's, with one cable between.
type networks struct{ inside, outside string }

func newNetworks(t *testing.T) *networks {
	id := fmt.Sprintf("%x", time.Now().UnixNano()&0xffffff)
	n := &networks{"rfin" + id, "rfout" + id}
	for _, name := range []string{n.inside, n.outside} {
		command(t, "ip", "netns", "add", name)
		t.Cleanup(func() { exec.Command("ip", "netns", "del", name).Run() })
	}
	command(t, "ip", "link", "add", "v"+n.inside, "netns", n.inside, "type", "veth", "peer", "name", "v"+n.outside, "netns", n.outside)
	n.in(t, n.inside, "addr add "+insideV4+"/24 dev v"+n.inside, "addr add "+insideV6+"/64 dev v"+n.inside+" nodad", "link set lo up", "link set v"+n.inside+" up",
		"route add default via "+outsideV4, "-6 route add default via "+outsideV6)
	n.in(t, n.outside, "addr add "+outsideV4+"/24 dev v"+n.outside, "addr add "+outsideV6+"/64 dev v"+n.outside+" nodad", "link set lo up", "link set v"+n.outside+" up")
	for _, a := range append(append([]string{goodV4, goodV6, resolverV4}, deniedV4...), deniedV6...) {
		n.in(t, n.outside, "addr add "+a+" dev lo")
	}
	rules := "table inet border {\n counter denied {}\n counter good {}\n chain in { type filter hook input priority 0;\n" +
		"  ip daddr { " + strings.Join(deniedV4, ", ") + " } counter name denied\n  ip6 daddr { " + strings.Join(deniedV6, ", ") + " } counter name denied\n" +
		"  ip daddr " + goodV4 + " counter name good\n  ip6 daddr " + goodV6 + " counter name good\n }\n}\n"
	nft := exec.Command("ip", "netns", "exec", n.outside, "nft", "-f", "-")
	nft.Stdin = strings.NewReader(rules)
	if out, err := nft.CombinedOutput(); err != nil {
		t.Fatalf("nft: %v %s", err, out)
	}
	return n
}

func command(t *testing.T, name string, args ...string) []byte {
	t.Helper()
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %v: %v %s", name, args, err, out)
	}
	return out
}

func (n *networks) in(t *testing.T, name string, lines ...string) {
	t.Helper()
	for _, line := range lines {
		command(t, "ip", append([]string{"-n", name}, strings.Fields(line)...)...)
	}
}

func (n *networks) counter(t *testing.T, name string) int {
	t.Helper()
	var out struct {
		Nftables []struct{ Counter struct{ Packets int } }
	}
	text := command(t, "ip", "netns", "exec", n.outside, "nft", "-j", "list", "counter", "inet", "border", name)
	if err := json.Unmarshal(text, &out); err != nil {
		t.Fatal(err)
	}
	packets := 0
	for _, o := range out.Nftables {
		packets += o.Counter.Packets
	}
	return packets
}

// startInternet runs this test binary in the other network.
func (n *networks) startInternet(t *testing.T) {
	t.Helper()
	c := exec.Command("ip", "netns", "exec", n.outside, os.Args[0])
	c.Env = append(os.Environ(), role+"=internet")
	c.Stderr = os.Stderr
	stdout, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		c.Process.Kill()
		c.Wait()
	})
	if line, err := bufio.NewReader(stdout).ReadString('\n'); err != nil || line != "ready\n" {
		t.Fatalf("the internet says %q, %v", line, err)
	}
}

// playInternet answers on every address of its network: DNS, and TLS for
// whatever name is asked for.
func playInternet() {
	packets, err := net.ListenPacket("udp", resolverV4+":53")
	if err != nil {
		fmt.Println(err)
		return
	}
	go playResolver(packets)
	anyCert := certFor("any.example")
	for _, port := range []string{"443", "80"} {
		l, err := net.Listen("tcp", ":"+port)
		if err != nil {
			fmt.Println(err)
			return
		}
		server := &http.Server{Handler: hello, TLSConfig: &tls.Config{GetCertificate: func(h *tls.ClientHelloInfo) (*tls.Certificate, error) {
			return &anyCert, nil
		}}}
		if port == "443" {
			go server.ServeTLS(l, "", "")
		} else {
			go server.Serve(l)
		}
	}
	fmt.Println("ready")
	select {} // until it is killed
}

func playResolver(c net.PacketConn) {
	asked := map[string]int{}
	buf := make([]byte, 1500)
	for {
		n, from, err := c.ReadFrom(buf)
		if err != nil {
			return
		}
		var m dnsmessage.Message
		if m.Unpack(buf[:n]) != nil || len(m.Questions) != 1 {
			continue
		}
		q := m.Questions[0]
		name := strings.TrimSuffix(q.Name.String(), ".")
		key := name + q.Type.String()
		m.Response, m.RecursionAvailable, m.Additionals = true, true, nil
		if m.Answers = records(name, asked[key], q); m.Answers == nil && zone[name] == nil {
			m.RCode = dnsmessage.RCodeNameError
		}
		asked[key]++
		if out, err := m.Pack(); err == nil {
			c.WriteTo(out, from)
		}
	}
}

// records follows the zone from name as a resolver does.
func records(name string, turn int, q dnsmessage.Question) (out []dnsmessage.Resource) {
	for range 5 {
		lists := zone[name]
		if len(lists) == 0 {
			return out
		}
		next := ""
		for _, text := range lists[min(turn, len(lists)-1)] {
			h := dnsmessage.ResourceHeader{Name: dnsmessage.MustNewName(name + "."), Class: dnsmessage.ClassINET}
			if target, is := strings.CutPrefix(text, "CNAME "); is {
				next = target
				out = append(out, dnsmessage.Resource{Header: h, Body: &dnsmessage.CNAMEResource{CNAME: dnsmessage.MustNewName(target + ".")}})
				continue
			}
			a := netip.MustParseAddr(text)
			switch {
			case a.Is4() && q.Type == dnsmessage.TypeA:
				out = append(out, dnsmessage.Resource{Header: h, Body: &dnsmessage.AResource{A: a.As4()}})
			case a.Is6() && q.Type == dnsmessage.TypeAAAA:
				out = append(out, dnsmessage.Resource{Header: h, Body: &dnsmessage.AAAAResource{AAAA: a.As16()}})
			}
		}
		if name = next; name == "" {
			return out
		}
	}
	return out
}

// TestInside runs in the store's network, started by TestBorder: a proxy with
// the real dialer, and clients that try everything.
func TestInside(t *testing.T) {
	if os.Getenv(role) != "store" {
		return // TestBorder runs it where it belongs
	}
	resolver := &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "udp", resolverV4+":53")
	}}
	w := newWorld(t, withRule(egress.Rule{Name: "all", Action: egress.RuleAllow, Hosts: []string{"*"}}),
		withRule(egress.Rule{Name: "no", Action: egress.RuleDeny, Hosts: []string{"denied.example", "denied6.example"}}), func(_ *world, o *egress.Options) {
			o.Dialer = &residency.Dialer{Strangers: true, Resolver: resolver, Judge: everywhere{}, Timeout: 2 * time.Second}
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
		for name := range zone {
			want := name == "good.example" || name == "rebind.example" && turn == 0
			if got := w.through(name+":443", clientHello(t, name)); got != want {
				t.Errorf("turn %d: %s was reached: %v", turn, name, got)
			}
		}
	}
	for _, target := range append(deniedV4, "[64:ff9b::a09:909]", "[fd00:9::9]", "[::ffff:10.9.9.9]", "0xa090909", "168364297", "012.9.9.9", "10.9.2313") {
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
