package deptest

import (
	"fmt"
	"strings"
	"testing"
)

// room says what the code of one folder, and of the folders below it, may import
// besides the standard library and itself.
type room struct {
	path string
	ours []string // rooms of this module
	libs []string // modules of others, and packages below them
	not  []string // packages of the standard library that are refused
	why  string
}

const (
	alone   = "a room knows neither the rooms beside it nor the HTTP server, so that it can be read, tested and trusted alone"
	purely  = "it works on values; with no network and no programs within reach, nothing it sees can leak"
	options = "rooms take plain Options; only cmd maps the configuration to them"
)

var network = []string{"net", "net/http", "net/rpc", "net/smtp", "crypto/tls", "os/exec", "plugin"}

// rooms is the picture of the arrows: cmd -> gateway -> stages -> audit -> proof.
// Longer paths stand before the rooms they are in.
var rooms = []room{
	{path: "proof", libs: []string{"golang.org/x/mod/sumdb"}, not: network,
		why: "an auditor must be able to check everything with this package, the standard library and x/mod/sumdb alone"},

	{path: "internal/mask", libs: []string{"golang.org/x/text", "github.com/nyaruka/phonenumbers"}, not: network, why: purely},
	{path: "internal/detector", ours: []string{"internal/mask"}, not: []string{"os/exec", "net/rpc", "net/smtp", "plugin"},
		why: "it asks the store's own detector over the dialer it is handed, and gives mask what that says; its tests use the real dialer"},
	{path: "internal/people", ours: []string{"internal/mask"}, not: network,
		why: "it keeps keyed hashes of what mask spells and answers mask's questions; how a name is spelled is mask's business alone"},
	{path: "internal/guard", libs: []string{"golang.org/x/text"}, not: network, why: purely},
	{path: "internal/facts", ours: []string{"internal/guard"}, not: network, why: "it keeps what the answer guard looks for, as hashes the guard makes; nothing it holds can leave"},
	{path: "internal/recall", ours: []string{"internal/engine", "internal/guard", "internal/mask", "internal/stat"}, not: network,
		why: "it asks an engine it is handed, with masked text, and judges as the answer guard does"},
	{path: "internal/minimize", not: network, why: purely},
	{path: "internal/stat", not: network, why: purely},
	{path: "internal/meter", not: network, why: alone},
	{path: "internal/integration", not: network, why: alone},
	{path: "internal/config", libs: []string{"github.com/goccy/go-yaml"}, not: []string{"net/http", "os/exec"}, why: options},
	{path: "internal/residency/catalogue", ours: []string{"internal/residency/host"}, libs: []string{"golang.org/x/mod/sumdb/note"}, not: network, why: purely},
	{path: "internal/residency/host", libs: []string{"golang.org/x/net/idna"}, not: network, why: purely},
	{path: "internal/residency/mmdbtest", why: support["internal/residency/mmdbtest"]},
	{path: "internal/residency", libs: []string{"golang.org/x/net/idna", "golang.org/x/net/dns/dnsmessage", "github.com/oschwald/maxminddb-golang/v2"}, not: []string{"net/http", "os/exec"}, why: "it judges addresses and dials them; what is said on a connection is not its business"},
	{path: "internal/probe", ours: []string{"internal/residency"}, not: []string{"net/http"},
		why: "it tries from inside PHP what can leave; it listens on this machine and reaches PHP-FPM through residency's dialer"},
	{path: "internal/model", libs: []string{"golang.org/x/sys", "golang.org/x/term"},
		why: "it runs before any call exists and knows nothing of calls"},
	{path: "internal/audit", ours: []string{"proof"}, libs: []string{"golang.org/x/mod/sumdb", "golang.org/x/sys"}, not: network,
		why: "what an auditor checks with proof is all that may matter here"},

	{path: "internal/engine/enginetest", ours: []string{"internal"}, libs: []string{"github.com/rogpeppe/go-internal"}, why: support["internal/engine/enginetest"]},
	{path: "internal/engine/sandbox", libs: []string{"golang.org/x/sys", "golang.org/x/net", "github.com/elastic/go-seccomp-bpf"},
		not: []string{"net/http"}, why: "it holds a program and does not know which"},
	{path: "internal/engine", ours: []string{"internal/mask", "internal/residency"}, libs: []string{"golang.org/x/sys", "github.com/go-json-experiment/json"},
		why: "engines get masked text (mask.Text) through the only dialer (residency), and nothing else of ours"},

	{path: "internal/scan", ours: []string{"internal/residency/catalogue"}, not: network, why: "which services there are it asks the catalogue the proxy asks; it reads strangers' trees: nothing in them may be run, fetched or sent"},

	{path: "internal/gateway/dialect", libs: []string{"github.com/go-json-experiment/json"},
		why: "a dialect translates bytes to a call and back; it takes no decisions, so it needs none of the rooms that do"},
	{path: "internal/gateway",
		ours: []string{"internal/mask", "internal/guard", "internal/minimize", "internal/meter", "internal/engine", "internal/integration", "internal/audit", "proof"},
		not:  []string{"os/exec", "net/rpc", "net/smtp", "plugin"},
		why:  "the road uses its stages and is used by cmd; it starts no programs"},

	{path: "internal/egress/ca", not: []string{"net/http", "os/exec"}, why: "whoever holds the key should do nothing else"},
	{path: "internal/egress/peer", libs: []string{"golang.org/x/sys"}, not: []string{"net", "net/http", "os/exec"}, why: "it asks the kernel one question"},
	{path: "internal/egress/report", ours: []string{"proof"}, not: network, why: purely},
	{path: "internal/egress",
		ours: []string{"internal/integration", "internal/residency", "internal/audit", "proof"},
		not:  []string{"os/exec", "net/rpc", "net/smtp", "plugin"},
		why:  "the second road uses its stages; it reaches the first through a door that cmd hands it"},

	{path: "cmd", ours: []string{"proof", "internal"}, libs: []string{"golang.org/x/mod/sumdb/note", "golang.org/x/sys", "golang.org/x/term"}, why: "cmd wires rooms together and does no work of its own"},
	{path: "bench", ours: []string{"proof", "internal"}, libs: []string{"golang.org/x/sys"}, why: support["bench"]},
	{path: "internal/testkit", ours: []string{"proof", "internal"}, libs: []string{"github.com/rogpeppe/go-internal", "golang.org/x/net/dns"}, why: support["internal/testkit"]},
	{path: "internal/deptest", why: "it reads the source and nothing else"},
}

