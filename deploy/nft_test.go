// Package deploy holds what a store's machine is told about its network, and
// tests that try it: firewall rules in a network of their own with real PHP,
// units by systemd's own check, the rest by what it says.
package deploy

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"ringfence/internal/probe"
)

// inside says that this process is in a network and a file system of its own.
const inside = "RINGFENCE_DEPLOY_INSIDE"

// The machine's address in that network, and that of a name server beyond it.
const machine, nameServer = "198.51.100.5", "198.51.100.53"

// apart runs a test again in a network of its own that ends with it.
func apart(t *testing.T) bool {
	t.Helper()
	if os.Getenv(inside) != "" {
		return true
	}
	if os.Geteuid() != 0 {
		t.Fatal("a network of its own needs root; .ci/run has it")
	}
	c := exec.Command(os.Args[0], "-test.run", "^"+t.Name()+"$", "-test.timeout", "2m", "-test.v")
	c.Env = append(os.Environ(), inside+"=yes")
	c.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNET | syscall.CLONE_NEWNS, Unshareflags: syscall.CLONE_NEWNS}
	if out, err := c.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	return false
}

func command(t *testing.T, line string) string {
	t.Helper()
	words := strings.Fields(line)
	out, err := exec.Command(words[0], words[1:]...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v %s", line, err, out)
	}
	return string(out)
}

// world makes the machine's network: an address, a way out that leads nowhere, a
// name server, and the services a store has on loopback.
func world(t *testing.T) {
	t.Helper()
	for _, line := range []string{
		"mount --make-rprivate /", "ip link set lo up", "ip link add out type veth peer name beyond", "ip link set beyond up", "ip addr add " + machine + "/24 dev out",
		"ip addr add " + nameServer + "/32 dev lo", "ip link set out up", "ip route add default via 198.51.100.1",
	} {
		command(t, line)
	}
	conf := filepath.Join(t.TempDir(), "resolv.conf")
	if err := os.WriteFile(conf, []byte("nameserver "+nameServer+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for dir := filepath.Dir(conf); dir != "/"; dir = filepath.Dir(dir) {
		os.Chmod(dir, 0o755|os.ModeSticky)
	}
	command(t, "mount --bind "+conf+" /etc/resolv.conf")
	for _, at := range []string{"127.0.0.1:8787", "127.0.0.1:3128", "127.0.0.1:3306", "127.0.0.1:8080"} {
		l, err := net.Listen("tcp", at)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { l.Close() })
	}
	packets, err := net.ListenPacket("udp", nameServer+":53")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { packets.Close() })
	go answerAll(packets)
}

// answerAll is a name server that knows an address for every name.
func answerAll(c net.PacketConn) {
	b := make([]byte, 1500)
	for {
		n, from, err := c.ReadFrom(b)
		if err != nil {
			return
		}
		var m dnsmessage.Message
		if m.Unpack(b[:n]) != nil || len(m.Questions) != 1 {
			continue
		}
		m.Response, m.Additionals = true, nil
		if q := m.Questions[0]; q.Type == dnsmessage.TypeA {
			m.Answers = []dnsmessage.Resource{{
				Header: dnsmessage.ResourceHeader{Name: q.Name, Class: q.Class, TTL: 1}, Body: &dnsmessage.AResource{A: [4]byte{198, 51, 100, 9}},
			}}
		}
		if out, err := m.Pack(); err == nil {
			c.WriteTo(out, from)
		}
	}
}

var options = probe.Options{
	Outside: []string{nameServer + ":53", nameServer + ":443", nameServer + ":853"}, Names: []string{"anna.collector.example"},
	Proxies: []string{"127.0.0.1:8787", "127.0.0.1:3128", "127.0.0.1:3306"},
}

