package gateway

import (
	"net/http"
	"strings"

	"ringfence/internal/gateway/dialect"
	"ringfence/internal/gateway/dialect/openai"
)

// route says which dialect speaks at which paths. {model} is a name of a model;
// what follows a colon behind it is a verb, as Google writes paths.
type route struct {
	dialect dialect.Dialect
	road    func(*Gateway, *trip) error
	paths   []string
}

// routes are the paths of the vendors themselves, so that a plugin whose
// vendor's host leads here needs no other change.
var routes = []route{
	{openai.Chat{}, (*Gateway).road, []string{
		"/v1/chat/completions",
		"/chat/completions",               // DeepSeek, Perplexity
		"/api/v1/chat/completions",        // OpenRouter
		"/openai/v1/chat/completions",     // Azure, Groq
		"/v1beta/openai/chat/completions", // Google's copy of OpenAI's
		"/openai/deployments/{model}/chat/completions",
	}},
	{openai.Embeddings{}, (*Gateway).vectorRoad, []string{
		"/v1/embeddings", "/embeddings", "/api/v1/embeddings", "/openai/v1/embeddings", "/v1beta/openai/embeddings",
		"/openai/deployments/{model}/embeddings",
	}},
	{openai.Moderations{}, (*Gateway).assessRoad, []string{"/v1/moderations", "/openai/v1/moderations"}},
}

// list says which protocol names models at which paths: all of them, or one.
type list struct {
	lister   dialect.Lister
	all, one []string
}

var lists = []list{
	{openai.Models{},
		[]string{"GET /v1/models", "GET /models", "GET /api/v1/models", "GET /openai/v1/models", "GET /openai/models", "GET /v1beta/openai/models"},
		[]string{"GET /v1/models/{model...}", "GET /openai/v1/models/{model...}"}},
}

// Handler returns the gateway's routes.
func (g *Gateway) Handler() http.Handler {
	mux := http.NewServeMux()
	verbs := map[string]map[string]http.HandlerFunc{} // by path up to {model}
	for _, r := range routes {
		for _, path := range r.paths {
			before, verb, ok := strings.Cut(path, "{model}:")
			if !ok {
				mux.HandleFunc(path, g.along(r))
				continue
			}
			if verbs[before] == nil {
				verbs[before] = map[string]http.HandlerFunc{}
				mux.HandleFunc(before+"{model}", g.verb(verbs[before]))
			}
			verbs[before][verb] = g.along(r)
		}
	}
	for _, l := range lists {
		for _, path := range l.all {
			mux.HandleFunc(path, g.lister(l.lister, false))
		}
		for _, path := range l.one {
			mux.HandleFunc(path, g.lister(l.lister, true))
		}
	}
	mux.HandleFunc("POST /ringfence/try", g.try)
	mux.HandleFunc("GET /healthz", g.healthz)
	mux.HandleFunc("GET /readyz", g.readyz)
	mux.HandleFunc("/", g.noRoute)
	browsers := http.NewCrossOriginProtection()
	browsers.SetDenyHandler(http.HandlerFunc(g.noBrowser))
	return browsers.Handler(mux)
}

// along sends every call of a route down its road.
func (g *Gateway) along(rt route) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		g.travel(g.newTrip(w, r, rt.dialect), rt.road)
	}
}

// verb serves paths that end in model:verb.
func (g *Gateway) verb(handlers map[string]http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		name := r.PathValue("model")
		i := strings.LastIndex(name, ":")
		handler := handlers[name[i+1:]]
		if i < 0 || handler == nil {
			g.noRoute(w, r)
			return
		}
		r.SetPathValue("model", name[:i])
		handler(w, r)
	}
}
