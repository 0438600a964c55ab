package wire

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"

	"ringfence/internal/engine"
	"ringfence/internal/residency"
)

// A Client talks to one engine. Its zero value is of no use: fill HTTP and
// Base before the first call, and change nothing after.
type Client struct {
	HTTP   *http.Client // must not follow redirects or heed proxies
	Base   string       // URL up to and including /v1
	Key    string       // sent as a bearer token unless empty
	Record func(body []byte)
}

// Chat asks for one choice of p and emits its events under the number choice.
// local is nil for engines other than llama.cpp.
func (c *Client) Chat(ctx context.Context, p engine.Prompt, choice int, local *Local,
	emit func(engine.Event) error) (engine.Usage, error) {
	body, err := encode(p, local)
	if err != nil {
		return engine.Usage{}, err
	}
	if c.Record != nil {
		c.Record(body)
	}
	// llama.cpp ends the connection after a stream without saying so: a next
	// request that was quick enough to use it again would be lost.
	resp, err := c.do(ctx, http.MethodPost, "/chat/completions", body, p.Stream)
	if err != nil {
		return engine.Usage{}, err
	}
	defer resp.Body.Close()
	a := &answer{choice: choice, top: p.TopLogprobs, emit: emit}
	if p.Stream {
		err = a.stream(resp.Body)
	} else {
		err = a.plain(resp.Body)
	}
	if err != nil && ctx.Err() != nil {
		err = context.Cause(ctx) // the reading failed because the caller left
	}
	return a.spent(), err
}

// dialing tells an error of connecting from one of a connection.
func dialing(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "dial"
}

// do sends a request and returns the response if its status is 200. With last,
// its connection is not used again.
func (c *Client) do(ctx context.Context, method, path string, body []byte, last bool) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, method, c.Base+path, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", engine.ErrUnavailable, err)
	}
	req.Close = last
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if c.Key != "" {
		req.Header.Set("Authorization", "Bearer "+c.Key)
	}
	resp, err := c.HTTP.Do(req)
	var denied *residency.DeniedError
	switch {
	case err != nil && ctx.Err() != nil:
		return nil, context.Cause(ctx)
	case errors.As(err, &denied):
		no := &engine.RefusedError{Status: http.StatusForbidden, Code: engine.CodeResidency, Message: denied.Error()}
		return nil, fmt.Errorf("%w: %w", no, denied)
	case err != nil && !dialing(err):
		return nil, fmt.Errorf("%w: %w: %w", engine.ErrUnavailable, engine.ErrLost, noEOF(err))
	case err != nil:
		return nil, fmt.Errorf("%w: %w", engine.ErrUnavailable, noEOF(err))
	case resp.StatusCode == http.StatusOK:
		return resp, nil
	}
	defer resp.Body.Close()
	if resp.StatusCode/100 == 3 {
		return nil, fmt.Errorf("%w: it redirects to another address, which is never followed; configure the final URL",
			engine.ErrUnavailable)
	}
	report, _ := io.ReadAll(io.LimitReader(resp.Body, 64<<10)) // half a report is better than none
	return nil, parseFailure(resp.StatusCode, report)
}

// Models lists the engine's models.
func (c *Client) Models(ctx context.Context) ([]engine.Model, error) {
	resp, err := c.do(ctx, http.MethodGet, "/models", nil, false)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	var list struct {
		Data []struct {
			ID   string `json:"id"`
			Meta struct {
				Context int `json:"n_ctx"` // llama.cpp
			} `json:"meta"`
			MaxLen int `json:"max_model_len"` // vLLM
		} `json:"data"`
	}
	if err := json.NewDecoder(io.LimitReader(resp.Body, maxEvent)).Decode(&list); err != nil {
		return nil, fmt.Errorf("%w: its list of models cannot be read: %w", engine.ErrUnavailable, noEOF(err))
	}
	var out []engine.Model
	for _, m := range list.Data {
		out = append(out, engine.Model{ID: m.ID, Context: max(m.Meta.Context, m.MaxLen)})
	}
	return out, nil
}

// Ready asks for the models, which every engine answers without working.
func (c *Client) Ready(ctx context.Context) error {
	models, err := c.Models(ctx)
	if err == nil && len(models) == 0 {
		return errors.Join(engine.ErrUnavailable, errors.New("the engine has no model"))
	}
	return err
}
