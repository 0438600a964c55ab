package gateway

import (
	"context"
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"ringfence/internal/engine"
	"ringfence/internal/gateway/dialect"
	"ringfence/internal/gateway/dialect/openai"
)

// modelCache remembers what the engine serves, so that a plugin's five seconds
// for the model list never depend on a busy engine.
type modelCache struct {
	mu     sync.Mutex
	asked  time.Time
	models []engine.Model
}

const modelsFresh = 30 * time.Second

func (c *modelCache) get(ctx context.Context, e engine.Engine) ([]engine.Model, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.models != nil && time.Since(c.asked) < modelsFresh {
		return c.models, nil
	}
	ctx, stop := context.WithTimeout(ctx, 2*time.Second)
	defer stop()
	models, err := e.Models(ctx)
	if err == nil {
		c.models, c.asked = models, time.Now()
	}
	if c.models != nil {
		return c.models, nil
	}
	return nil, err
}

// resolve finds the model that serves the call: by its own name, by an alias,
// or the first one when the call names none.
func (g *Gateway) resolve(t *trip, call *dialect.Call) error {
	models, err := g.models.get(t.ctx, g.Engine)
	if err != nil || len(models) == 0 {
		g.Logger.Warn("the engine names no model", "error", err)
		return failed(http.StatusServiceUnavailable, "engine_unavailable", "No engine is ready to answer. Try again shortly; `ringfence doctor` and /readyz say what is wrong.")
	}
	if call.Model != "" && !t.caller.AllowsModel(call.Model) {
		return refused(http.StatusForbidden, "model_not_allowed", "This integration may not use that model. `ringfence key list` shows its models.")
	}
	served, ok := pick(models, t.policy.alias(call.Model))
	if !ok {
		return &dialect.Refusal{Status: http.StatusNotFound, Code: "model_not_found", Param: "model",
			Sentence: "No engine here serves that model, and no alias names it. GET /v1/models lists what is served; add an alias in ringfence.yaml."}
	}
	if modelName.MatchString(call.Model) {
		t.record.Model.Requested = call.Model
	}
	t.record.Model.Served, t.record.Model.Digest = served.ID, served.Digest
	t.record.Engine = g.Place
	t.w.Header().Set("Ringfence-Model", served.ID)
	t.w.Header().Set("Ringfence-Zone", g.Place.Zone)
	return nil
}

// modelName is what names of models look like; other text a caller put there
// stays out of the log.
var modelName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._:/-]{0,79}$`)

// pick finds a model by name; "" and "default" mean the first.
func pick(models []engine.Model, name string) (engine.Model, bool) {
	for _, m := range models {
		if m.ID == name || name == "" || name == "default" {
			return m, true
		}
	}
	return engine.Model{}, false
}

// alias maps a name a plugin uses to one an engine serves. An exact alias wins
// over a pattern, a longer pattern over a shorter one.
func (p *Policy) alias(name string) string {
	if to, ok := p.Aliases[name]; ok {
		return to
	}
	best, to := -1, name
	for pattern, target := range p.Aliases {
		prefix, isPattern := strings.CutSuffix(pattern, "*")
		if isPattern && len(prefix) > best && strings.HasPrefix(name, prefix) && name != "" {
			best, to = len(prefix), target
		}
	}
	return to
}

// listModels answers GET /v1/models from memory, for holders of a key.
func (g *Gateway) listModels(w http.ResponseWriter, r *http.Request) {
	type model struct {
		ID      string `json:"id"`
		Object  string `json:"object"`
		Created int64  `json:"created"`
		OwnedBy string `json:"owned_by"`
	}
	caller, err := g.caller(r)
	if err != nil {
		g.plainRefusal(w, err)
		return
	}
	served, err := g.models.get(r.Context(), g.Engine)
	if err != nil {
		g.plainRefusal(w, failed(http.StatusServiceUnavailable, "engine_unavailable", "No engine is ready, so its models are not known. Try again shortly."))
		return
	}
	names := []string{}
	for _, m := range served {
		names = append(names, m.ID)
	}
	for alias := range g.policy.Load().Aliases {
		if !strings.HasSuffix(alias, "*") {
			names = append(names, alias)
		}
	}
	slices.Sort(names[len(served):])
	list := []model{}
	for _, name := range names {
		if caller.AllowsModel(name) {
			list = append(list, model{name, "model", 0, "ringfence"})
		}
	}
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(map[string]any{"object": "list", "data": list})
}

// plainRefusal answers a request that is no call, in OpenAI's error shape.
func (g *Gateway) plainRefusal(w http.ResponseWriter, err error) {
	refusal := err.(*dialect.Refusal)
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(refusal.Status)
	w.Write(openai.Chat{}.Refuse(refusal))
}

// noBrowser refuses pages of other sites: plugins call from the server, and a
// key that is in a page is everybody's.
func (g *Gateway) noBrowser(w http.ResponseWriter, r *http.Request) {
	g.plainRefusal(w, refused(http.StatusForbidden, "browser_refused", "This request comes from a page in a browser. Call the gateway from the server, where the key stays secret."))
}

// noRoute refuses a path that is not served. It is a call all the same: a
// plugin that wants images from here should be seen in the log.
func (g *Gateway) noRoute(w http.ResponseWriter, r *http.Request) {
	t := g.newTrip(w, r, openai.Chat{})
	defer t.end()
	t.record.Dialect = "unknown"
	if caller, err := g.caller(r); err == nil {
		t.identify(caller)
		if err := g.Meter.Admit(caller.ID, t.limits()); err != nil {
			t.refuse(err)
			return
		}
	}
	t.refuse(refused(http.StatusNotFound, "unknown_route", "The gateway does not serve this path. It serves POST /v1/chat/completions and GET /v1/models."))
}
