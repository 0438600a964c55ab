package gateway

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"

	"ringfence/internal/gateway/dialect"
	"ringfence/internal/integration"
	"ringfence/internal/meter"
)

// admit answers who calls, whether they may now, and what they ask.
func (g *Gateway) admit(t *trip) (*dialect.Call, error) {
	if t.r.Method != http.MethodPost {
		t.w.Header().Set("Allow", http.MethodPost)
		return nil, refused(http.StatusMethodNotAllowed, "method_not_allowed", "Send this request with POST.")
	}
	if t.trace == nil { // a try has its caller from the start
		caller, err := g.caller(t.r)
		if err != nil {
			return nil, err
		}
		t.identify(caller)
	}
	if err := g.Meter.Admit(t.caller.ID, t.limits()); err != nil {
		return nil, err
	}
	body, err := t.body()
	if err != nil {
		return nil, err
	}
	call, err := t.dialect.Decode(dialect.Request{
		Body: body, Model: t.r.PathValue("model"), Query: t.r.URL.Query(), Limits: t.policy.Bounds.Decode,
	})
	if err != nil {
		return nil, err
	}
	t.asked = call
	return call, g.allow(t, call)
}

// identify notes who calls.
func (t *trip) identify(caller integration.Integration) {
	t.caller = caller
	t.record.Integration, t.record.Name, t.record.Surface = caller.ID, caller.Name, caller.Surface
	t.record.Mode = integration.ModeEnforce
	if t.watching() {
		t.record.Mode = integration.ModeWatch
	}
}

// caller finds the integration by its key.
func (g *Gateway) caller(r *http.Request) (integration.Integration, error) {
	if caller, ok := r.Context().Value(inside{}).(integration.Integration); ok {
		return caller, nil
	}
	key := keyOf(r)
	if key == "" {
		return integration.Integration{}, refused(http.StatusUnauthorized, "missing_key", "This request carries no key. Send the header Authorization: Bearer rf_...; make a key with `ringfence key create NAME`.")
	}
	caller, err := g.Keys.Lookup(key)
	switch {
	case err == nil:
		return caller, nil
	case errors.Is(err, integration.ErrRevokedKey):
		return caller, refused(http.StatusUnauthorized, "revoked_key", "This key was revoked. Make another with `ringfence key create NAME`.")
	case errors.Is(err, integration.ErrNoKey) && strings.HasPrefix(key, "rf_"):
		return caller, refused(http.StatusUnauthorized, "malformed_key", "This key begins as a Ringfence key but is not whole. Copy it again, or make another with `ringfence key create NAME`.")
	case errors.Is(err, integration.ErrNoKey):
		return caller, refused(http.StatusUnauthorized, "malformed_key", "This is not a Ringfence key, which starts with rf_. A vendor's key is of no use here; make one with `ringfence key create NAME`.")
	case errors.Is(err, integration.ErrUnknownKey):
		return caller, refused(http.StatusUnauthorized, "unknown_key", "No integration has this key. Check that it is complete, or make another with `ringfence key create NAME`.")
	}
	g.Logger.Error("the keys cannot be read", "error", err)
	return caller, failed(http.StatusServiceUnavailable, "keys_unavailable", "The gateway cannot read its keys, so it admits nobody. `ringfence doctor` says why.")
}

// keyHeaders are where the vendors' clients put their keys.
var keyHeaders = []string{"Api-Key", "X-Api-Key", "X-Goog-Api-Key"}

// keyOf returns the key of a request, from any of the places plugins use. A
// Ringfence key is taken wherever it stands, for a plugin may send a vendor's
// in another place.
func keyOf(r *http.Request) string {
	first := ""
	for _, key := range presented(r) {
		if strings.HasPrefix(key, "rf_") {
			return key
		}
		first = cmp.Or(first, key)
	}
	return first
}

func presented(r *http.Request) []string {
	auth := r.Header.Get("Authorization")
	if scheme, rest, ok := strings.Cut(auth, " "); ok && strings.EqualFold(scheme, "Bearer") {
		auth = strings.TrimSpace(rest)
	}
	keys := []string{auth}
	if _, password, ok := r.BasicAuth(); ok { // http://any:KEY@host, for clients that know no keys
		keys = []string{password}
	}
	for _, name := range keyHeaders {
		keys = append(keys, r.Header.Get(name))
	}
	return append(keys, r.URL.Query().Get("key")) // Google's clients
}

func (t *trip) limits() meter.Limits {
	return meter.Limits(t.caller.Limits.Or(t.policy.Limits))
}

