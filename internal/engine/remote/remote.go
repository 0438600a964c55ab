// Package remote drives any engine that speaks the OpenAI chat protocol: a
// llama-server, vLLM or Ollama on this machine or in the operator's network.
//
// First step: [New]. Promise: connections are opened by residency's dialer
// alone, to a socket, loopback or a declared network; no proxy variable is
// heeded and no redirect followed. Danger: the engine is outside the sandbox,
// and what it does with prompts is its operator's word.
package remote

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path"
	"strings"

	"ringfence/internal/engine"
	"ringfence/internal/engine/wire"
	"ringfence/internal/residency"
)

// Options say where the engine is. URL is needed.
type Options struct {
	// URL is where the protocol begins: http://127.0.0.1:8000/v1,
	// https://models.intern/v1, or unix:///run/engine.sock. Without a path,
	// /v1 is meant.
	URL string

	Key     string // bearer token; not logged, not shown
	KeyFile string // file whose first line is the token; read once, at New

	Model   string            // sent for prompts that name none
	Digests map[string]string // of models, by id, as the operator knows them

	Dialer *residency.Dialer // nil: sockets and loopback only
	Idle   int               // connections kept open; 8

	// TLS says who must answer https, beyond being in the system's trust; nil:
	// nobody in particular.
	TLS *tls.Config

	// Record gets every body that is sent. For tests: it sees prompts.
	Record func(body []byte)
}

// An Engine is a remote engine. It implements engine.Engine.
type Engine struct {
	o      Options
	client wire.Client
}

// New checks the options. It does not connect.
func New(o Options) (*Engine, error) {
	u, err := url.Parse(o.URL)
	if err != nil {
		return nil, fmt.Errorf("the engine's URL: %w", err)
	}
	if u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return nil, errors.New("the engine's URL must have no user, query or fragment; give a key by file or environment")
	}
	key, err := o.key()
	if err != nil {
		return nil, err
	}
	dialer := o.Dialer
	if dialer == nil {
		dialer = &residency.Dialer{}
	}
	e := &Engine{o: o}
	e.client = wire.Client{Key: key, Record: o.Record}
	idle := cmp.Or(o.Idle, 8)
	switch {
	case u.Scheme == "unix" && u.Host == "" && path.IsAbs(u.Path):
		e.client.Base = "http://engine/v1"
		e.client.HTTP = wire.NewHTTP(dialer.DialContext, "unix", u.Path, idle)
	case (u.Scheme == "http" || u.Scheme == "https") && u.Host != "":
		base := strings.TrimSuffix(u.Path, "/")
		u.Path = cmp.Or(base, "/v1")
		e.client.Base = u.String()
		e.client.HTTP = wire.NewHTTP(dialer.DialContext, "", "", idle)
		if o.TLS != nil {
			e.client.HTTP.Transport.(*http.Transport).TLSClientConfig = o.TLS
		}
	default:
		return nil, fmt.Errorf("the engine's URL %q must begin with http://, https:// or unix:///", o.URL)
	}
	return e, nil
}

// key returns the token, and refuses one that cannot stand in a header.
func (o Options) key() (string, error) {
	key := o.Key
	if o.KeyFile != "" {
		data, err := os.ReadFile(o.KeyFile)
		if err != nil {
			return "", fmt.Errorf("the engine's key: %w", err)
		}
		line, _, _ := bytes.Cut(data, []byte("\n"))
		key = strings.TrimSpace(string(line))
		if key == "" {
			return "", fmt.Errorf("the engine's key: the first line of %s is empty", o.KeyFile)
		}
	}
	for _, c := range key {
		if c <= ' ' || c > '~' {
			return "", errors.New("the engine's key has a character that no key has; is it the right file or variable?")
		}
	}
	return key, nil
}

// Generate answers p, see engine.Engine.
func (e *Engine) Generate(ctx context.Context, p engine.Prompt, emit func(engine.Event) error) (engine.Usage, error) {
	p.Model = cmp.Or(p.Model, e.o.Model)
	return wire.Choices(ctx, p, e.one, emit)
}

func (e *Engine) one(ctx context.Context, p engine.Prompt, choice int, emit func(engine.Event) error) (engine.Usage, error) {
	return e.client.Chat(ctx, p, choice, nil, emit)
}

// remoteWindow is how many bytes of a text are embedded at once; a model that
// reads fewer says so, and texts are cut shorter.
const remoteWindow = 24 << 10

// Embed turns texts into vectors, see engine.Embedder.
func (e *Engine) Embed(ctx context.Context, p engine.EmbedPrompt) (engine.Vectors, error) {
	model := cmp.Or(p.Model, e.o.Model)
	return p.Embed(ctx, remoteWindow, func(ctx context.Context, inputs []string) ([][]float32, int, error) {
		return e.client.Embeddings(ctx, model, inputs)
	})
}

// Models lists what the engine offers.
func (e *Engine) Models(ctx context.Context) ([]engine.Model, error) {
	models, err := e.client.Models(ctx)
	for i := range models {
		models[i].Digest = e.o.Digests[models[i].ID]
	}
	return models, err
}

// Ready returns nil when the engine is reached and offers a model.
func (e *Engine) Ready(ctx context.Context) error { return e.client.Ready(ctx) }

// Close lets go of idle connections.
func (e *Engine) Close() error {
	e.client.HTTP.CloseIdleConnections()
	return nil
}

var (
	_ engine.Engine   = (*Engine)(nil)
	_ engine.Embedder = (*Engine)(nil)
)
