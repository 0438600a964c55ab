package gateway_test

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"ringfence/internal/audit"
	"ringfence/internal/engine/remote"
	"ringfence/internal/gateway"
	"ringfence/internal/gateway/dialect"
	"ringfence/internal/guard"
	"ringfence/internal/integration"
	"ringfence/internal/mask"
	"ringfence/internal/meter"
	"ringfence/internal/testkit"
	"ringfence/proof"
)

// setup is the "setup" part of a case.
type setup struct {
	Integration integration.Integration
	Revoked     bool
	Mode        string
	Modes       map[string]string
	Strangers   string
	Aliases     map[string]string
	Limits      integration.Limits
	Meter       meter.Options
	BodyBytes   int64
	Known       *guard.Known `json:"-"`
	Canary      bool
	Zone        string // of the engine; "" for local
	Sensitive   mask.Sensitive
	Outside     mask.Outside `json:"-"`
}

func parseSetup(t *testing.T, text string) setup {
	t.Helper()
	var s setup
	if strings.TrimSpace(text) == "" {
		return s
	}
	d := json.NewDecoder(strings.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&s); err != nil {
		t.Fatalf("setup: %v", err)
	}
	return s
}

// harness is a whole gateway with a real log and a scripted engine.
type harness struct {
	gateway *gateway.Gateway
	engine  *testkit.Engine
	vectors *vectors
	log     *journal
	key     string
	dir     string
}

func newHarness(t testing.TB, s setup) *harness {
	t.Helper()
	h := &harness{engine: testkit.NewEngine(t), vectors: &vectors{}, dir: t.TempDir()}
	keys := integration.Open(filepath.Join(h.dir, "keys.json"))
	want := s.Integration
	if want.Name == "" {
		want.Name = "chat plugin"
	}
	if want.Surface == "" {
		want.Surface = "service"
	}
	created, key, err := keys.Create(want)
	if err != nil {
		t.Fatal(err)
	}
	if s.Revoked {
		if _, err := keys.Revoke(created.ID); err != nil {
			t.Fatal(err)
		}
	}
	h.key = key
	zone := cmp.Or(s.Zone, "local")
	log, err := audit.Open(audit.Options{Dir: filepath.Join(h.dir, "audit"), Origin: "shop.example/ringfence"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { log.Close() })
	h.log = &journal{Log: log}
	h.gateway = gateway.New(gateway.Options{
		Keys: keys, Meter: meter.New(s.Meter), Vaults: mask.NewVaults(mask.VaultsOptions{}),
		Engine: engineOn(t, h.engine.Socket), Place: proof.Engine{Driver: "test", Zone: zone},
		Embedder: h.vectors, EmbedPlace: proof.Engine{Driver: "test", Zone: "local"},
		Audit: h.log, Secret: bytes.Repeat([]byte{7}, 32), Owner: "owner", Known: s.Known, Policy: policy(t, s),
	})
	return h
}

func engineOn(t testing.TB, socket string) *remote.Engine {
	t.Helper()
	e, err := remote.New(remote.Options{URL: "unix://" + socket})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func policy(t testing.TB, s setup) gateway.Policy {
	t.Helper()
	g, err := guard.New(guard.Policy{})
	if err != nil {
		t.Fatal(err)
	}
	p := gateway.Policy{
		Masker: mask.New(mask.Options{Regions: []string{"DE"}, Sensitive: s.Sensitive, Outside: s.Outside}), Guard: g, Canary: s.Canary, Sensitive: s.Sensitive,
		Mode: s.Mode, Modes: s.Modes, Strangers: s.Strangers, Aliases: s.Aliases, Limits: s.Limits,
		Bounds: gateway.Bounds{
			BodyBytes: 1 << 20, Decode: dialect.Limits{Depth: 32, Items: 50_000}, AnswerTokens: 256,
			Body: 5 * time.Second, Call: 20 * time.Second, Write: 5 * time.Second,
		},
	}
	if s.BodyBytes != 0 {
		p.Bounds.BodyBytes = s.BodyBytes
	}
	return p
}

// journal is the real log, and remembers what was appended; it can be made to
// fail as a full disk does.
type journal struct {
	*audit.Log
	mu      sync.Mutex
	types   []string
	data    []proof.Call // of calls
	others  []any        // of everything else
	failing string       // type of entry that cannot be written
}

func (j *journal) Append(ctx context.Context, typ, subject string, data any) (audit.Receipt, error) {
	j.mu.Lock()
	failing := j.failing == typ
	if !failing {
		if call, ok := data.(proof.Call); ok {
			j.types, j.data = append(j.types, typ), append(j.data, call)
		} else {
			j.others = append(j.others, data)
		}
	}
	j.mu.Unlock()
	if failing {
		return audit.Receipt{}, audit.ErrUnavailable
	}
	return j.Log.Append(ctx, typ, subject, data)
}

func (h *harness) entries(t *testing.T) []byte {
	t.Helper()
	h.log.mu.Lock()
	defer h.log.mu.Unlock()
	var out bytes.Buffer
	for i, typ := range h.log.types {
		b, err := json.Marshal(h.log.data[i])
		if err != nil {
			t.Fatal(err)
		}
		out.WriteString(typ + " " + string(b) + "\n")
	}
	return stable(out.Bytes())
}
