package proof

// The types of entries about calls. Every call that named itself with a valid
// key leaves either one Refused entry, or one Intent entry followed by one
// Result entry with the same Call id. An Intent without a Result means that the
// gateway was stopped while the call was under way.
const (
	TypeIntent  = "ringfence.call.intent"  // durable before an engine is called
	TypeResult  = "ringfence.call.result"  // how it ended, durable before the answer ends
	TypeRefused = "ringfence.call.refused" // ended before an engine was called
)

// Outcome says how a call ended.
type Outcome string

// The outcomes of a call.
const (
	Answered  Outcome = "answered"  // the model's answer went back
	Withheld  Outcome = "withheld"  // the answer guard stopped the answer
	Refused   Outcome = "refused"   // a rule said no
	Failed    Outcome = "failed"    // a part of the gateway or the engine broke
	Cancelled Outcome = "cancelled" // the client went away
)

// Call is the data of an entry about a call. It holds metadata and keyed
// commitments only: no text of the prompt or the answer, no name, no address.
// Subject and Conversation are pseudonyms keyed with a secret of the store.
type Call struct {
	Call         string `json:"call"`        // id, also in the answer's Ringfence-Call header
	Integration  string `json:"integration"` // id of the caller's key, never the key
	Name         string `json:"name"`        // the caller's name
	Surface      string `json:"surface,omitempty"`
	Purpose      string `json:"purpose,omitempty"`
	Mode         string `json:"mode,omitempty"` // watch or enforce
	Conversation string `json:"conversation,omitempty"`
	Dialect      string `json:"dialect"`

	Model  Model  `json:"model"`
	Engine Engine `json:"engine"`

	// Masked counts the placeholders put in, by type of personal data.
	Masked map[string]int `json:"masked,omitempty"`
	// Fields counts what data minimisation did to structured store data.
	Fields *Fields `json:"fields,omitempty"`
	// Dropped names fields of the request that were not passed on.
	Dropped  []string  `json:"dropped,omitempty"`
	Verdicts []Verdict `json:"verdicts,omitempty"`

	// PromptCommitment and AnswerCommitment are HMAC-SHA256 over what the model
	// was given and what it said, keyed per call. They prove a text that is
	// disclosed later to be the one; without the key they say nothing.
	PromptCommitment string `json:"prompt_commitment,omitempty"`
	AnswerCommitment string `json:"answer_commitment,omitempty"`

	// Suppressed counts refusals of callers without a valid key that left no
	// entry of their own before this one; such callers could fill a disk.
	Suppressed int `json:"suppressed,omitempty"`

	// The fields below stand in Result and Refused entries.
	Outcome Outcome `json:"outcome,omitempty"`
	Reason  string  `json:"reason,omitempty"` // stable code when not answered
	Status  int     `json:"status,omitempty"` // HTTP
	Tokens  *Tokens `json:"tokens,omitempty"`
	Millis  int64   `json:"millis,omitempty"` // from the call's arrival
}

// Model is the model a call asked for and the one it got.
type Model struct {
	Requested string `json:"requested,omitempty"`
	Served    string `json:"served,omitempty"`
	Digest    string `json:"digest,omitempty"` // SHA-256 of the model file, hex
}

// Engine is what ran the model, and the zone it runs in.
type Engine struct {
	Driver string `json:"driver,omitempty"`
	Zone   string `json:"zone,omitempty"` // "local": this machine; "private": a declared network; else by evidence, as eea

	Jurisdiction string `json:"jurisdiction,omitempty"` // by evidence, beyond declared networks
	Assurance    string `json:"assurance,omitempty"`    // of it: evidenced, contractual
}

// Fields counts decisions of data minimisation.
type Fields struct {
	Allowed       int `json:"allowed"`
	Generalised   int `json:"generalised"`
	Pseudonymised int `json:"pseudonymised"`
	Denied        int `json:"denied"`
	Unknown       int `json:"unknown"`
}

// Verdict is what a guard found, without the text it found it in.
type Verdict struct {
	Side   string `json:"side"`   // prompt or answer
	Action string `json:"action"` // allow, flag, strip, block
	Reason string `json:"reason"`
	Rule   string `json:"rule,omitempty"`
	Where  string `json:"where,omitempty"`
	Watch  bool   `json:"watch,omitempty"` // found in watch mode: nothing was done
}

// Tokens counts what was reserved before and used in the end.
type Tokens struct {
	Reserved   int `json:"reserved"`
	Prompt     int `json:"prompt"`
	Completion int `json:"completion"`
}
