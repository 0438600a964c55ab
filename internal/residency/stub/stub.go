// Package stub is a name server that answers allowed names and refuses all
// others, so that questions for names carry nothing out.
//
// First step: [New], then [Stub.Packets] and [Stub.Streams] on listeners.
// Promise: a name is compared before anybody is asked about it; a name that is
// not listed, in full, is never passed on. Danger: a listed name tells its
// owner's name server that it was asked for, and when; list few.
package stub

import (
	"context"
	"encoding/binary"
	"io"
	"net"
	"net/netip"
	"strings"
	"sync"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"ringfence/internal/residency"
	"ringfence/internal/residency/host"
)

// Options are what a stub goes by.
type Options struct {
	// Names are answered, each in full: there are no wildcards, because whatever
	// stands in a wildcard's place is data that leaves.
	Names []string
	// Decide says where a name leads and whether it may be reached; the stub
	// tells addresses only of those that may. *residency.Dialer has it.
	Decide func(context.Context, residency.Destination) residency.Decision
}

// A Stub answers.
type Stub struct {
	o     Options
	names map[string]bool
	busy  chan struct{} // a place for each question under way
}

const (
	most    = 64 // questions under way
	ttl     = 30 // seconds that an answer may be kept
	patient = 5 * time.Second
)

// New returns a stub. Names that are no names are not answered.
func New(o Options) *Stub {
	s := &Stub{o: o, names: map[string]bool{}, busy: make(chan struct{}, most)}
	for _, n := range o.Names {
		if h, err := host.Parse(n); err == nil && !h.IsAddr() {
			s.names[h.Name] = true
		}
	}
	return s
}

// Packets answers questions over UDP until ctx ends. What comes while too many
// are under way is dropped; resolvers ask again.
func (s *Stub) Packets(ctx context.Context, c net.PacketConn) error {
	defer context.AfterFunc(ctx, func() { c.Close() })()
	var done sync.WaitGroup
	defer done.Wait()
	for {
		b := make([]byte, 1232)
		n, from, err := c.ReadFrom(b)
		if err != nil {
			if ctx.Err() != nil {
				return nil
			}
			return err
		}
		select {
		case s.busy <- struct{}{}:
			done.Go(func() {
				defer func() { <-s.busy }()
				if out := s.Answer(ctx, b[:n]); out != nil {
					c.WriteTo(out, from)
				}
			})
		default:
		}
	}
}

// Streams answers questions over TCP until ctx ends.
func (s *Stub) Streams(ctx context.Context, l net.Listener) error {
	defer context.AfterFunc(ctx, func() { l.Close() })()
	var done sync.WaitGroup
	defer done.Wait()
	for {
		c, err := l.Accept()
		if err != nil {
			if ctx.Err() != nil {
				return nil
			}
			return err
		}
		select {
		case s.busy <- struct{}{}:
			done.Go(func() {
				defer func() { <-s.busy }()
				defer c.Close()
				s.stream(ctx, c)
			})
		default:
			c.Close()
		}
	}
}

// stream answers the questions of one connection, each with its length before it.
func (s *Stub) stream(ctx context.Context, c net.Conn) {
	c.SetDeadline(time.Now().Add(patient))
	for {
		var size [2]byte
		if _, err := io.ReadFull(c, size[:]); err != nil {
			return
		}
		b := make([]byte, binary.BigEndian.Uint16(size[:]))
		if _, err := io.ReadFull(c, b); err != nil {
			return
		}
		out := s.Answer(ctx, b)
		if out == nil {
			return
		}
		if _, err := c.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(out))), out...)); err != nil {
			return
		}
	}
}

// Answer returns the answer to one question, nil for what is none.
func (s *Stub) Answer(ctx context.Context, query []byte) []byte {
	var p dnsmessage.Parser
	head, err := p.Start(query)
	if err != nil || head.Response {
		return nil
	}
	out := dnsmessage.Message{Header: dnsmessage.Header{
		ID: head.ID, Response: true, OpCode: head.OpCode, RecursionDesired: head.RecursionDesired, RecursionAvailable: true,
	}}
	q, err := p.Question()
	switch {
	case head.OpCode != 0:
		out.RCode = dnsmessage.RCodeNotImplemented
	case err != nil:
		out.RCode = dnsmessage.RCodeFormatError
	default:
		out.Questions = []dnsmessage.Question{q}
		out.Answers, out.RCode = s.records(ctx, q)
	}
	if _, err := p.Question(); out.RCode == dnsmessage.RCodeSuccess && err != dnsmessage.ErrSectionDone {
		out.Answers, out.RCode = nil, dnsmessage.RCodeFormatError // two questions
	}
	packed, err := out.Pack()
	if err != nil {
		return nil
	}
	return packed
}

func (s *Stub) records(ctx context.Context, q dnsmessage.Question) ([]dnsmessage.Resource, dnsmessage.RCode) {
	h, err := host.Parse(strings.TrimSuffix(q.Name.String(), "."))
	if err != nil || !s.names[h.Name] {
		return nil, dnsmessage.RCodeRefused
	}
	if q.Class != dnsmessage.ClassINET || q.Type != dnsmessage.TypeA && q.Type != dnsmessage.TypeAAAA {
		return nil, dnsmessage.RCodeSuccess // it exists, and has none of these
	}
	ctx, stop := context.WithTimeout(ctx, patient)
	defer stop()
	d := s.o.Decide(ctx, residency.Destination{Host: h.Name, Port: 443})
	switch d.Outcome {
	case residency.Refused:
		return nil, dnsmessage.RCodeRefused
	case residency.Failed:
		return nil, dnsmessage.RCodeServerFailure
	}
	var out []dnsmessage.Resource
	for _, j := range d.Addrs {
		if r := record(q, j.Addr); r != nil && len(out) < 8 { // so that it fits a packet
			out = append(out, *r)
		}
	}
	return out, dnsmessage.RCodeSuccess
}

func record(q dnsmessage.Question, a netip.Addr) *dnsmessage.Resource {
	r := &dnsmessage.Resource{Header: dnsmessage.ResourceHeader{Name: q.Name, Class: dnsmessage.ClassINET, TTL: ttl}}
	switch {
	case a.Is4() && q.Type == dnsmessage.TypeA:
		r.Body = &dnsmessage.AResource{A: a.As4()}
	case a.Is6() && q.Type == dnsmessage.TypeAAAA:
		r.Body = &dnsmessage.AAAAResource{AAAA: a.As16()}
	default:
		return nil
	}
	return r
}
