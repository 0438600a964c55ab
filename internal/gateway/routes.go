package gateway

import (
	"net/http"
	"strings"

	"ringfence/internal/gateway/dialect"
	"ringfence/internal/gateway/dialect/anthropic"
	"ringfence/internal/gateway/dialect/gemini"
	"ringfence/internal/gateway/dialect/ollama"
	"ringfence/internal/gateway/dialect/openai"
)

// route says which dialect speaks at which paths, and which road its calls
// take. {model} is a name of a model; what follows a colon behind it is a verb,
// as Google writes paths.
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
	{openai.Responses{}, (*Gateway).road, []string{"/v1/responses", "/api/v1/responses", "/openai/v1/responses", "/openai/responses"}},
	{openai.Completions{}, (*Gateway).road, []string{
		"/v1/completions", "/completions", "/api/v1/completions", "/openai/v1/completions", "/openai/deployments/{model}/completions",
	}},
	{openai.Embeddings{}, (*Gateway).vectorRoad, []string{
		"/v1/embeddings", "/embeddings", "/api/v1/embeddings", "/openai/v1/embeddings", "/v1beta/openai/embeddings", "/openai/deployments/{model}/embeddings",
	}},
	{openai.Moderations{}, (*Gateway).assessRoad, []string{"/v1/moderations", "/openai/v1/moderations"}},

	{anthropic.Messages{}, (*Gateway).road, []string{"/v1/messages", "/api/v1/messages", "/anthropic/v1/messages"}},
	{anthropic.Count{}, (*Gateway).road, []string{"/v1/messages/count_tokens", "/anthropic/v1/messages/count_tokens"}},

	{gemini.Generate{}, (*Gateway).road, google("generateContent")},
	{gemini.Stream{}, (*Gateway).road, google("streamGenerateContent")},
	{gemini.Count{}, (*Gateway).road, google("countTokens")},
	{gemini.Embed{}, (*Gateway).vectorRoad, google("embedContent")},
	{gemini.EmbedBatch{}, (*Gateway).vectorRoad, google("batchEmbedContents")},

	{ollama.Chat{}, (*Gateway).road, []string{"/api/chat"}},
	{ollama.Generate{}, (*Gateway).road, []string{"/api/generate"}},
	{ollama.Embed{}, (*Gateway).vectorRoad, []string{"/api/embed"}},
	{ollama.EmbedOne{}, (*Gateway).vectorRoad, []string{"/api/embeddings"}},
}

// google are the paths of a verb in the versions of Google's protocol.
func google(verb string) []string {
	return []string{
		"/v1beta/models/{model}:" + verb, "/v1/models/{model}:" + verb, "/v1alpha/models/{model}:" + verb,
		"/v1/projects/{project}/locations/{location}/publishers/google/models/{model}:" + verb,
		"/v1beta1/projects/{project}/locations/{location}/publishers/google/models/{model}:" + verb,
	}
}

// listing says which protocol names models at which paths: all, or one.
type listing struct {
	as       func(*http.Request) dialect.Lister
	all, one []string
}

var listings = []listing{
	{as(openai.Models{}),
		[]string{"/models", "/api/v1/models", "/openai/v1/models", "/openai/models", "/v1beta/openai/models"},
		[]string{"/models/{model...}", "/api/v1/models/{model...}", "/openai/v1/models/{model...}"}},
	{shared, []string{"/v1/models"}, []string{"/v1/models/{model...}"}},
	{as(anthropic.Models{}), []string{"/anthropic/v1/models"}, []string{"/anthropic/v1/models/{model...}"}},
	{as(gemini.Models{}), []string{"/v1beta/models", "/v1alpha/models"}, []string{"/v1beta/models/{model}", "/v1alpha/models/{model}"}},
	{as(ollama.Models{}), []string{"/api/tags", "/api/ps"}, nil},
}

func as(l dialect.Lister) func(*http.Request) dialect.Lister {
	return func(*http.Request) dialect.Lister { return l }
}

// shared tells apart the protocols that list models at the same path.
func shared(r *http.Request) dialect.Lister {
	switch {
	case r.Header.Get("Anthropic-Version") != "":
		return anthropic.Models{}
	case r.Header.Get("X-Goog-Api-Key") != "" || r.URL.Query().Has("key"):
		return gemini.Models{}
	}
	return openai.Models{}
}

