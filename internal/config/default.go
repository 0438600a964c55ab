package config

import "time"

// Default is the configuration without a file: a gateway on loopback with the
// engine and the model that come with Ringfence.
func Default() *Config {
	return &Config{
		Listen:  "127.0.0.1:8787",
		Aliases: vendorNames(),
		Engine: Engine{
			Driver:  "llama",
			Slots:   2,
			Context: 4096,
			Queue:   Queue{Max: 64, Wait: 30 * time.Second},

			Embeddings: Embeddings{Driver: "same", Context: 512},
		},
		Limits: Limits{
			RequestsPerMinute: 120,
			TokensPerMinute:   120_000,
			Concurrent:        8,
			AnswerTokens:      1024,
			Body:              Body{MaxBytes: 4 * MiB, MaxDepth: 64, MaxItems: 100_000},
			Timeouts:          Timeouts{Header: 10 * time.Second, Body: 30 * time.Second, Call: 5 * time.Minute, Write: 30 * time.Second},
		},
		Mask: Mask{
			Regions:      []string{"DE", "AT", "CH", "FR", "NL", "BE", "ES", "IT", "PL", "SE", "GB"},
			Sensitive:    "flag",
			Irreversible: []string{"SECRET", "CARD"},
			Conversation: Conversation{Idle: 12 * time.Hour, Max: 10_000},
		},
		Guard:     Guard{Mode: "enforce", Strangers: "mask", Probing: Probing{HalfLife: 15 * time.Minute, Slow: 2, Stop: 5}},
		Residency: defaultResidency(),
		Egress:    defaultEgress(),
	}
}

// vendorNames are the model names that plugins have built in, and what such names
// begin with: whoever asks for one of them is served by the engine's model, and
// told so. Whole names are also listed among the models, because plugins show
// only those whose names they know. A name that nobody knows is refused, for it
// is a mistake.
func vendorNames() map[string]string {
	names := map[string]string{}
	for _, begin := range []string{
		"text-embedding-", "gemini-embedding-", "embedding-", "nomic-embed-", "mxbai-embed-", "voyage-", // for vectors
		"gpt-", "chatgpt-", "o1", "o3", "o4", "codex-", "text-davinci-", "davinci-", "babbage-", "claude-", "gemini-", "gemma",
		"mistral", "ministral", "codestral", "mixtral", "deepseek-", "grok-", "sonar", "llama", "qwen", "phi",
		"openai/", "anthropic/", "google/", "meta-llama/", "mistralai/", "deepseek/", "x-ai/", "qwen/", // as OpenRouter names them
	} {
		names[begin+"*"] = "default"
	}
	for _, name := range []string{
		"gpt-4o", "gpt-4o-mini", "gpt-4.1", "gpt-4.1-mini", "gpt-5", "gpt-5-mini", "o4-mini",
		"claude-sonnet-4-5", "claude-haiku-4-5", "gemini-2.5-flash", "gemini-2.5-pro",
	} {
		names[name] = "default"
	}
	return names
}
