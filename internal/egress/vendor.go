package egress

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
)

// A client of a vendor reads the vendor's errors. What is refused on an
// intercepted connection is therefore said in the shape of the host.

// refuse answers a request with a refusal of the proxy's own.
func (in *inside) refuse(w http.ResponseWriter, r *refusal) {
	body := errorBody(in.said.host, r.status, r.code, r.sentence)
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Content-Length", strconv.Itoa(len(body)))
	h.Set("Ringfence-Reason", r.code)
	w.WriteHeader(r.status)
	w.Write(body)
}

// errorBody is an error as the host would write it.
func errorBody(host string, status int, code, sentence string) []byte {
	var v any
	switch {
	case host == "api.anthropic.com":
		v = map[string]any{"type": "error", "error": map[string]any{"type": anthropicType(status), "message": code + ": " + sentence}}
	case strings.HasSuffix(host, "googleapis.com"):
		v = map[string]any{"error": map[string]any{"code": status, "message": code + ": " + sentence, "status": googleStatus(status)}}
	default:
		v = map[string]any{"error": map[string]any{"message": sentence, "type": "invalid_request_error", "param": nil, "code": code}}
	}
	b, _ := json.Marshal(v) // maps of texts and numbers
	return b
}

func anthropicType(status int) string {
	switch status {
	case http.StatusUnauthorized:
		return "authentication_error"
	case http.StatusForbidden:
		return "permission_error"
	case http.StatusNotFound:
		return "not_found_error"
	case http.StatusTooManyRequests:
		return "rate_limit_error"
	}
	return "invalid_request_error"
}

func googleStatus(status int) string {
	switch status {
	case http.StatusUnauthorized:
		return "UNAUTHENTICATED"
	case http.StatusForbidden:
		return "PERMISSION_DENIED"
	case http.StatusNotFound:
		return "NOT_FOUND"
	case http.StatusTooManyRequests:
		return "RESOURCE_EXHAUSTED"
	}
	return "INVALID_ARGUMENT"
}

// vendorShape lets the gateway answer, but for what it has no route for: that
// becomes the proxy's own refusal, in the host's shape. The gateway knows only
// paths; which vendor is meant, the connection knows.
type vendorShape struct {
	http.ResponseWriter
	in      *inside
	swallow bool
}

// Unwrap gives http.ResponseController its way to the connection.
func (v *vendorShape) Unwrap() http.ResponseWriter { return v.ResponseWriter }

// WriteHeader replaces an answer that says there is no such route.
func (v *vendorShape) WriteHeader(status int) {
	if v.Header().Get("Ringfence-Reason") == "unknown_route" {
		v.swallow = true
		v.Header().Del("Content-Length")
		v.in.refuse(v.ResponseWriter, refused(http.StatusNotFound, "not_answered_here",
			"This host is answered by the store's own gateway, which does not serve this path. Nothing was sent to the vendor. docs/operations/egress.md lists what is served."))
		return
	}
	v.ResponseWriter.WriteHeader(status)
}

func (v *vendorShape) Write(b []byte) (int, error) {
	if v.swallow {
		return len(b), nil
	}
	return v.ResponseWriter.Write(b)
}
