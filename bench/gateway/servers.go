package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"ringfence/internal/audit"
	"ringfence/internal/engine/remote"
	"ringfence/internal/gateway"
	"ringfence/internal/gateway/dialect"
	"ringfence/internal/guard"
	"ringfence/internal/integration"
	"ringfence/internal/mask"
	"ringfence/internal/meter"
	"ringfence/proof"
)

// serveAs is one of the server processes. It prints its URL and key, and runs
// until it is killed.
func serveAs(role, engine string) error {
	var handler http.Handler
	var key string
	var err error
	switch role {
	case "engine":
		handler = http.HandlerFunc(fakeEngine)
	case "bare":
		handler = bareProxy(engine)
	case roadAlone:
		handler, key, err = newGateway(engine, new(memory))
	default:
		handler, key, err = newGateway(engine, nil)
	}
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Printf("http://%s %s\n", l.Addr(), key)
	return http.Serve(l, handler)
}

func bareProxy(engine string) http.Handler {
	p := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: engine})
	p.Transport = &http.Transport{MaxIdleConnsPerHost: 64}
	p.FlushInterval = -1
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// Without this the server closes the request's body when the response
		// begins, and cuts off answers of an engine as fast as ours.
		http.NewResponseController(w).EnableFullDuplex()
		p.ServeHTTP(w, r)
	})
}

// newGateway is the gateway as `ringfence serve` builds it, on a fake engine.
// A nil journal means the real log, on disk.
func newGateway(engine string, journal gateway.Journal) (http.Handler, string, error) {
	dir, err := os.MkdirTemp("", "ringfence-bench-") // killed, so left to the system's cleaning
	if err != nil {
		return nil, "", err
	}
	if journal == nil {
		if journal, err = audit.Open(audit.Options{Dir: filepath.Join(dir, "audit")}); err != nil {
			return nil, "", err
		}
	}
	keys := integration.Open(filepath.Join(dir, "keys.json"))
	_, key, err := keys.Create(integration.Integration{Name: "bench", Surface: "service"})
	if err != nil {
		return nil, "", err
	}
	e, err := remote.New(remote.Options{URL: "http://" + engine + "/v1", Idle: 64})
	if err != nil {
		return nil, "", err
	}
	g, err := guard.New(guard.Policy{})
	if err != nil {
		return nil, "", err
	}
	gw := gateway.New(gateway.Options{
		Keys: keys, Meter: meter.New(meter.Options{Concurrent: 64, Queue: 64}), Vaults: mask.NewVaults(mask.VaultsOptions{}),
		Engine: e, Place: proof.Engine{Driver: "bench", Zone: "local"}, Audit: journal, Secret: make([]byte, 32),
		Policy: gateway.Policy{
			Masker: mask.New(mask.Options{}), Guard: g, Mode: integration.ModeEnforce,
			Bounds: gateway.Bounds{
				BodyBytes: 4 << 20, Decode: dialect.Limits{Depth: 64, Items: 100_000}, AnswerTokens: 1024,
				Body: 30 * time.Second, Call: time.Minute, Write: 30 * time.Second,
			},
		},
	})
	return gw.Handler(), key, nil
}

// memory is a journal without a disk, to see what the road costs without one.
type memory struct{ n atomic.Int64 }

func (m *memory) Append(context.Context, string, string, any) (audit.Receipt, error) {
	return audit.Receipt{Index: m.n.Add(1)}, nil
}

func (m *memory) Err() error { return nil }

const streamEvents = 68

// answer is 364 bytes, with a placeholder as a model gives it back.
var answer = func() string {
	s := "Dear [PERSON_1], thank you for asking. Your teapot left our warehouse on Monday and should reach you within two days. "
	for len(s) < 364 {
		s += "We packed both cups with it. "
	}
	return s[:364]
}()

// fakeEngine answers at once, so that what is measured is what stands before it.
func fakeEngine(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/v1/models" {
		io.WriteString(w, `{"object":"list","data":[{"id":"small","object":"model"}]}`)
		return
	}
	body, _ := io.ReadAll(r.Body)
	if !strings.Contains(string(body), `"stream":true`) {
		w.Header().Set("Content-Type", "application/json")
		json.NewEncoder(w).Encode(map[string]any{
			"id": "x", "object": "chat.completion", "model": "small",
			"choices": []any{map[string]any{"index": 0, "message": map[string]string{"role": "assistant", "content": answer}, "finish_reason": "stop"}},
			"usage":   map[string]int{"prompt_tokens": 250, "completion_tokens": 90, "total_tokens": 340},
		})
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	flush := http.NewResponseController(w).Flush
	for _, event := range events {
		io.WriteString(w, event)
		flush()
	}
}

// events is the answer as a stream: 66 pieces of text, the finish and the usage.
var events = func() []string {
	var out []string
	add := func(v any) {
		b, err := json.Marshal(v)
		check(err)
		out = append(out, "data: "+string(b)+"\n\n")
	}
	chunk := func(delta map[string]string, finish any) {
		add(map[string]any{"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "small",
			"choices": []any{map[string]any{"index": 0, "delta": delta, "finish_reason": finish}}})
	}
	const pieces = streamEvents - 2
	for i := range pieces {
		chunk(map[string]string{"content": answer[i*len(answer)/pieces : (i+1)*len(answer)/pieces]}, nil)
	}
	chunk(map[string]string{}, "stop")
	add(map[string]any{"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "small", "choices": []any{},
		"usage": map[string]int{"prompt_tokens": 250, "completion_tokens": 90}})
	return append(out, "data: [DONE]\n\n")
}()
