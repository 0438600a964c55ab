package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"

	"ringfence/internal/config"
	"ringfence/internal/residency"
	"ringfence/internal/residency/stub"
)

// nameServer answers PHP's questions for names; nil is none.
type nameServer struct {
	stub    *stub.Stub
	packets net.PacketConn
	streams net.Listener
}

// openNames takes the name server's address, and nothing if there is to be none.
func openNames(c *config.Config, p *places) (*nameServer, error) {
	at := c.Residency.Names.Listen
	if at == "" {
		return nil, nil
	}
	dialer := residency.Dialer{Strangers: true, Judge: p.judge, Networks: p.networks}
	n := &nameServer{stub: stub.New(stub.Options{Names: c.Residency.Names.Answer, Decide: dialer.Decide})}
	var err error
	if n.packets, err = net.ListenPacket("udp", at); err != nil {
		return nil, fmt.Errorf("the name server cannot listen on %s: %w; set another residency.names.listen in ringfence.yaml", at, err)
	}
	if n.streams, err = net.Listen("tcp", at); err != nil {
		n.packets.Close()
		return nil, fmt.Errorf("the name server cannot listen on %s: %w; set another residency.names.listen in ringfence.yaml", at, err)
	}
	return n, nil
}

// serve answers until ctx ends.
func (n *nameServer) serve(ctx context.Context, log *slog.Logger) {
	if n == nil {
		return
	}
	ended := make(chan error, 2)
	go func() { ended <- n.stub.Packets(ctx, n.packets) }()
	go func() { ended <- n.stub.Streams(ctx, n.streams) }()
	if err := errors.Join(<-ended, <-ended); err != nil {
		log.Error("the name server ended", "error", err)
	}
}

func (n *nameServer) close() {
	if n != nil {
		n.packets.Close()
		n.streams.Close()
	}
}
