package border

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"golang.org/x/net/dns/dnsmessage"
)

// play answers on every address of its network: DNS, and HTTP with and without
// TLS for whatever name is asked for.
func (i Internet) play() error {
	packets, err := net.ListenPacket("udp", i.Resolver+":53")
	if err != nil {
		return err
	}
	go i.resolve(packets)
	cert, err := anyName()
	if err != nil {
		return err
	}
	for _, port := range []string{"443", "80"} {
		l, err := net.Listen("tcp", ":"+port)
		if err != nil {
			return err
		}
		server := &http.Server{ErrorLog: log.New(io.Discard, "", 0), TLSConfig: &tls.Config{Certificates: []tls.Certificate{cert}}, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			io.WriteString(w, "hello from "+r.Host)
		})}
		if port == "443" {
			go server.ServeTLS(l, "", "")
		} else {
			go server.Serve(l)
		}
	}
	fmt.Println("ready")
	return nil
}

// anyName is a certificate that nobody trusts.
func anyName() (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: []string{"any.example"}, NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, err
}

// resolve is a DNS server that lies as the zone says.
func (i Internet) resolve(c net.PacketConn) {
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
		if m.Answers = i.records(name, asked[key], q); m.Answers == nil && i.Zone[name] == nil {
			m.RCode = dnsmessage.RCodeNameError
		}
		asked[key]++
		if out, err := m.Pack(); err == nil {
			c.WriteTo(out, from)
		}
	}
}

// records follows the zone from name as a resolver does.
func (i Internet) records(name string, turn int, q dnsmessage.Question) (out []dnsmessage.Resource) {
	for range 5 {
		lists := i.Zone[name]
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
