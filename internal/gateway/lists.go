package gateway

import (
	"net/http"

	"ringfence/internal/gateway/dialect"
	"ringfence/internal/gateway/dialect/openai"
)

// lister answers the questions a plugin asks about models before it calls one,
// from memory, to holders of a key.
func (g *Gateway) lister(l dialect.Lister, one bool) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		t := &trip{g: g, w: w, r: r, policy: g.policy.Load()}
		body, err := g.listed(t, l, one)
		if err != nil {
			writeRefusal(w, l, err)
			return
		}
		w.Header().Set("Content-Type", dialect.JSON)
		w.Write(body)
	}
}

func (g *Gateway) listed(t *trip, l dialect.Lister, one bool) ([]byte, error) {
	caller, err := g.caller(t.r)
	if err != nil {
		return nil, err
	}
	t.caller = caller
	list, err := g.catalogue(t.r.Context(), t)
	if err != nil || !one {
		return l.List(list), err
	}
	name := t.r.PathValue("model")
	for _, m := range list {
		if m.Name == name {
			return l.Show(m), nil
		}
	}
	if caller.AllowsModel(name) { // a name that an alias with * stands for
		served, err := g.models.get(t.r.Context(), g.Engine)
		if m, ok := pick(served, t.alias(name)); ok && err == nil && name != "" {
			return l.Show(dialect.Model{Name: name, Serves: m.ID, Digest: m.Digest, Context: m.Context}), nil
		}
	}
	return nil, refused(http.StatusNotFound, "model_not_found", "No engine here serves that model, and no alias names it. The list of models says what is served.")
}

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
