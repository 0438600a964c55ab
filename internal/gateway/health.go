package gateway

import (
	"context"
	"encoding/json"
	"net/http"
	"time"
)

// healthz says that the process lives.
func (g *Gateway) healthz(w http.ResponseWriter, _ *http.Request) {
	w.Write([]byte("ok\n"))
}

// readyz says whether a call would be served now, and if not, why.
func (g *Gateway) readyz(w http.ResponseWriter, r *http.Request) {
	ctx, stop := context.WithTimeout(r.Context(), 2*time.Second)
	defer stop()
	parts := map[string]string{}
	ready := true
	for name, err := range map[string]error{"engine": g.Engine.Ready(ctx), "audit": g.Audit.Err(), "keys": g.Keys.Err()} {
		parts[name] = "ready"
		if err != nil {
			parts[name], ready = err.Error(), false
		}
	}
	w.Header().Set("Content-Type", "application/json")
	if !ready {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	json.NewEncoder(w).Encode(map[string]any{"ready": ready, "parts": parts})
}
