package wire

import (
	"context"
	"net"
	"net/http"
	"time"
)

// A Dial is residency's way of opening connections.
type Dial func(ctx context.Context, network, addr string) (net.Conn, error)

// NewHTTP returns a client that opens every connection with dial, follows no
// redirect, heeds no proxy variables and keeps idle connections open. If network is not
// empty, every connection goes to that network and addr, whatever a URL says.
// Idle connections close before llama.cpp closes them after 5 s: one that
// closes under a request looks like a dead engine.
func NewHTTP(dial Dial, network, addr string, idle int) *http.Client {
	return &http.Client{
		Transport: &http.Transport{
			DialContext: func(ctx context.Context, n, a string) (net.Conn, error) {
				if network != "" {
					n, a = network, addr
				}
				return dial(ctx, n, a)
			},
			MaxIdleConns: idle, MaxIdleConnsPerHost: idle, IdleConnTimeout: 3 * time.Second,
			DisableCompression: true, TLSHandshakeTimeout: 10 * time.Second, ForceAttemptHTTP2: true,
			MaxResponseHeaderBytes: 64 << 10,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}
