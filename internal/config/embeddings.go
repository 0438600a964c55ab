package config

import "errors"

// Embeddings says what turns texts into vectors, for the search and the
// recommendations of plugins. All its settings need a restart.
type Embeddings struct {
	// llama: a second llama.cpp server in a sandbox of its own. url: a server that
	// speaks OpenAI's /v1/embeddings. same: as engine.driver, with its url. off: calls
	// for vectors are refused.
	Driver string `yaml:"driver" oneof:"same|llama|url|off"`
	// Driver llama: path of a model file (.gguf) made for embeddings. Empty:
	// multilingual-e5-small, which comes with Ringfence (384 dimensions, about 100
	// languages). Danger: vectors of different models cannot be compared, so a change
	// means that plugins must index again. Relative paths start at the folder of
	// ringfence.yaml.
	Model string `yaml:"model"`
	// Driver llama: tokens that are read at once. A longer text gets the mean of the
	// vectors of its parts.
	Context int `yaml:"context" range:"64..131072"`
	// Driver url: where the server is, with its path. It may be in
	// engine.allowed_ranges and gets the key of engine.api_key_file only when it is the
	// same server as engine.url.
	URL string `yaml:"url"`
}

// EmbedBy is what makes vectors: llama with Embeddings.Model, url with the address
// returned, or off.
func (e Engine) EmbedBy() (driver, address string) {
	switch e.Embeddings.Driver {
	case "same":
		return e.Driver, e.URL
	case "url":
		return "url", e.Embeddings.URL
	}
	return e.Embeddings.Driver, ""
}

// embeddings refuses a server that is not named, and one that nobody would ask.
func (d *decoder) embeddings(e Embeddings) {
	switch {
	case e.Driver == "url" && e.URL == "":
		d.rule("engine.embeddings.url", errors.New("is needed when engine.embeddings.driver is url"))
	case e.Driver != "url" && e.URL != "":
		d.rule("engine.embeddings.url", errors.New("is only for driver url; remove it, or set engine.embeddings.driver"))
	case e.URL != "":
		d.rule("engine.embeddings.url", checkURL(Engine{URL: e.URL}))
	case (e.Driver == "url" || e.Driver == "off") && e.Model != "":
		d.rule("engine.embeddings.model", errors.New("is only for driver llama; remove it, or set engine.embeddings.driver"))
	}
}
