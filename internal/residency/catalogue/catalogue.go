// Package catalogue knows the services outside the store's walls that take AI
// requests or collect data: by host, by path where a host is shared, with what
// their vendors say about the place of processing.
//
// First step: [Builtin], then [Catalogue.Lookup]. Promise: it is data, held in
// catalogue.txt, and a newer one is taken only with a valid signature and a
// higher serial. Danger: it lists what is known; a host that is not in it is
// unknown, not harmless, and a host name never proves a place.
package catalogue

import (
	_ "embed"
	"regexp"
	"slices"
	"sync"
)

// A Kind says what a service is for.
type Kind string

// The kinds. A broker passes calls on to other vendors; a drop is a place where
// anybody can leave data.
const (
	LLM             Kind = "llm"
	Broker          Kind = "broker"
	Assistant       Kind = "assistant"
	Chatbot         Kind = "chatbot"
	Embeddings      Kind = "embeddings"
	Vectors         Kind = "vectors"
	Search          Kind = "search"
	Translation     Kind = "translation"
	Speech          Kind = "speech"
	Image           Kind = "image"
	Video           Kind = "video"
	Vision          Kind = "vision"
	NLP             Kind = "nlp"
	ML              Kind = "ml"
	Recommendations Kind = "recommendations"

	Analytics  Kind = "analytics"
	Marketing  Kind = "marketing"
	Telemetry  Kind = "telemetry"
	Monitoring Kind = "monitoring"
	Spam       Kind = "spam"
	Automation Kind = "automation"
	Drop       Kind = "drop"

	Resolver Kind = "resolver" // DNS over HTTPS
)

// Kinds lists them in that order: first those of AI, then those that collect.
func Kinds() []Kind {
	return []Kind{LLM, Broker, Assistant, Chatbot, Embeddings, Vectors, Search, Translation, Speech, Image, Video, Vision, NLP, ML,
		Recommendations, Analytics, Marketing, Telemetry, Monitoring, Spam, Automation, Drop, Resolver}
}

// AI tells services that run models from those that only collect data.
func (k Kind) AI() bool {
	i := slices.Index(Kinds(), k)
	return i >= 0 && i <= slices.Index(Kinds(), Recommendations)
}

// A Service is one row.
type Service struct {
	Pattern string
	Vendor  string
	Kind    Kind
	Seat    string   // ISO code of the vendor's country, ?? if unknown
	Region  string   // as in the file: codes, global, unknown, a scheme, body, resource
	Vouched bool     // the vendor documents the region for this name
	Seen    bool     // the name was seen in a named source
	Paths   []string // of a host that serves other things too
	Key     string   // name of the shape of its keys
}

// Shared says that only some paths of the host are this service.
func (s *Service) Shared() bool { return len(s.Paths) > 0 }

// A Catalogue is immutable.
type Catalogue struct {
	Serial    int64 // the higher, the newer
	services  []Service
	exact     map[string]int
	wild      []pattern // longest first
	resolvers map[string]bool
	keys      []shape
	regions   map[string]map[string]string // scheme, label: jurisdiction
	calls     []callRule
}

type shape struct {
	name   string
	regexp *regexp.Regexp
}

// callRule says where a call is processed that says value in field.
type callRule struct{ pattern, field, value, jurisdiction string }

//go:embed catalogue.txt
var builtin []byte

// Builtin is the catalogue of this build.
var Builtin = sync.OnceValue(func() *Catalogue {
	c, err := Parse(builtin)
	if err != nil {
		panic("catalogue.txt: " + err.Error()) // a test parses it
	}
	return c
})

// A Match is a service found for a host and a path.
type Match struct {
	*Service
	// Certain is false for a shared host when the path is not known: it may be
	// this service or something else.
	Certain bool
}

// Lookup finds the service of a host in its one spelling (see package host) and
// a path; an empty path is not known yet. An exact row wins over a pattern, the
// longer pattern over the shorter.
func (c *Catalogue) Lookup(host, path string) (Match, bool) {
	if c.resolvers[host] {
		return Match{&Service{Pattern: host, Vendor: host, Kind: Resolver, Seat: "??", Region: "unknown"}, true}, true
	}
	s := c.service(host)
	switch {
	case s == nil:
		return Match{}, false
	case !s.Shared():
		return Match{s, true}, true
	case path == "":
		return Match{s, false}, true
	case s.serves(path):
		return Match{s, true}, true
	}
	return Match{}, false
}

func (c *Catalogue) service(host string) *Service {
	if i, ok := c.exact[host]; ok {
		return &c.services[i]
	}
	for _, p := range c.wild {
		if _, ok := p.match(host); ok {
			return &c.services[p.row]
		}
	}
	return nil
}

// IsResolver says whether host answers DNS over HTTPS.
func (c *Catalogue) IsResolver(host string) bool { return c.resolvers[host] }

// Services lists all rows in the order of the file.
func (c *Catalogue) Services() []Service { return slices.Clone(c.services) }

// Resolvers lists the names of DNS over HTTPS.
func (c *Catalogue) Resolvers() []string {
	var out []string
	for h := range c.resolvers {
		out = append(out, h)
	}
	slices.Sort(out)
	return out
}

// Redact replaces whatever has the shape of a key.
func (c *Catalogue) Redact(s string) string {
	for _, k := range c.keys {
		s = k.regexp.ReplaceAllString(s, "[KEY]")
	}
	return s
}

// Key names the shape of the first key in s, or returns "".
func (c *Catalogue) Key(s string) string {
	for _, k := range c.keys {
		if k.regexp.MatchString(s) {
			return k.name
		}
	}
	return ""
}
