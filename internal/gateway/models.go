package gateway

import (
	"context"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"ringfence/internal/engine"
	"ringfence/internal/gateway/dialect"
	"ringfence/proof"
)

// modelCache remembers what an engine serves, so that a plugin's five seconds
// for the model list never depend on a busy engine.
type modelCache struct {
	mu     sync.Mutex
	asked  time.Time
	models []engine.Model
}

const modelsFresh = 30 * time.Second

// modelSource is an engine, for what it says of itself.
type modelSource interface {
	Models(context.Context) ([]engine.Model, error)
}

func (c *modelCache) get(ctx context.Context, e modelSource) ([]engine.Model, error) {
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
	switch {
	case call.Judge:
		return t.served(call, engine.Model{ID: guardModel}, proof.Engine{Driver: "guard", Zone: "local"})
	case call.Embed != nil:
		return g.resolveEmbedder(t, call)
	}
	models, err := g.models.get(t.ctx, g.Engine)
	return g.serve(t, call, models, err, g.Place)
}

// serve picks the call's model among those of an engine.
func (g *Gateway) serve(t *trip, call *dialect.Call, models []engine.Model, err error, place proof.Engine) error {
	if err != nil || len(models) == 0 {
		g.Logger.Warn("the engine names no model", "error", err)
		return failed(http.StatusServiceUnavailable, "engine_unavailable", "No engine is ready to answer. Try again shortly; `ringfence doctor` and /readyz say what is wrong.")
	}
	if call.Model != "" && !t.caller.AllowsModel(call.Model) {
		return refused(http.StatusForbidden, "model_not_allowed", "This integration may not use that model. `ringfence key list` shows its models.")
	}
	model, ok := t.choose(models, call.Model)
	if !ok {
		return &dialect.Refusal{Status: http.StatusNotFound, Code: "model_not_found", Param: "model",
			Sentence: "No engine here serves that model, and no alias names it. GET /v1/models lists what is served; add an alias in ringfence.yaml."}
	}
	return t.served(call, model, place)
}

// served notes what serves the call, and tells the caller.
func (t *trip) served(call *dialect.Call, model engine.Model, place proof.Engine) error {
	if modelName.MatchString(call.Model) {
		t.record.Model.Requested = call.Model
	}
	t.record.Model.Served, t.record.Model.Digest = model.ID, model.Digest
	t.record.Engine = place
	t.w.Header().Set("Ringfence-Model", model.ID)
	t.w.Header().Set("Ringfence-Zone", place.Zone)
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

// choose finds the model that a name stands for: by an alias that is this very
// name, the integration's before the configuration's; by the model's own name;
// by an alias that ends in *.
func (t *trip) choose(models []engine.Model, name string) (engine.Model, bool) {
	for _, aliases := range []map[string]string{t.caller.Aliases, t.policy.Aliases} {
		if to, ok := aliases[name]; ok {
			return pick(models, to)
		}
	}
	if m, ok := pick(models, name); ok {
		return m, true
	}
	for _, aliases := range []map[string]string{t.caller.Aliases, t.policy.Aliases} {
		if to, ok := match(aliases, name); ok {
			return pick(models, to)
		}
	}
	return engine.Model{}, false
}

// match finds the alias with the longest beginning of a name.
func match(aliases map[string]string, name string) (to string, ok bool) {
	best := -1
	for pattern, target := range aliases {
		prefix, isPattern := strings.CutSuffix(pattern, "*")
		if isPattern && len(prefix) > best && strings.HasPrefix(name, prefix) {
			best, to = len(prefix), target
		}
	}
	return to, best >= 0
}

// catalogue lists what a caller may ask for: the engine's models, then the
// aliases that name one model.
func (g *Gateway) catalogue(ctx context.Context, t *trip) ([]dialect.Model, error) {
	served, err := g.models.get(ctx, g.Engine)
	if err != nil {
		return nil, noModels
	}
	var names []string
	for _, aliases := range []map[string]string{t.caller.Aliases, t.policy.Aliases} {
		for alias := range aliases {
			if !strings.HasSuffix(alias, "*") {
				names = append(names, alias)
			}
		}
	}
	slices.Sort(names)
	list := []dialect.Model{}
	for _, m := range served {
		list = append(list, dialect.Model{Name: m.ID, Serves: m.ID, Digest: m.Digest, Context: m.Context})
	}
	for _, name := range slices.Compact(names) {
		if m, ok := t.choose(served, name); ok {
			list = append(list, dialect.Model{Name: name, Serves: m.ID, Digest: m.Digest, Context: m.Context})
		}
	}
	return slices.DeleteFunc(list, func(m dialect.Model) bool { return !t.caller.AllowsModel(m.Name) }), nil
}
