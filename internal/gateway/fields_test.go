package gateway_test

import (
	"bytes"
	"context"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"ringfence/internal/engine"
	"ringfence/internal/gateway"
	"ringfence/internal/gateway/dialect"
	"ringfence/internal/testkit"
)

// planted is personal data that no field may carry past the gateway.
const planted = "zq.planted@example.org"

// vectors is an embedder that remembers its inputs.
type vectors struct {
	mu     sync.Mutex
	inputs []string
}

func (v *vectors) Embed(_ context.Context, p engine.EmbedPrompt) (engine.Vectors, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	var out [][]float32
	for _, text := range p.Inputs {
		v.inputs = append(v.inputs, text.String())
		out = append(out, []float32{1, 2, 3})
	}
	return engine.Vectors{Vectors: out, Tokens: 7}, nil
}

func (v *vectors) Models(context.Context) ([]engine.Model, error) {
	return []engine.Model{{ID: "vectors"}}, nil
}

func (v *vectors) Ready(context.Context) error { return nil }

func (v *vectors) said() string {
	v.mu.Lock()
	defer v.mu.Unlock()
	return strings.Join(v.inputs, "\n")
}

// sample is a request whose every leaf is planted in turn.
type sample struct {
	Path    string
	Refused bool // as it stands; only what is at fault is looked at
	Body    map[string]any
}

// Law 5: a field of any dialect is masked and guarded, or holds no text by its
// schema, or is dropped and named, or refused. Personal data is planted in every
// leaf of every sample; it must never reach an engine or an entry, and the field
// must do what its dialect says of it. A leaf without a word about it fails, and
// so does a word about a field that no sample has.
func TestEveryFieldIsClassified(t *testing.T) {
	done := map[string]bool{} // a stream is the same request at another path
	for _, r := range gateway.Routes() {
		name := r.Dialect.Name()
		if done[name] {
			continue
		}
		done[name] = true
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			raw, err := os.ReadFile("../../testdata/dialects/fields/" + name + ".json")
			if err != nil {
				t.Fatal(err)
			}
			var samples []sample
			if err := json.Unmarshal(raw, &samples); err != nil {
				t.Fatal(err)
			}
			walkFields(t, r.Dialect, samples)
		})
	}
}

func walkFields(t *testing.T, d dialect.Dialect, samples []sample) {
	h := newHarness(t, setup{})
	seen := map[string]bool{}
	for _, s := range samples {
		for _, leaf := range leavesOf(s.Body, "", "") {
			f, ok := classOf(d.Fields(), leaf.pattern)
			if !ok {
				t.Errorf("nothing says what becomes of %s", leaf.pattern)
				continue
			}
			if !s.Refused || f.Class == dialect.Refused || f.Class == dialect.Emulated {
				seen[f.Path] = true
				h.plant(t, s, leaf, f)
			}
		}
	}
	for _, f := range d.Fields() {
		if !seen[f.Path] && !strings.HasPrefix(f.Path, "ringfence.") && !twin(d.Fields(), f.Path, seen) {
			t.Errorf("no sample has the field %s", f.Path)
		}
	}
}

// twin reports that a field is another form of one that was seen: a text that
// may also be a list, as content and content[].text.
func twin(fields []dialect.Field, path string, seen map[string]bool) bool {
	return slices.ContainsFunc(fields, func(f dialect.Field) bool {
		return seen[f.Path] && (strings.HasPrefix(f.Path, path+"[]") || strings.HasPrefix(f.Path, path+"."))
	})
}

// leaf is one place of a sample.
type leaf struct {
	path, pattern string // messages[0].content, messages[].content
	set           func(any)
	old           any
}

func leavesOf(v any, path, pattern string) []leaf {
	var all []leaf
	switch v := v.(type) {
	case map[string]any:
		for name, child := range v {
			at, as := name, camel(name)
			if path != "" {
				at, as = path+"."+name, pattern+"."+camel(name)
			}
			all = append(all, under(child, at, as, func(x any) { v[name] = x })...)
		}
	case []any:
		for i, child := range v {
			all = append(all, under(child, path+"["+strconv.Itoa(i)+"]", pattern+"[]", func(x any) { v[i] = x })...)
		}
	}
	return all
}

func under(child any, path, pattern string, set func(any)) []leaf {
	if all := leavesOf(child, path, pattern); len(all) > 0 {
		return all
	}
	return []leaf{{path, pattern, set, child}}
}

// camel is how Google's fields are named; no other protocol's samples have the
// names it would change.
func camel(name string) string {
	switch name {
	case "system_instruction", "generation_config", "response_mime_type", "response_json_schema":
		parts := strings.Split(name, "_")
		for i := 1; i < len(parts); i++ {
			parts[i] = strings.ToUpper(parts[i][:1]) + parts[i][1:]
		}
		return strings.Join(parts, "")
	}
	return name
}

// classOf finds what is said of a leaf: of itself, or of what it is inside of.
func classOf(fields []dialect.Field, pattern string) (dialect.Field, bool) {
	best := dialect.Field{}
	for _, f := range fields {
		whole := f.Path == pattern || f.Path == strings.TrimSuffix(pattern, "[]")
		inside := strings.HasPrefix(pattern, f.Path+".") || strings.HasPrefix(pattern, f.Path+"[]")
		if (whole || inside) && len(f.Path) > len(best.Path) {
			best = f
		}
	}
	return best, best.Path != ""
}

