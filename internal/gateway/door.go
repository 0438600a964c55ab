package gateway

import (
	"context"
	"net/http"
	"strings"

	"ringfence/internal/integration"
)

// inside marks a request whose client another door of this process has
// identified already. Nothing that comes over a network can carry it.
type inside struct{}

// For returns the vendors' routes for a client that is already known: the
// egress proxy hands it the calls it intercepts. Keys in such requests are not
// looked at, and the gateway's own routes are not there.
func (g *Gateway) For(caller integration.Integration) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r = r.WithContext(context.WithValue(r.Context(), inside{}, caller))
		if strings.HasPrefix(r.URL.Path, "/ringfence/") || r.URL.Path == "/healthz" || r.URL.Path == "/readyz" {
			g.without("unknown_route", "The gateway does not serve this path.")(w, r)
			return
		}
		g.inner().ServeHTTP(w, r)
	})
}
