package proof

// The types of entries about connections through the egress proxy. Every
// attempt leaves either one Refused entry, or one Connection entry, durable
// before a byte leaves, followed by one Closed entry with the same Connection
// id. A Connection without a Closed means that the proxy was stopped while the
// connection was open.
const (
	TypeConnection        = "ringfence.egress.connection" // what was decided, durable before a byte leaves
	TypeConnectionClosed  = "ringfence.egress.closed"     // how it ended, and how much went each way
	TypeConnectionRefused = "ringfence.egress.refused"    // ended before a byte left
)

// TypeBrowser is the type of entries about what a visitor's browser reports: a
// page of the store tried to reach what its Content-Security-Policy does not
// name. Suppressed counts reports of any host that left no entry before.
const TypeBrowser = "ringfence.egress.browser"

// What the proxy does with a connection.
const (
	ActionDeny      = "deny"      // nothing leaves
	ActionSplice    = "splice"    // bytes of a TLS connection pass unread
	ActionForward   = "forward"   // a plain HTTP request is passed on
	ActionBrowser   = "browser"   // a visitor's browser connected by itself
	ActionIntercept = "intercept" // answered by the gateway on this machine; nothing leaves
	ActionInspect   = "inspect"   // watch mode: TLS ends here; each request has entries of its own, and is passed on
)

// Connection is the data of an entry about a connection. It holds metadata
// only: no path, no query, no header a customer could have written. Labels of
// a host that could be somebody's name are written as *.
type Connection struct {
	Connection  string `json:"connection"`            // id, also in the Ringfence-Connection header
	Integration string `json:"integration,omitempty"` // id of the client, never its key
	Name        string `json:"name,omitempty"`        // the client's name
	Identity    string `json:"identity,omitempty"`    // how it is known: key, user, certificate
	Caller      string `json:"caller,omitempty"`      // plugin, as the WordPress plugin names it
	Agent       string `json:"agent,omitempty"`       // first product of the user agent

	Protocol string   `json:"protocol"` // connect; http; https: a request on an inspected connection
	Host     string   `json:"host,omitempty"`
	Port     int      `json:"port,omitempty"`
	Service  *Service `json:"service,omitempty"` // what the catalogue says of the host

	Action string `json:"action"`           // deny, splice, forward, intercept, inspect
	Rule   string `json:"rule,omitempty"`   // that decided; empty: the default
	Mode   string `json:"mode"`             // watch or enforce
	Reason string `json:"reason,omitempty"` // stable code: why it was refused, or how it failed
	Would  string `json:"would,omitempty"`  // watch: the reason it would have been refused for

	Addresses []string `json:"addresses,omitempty"` // that were judged, and may be dialled
	Zone      string   `json:"zone,omitempty"`      // where they are
	Evidence  []string `json:"evidence,omitempty"`  // that says so
	Looks     []string `json:"looks,omitempty"`     // what a readable request looks like: model_call, personal_data

	// Suppressed counts attempts like this one that left no entry of their own
	// before it; a plugin that tries again and again could fill a disk.
	Suppressed int `json:"suppressed,omitempty"`

	// The fields below stand in Closed and Refused entries.
	Outcome  Outcome `json:"outcome,omitempty"`  // answered: ended as such things end; else as for calls
	Status   int     `json:"status,omitempty"`   // HTTP, of a refusal
	Sent     int64   `json:"sent,omitempty"`     // bytes that left
	Received int64   `json:"received,omitempty"` // bytes that came back
	Calls    int     `json:"calls,omitempty"`    // intercept, inspect: requests on the connection
	Millis   int64   `json:"millis,omitempty"`
}

// Service is what the catalogue knows of a host.
type Service struct {
	Vendor string `json:"vendor,omitempty"`
	Kind   string `json:"kind"` // llm-api, vector-db, doh, ...
}
