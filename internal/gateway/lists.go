package gateway

import (
	"net/http"

	"ringfence/internal/gateway/dialect"
	"ringfence/internal/gateway/dialect/ollama"
	"ringfence/internal/gateway/dialect/openai"
)

// lister answers the questions a plugin asks about models before it calls one,
// from memory, to holders of a key.
func (g *Gateway) lister(as func(*http.Request) dialect.Lister, one bool) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		l := as(r)
		t := &trip{g: g, w: w, r: r, policy: g.policy.Load()}
		var body []byte
		err := t.known()
		if err == nil && one {
			body, err = g.shown(t, l, r.PathValue("model"))
		} else if err == nil {
			body, err = g.listed(t, l)
		}
		t.tell(l, body, err)
	}
}

// show answers Ollama's question about one model, whose name is in the body.
func (g *Gateway) show(w http.ResponseWriter, r *http.Request) {
	t := &trip{g: g, w: w, r: r, policy: g.policy.Load()}
	body, err := g.asked(t)
	t.tell(ollama.Models{}, body, err)
}

func (g *Gateway) asked(t *trip) ([]byte, error) {
	if err := t.known(); err != nil {
		return nil, err
	}
	body, err := t.body()
	if err != nil {
		return nil, err
	}
	name, err := ollama.Models{}.Asked(dialect.Request{Body: body, Limits: t.policy.Bounds.Decode})
	if err != nil {
		return nil, err
	}
	return g.shown(t, ollama.Models{}, name)
}

// version tells clients that compare it which protocol of Ollama is spoken.
func version(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", dialect.JSON)
	w.Write([]byte(ollama.Version))
}

// known identifies who asks.
func (t *trip) known() error {
	caller, err := t.g.caller(t.r)
	t.caller = caller
	return err
}

// tell answers a question that is no call.
func (t *trip) tell(l dialect.Lister, body []byte, err error) {
	if err != nil {
		writeRefusal(t.w, l, err)
		return
	}
	t.w.Header().Set("Content-Type", dialect.JSON)
	t.w.Write(body)
}

func (g *Gateway) listed(t *trip, l dialect.Lister) ([]byte, error) {
	list, err := g.catalogue(t.r.Context(), t)
	if err != nil {
		return nil, err
	}
	return l.List(list), nil
}

// shown finds one model by its name, or by any name an alias stands for.
func (g *Gateway) shown(t *trip, l dialect.Lister, name string) ([]byte, error) {
	served, err := g.models.get(t.r.Context(), g.Engine)
	if err != nil {
		return nil, noModels
	}
	if m, ok := t.choose(served, name); ok && name != "" && t.caller.AllowsModel(name) {
		return l.Show(dialect.Model{Name: name, Serves: m.ID, Digest: m.Digest, Context: m.Context}), nil
	}
	return nil, refused(http.StatusNotFound, "model_not_found", "No engine here serves that model, and no alias names it. The list of models says what is served.")
}

var noModels = failed(http.StatusServiceUnavailable, "engine_unavailable", "No engine is ready, so its models are not known. Try again shortly.")

// refuser writes a refusal the way its protocol does.
type refuser interface {
	Refuse(*dialect.Refusal) []byte
}

// writeRefusal answers a request that is no call.
func writeRefusal(w http.ResponseWriter, r refuser, err error) {
	refusal := err.(*dialect.Refusal)
	w.Header().Set("Content-Type", dialect.JSON)
	w.WriteHeader(refusal.Status)
	w.Write(r.Refuse(refusal))
}

// plainRefusal answers where no protocol is known, in OpenAI's shape.
func (g *Gateway) plainRefusal(w http.ResponseWriter, err error) {
	writeRefusal(w, openai.Errors{}, err)
}

// noBrowser refuses pages of other sites: plugins call from the server, and a
// key that is in a page is everybody's.
func (g *Gateway) noBrowser(w http.ResponseWriter, r *http.Request) {
	g.plainRefusal(w, refused(http.StatusForbidden, "browser_refused", "This request comes from a page in a browser. Call the gateway from the server, where the key stays secret."))
}