// absent are paths of what no engine here does. A plugin is told so, and the
// log shows that it asked.
var absent = []struct {
	code, sentence string
	paths          []string
}{
	{"images_not_configured", "No engine for images is configured here.", []string{"/v1/images/", "/api/v1/images/", "/openai/v1/images/"}},
	{"audio_not_configured", "No engine for speech is configured here.", []string{"/v1/audio/", "/openai/v1/audio/", "/v1/realtime", "/v1/realtime/"}},
	{"videos_not_configured", "No engine for videos is configured here.", []string{"/v1/videos", "/v1/videos/"}},
	{"files_not_supported", "The gateway keeps no files. Send their text in the call.",
		[]string{"/v1/files", "/v1/files/", "/v1/uploads", "/v1/uploads/", "/v1/vector_stores", "/v1/vector_stores/", "/upload/"}},
	{"not_served_here", "What a vendor keeps, or runs on its own, is not served here. Send a call with the whole conversation.", []string{
		"/v1/assistants", "/v1/assistants/", "/v1/threads", "/v1/threads/", "/v1/batches", "/v1/batches/", "/v1/messages/batches", "/v1/messages/batches/",
		"/v1/fine_tuning/", "/v1/conversations", "/v1/conversations/"}},
}

// shapes say whose error a path that is not served gets, the first that fits.
var shapes = []struct {
	prefix string
	speaks dialect.Dialect
}{
	{"/v1beta/openai/", openai.Chat{}},
	{"/v1beta", gemini.Generate{}},
	{"/v1alpha", gemini.Generate{}},
	{"/v1/projects/", gemini.Generate{}},
	{"/upload/", gemini.Generate{}},
	{"/v1/messages", anthropic.Messages{}},
	{"/anthropic/", anthropic.Messages{}},
	{"/api/v1/", openai.Chat{}},
	{"/api/", ollama.Chat{}},
	{"", openai.Chat{}},
}

func shapeOf(path string) dialect.Dialect {
	for _, s := range shapes {
		if strings.HasPrefix(path, s.prefix) {
			return s.speaks
		}
	}
	return openai.Chat{}
}

// Handler returns the gateway's routes.
func (g *Gateway) Handler() http.Handler {
	mux := http.NewServeMux()
	g.serveCalls(mux)
	for _, l := range listings {
		for _, path := range l.all {
			mux.HandleFunc("GET "+path, g.lister(l.as, false))
		}
		for _, path := range l.one {
			mux.HandleFunc("GET "+path, g.lister(l.as, true))
		}
	}
	for _, a := range absent {
		for _, path := range a.paths {
			mux.HandleFunc(path, g.without(a.code, a.sentence))
		}
	}
	mux.HandleFunc("POST /api/show", g.show)
	mux.HandleFunc("GET /api/version", version)
	mux.HandleFunc("POST /ringfence/try", g.try)
	mux.HandleFunc("POST /ringfence/sync", g.sync)
	mux.HandleFunc("GET /healthz", g.healthz)
	mux.HandleFunc("GET /readyz", g.readyz)
	mux.HandleFunc("/", g.without("unknown_route", "The gateway does not serve this path. docs/operations/dialects.md lists those it serves; most plugins want POST /v1/chat/completions."))
	browsers := http.NewCrossOriginProtection()
	browsers.SetDenyHandler(http.HandlerFunc(g.noBrowser))
	return browsers.Handler(mux)
}

// serveCalls adds the routes of calls.
func (g *Gateway) serveCalls(mux *http.ServeMux) {
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
				mux.HandleFunc("POST "+before+"{model}", g.verb(verbs[before]))
			}
			verbs[before][verb] = g.along(r)
		}
	}
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
			g.without("unknown_route", "The gateway does not serve this verb of a model.")(w, r)
			return
		}
		r.SetPathValue("model", name[:i])
		handler(w, r)
	}
}

// without refuses a path that is not served. It is a call all the same: a
// plugin that wants images from here should be seen in the log.
func (g *Gateway) without(code, sentence string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		t := g.newTrip(w, r, shapeOf(r.URL.Path))
		defer t.end()
		t.record.Dialect = "unknown"
		if caller, err := g.caller(r); err == nil {
			t.identify(caller)
			if err := g.Meter.Admit(caller.ID, t.limits()); err != nil {
				t.refuse(err)
				return
			}
		}
		t.refuse(refused(http.StatusNotFound, code, sentence))
	}
}
