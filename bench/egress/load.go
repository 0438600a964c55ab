package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// clients ask at the same time.
const clients = 8

// measure sends requests one way and returns what each cost.
func (b *bench) measure(w way, count int, keep bool) cell {
	client := &http.Client{Transport: w.transport(keep), Timeout: time.Minute}
	b.burst(client, w, clients*2) // connections and leaves are there
	self, origin, proxy, began := selfCPU(), cpu(b.origin), cpu(w.process), time.Now()
	b.burst(client, w, count)
	n := time.Duration(count)
	own := cpu(w.process) - proxy
	c := cell{cpu: (selfCPU() - self + cpu(b.origin) - origin + own) / n, proxyCPU: own / n}
	c.rate = float64(count) / time.Since(began).Seconds()
	client.CloseIdleConnections()
	return c
}

func (w way) transport(keep bool) *http.Transport {
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(w.ca)
	t := &http.Transport{
		DisableKeepAlives: !keep, MaxIdleConnsPerHost: clients,
		TLSClientConfig: &tls.Config{RootCAs: pool},
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, strings.Replace(address, "localhost", "127.0.0.1", 1))
		},
	}
	if w.proxy != "" {
		u, err := url.Parse(w.proxy)
		check(err)
		t.Proxy = http.ProxyURL(u)
	}
	return t
}

func (b *bench) burst(client *http.Client, w way, count int) {
	var wait sync.WaitGroup
	for i := range clients {
		wait.Go(func() {
			for range count/clients + min(1, max(0, count%clients-i)) {
				r, err := client.Get(w.target)
				if err != nil {
					check(fmt.Errorf("%s: %w", w.name, err))
				}
				io.Copy(io.Discard, r.Body)
				r.Body.Close()
				if r.StatusCode != http.StatusOK {
					check(fmt.Errorf("%s: %s", w.name, r.Status))
				}
			}
		})
	}
	wait.Wait()
}

func selfCPU() time.Duration {
	var r syscall.Rusage
	check(syscall.Getrusage(syscall.RUSAGE_SELF, &r))
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

// cpu is what a process has used, to a hundredth of a second.
func cpu(c *exec.Cmd) time.Duration {
	if c == nil {
		return 0
	}
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", c.Process.Pid))
	check(err)
	fields := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+2:]))
	user, _ := strconv.ParseInt(fields[11], 10, 64)
	system, _ := strconv.ParseInt(fields[12], 10, 64)
	return time.Duration(user+system) * 10 * time.Millisecond
}

// decision measures what it takes to decide: all stages up to the audit entry.
func (b *bench) decision() {
	dir, err := os.MkdirTemp(b.dir, "decide")
	check(err)
	p, log, client, _, err := newProxy(dir, "443")
	check(err)
	defer log.Close()
	fmt.Println("The decision itself, from the host's name to judged addresses (the resolver answers at once)")
	for _, target := range []string{"localhost:443", "api.openai.com:443", "unknown.example:443"} {
		r := testing.Benchmark(func(t *testing.B) {
			t.ReportAllocs()
			for t.Loop() {
				p.Explain(context.Background(), client, target, false)
			}
		})
		fmt.Printf("  %-22s %8.1f us, %d allocations\n", target, float64(r.NsPerOp())/1000, r.AllocsPerOp())
	}
	fmt.Println()
}

// idle opens many tunnels that say nothing after their hello, and asks what
// memory each proxy holds for them.
func (b *bench) idle(count int) {
	fmt.Printf("%d idle tunnels\n%-24s %12s %14s\n", count, "", "RSS MB", "KB per tunnel")
	for _, w := range b.ways {
		if w.process == nil || strings.Contains(w.name, "intercepted") {
			continue
		}
		before := rss(w.process)
		conns, err := b.hold(w, count)
		after := rss(w.process)
		for _, c := range conns {
			c.Close()
		}
		if err != nil {
			fmt.Printf("  %-22s stopped at %d tunnels: %v\n", w.name, len(conns), err)
			continue
		}
		fmt.Printf("  %-22s %12.1f %14.1f\n", w.name, float64(after)/1e6, float64(after-before)/1000/float64(count))
	}
}

// hold opens tunnels with TLS in them, each used once.
func (b *bench) hold(w way, count int) (conns []net.Conn, err error) {
	u, _ := url.Parse(w.proxy)
	target, _ := url.Parse(w.target)
	password, _ := u.User.Password()
	config := w.transport(true).TLSClientConfig
	config.ServerName = "localhost"
	for range count {
		c, err := net.Dial("tcp", u.Host)
		if err != nil {
			return conns, err
		}
		conns = append(conns, c)
		fmt.Fprintf(c, "CONNECT %s HTTP/1.1\r\nHost: %s\r\nProxy-Authorization: Bearer %s\r\n\r\n", target.Host, target.Host, password)
		c.SetDeadline(time.Now().Add(20 * time.Second))
		r := bufio.NewReaderSize(c, 16)
		answer, err := http.ReadResponse(r, &http.Request{Method: http.MethodConnect})
		if err != nil {
			return conns, err
		}
		if answer.StatusCode != http.StatusOK {
			return conns, fmt.Errorf("%s", answer.Status)
		}
		if err := tls.Client(c, config).Handshake(); err != nil {
			return conns, err
		}
	}
	return conns, nil
}

func rss(c *exec.Cmd) int64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", c.Process.Pid))
	check(err)
	_, rest, _ := strings.Cut(string(text), "VmRSS:")
	kb, _ := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
	return kb << 10
}
