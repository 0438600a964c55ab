// Package border gives a test two networks of its own: a store's, and a made-up
// internet behind it, in which the kernel counts what arrives for which address.
//
// First step: call [Play] in TestMain, then [New]. Promise: nothing of a test
// touches the machine's own networks. Danger: it needs root, Debian's iproute2
// and nftables.
package border

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Internet is what there is beyond the border.
type Internet struct {
	Resolver string                // address of the DNS server
	Good     []string              // addresses that are counted as "good"
	Denied   []string              // addresses that are counted as "denied"
	Zone     map[string][][]string // what the DNS server says: of several lists the next one for each question; "CNAME x" leads on
}

// The store's own addresses, and the border's.
const (
	InsideV4, outsideV4 = "198.41.1.1", "198.41.1.2"
	InsideV6, outsideV6 = "2001:500:1::1", "2001:500:1::2"
	role                = "RINGFENCE_BORDER_INTERNET"
)

// Play makes the test binary the internet, if it was started as such; then it
// does not return.
func Play() {
	text, ok := os.LookupEnv(role)
	if !ok {
		return
	}
	var i Internet
	if err := json.Unmarshal([]byte(text), &i); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	if err := i.play(); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	select {} // until it is killed
}

// Networks are the store's and the internet's, with one cable between.
type Networks struct {
	Inside, outside string // names, for ip netns exec
	internet        Internet
}

// New makes the networks and starts the internet.
func New(t *testing.T, internet Internet) *Networks {
	t.Helper()
	id := fmt.Sprintf("%x", time.Now().UnixNano()&0xffffff)
	n := &Networks{"rfin" + id, "rfout" + id, internet}
	dir := filepath.Join("/etc/netns", n.Inside) // what ip netns exec puts over /etc
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.WriteFile(filepath.Join(dir, "resolv.conf"), []byte("nameserver "+internet.Resolver+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{n.Inside, n.outside} {
		command(t, nil, "ip", "netns", "add", name)
		t.Cleanup(func() { exec.Command("ip", "netns", "del", name).Run() })
	}
	n.connect(t)
	n.count(t)
	n.start(t)
	return n
}

func (n *Networks) connect(t *testing.T) {
	command(t, nil, "ip", "link", "add", "v"+n.Inside, "netns", n.Inside, "type", "veth", "peer", "name", "v"+n.outside, "netns", n.outside)
	n.set(t, n.Inside, "addr add "+InsideV4+"/24 dev v"+n.Inside, "addr add "+InsideV6+"/64 dev v"+n.Inside+" nodad", "link set lo up",
		"link set v"+n.Inside+" up", "route add default via "+outsideV4, "-6 route add default via "+outsideV6)
	n.set(t, n.outside, "addr add "+outsideV4+"/24 dev v"+n.outside, "addr add "+outsideV6+"/64 dev v"+n.outside+" nodad", "link set lo up", "link set v"+n.outside+" up")
	for _, a := range append(append([]string{n.internet.Resolver}, n.internet.Good...), n.internet.Denied...) {
		n.set(t, n.outside, "addr add "+a+" dev lo")
	}
}

// count puts counters where the internet begins.
func (n *Networks) count(t *testing.T) {
	rules := "table inet border {\n counter good {}\n counter denied {}\n chain in { type filter hook input priority 0;\n"
	for name, list := range map[string][]string{"good": n.internet.Good, "denied": n.internet.Denied} {
		for _, a := range list {
			family := "ip"
			if netip.MustParseAddr(a).Is6() {
				family = "ip6"
			}
			rules += "  " + family + " daddr " + a + " counter name " + name + "\n"
		}
	}
	command(t, strings.NewReader(rules+" }\n}\n"), "ip", "netns", "exec", n.outside, "nft", "-f", "-")
}

func command(t *testing.T, stdin io.Reader, name string, args ...string) []byte {
	t.Helper()
	c := exec.Command(name, args...)
	c.Stdin = stdin
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %v: %v %s", name, args, err, out)
	}
	return out
}

func (n *Networks) set(t *testing.T, name string, lines ...string) {
	t.Helper()
	for _, line := range lines {
		command(t, nil, "ip", append([]string{"-n", name}, strings.Fields(line)...)...)
	}
}

// Rules loads nftables rules into the store's network.
func (n *Networks) Rules(t *testing.T, rules string) {
	t.Helper()
	command(t, strings.NewReader(rules), "ip", "netns", "exec", n.Inside, "nft", "-f", "-")
}

// Command is a program in the store's network.
func (n *Networks) Command(name string, args ...string) *exec.Cmd {
	return exec.Command("ip", append([]string{"netns", "exec", n.Inside, name}, args...)...)
}

// Packets says how many came for good or denied addresses.
func (n *Networks) Packets(t *testing.T, which string) int {
	t.Helper()
	var out struct {
		Nftables []struct{ Counter struct{ Packets int } }
	}
	text := command(t, nil, "ip", "netns", "exec", n.outside, "nft", "-j", "list", "counter", "inet", "border", which)
	if err := json.Unmarshal(text, &out); err != nil {
		t.Fatal(err)
	}
	packets := 0
	for _, o := range out.Nftables {
		packets += o.Counter.Packets
	}
	return packets
}

// start runs this test binary in the other network.
func (n *Networks) start(t *testing.T) {
	t.Helper()
	text, err := json.Marshal(n.internet)
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command("ip", "netns", "exec", n.outside, os.Args[0])
	c.Env = append(os.Environ(), role+"="+string(text))
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
