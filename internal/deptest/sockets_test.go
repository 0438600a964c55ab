package deptest

import (
	"fmt"
	"go/ast"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// reach is a way out of the process: names of the standard library or x/sys that
// only some rooms may use.
type reach struct {
	pkg   string
	names []string // exact, or a prefix with *
	rooms []string // folders or files that may
	why   string
}

// ways is law 1: nothing leaves by default. What tests and benchmarks stand on is no
// part of the program, so the table does not speak of it.
var ways = []reach{
	{"net", []string{"Dial*", "DefaultResolver", "Resolver", "Lookup*"}, []string{"internal/residency"},
		"only residency resolves and dials, so that every address is judged and the judged one is used (law 1)"},
	{"crypto/tls", []string{"Client"}, []string{"internal/egress"},
		"TLS goes over a connection that residency dialled (law 1), as requests on inspected connections do"},
	{"crypto/tls", []string{"Dial*"}, nil,
		"TLS goes over a connection that residency dialled (law 1)"},
	{"net/http", []string{"DefaultClient", "DefaultTransport", "Get", "Head", "Post", "PostForm", "ProxyFromEnvironment"}, nil,
		"the default client dials anywhere and heeds proxy variables (law 1)"},
	{"net/http", []string{"Client", "Transport", "NewRequest*"}, []string{"internal/engine", "internal/detector", "cmd/ringfence/ask.go"},
		"only the engines' drivers and the store's own detector of personal data are asked, over residency's dialer; verbs ask the gateway on this machine (law 1)"},
	{"net/http/httputil", []string{"ReverseProxy", "NewSingleHostReverseProxy"}, nil,
		"a proxy passes bytes on that nobody has classified (law 5)"},
	{"net", []string{"Listen", "ListenConfig", "ListenIP", "ListenMulticastUDP", "ListenPacket", "ListenTCP", "ListenUDP", "ListenUnix", "ListenUnixgram"}, []string{"cmd/ringfence", "internal/engine/sandbox", "internal/probe"},
		"the gateway's address is chosen in one place; the probes listen to prove what cannot be reached"},
	{"os/exec", []string{"*"}, []string{"internal/model", "internal/engine/sandbox", "internal/probe"},
		"programs are started to bring the engine (model), to run it (sandbox), and to look from inside PHP (probe), nowhere else"},
	{"os", []string{"StartProcess"}, []string{"internal/engine/sandbox"},
		"only the sandbox starts an engine (law 9)"},
	{"syscall", []string{"Socket*", "Connect", "Sendto", "Exec", "ForkExec", "StartProcess"}, []string{"internal/engine/sandbox"},
		"the sandbox's probe tries all ways out to prove that they are shut (law 9)"},
	{"golang.org/x/sys/unix", []string{"Socket*", "Connect", "Sendto", "Exec"}, []string{"internal/engine/sandbox", "internal/egress/peer"},
		"the sandbox's probe tries all ways out to prove that they are shut (law 9); peer asks the kernel by netlink, which leads nowhere else"},
}

func TestOnlyOneWayOut(t *testing.T) {
	for _, f := range tree(t) {
		if f.test || isSupport(f.room) {
			continue
		}
		for _, problem := range waysOut(f) {
			t.Error(problem)
		}
	}
}

// waysOut returns each use of a way out that the table does not grant.
func waysOut(f file) []string {
	var problems []string
	if to, dot := f.imports["."]; dot {
		problems = append(problems, fmt.Sprintf("%s: a dot import of %s hides what is used", f.name, to))
	}
	ast.Inspect(f.syntax, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			if x, ok := n.X.(*ast.Ident); ok {
				if why := denied(f, f.imports[x.Name], n.Sel.Name); why != "" {
					problems = append(problems, fmt.Sprintf("%s uses %s.%s: %s", f.at(n), f.imports[x.Name], n.Sel.Name, why))
				}
			}
		case *ast.CompositeLit:
			if why := undialled(f, n); why != "" {
				problems = append(problems, f.at(n)+": "+why)
			}
		}
		return true
	})
	return problems
}

func denied(f file, pkg, name string) string {
	if pkg == "" {
		return ""
	}
	for _, w := range ways {
		if w.pkg != pkg || slices.Contains(w.rooms, f.name) || withinAny(f.room, w.rooms) {
			continue
		}
		for _, pattern := range w.names {
			if prefix, wild := strings.CutSuffix(pattern, "*"); name == pattern || wild && strings.HasPrefix(name, prefix) {
				return w.why
			}
		}
	}
	return ""
}

// undialled finds HTTP clients that would dial by themselves: a Transport without
// DialContext, a Client without Transport.
func undialled(f file, lit *ast.CompositeLit) string {
	sel, ok := lit.Type.(*ast.SelectorExpr)
	if !ok {
		return ""
	}
	x, ok := sel.X.(*ast.Ident)
	if !ok || f.imports[x.Name] != "net/http" {
		return ""
	}
	need := map[string]string{"Transport": "DialContext", "Client": "Transport"}[sel.Sel.Name]
	if need == "" || slices.ContainsFunc(lit.Elts, func(e ast.Expr) bool {
		kv, ok := e.(*ast.KeyValueExpr)
		if !ok {
			return false
		}
		key, ok := kv.Key.(*ast.Ident)
		return ok && key.Name == need
	}) {
		return ""
	}
	return fmt.Sprintf("an http.%s without %s dials anywhere (law 1)", sel.Sel.Name, need)
}

// What a room imports may import more. These rooms must not be able to reach the
// network or start a program through any of it.
func TestPureRoomsStayPureThroughTheirLibraries(t *testing.T) {
	for _, pure := range []string{"proof", "internal/mask", "internal/guard", "internal/minimize", "internal/meter", "internal/integration", "internal/audit"} {
		out, err := exec.Command("go", "list", "-deps", module+"/"+pure).Output()
		if err != nil {
			t.Errorf("go list %s: %v", pure, err)
			continue
		}
		for _, dep := range strings.Fields(string(out)) {
			if slices.Contains(network, dep) {
				t.Errorf("%s reaches %s through what it imports: %s", pure, dep, purely)
			}
		}
	}
}