// plant sends a sample with personal data in one leaf.
func (h *harness) plant(t *testing.T, s sample, l leaf, f dialect.Field) {
	t.Helper()
	before, inputs := len(h.engine.Bodies()), len(h.vectors.said())
	h.engine.Play(testkit.Script{Body: `{"choices":[{"index":0,"message":{"role":"assistant","content":"ok"},"finish_reason":"stop"}]}`})
	value := any(planted)
	if old, ok := l.old.(string); ok && strings.HasPrefix(old, "{") { // arguments of a tool
		value = `{"q":"` + planted + `"}`
	}
	l.set(value)
	body, _ := json.Marshal(s.Body)
	l.set(l.old)
	req := httptest.NewRequest(http.MethodPost, s.Path, bytes.NewReader(body))
	req.Header.Set("Authorization", "Bearer "+h.key)
	rec := httptest.NewRecorder()
	h.gateway.Handler().ServeHTTP(rec, req)
	upstream := string(bytes.Join(h.engine.Bodies()[before:], nil)) + h.vectors.said()[inputs:]
	if strings.Contains(upstream, "zq.planted") {
		t.Errorf("%s reached the engine:\n%s", l.path, upstream)
	}
	if strings.Contains(string(h.entries(t)), "zq.planted") {
		t.Errorf("%s stands in an entry", l.path)
	}
	if strings.HasPrefix(l.pattern, "ringfence.") {
		return // words about the call, and data that is cut before it is masked
	}
	reason := rec.Header().Get("Ringfence-Reason")
	switch f.Class {
	case dialect.Masked, dialect.Schema:
		if rec.Code != http.StatusOK || upstream != "" && !strings.Contains(upstream, "[EMAIL") {
			t.Errorf("%s is said to be masked; got %d %s, and the engine %s", l.path, rec.Code, reason, upstream)
		}
	case dialect.Dropped:
		if !strings.Contains(rec.Header().Get("Ringfence-Dropped"), topOf(l.path, f.Path)) && rec.Code == http.StatusOK {
			t.Errorf("%s is said to be dropped, but only %q is named", l.path, rec.Header().Get("Ringfence-Dropped"))
		}
	case dialect.Refused:
		if rec.Code != http.StatusBadRequest || reason != f.Note && reason != "wrong_type" {
			t.Errorf("%s is said to be refused with %s; got %d %s", l.path, f.Note, rec.Code, reason)
		}
	case dialect.Bounded, dialect.Renamed, dialect.Ignored, dialect.Emulated, dialect.Kept:
	default:
		t.Errorf("%s has the class %q", f.Path, f.Class)
	}
}

// topOf is the part of a leaf's path that the pattern of its field covers, up
// to twenty names of which fit into the header.
func topOf(path, pattern string) string {
	var parts []string
	for i, p := range strings.Split(path, ".") {
		if i < len(strings.Split(pattern, ".")) {
			parts = append(parts, p)
		}
	}
	top := strings.Join(parts, ".")
	if !strings.HasSuffix(pattern, "[]") && strings.HasSuffix(top, "]") {
		top = top[:strings.LastIndex(top, "[")]
	}
	return top
}

// readers are the methods that read a field by its name.
var readers = []string{"String", "Bool", "Number", "Int", "Array", "JSON", "Schema", "Arguments", "Take", "Texts", "Stops", "Name", "Whole", "Truth", "Tokens", "Object", "Ignore", "child", "schema"}

// Every name a decoder reads must be a field of its protocol's table, or the
// table would say less than is true.
func TestDecodersReadOnlyWhatTheTablesName(t *testing.T) {
	declared := map[string]map[string]bool{} // by package
	for _, r := range gateway.Routes() {
		vendor, _, _ := strings.Cut(r.Dialect.Name(), ".")
		if declared[vendor] == nil {
			declared[vendor] = map[string]bool{"generateContentRequest": true, "requests": true}
		}
		for _, f := range r.Dialect.Fields() {
			for _, name := range strings.Split(strings.ReplaceAll(f.Path, "[]", ""), ".") {
				declared[vendor][name] = true
			}
		}
	}
	for vendor, names := range declared {
		files, _ := filepath.Glob("dialect/" + vendor + "/*.go")
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") || strings.HasSuffix(file, "models.go") {
				continue // a list of models is no call
			}
			for _, name := range namesRead(t, file) {
				if !names[name] {
					t.Errorf("%s reads %q, of which no field of %s says anything", file, name, vendor)
				}
			}
		}
	}
}

func namesRead(t *testing.T, file string) []string {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	ast.Inspect(parsed, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok || !slices.Contains(readers, calledName(call.Fun)) {
			return true
		}
		for _, arg := range call.Args {
			if lit, ok := arg.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				if name, err := strconv.Unquote(lit.Value); err == nil && name != "" {
					names = append(names, strings.Split(name, ".")...)
				}
			}
		}
		return true
	})
	return names
}

func calledName(fun ast.Expr) string {
	switch fun := fun.(type) {
	case *ast.SelectorExpr:
		return fun.Sel.Name
	case *ast.Ident:
		return fun.Name
	}
	return ""
}