// body reads the request under its limits of size, time and encoding.
func (t *trip) body() ([]byte, error) {
	if enc := t.r.Header.Get("Content-Encoding"); enc != "" && enc != "identity" {
		return nil, refused(http.StatusUnsupportedMediaType, "unsupported_encoding", "The body is compressed. Send it as plain JSON, without Content-Encoding.")
	}
	if ct := t.r.Header.Get("Content-Type"); ct != "" {
		if kind, _, err := mime.ParseMediaType(ct); err != nil || kind != "application/json" {
			return nil, refused(http.StatusUnsupportedMediaType, "unsupported_media_type", "The body must be JSON. Send Content-Type: application/json.")
		}
	}
	rc := http.NewResponseController(t.w)
	rc.SetReadDeadline(time.Now().Add(t.policy.Bounds.Body))
	most := t.policy.Bounds.BodyBytes
	var body []byte
	var err error
	if t.r.ContentLength <= most {
		body, err = io.ReadAll(io.LimitReader(t.r.Body, most+1))
	}
	switch {
	case err != nil:
		return nil, refused(http.StatusRequestTimeout, "incomplete_body", "The request did not arrive whole in time. Send it again.")
	case t.r.ContentLength > most || int64(len(body)) > most:
		t.drain()
		return nil, refused(http.StatusRequestEntityTooLarge, "body_too_large", fmt.Sprintf("The request is larger than %d bytes. Send less text, or raise limits.body.max_bytes in ringfence.yaml.", most))
	}
	rc.SetReadDeadline(time.Time{})
	return body, nil
}

// drained is how much of a body that is too large is read and thrown away.
const drained = 256 << 20

// drain takes the rest of a body that is refused: most clients read no answer
// before they have sent everything, and would see a broken connection instead.
// One that asks first whether to send is told no.
func (t *trip) drain() {
	if t.r.Header.Get("Expect") == "" {
		io.CopyN(io.Discard, t.r.Body, drained)
	}
	t.w.Header().Set("Connection", "close")
}

// allow checks what the call asks against what its integration may.
func (g *Gateway) allow(t *trip, call *dialect.Call) error {
	if err := t.extension(call); err != nil {
		return err
	}
	t.dropped(call.Dropped)
	if t.caller.Strict && len(call.Dropped) > 0 {
		return dialect.Invalid("unknown_field", "", "This integration is strict, and the gateway does not know: %s. Leave these fields out.", strings.Join(t.record.Dropped, ", "))
	}
	if err := t.purpose(call); err != nil {
		return err
	}
	for i, tool := range call.Tools {
		if !t.caller.AllowsTool(tool.Name) {
			return refused(http.StatusForbidden, "tool_not_allowed", "This integration may not offer the tool at "+dialect.Elem("tools", i)+". `ringfence key list --json` shows its tools; `ringfence key create NAME --tools FILE` makes a key that may use more.")
		}
	}
	return g.resolve(t, call)
}

// extension takes the header where the body says nothing, and pseudonymises
// whom the call is about.
func (t *trip) extension(call *dialect.Call) error {
	ext := &call.Extension
	if header := t.r.Header.Get("Ringfence-Context"); header != "" && ext.Empty() {
		var dropped []string
		var err error
		if *ext, dropped, err = dialect.ParseExtension(header, t.policy.Bounds.Decode); err != nil {
			return err
		}
		call.Dropped = append(call.Dropped, dropped...)
	}
	t.subject = t.g.pseudonym("subject", ext.Subject)
	t.record.Conversation = t.g.pseudonym("conversation", ext.Conversation)
	if err := t.g.recall(t, call); err != nil {
		return err
	}
	call.Reindex()
	return nil
}

// purpose checks the call's purpose. Structured data without a purpose is
// refused rather than thrown away: the caller would not see why it is missing.
func (t *trip) purpose(call *dialect.Call) error {
	ext := &call.Extension
	if ext.Purpose == "" && len(t.caller.Purposes) == 1 {
		ext.Purpose = t.caller.Purposes[0]
	}
	if !t.caller.AllowsPurpose(ext.Purpose) {
		return refused(http.StatusForbidden, "purpose_not_allowed", "This integration may not call for that purpose. `ringfence key list` shows its purposes; `ringfence minimize purposes` shows all.")
	}
	if ext.Purpose == "" && len(ext.Context) > 0 {
		return dialect.Invalid("purpose_required", "ringfence.purpose", "The call brings store data but says not what for. Name a purpose; `ringfence minimize purposes` lists them.")
	}
	t.record.Purpose = ext.Purpose
	return nil
}