func look(t *testing.T, in probe.Runtime) probe.Report {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	r, err := probe.Run(ctx, in, options)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// allStopped: nothing leaves, by any way, but what is allowed on loopback.
func allStopped(t *testing.T, r probe.Report) {
	t.Helper()
	tried := map[probe.State]int{}
	for _, a := range r.Attempts {
		tried[a.State]++
		if a.State != probe.Stopped && a.State != probe.Untried && a.State != probe.Reached {
			t.Errorf("%+v", a)
		}
	}
	if tried[probe.Stopped] < 20 || tried[probe.Reached] != len(options.Proxies) || r.Verdict() != probe.Stopped {
		t.Errorf("%v, verdict %s", tried, r.Verdict())
	}
}

// counted says how many packets a counter of the rules saw.
func counted(t *testing.T, name string) int {
	t.Helper()
	var out struct {
		Nftables []struct{ Counter struct{ Packets int } }
	}
	if err := json.Unmarshal([]byte(command(t, "nft -j list counter inet ringfence "+name)), &out); err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, o := range out.Nftables {
		n += o.Counter.Packets
	}
	return n
}

func TestRulesByUser(t *testing.T) {
	if !apart(t) {
		return
	}
	world(t)
	web := probe.CLI{Program: "php", User: "www-data"}
	open := look(t, web)
	if open.Verdict() != probe.Left {
		t.Errorf("without rules: %s", open.Verdict())
	}
	command(t, "nft -f nftables/ringfence-uid.nft")
	command(t, "nft -f nftables/ringfence-uid.nft") // again, as a reload does
	allStopped(t, look(t, web))
	for _, name := range []string{"refused", "refused_dns", "refused_quic"} {
		if counted(t, name) == 0 {
			t.Errorf("the counter %s saw nothing", name)
		}
	}
	if other := reaches(t, "www-data", "127.0.0.1:8080"); other {
		t.Error("another service on loopback is reached")
	}
	if root := look(t, probe.CLI{Program: "php"}); root.Verdict() != probe.Left {
		t.Errorf("another user is stopped too: %s", root.Verdict())
	}
}

// reaches says whether PHP as a user connects to an address.
func reaches(t *testing.T, user, to string) bool {
	t.Helper()
	r, err := probe.Run(t.Context(), probe.CLI{Program: "php", User: user}, probe.Options{Proxies: []string{to}})
	if err != nil {
		t.Fatal(err)
	}
	last := r.Attempts[len(r.Attempts)-1]
	return last.Way == "proxy" && last.State == probe.Reached
}

// grouped runs PHP in a control group, as systemd runs a service.
type grouped struct{ dir string }

func (g grouped) String() string { return "php in " + g.dir }

func (g grouped) Run(ctx context.Context, script, input string) (string, error) {
	c := exec.CommandContext(ctx, "sh", "-c", `echo $$ > "$0/cgroup.procs" && exec php -r "$1"`, g.dir, strings.TrimPrefix(script, "<?php"))
	c.Stdin = strings.NewReader(input)
	out, err := c.Output()
	return string(out), err
}

func TestRulesByGroup(t *testing.T) {
	if !apart(t) {
		return
	}
	world(t)
	command(t, "mount -t cgroup2 none /sys/fs/cgroup")
	// A name of this test's own: the groups are the machine's.
	parent := "rf" + strconv.Itoa(os.Getpid()) + ".slice"
	g := grouped{filepath.Join("/sys/fs/cgroup", parent, "php8.2-fpm.service")}
	if err := os.MkdirAll(g.dir, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.Remove(g.dir); os.Remove(filepath.Dir(g.dir)) })
	if open := look(t, g); open.Verdict() != probe.Left {
		t.Errorf("without rules: %s", open.Verdict())
	}
	rules, err := os.ReadFile("nftables/ringfence-cgroup.nft")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "rules.nft")
	text := strings.Replace(string(rules), "system.slice/", parent+"/", 1)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	command(t, "nft -f "+file)
	r := look(t, g)
	for i, a := range r.Attempts { // root in this test may open raw sockets; what they send is still stopped
		if a.Way == "raw_socket" {
			r.Attempts[i].State = probe.Untried
		}
	}
	allStopped(t, r)
	if other := look(t, probe.CLI{Program: "php"}); other.Verdict() != probe.Left {
		t.Errorf("outside the group it is stopped too: %s", other.Verdict())
	}
	fmt.Println("by group: stopped", counted(t, "refused"), "packets")
}