// support is what tests and benchmarks stand on. Nothing of it is part of the
// program, so nothing of the program may import it.
var support = map[string]string{
	"bench":                       "benchmarks use everything and are used by nobody",
	"internal/testkit":            "fakes must not reach a program",
	"internal/engine/enginetest":  "the suite for engines is for tests",
	"internal/residency/mmdbtest": "made-up geo databases are for tests",
	"internal/deptest":            "it is a test",
}

func isSupport(path string) bool { return supportOf(path) != "" }

// supportOf says why the program may not import path, or "".
func supportOf(path string) string {
	for s, why := range support {
		if within(path, s) {
			return why
		}
	}
	return ""
}

const programs = "a program is where arrows begin; nothing imports one"

func TestArrows(t *testing.T) {
	for _, f := range tree(t) {
		if f.test {
			continue
		}
		for _, problem := range arrows(f) {
			t.Error(problem)
		}
	}
}

// Tests may reach for more, but not for a program: then it would not be one room's
// behaviour that is tested.
func TestTestsImportNoProgram(t *testing.T) {
	for _, f := range tree(t) {
		for _, to := range f.imports {
			if ours, ok := strings.CutPrefix(to, module+"/"); ok && within(ours, "cmd") {
				t.Errorf("%s imports %s: %s", f.name, to, programs)
			}
		}
	}
}

// arrows returns what is wrong with the imports of one file.
func arrows(f file) []string {
	r, known := roomOf(f.room)
	if !known {
		return []string{fmt.Sprintf("%s: the room %s has no arrows yet; state them in internal/deptest/rooms_test.go", f.name, f.room)}
	}
	var problems []string
	for _, to := range f.imports {
		if why := refused(r, to); why != "" {
			problems = append(problems, fmt.Sprintf("%s imports %s: %s", f.name, to, why))
		}
	}
	return problems
}

func roomOf(path string) (room, bool) {
	for _, r := range rooms {
		if within(path, r.path) {
			return r, true
		}
	}
	return room{}, path == "." // tests of the README live in no room
}

// refused says why room r may not import a package, or "".
func refused(r room, to string) string {
	ours, isOurs := strings.CutPrefix(to, module+"/")
	switch {
	case isOurs && within(ours, "cmd"):
		return programs
	case isOurs && isSupport(ours) && !isSupport(r.path):
		return supportOf(ours)
	case isOurs:
		if within(ours, r.path) || withinAny(ours, r.ours) {
			return ""
		}
		return r.why
	case strings.Contains(strings.Split(to, "/")[0], "."): // a module of somebody else
		if withinAny(to, r.libs) {
			return ""
		}
		return "a dependency is a visible choice: name it in the table with the room's others, if the room's reason allows (" + r.why + ")"
	}
	for _, refused := range r.not {
		if to == refused {
			return r.why
		}
	}
	return ""
}
