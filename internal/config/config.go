// Package config is the manual of ringfence.yaml: one tree of structs in which
// each field says what it does, its unit, and what is dangerous about it. The
// default values are in Default, the bounds in the field's tag.
//
// First step: Load. Promise: a file is used whole or not at all; whatever is
// unknown, doubled, of the wrong type or out of bounds is refused with line and
// column. Danger: a reload cannot change every setting of a running gateway; the
// fields that need a restart say so.
package config

import "time"

// Config is ringfence.yaml. Every setting may be left out.
type Config struct {
	// Address and port on which the gateway serves plugins. A change needs a
	// restart. Danger: the gateway speaks plain HTTP, so anything but a loopback
	// address needs TLS in front of it.
	Listen string `yaml:"listen"`
	// Model names that plugins may ask for, and the engine's model each one gets.
	// "default" is the model the engine has loaded; a name may end in * to stand
	// for all that begin so, and the longest one counts. A map given here replaces
	// the default one.
	Aliases map[string]string `yaml:"aliases"`
	// What runs the model.
	Engine Engine `yaml:"engine"`
	// How much one integration may use, and how large one call may be.
	Limits Limits `yaml:"limits"`
	// How personal data is found and kept.
	Mask Mask `yaml:"mask"`
	// What is refused in prompts and answers.
	Guard Guard `yaml:"guard"`
	// Which places the store accepts, and by what evidence. A change needs a restart.
	Residency Residency `yaml:"residency"`
	// The audit log.
	Audit Audit `yaml:"audit"`
	// The egress proxy: what else of the store may leave, and to where.
	Egress Egress `yaml:"egress"`

	// Path is the file this was read from; empty when there was none.
	Path string `yaml:"-"`

	stamp stamp // of the file as it was read, for Watch
}

// Engine says what runs the model. All its settings need a restart.
type Engine struct {
	// llama: Ringfence runs a llama.cpp server itself, in a sandbox. url: an
	// OpenAI-compatible server that somebody else runs (vLLM, Ollama, llama-server).
	Driver string `yaml:"driver" oneof:"llama|url"`
	// Driver llama: path of a model file (.gguf). Empty: the small model that
	// comes with Ringfence. Relative paths start at the folder of ringfence.yaml.
	Model string `yaml:"model"`
	// Driver llama: path of a llama-server program. Empty: the one that
	// Ringfence brings.
	Server string `yaml:"server"`
	// Driver url: where the server is, with its path, as in
	// http://127.0.0.1:11434/v1. It may hold neither user nor password.
	URL string `yaml:"url"`
	// Driver url: path of a file that holds the server's API key.
	APIKeyFile string `yaml:"api_key_file"`
	// Driver url: private address ranges the server may be in, as in 10.0.5.0/24.
	// Loopback is always allowed, everything else is refused. Danger: prompts go
	// there, masked, but over the network.
	AllowedRanges []string `yaml:"allowed_ranges"`
	// Driver llama: processor threads. 0: one less than there are physical cores, at
	// least one, and no more than a container may use.
	Threads int `yaml:"threads" range:"0..1024"`
	// Calls that the engine works on at the same time. With driver llama each
	// slot needs memory for its own context.
	Slots int `yaml:"slots" range:"1..1024"`
	// Driver llama: tokens of prompt and answer together that one call may have.
	Context int `yaml:"context" range:"256..1048576"`
	// Driver llama: address space the engine may have, the mapped model included;
	// beyond it the engine ends and is started again. 0: no limit.
	MemoryLimit Bytes `yaml:"memory_limit" range:"0..16TiB"`
	// Calls that wait for a free slot.
	Queue Queue `yaml:"queue"`
	// What turns texts into vectors.
	Embeddings Embeddings `yaml:"embeddings"`
}

// Queue bounds waiting for the engine.
type Queue struct {
	// Calls that may wait. The next one is refused with 503 and Retry-After.
	Max int `yaml:"max" range:"0..100000"`
	// Longest wait of one call. Mind that a PHP worker waits with it.
	Wait time.Duration `yaml:"wait" range:"100ms..1h"`
}

