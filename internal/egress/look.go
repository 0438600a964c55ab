package egress

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"ringfence/proof"
)

// What a readable request can look like.
const (
	LooksModelCall    = "model_call"    // it is spoken as only a model is
	LooksPersonalData = "personal_data" // somebody's data is in it
)

// lookAt is how much of a body is looked at.
const lookAt = 64 << 10

// look judges a plain request to a host that nobody knows by how it is spoken,
// for the entry: the next vendor is in no catalogue yet. What was read of the
// body goes on with the rest.
func (p *Proxy) look(a *attempt, g *granted) error {
	if a.connect || g.service != nil && g.action != proof.ActionInspect || a.r.Body == nil || a.r.Body == http.NoBody {
		return nil
	}
	rc := http.NewResponseController(a.w)
	rc.SetReadDeadline(time.Now().Add(a.policy.Bounds.Header))
	begun, err := io.ReadAll(io.LimitReader(a.r.Body, lookAt))
	if err == nil {
		rc.SetReadDeadline(time.Time{})
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return refused(http.StatusRequestTimeout, "body_timeout", "The request's body did not come in time.")
	} else if err != nil {
		return errGone
	}
	a.r.Body = &goesOn{io.MultiReader(bytes.NewReader(begun), a.r.Body), a.r.Body}
	if modelCall(begun) {
		a.record.Looks = append(a.record.Looks, LooksModelCall)
	}
	if p.Personal != nil && p.Personal(string(begun)) {
		a.record.Looks = append(a.record.Looks, LooksPersonalData)
	}
	return nil
}

// goesOn is a body of which the beginning was read before.
type goesOn struct {
	io.Reader
	io.Closer
}

// modelCall reports whether a body has the shape of a call to a model, in any
// of the common protocols. A body that is cut off is judged by its beginning.
func modelCall(body []byte) bool {
	d := json.NewDecoder(bytes.NewReader(body))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return false
	}
	has := map[string]json.RawMessage{}
	for d.More() {
		name, err := d.Token()
		key, ok := name.(string)
		if err != nil || !ok {
			break
		}
		var value json.RawMessage
		if d.Decode(&value) != nil {
			has[strings.ToLower(key)] = nil // cut off here
			break
		}
		has[strings.ToLower(key)] = value
	}
	return saysModel(has)
}

func saysModel(has map[string]json.RawMessage) bool {
	tuned := 0 // settings that only models have
	for _, name := range []string{"model", "temperature", "max_tokens", "max_completion_tokens", "max_output_tokens", "top_p", "top_k", "stream", "stop",
		"system", "tools", "tool_choice", "generationconfig", "response_format", "n_predict", "safetysettings", "options"} {
		if _, ok := has[name]; ok {
			tuned++
		}
	}
	for name, like := range map[string]string{"messages": `"role"`, "contents": `"parts"`, "input": "", "prompt": "", "inputs": "", "instances": ""} {
		value, ok := has[name]
		if ok && (tuned > 0 || like != "") && (like == "" || value == nil || bytes.Contains(value, []byte(like))) {
			return true
		}
	}
	return false
}
