package wire

import (
	"net"
	"net/http"
	"testing"
)

// TestNoProxy: a variable in the environment must not lead prompts elsewhere.
// Go's own rules spare loopback, so only the setting itself can be tested.
func TestNoProxy(t *testing.T) {
	c := NewHTTP(new(net.Dialer).DialContext, "", "", 1)
	if c.Transport.(*http.Transport).Proxy != nil || c.CheckRedirect(nil, nil) != http.ErrUseLastResponse {
		t.Error("a proxy or a redirect could be used")
	}
}