// Limits hold for every integration that was created without limits of its own.
type Limits struct {
	// Requests per minute. 0: unlimited.
	RequestsPerMinute int `yaml:"requests_per_minute" range:"0..1000000000"`
	// Tokens per minute, prompts and answers together. A call reserves its prompt
	// and the most its answer may have, and gets back what it did not use.
	// 0: unlimited.
	TokensPerMinute int `yaml:"tokens_per_minute" range:"0..1000000000"`
	// Calls at the same time. 0: unlimited.
	Concurrent int `yaml:"concurrent" range:"0..1000000000"`
	// Tokens of an answer when the call does not say max_tokens.
	AnswerTokens int `yaml:"answer_tokens" range:"1..1048576"`
	// How large a request may be.
	Body Body `yaml:"body"`
	// How long a call may take.
	Timeouts Timeouts `yaml:"timeouts"`
}

// Body bounds a request's JSON.
type Body struct {
	// Size of the whole body.
	MaxBytes Bytes `yaml:"max_bytes" range:"1KiB..256MiB"`
	// Nesting of arrays and objects.
	MaxDepth int `yaml:"max_depth" range:"4..1000"`
	// Values in the whole body.
	MaxItems int `yaml:"max_items" range:"10..10000000"`
}

// Timeouts bound a call in time.
type Timeouts struct {
	// To receive the headers of a request. A change needs a restart.
	Header time.Duration `yaml:"header" range:"100ms..5m"`
	// To receive the body of a request.
	Body time.Duration `yaml:"body" range:"100ms..1h"`
	// For the whole call, waiting and answer included.
	Call time.Duration `yaml:"call" range:"1s..24h"`
	// For the caller to take one piece of an answer.
	Write time.Duration `yaml:"write" range:"100ms..1h"`
}

// Mask sets how personal data is found and kept.
type Mask struct {
	// Countries the store sells to (ISO 3166 codes), most likely first: they decide
	// how a phone number without country code is read.
	Regions []string `yaml:"regions"`
	// Kinds of data that are not put back into answers; a neutral word stands
	// there instead. Kinds: PERSON, EMAIL, PHONE, ADDRESS, COMPANY, IBAN, CARD, IP,
	// VAT, SECRET, ORDER, DATE, PLACE, TITLE, AGE, GROUP, ID, ACCOUNT, PARCEL, DEVICE,
	// URL, SENSITIVE. Danger: a kind left out here is kept for as long as its
	// conversation.
	Irreversible []string `yaml:"irreversible"`
	// What becomes of words about health, religion, sexual orientation, trade unions,
	// politics, ethnicity, genetic and biometric data (Art. 9 GDPR) in sentences
	// about a person. flag: they are counted in the log and go to the model. mask:
	// they are masked. refuse: the call is refused. local_only: refused unless the
	// model runs in zone local. Danger: found by a word list, so never all of them.
	Sensitive string `yaml:"sensitive"`
	// A detector of personal data that you run yourself, asked about every text besides
	// the built-in ones: http://127.0.0.1:3000/analyze. It may only add. It is spoken to
	// as Presidio's analyzer is. Only this machine and residency.networks are reached.
	// Danger: it reads texts before masking, and while it fails every call is refused.
	Detector string `yaml:"detector"`
	// The forms of order numbers that are to be masked, # for a digit and ? for a
	// letter, as in SO-2###-#####. Danger: a model that cannot read the number of an
	// order cannot look it up.
	Orders []string `yaml:"orders"`
	// The forms of parcels' numbers that are to be masked, as in orders.
	Parcels []string `yaml:"parcels"`
	// What is done with a kind of data on a surface: SURFACE.KIND or all.KIND, as in
	// discovery.ADDRESS, and one of reversible (a placeholder, and the value back in
	// the answer), irreversible (a placeholder, and a neutral word in the answer),
	// generalise (a coarser value: the year of a date, the region of a postcode, ten
	// years of age, the network of an IP address; a placeholder where there is none)
	// and keep. Cards and secrets are always irreversible. Danger: keep gives the
	// value to the model.
	Policy map[string]string `yaml:"policy"`
	// Conversations whose placeholders are remembered, in memory and, sealed, in the
	// data directory. A change needs a restart.
	Conversation Conversation `yaml:"conversation"`
}

// Conversation bounds what is remembered between the calls of one conversation.
type Conversation struct {
	// How long a conversation is remembered after its last call.
	Idle time.Duration `yaml:"idle" range:"1m..720h"`
	// How many are remembered; the one unused longest is forgotten first.
	Max int `yaml:"max" range:"1..10000000"`
}

// Audit sets up the audit log.
type Audit struct {
	// Name of this store's log, in every checkpoint and proof, as in
	// shop.example/audit. Empty: the name the log has; a new log makes one up.
	// A log keeps the name it was begun with: another name is refused.
	Origin string `yaml:"origin"`
}
