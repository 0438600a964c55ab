// Package fact holds what a scan found, as plain values: the shape of the JSON report.
//
// Start with Report. Line numbers are for people; everything that is compared between two
// scans (fingerprints, Edges) is free of them, so that moved code is not new code.
//
// Texts from the scanned tree (names, excerpts, addresses) are data of strangers: reports
// must escape them.
package fact

// Place is a line of a file, path relative to the scanned directory.
type Place struct {
	File string `json:"file"`
	Line int    `json:"line"`
}

// Step is one place on the way of some data.
type Step struct {
	Place
	What string `json:"what"`
	Code string `json:"code,omitempty"`
}

// Component is one plugin, theme, drop-in or other unit of code.
type Component struct {
	Kind           string   `json:"kind"` // plugin, theme, mu-plugin, drop-in, core, files
	Slug           string   `json:"slug"`
	Name           string   `json:"name"`
	Version        string   `json:"version,omitempty"`
	Path           string   `json:"path"`
	Author         string   `json:"author,omitempty"`
	RequiresPHP    string   `json:"requires_php,omitempty"`
	RequiresWP     string   `json:"requires_wp,omitempty"`
	License        string   `json:"license,omitempty"`
	Files          int      `json:"files"`
	Digest         string   `json:"digest"`           // sha256 over the sorted list of file digests
	Active         string   `json:"active,omitempty"` // yes, no; empty when no database was read
	BypassesWPHTTP bool     `json:"bypasses_wp_http"` // at least one call does not pass WordPress' HTTP API
	BrowserSide    bool     `json:"browser_side_call"`
	AI             bool     `json:"ai"`
	Libraries      []string `json:"libraries,omitempty"`
	Schedules      []string `json:"schedules,omitempty"`         // hooks it has run by a schedule
	Stopped        bool     `json:"data_flow_stopped,omitempty"` // the step budget ran out
	Unresolved     int      `json:"unresolved_calls"`            // method calls whose target could not be told
}

// Service is one outside service a component speaks to or is made to speak to.
type Service struct {
	Component string  `json:"component"`
	Host      string  `json:"host"` // host name; {option x} when the shop configures it; "core AI client" when WordPress decides
	Vendor    string  `json:"vendor,omitempty"`
	Kind      string  `json:"kind"`  // llm, broker, ..., sdk, core, relay, configurable, other
	Class     string  `json:"class"` // ai, relay, configurable, local, other
	Seat      string  `json:"seat,omitempty"`
	Region    string  `json:"region,omitempty"`
	Zone      string  `json:"zone,omitempty"` // EEA, adequate, US, third country, unknown
	Called    bool    `json:"called"`         // a call to it was found; otherwise only its address stands in the code
	Plain     bool    `json:"plain_http,omitempty"`
	Evidence  []Place `json:"evidence"`
}

// Call is one place where the code speaks to the outside.
type Call struct {
	Component string `json:"component"`
	Place
	Function string   `json:"function"` // the function it stands in
	Via      string   `json:"via"`      // wp_remote_post, curl_exec, fetch, ...
	Way      string   `json:"way"`
	To       []string `json:"to,omitempty"`
	Timeout  string   `json:"timeout,omitempty"`
	Side     string   `json:"side"` // server or browser
}

// Flow is data of some classes that reaches a call.
type Flow struct {
	Component string   `json:"component"`
	Class     string   `json:"class"` // data class
	Origin    string   `json:"origin"`
	To        string   `json:"to"`
	ToClass   string   `json:"to_class"`
	Trigger   string   `json:"trigger"`
	Redacted  bool     `json:"redacted,omitempty"`
	Path      []Step   `json:"path"`
	Entries   []string `json:"entries,omitempty"`
}

// Key is a place where a credential is stored.
type Key struct {
	Component string `json:"component"`
	Storage   string `json:"storage"` // option x, constant X, environment X, code
	Vendor    string `json:"vendor,omitempty"`
	Place
}

// Guard is a check somebody must pass.
type Guard struct {
	Kind string `json:"kind"`
	Name string `json:"name"`
	Place
}

// Endpoint is a door into the code.
type Endpoint struct {
	Component  string `json:"component"`
	Kind       string `json:"kind"`
	Name       string `json:"name"`
	Who        string `json:"who"`
	Permission string `json:"permission,omitempty"`
	Place
	Callback  string  `json:"callback,omitempty"`
	Guards    []Guard `json:"guards,omitempty"`
	ReachesAI bool    `json:"reaches_ai"`
	Open      bool    `json:"open"` // nothing stands between a stranger and the callback
}

// Finding is something a shop owner should act on.
type Finding struct {
	ID           string   `json:"id"` // stable fingerprint, without line numbers
	Rule         string   `json:"rule"`
	Level        string   `json:"level"` // high, medium, low, info
	Title        string   `json:"title"`
	Component    string   `json:"component"`
	Data         []string `json:"data,omitempty"`
	DataClasses  []string `json:"data_classes,omitempty"`
	Surface      string   `json:"surface,omitempty"`
	To           string   `json:"to,omitempty"`
	Vendor       string   `json:"vendor,omitempty"`
	Jurisdiction string   `json:"jurisdiction,omitempty"`
	Trigger      string   `json:"trigger,omitempty"`
	Entry        string   `json:"entry,omitempty"`
	Place
	Excerpt    string  `json:"excerpt,omitempty"`
	Path       []Step  `json:"path,omitempty"`
	Guards     []Guard `json:"guards,omitempty"`
	Conditions string  `json:"conditions,omitempty"` // what must be true for the finding to bite
	Why        string  `json:"why"`
	Do         string  `json:"do"`
	State      string  `json:"state,omitempty"` // with a baseline: new, known; suppressed
	Reason     string  `json:"suppressed_because,omitempty"`
	Key        string  `json:"key"` // what the fingerprint is made of, readable
}

// FileNote says why a file was not, or only partly, analysed.
type FileNote struct {
	File   string `json:"file"`
	Status string `json:"status"` // partly or skipped
	Reason string `json:"reason"`
}

// Coverage accounts for every file of the tree.
type Coverage struct {
	Files    int        `json:"files"`
	Analysed int        `json:"analysed"`
	Partly   int        `json:"partly"`
	Skipped  int        `json:"skipped"`
	PHPBytes int64      `json:"php_bytes"`
	JSBytes  int64      `json:"js_bytes"`
	Notes    []FileNote `json:"notes,omitempty"`
}

// Config is what wp-config.php says, without secrets.
type Config struct {
	File      string            `json:"file"`
	Constants map[string]string `json:"constants"`
}

// Report is the result of one scan.
type Report struct {
	Schema     string      `json:"schema"`
	Root       string      `json:"root"`
	Components []Component `json:"components"`
	Services   []Service   `json:"services"`
	Calls      []Call      `json:"calls"`
	Flows      []Flow      `json:"flows"`
	Keys       []Key       `json:"keys"`
	Endpoints  []Endpoint  `json:"endpoints"`
	Findings   []Finding   `json:"findings"`
	Config     *Config     `json:"wp_config,omitempty"`
	Coverage   Coverage    `json:"coverage"`
	Notes      []string    `json:"notes,omitempty"`
}

// Levels in order of weight.
var Levels = []string{"high", "medium", "low", "info"}

// Rank is the place of a level, 0 for high.
func Rank(level string) int {
	for i, l := range Levels {
		if l == level {
			return i
		}
	}
	return len(Levels)
}
