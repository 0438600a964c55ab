package config

import "time"

// Guard sets what is refused in prompts and answers.
type Guard struct {
	// enforce: refuse and cut what the rules find. watch: only record what would
	// have been done. Danger: watch lets everything pass. An integration may say
	// otherwise for itself.
	Mode string `yaml:"mode" oneof:"watch|enforce"`
	// Scores from which a text is flagged or refused, by origin: system, operator,
	// user, catalog, review, tool, document. No score is above 1, so 2 means never.
	// An origin that is not named keeps the guard's own thresholds. What they did in
	// make eval-guard (known attacks; docs/accuracy.md has unseen ones): of harmless
	// texts of customers and prompts 0.53 % scored 0.5 or more and 0.09 % 0.85 or more,
	// of attacks in users' words 96.4 % and 87.5 %.
	Thresholds map[string]Threshold `yaml:"thresholds" each:"ORIGIN"`
	// What is added to the thresholds of untrusted texts on a surface (checkout,
	// account, discovery, service, admin, training), from -0.5 to 0.5: below 0 is
	// stricter. A surface that is not named keeps the guard's own: checkout -0.15,
	// account -0.1, admin 0.1, others 0. Begin in watch mode. Measured as above, for
	// what users write: checkout flags 1.11 % of harmless texts and 97.6 % of attacks,
	// blocks 0.20 and 93.6 %; account 1.03 and 97.2 %, blocks 0.19 and 92.5 %; admin
	// 0.42 and 95.2 %, blocks 0.00 and 64.6 %.
	Surfaces map[string]float64 `yaml:"surfaces"`
	// watch or enforce on one surface, as in discovery: watch, where an integration
	// does not say otherwise; a surface that is not named has mode. Begin with watch
	// where the guards are new, look at the header Ringfence-Verdict, ringfence try
	// and the log for a week, then enforce surface by surface.
	Modes map[string]string `yaml:"modes"`
	// Ids of rules for prompts that do not count in this store, as ringfence guard
	// --explain names them; also classifier.direct, classifier.indirect, hidden_text.
	Off []string `yaml:"off"`
	// Suspicious texts of one conversation or customer add up.
	Probing Probing `yaml:"probing"`
	// Hosts that answers may link to, as in shop.example; subdomains must be named
	// too. A link elsewhere that could carry data away is judged as a leak.
	AllowedHosts []string `yaml:"allowed_hosts"`
	// What becomes of e-mail addresses, telephone, account, card and identity numbers
	// in an answer that nobody told the model, and of names and streets where it
	// presents somebody: it made them up or remembers them from its training. mask strikes them out while the answer goes by (•••), flag only
	// records them, allow does nothing. What stands in the prompt, at allowed_hosts or
	// at domains for examples always passes. An answer in JSON is only recorded.
	Strangers string `yaml:"strangers" oneof:"mask|flag|allow"`
	// Put a mark into the system text of every call, some twenty tokens at its end,
	// that stays the same in one conversation: an answer that repeats it, in any
	// spelling or encoding, is stopped.
	Canary bool `yaml:"canary"`
}

// Threshold is for one origin of text.
type Threshold struct {
	// Score from which the text is recorded as suspicious.
	Flag float64 `yaml:"flag" range:"0.01..2"`
	// Score from which the call is refused. Not below flag.
	Block float64 `yaml:"block" range:"0.01..2"`
}

// Probing sets what follows when one conversation or customer sends suspicious
// texts again and again. A refused text weighs 1, a flagged one less; the weight
// halves with time and is kept in memory only. Changes need a restart.
type Probing struct {
	// Time in which a weight halves.
	HalfLife time.Duration `yaml:"half_life" range:"1m..24h"`
	// Weight from which calls must be 10 seconds apart, twice that with every
	// further unit; refused with 429, probing_slowed.
	Slow float64 `yaml:"slow" range:"0.5..1000"`
	// Weight from which every call is refused with 429, probing_stopped, until the
	// weight has halved. Danger: customers behind one subject share its fate.
	Stop float64 `yaml:"stop" range:"0.5..1000"`
}
