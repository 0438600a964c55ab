package main

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"ringfence/internal/audit"
	"ringfence/internal/egress"
	"ringfence/internal/egress/ca"
	"ringfence/internal/integration"
	"ringfence/internal/residency"
	"ringfence/internal/residency/catalogue"
)

// start runs this program in a role and returns the words it says first.
func start(role, origin string) (*exec.Cmd, []string) {
	c := exec.Command(os.Args[0], "-role", role, "-origin", origin)
	c.Stderr = os.Stderr
	out, err := c.StdoutPipe()
	check(err)
	check(c.Start())
	running = append(running, c)
	line, err := bufio.NewReaderSize(out, 1<<16).ReadString('\n')
	check(err)
	return c, strings.Fields(line)
}

func serveAs(role, origin string) error {
	if role == "origin" {
		return serveOrigin()
	}
	return serveProxy(origin)
}

var answer = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, `{"answer":"ok"}`) })

// serveOrigin answers over TLS, and keeps open what says nothing.
func serveOrigin() error {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	cert, text := selfSigned("localhost")
	_, port, _ := net.SplitHostPort(l.Addr().String())
	fmt.Println(port, escape(text))
	s := &http.Server{Handler: answer, TLSConfig: &tls.Config{Certificates: []tls.Certificate{cert}}}
	return s.ServeTLS(l, "", "")
}

func escape(text []byte) string { return base64.StdEncoding.EncodeToString(text) }

func selfSigned(name string) (tls.Certificate, []byte) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	check(err)
	t := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: []string{name}, NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, t, t, &key.PublicKey, key)
	check(err)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}

// here resolves every name to this machine, as a hosts file would.
type here struct{}

func (here) LookupNetIP(context.Context, string, string) ([]netip.Addr, error) {
	return []netip.Addr{netip.MustParseAddr("127.0.0.1")}, nil
}

type door struct{}

func (door) For(integration.Integration) http.Handler { return answer }

// newProxy is the proxy as a store runs it, with its log on disk, but for the
// gateway behind interception, which answers at once.
func newProxy(dir, origin string) (*egress.Proxy, *audit.Log, integration.Integration, string, error) {
	fail := func(err error) (*egress.Proxy, *audit.Log, integration.Integration, string, error) {
		return nil, nil, integration.Integration{}, "", err
	}
	keys := integration.Open(filepath.Join(dir, "keys.json"))
	client, key, err := keys.Create(integration.Integration{Name: "shop", Surface: "service"})
	if err != nil {
		return fail(err)
	}
	log, err := audit.Open(audit.Options{Dir: filepath.Join(dir, "audit"), Origin: "bench"})
	if err != nil {
		return fail(err)
	}
	authority, err := ca.Open(filepath.Join(dir, "egress"), []string{"api.openai.com"})
	if err != nil {
		return fail(err)
	}
	port, _ := strconv.ParseUint(origin, 10, 16)
	p := egress.New(egress.Options{
		Keys: keys, Catalogue: catalogue.Builtin(), Audit: log,
		Dialer:    &residency.Dialer{Strangers: true, Own: residency.OwnAddrsEvery(time.Second), Resolver: here{}, Networks: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}},
		Intercept: &egress.Intercept{Leaves: authority, Door: door{}},
		Policy: egress.Policy{
			Mode: integration.ModeEnforce, Intercept: true, Ports: []uint16{443, uint16(port)},
			Rules:  []egress.Rule{{Name: "origin", Hosts: []string{"localhost"}, Action: egress.RuleAllow}},
			Bounds: egress.Bounds{PerClient: 100_000, Header: 10 * time.Second, Idle: time.Hour, Total: time.Hour},
		},
	})
	return p, log, client, key, nil
}

func serveProxy(origin string) error {
	dir, err := os.MkdirTemp("", "bench-egress-proxy")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	p, _, _, key, err := newProxy(dir, origin)
	if err != nil {
		return err
	}
	state, err := ca.Look(filepath.Join(dir, "egress"))
	if err != nil {
		return err
	}
	quiet := net.ListenConfig{KeepAlive: -1}
	l, err := quiet.Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Println(l.Addr(), key, escape(state.Bundle()))
	return p.Server().Serve(l)
}

// squid is Debian's, as a forward proxy that caches nothing and logs.
func (b *bench) squid(port string) (*exec.Cmd, string) {
	address := free()
	_, own, _ := net.SplitHostPort(address)
	config := fmt.Sprintf(`http_port 127.0.0.1:%s
acl origin port %s
http_access allow origin
http_access deny all
cache deny all
cache_mem 8 MB
access_log stdio:%s/access.log
cache_log %s/cache.log
pid_filename %s/squid.pid
coredump_dir %s
max_filedescriptors 16384
shutdown_lifetime 0 seconds
`, own, port, b.dir, b.dir, b.dir, b.dir)
	os.Chmod(b.dir, 0o777)
	return b.other("squid", address, "squid.conf", config, "-N", "-f")
}

// tinyproxy is Debian's.
func (b *bench) tinyproxy(port string) (*exec.Cmd, string) {
	address := free()
	_, own, _ := net.SplitHostPort(address)
	config := fmt.Sprintf("Port %s\nListen 127.0.0.1\nTimeout 3600\nMaxClients 10000\nConnectPort %s\nLogFile \"%s/tiny.log\"\nLogLevel Connect\n", own, port, b.dir)
	return b.other("tinyproxy", address, "tinyproxy.conf", config, "-d", "-c")
}

// other starts somebody else's proxy, if it is installed.
func (b *bench) other(name, address, file, config string, args ...string) (*exec.Cmd, string) {
	program, err := exec.LookPath(name)
	if err != nil {
		fmt.Printf("(%s is not installed: apt-get install %s)\n", name, name)
		return nil, ""
	}
	path := filepath.Join(b.dir, file)
	check(os.WriteFile(path, []byte(config), 0o644))
	c := exec.Command(program, append(args, path)...)
	c.Dir = b.dir
	out, _ := os.Create(filepath.Join(b.dir, name+".out"))
	c.Stdout, c.Stderr = out, out
	check(c.Start())
	running = append(running, c)
	for range 100 {
		if conn, err := net.Dial("tcp", address); err == nil {
			conn.Close()
			return c, address
		}
		time.Sleep(100 * time.Millisecond)
	}
	said, _ := os.ReadFile(out.Name())
	check(fmt.Errorf("%s does not listen: %s", name, said))
	return nil, ""
}

func free() string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	check(err)
	defer l.Close()
	return l.Addr().String()
}
