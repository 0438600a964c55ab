// Command egress measures what the egress proxy adds to a connection, beside a
// direct one and beside Debian's squid and tinyproxy in the same interleaved
// run.
//
// The clients are in this process; the server and each proxy are processes of
// their own. CPU per request is that of all of them together, from the
// kernel's accounting, because a proxy's cost is not only its own. Rates swing
// with the machine; ratios within a round are what to trust.
//
//	go run ./bench/egress [-rounds 5] [-fresh 1500] [-kept 8000] [-tunnels 5000]
package main

import (
	"encoding/base64"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"time"
)

func main() {
	role := flag.String("role", "", "run as one of the servers (internal)")
	origin := flag.String("origin", "", "port of the origin (internal)")
	rounds := flag.Int("rounds", 5, "interleaved rounds; the medians are printed")
	fresh := flag.Int("fresh", 1500, "requests per round that each open a connection")
	kept := flag.Int("kept", 8000, "requests per round over connections that stay")
	tunnels := flag.Int("tunnels", 5000, "idle tunnels")
	flag.Parse()
	if *role != "" {
		check(serveAs(*role, *origin))
		return
	}
	b := &bench{rounds: *rounds, fresh: *fresh, kept: *kept}
	b.start()
	defer os.RemoveAll(b.dir)
	defer stopAll()
	fmt.Printf("%s, %s, %d cores, %d rounds, %d clients, medians; x = median of the rounds' ratios to direct\n\n",
		time.Now().UTC().Format(time.DateOnly), runtime.Version(), runtime.NumCPU(), b.rounds, clients)
	b.requests()
	b.decision()
	b.idle(*tunnels)
}

// running are the servers that must not outlive this program.
var running []*exec.Cmd

func stopAll() {
	for _, c := range running {
		c.Process.Kill()
		c.Wait()
	}
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench/egress:", err)
		stopAll()
		os.Exit(1)
	}
}

// way is one way of a request to its answer.
type way struct {
	name    string
	proxy   string    // URL; "" for none
	target  string    // URL
	process *exec.Cmd // the proxy; nil for none
	ca      []byte    // what the client trusts
}

type bench struct {
	rounds, fresh, kept int
	origin              *exec.Cmd
	ours                *exec.Cmd
	ways                []way
	dir                 string
	originCert          []byte
}

// start brings up the origin and every proxy.
func (b *bench) start() {
	var err error
	b.dir, err = os.MkdirTemp("", "bench-egress")
	check(err)
	var said []string
	b.origin, said = start("origin", "")
	port := said[0]
	b.originCert = unescape(said[1])
	target := "https://localhost:" + port + "/"
	b.ways = append(b.ways, way{"direct", "", target, nil, b.originCert})
	b.ours, said = start("proxy", port)
	ours, authority := "http://store:"+said[1]+"@"+said[0], unescape(said[2])
	b.ways = append(b.ways,
		way{"ringfence, spliced", ours, target, b.ours, b.originCert},
		way{"ringfence, intercepted", ours, "https://api.openai.com/", b.ours, authority})
	if c, address := b.squid(port); c != nil {
		b.ways = append(b.ways, way{"squid", "http://" + address, target, c, b.originCert})
	}
	if c, address := b.tinyproxy(port); c != nil {
		b.ways = append(b.ways, way{"tinyproxy", "http://" + address, target, c, b.originCert})
	}
}

// cell is one way in one round.
type cell struct {
	cpu, proxyCPU time.Duration // per request: of all, of the proxy alone
	rate          float64
}

// requests compares the ways by requests.
func (b *bench) requests() {
	for _, kind := range []struct {
		title string
		count int
		keep  bool
	}{{"A fresh connection with TLS for every request (the PHP pattern)", b.fresh, false}, {"Connections that stay", b.kept, true}} {
		cells := map[string][]cell{}
		for range b.rounds {
			for _, w := range b.ways {
				cells[w.name] = append(cells[w.name], b.measure(w, kind.count, kind.keep))
			}
		}
		fmt.Printf("%s\n%-24s %10s %6s %14s %12s\n", kind.title, "", "CPU us", "x", "proxy's own us", "requests/s")
		for _, w := range b.ways {
			c := cells[w.name]
			ratio := median(c, func(i int) float64 { return float64(c[i].cpu) / float64(cells["direct"][i].cpu) })
			fmt.Printf("  %-22s %10.0f %6.2f %14.0f %12.0f\n", w.name, median(c, func(i int) float64 { return us(c[i].cpu) }), ratio,
				median(c, func(i int) float64 { return us(c[i].proxyCPU) }), median(c, func(i int) float64 { return c[i].rate }))
		}
		fmt.Println()
	}
}

func us(d time.Duration) float64 { return float64(d) / float64(time.Microsecond) }

func median(cells []cell, value func(int) float64) float64 {
	v := make([]float64, len(cells))
	for i := range cells {
		v[i] = value(i)
	}
	slices.Sort(v)
	return v[len(v)/2]
}

func unescape(s string) []byte {
	text, err := base64.StdEncoding.DecodeString(s)
	check(err)
	return text
}
