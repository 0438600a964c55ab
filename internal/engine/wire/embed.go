package wire

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"

	"ringfence/internal/engine"
)

// maxVectors bounds an answer: a batch of the largest vectors in use, as text.
const maxVectors = 16 << 20

// Embeddings asks for the vectors of inputs, in their order, and counts their tokens.
func (c *Client) Embeddings(ctx context.Context, model string, inputs []string) ([][]float32, int, error) {
	var body bytes.Buffer
	e := json.NewEncoder(&body)
	e.SetEscapeHTML(false)
	err := e.Encode(struct {
		Model    string   `json:"model,omitempty"`
		Input    []string `json:"input"`
		Encoding string   `json:"encoding_format"`
	}{model, inputs, "float"})
	if err != nil {
		return nil, 0, refuse("the texts cannot be written as JSON: %v", err)
	}
	if c.Record != nil {
		c.Record(body.Bytes())
	}
	resp, err := c.do(ctx, http.MethodPost, "/embeddings", body.Bytes(), false)
	if err != nil {
		return nil, 0, err
	}
	defer resp.Body.Close()
	return readVectors(resp.Body, len(inputs))
}

func readVectors(r io.Reader, n int) ([][]float32, int, error) {
	var answer struct {
		Data []struct {
			Index     int       `json:"index"`
			Embedding []float32 `json:"embedding"`
		} `json:"data"`
		Usage struct {
			Tokens int `json:"prompt_tokens"`
		} `json:"usage"`
	}
	if err := json.NewDecoder(io.LimitReader(r, maxVectors)).Decode(&answer); err != nil {
		return nil, 0, fmt.Errorf("%w: its vectors cannot be read: %w", engine.ErrInterrupted, noEOF(err))
	}
	vectors := make([][]float32, n)
	width := 0
	for _, d := range answer.Data {
		if d.Index < 0 || d.Index >= n || vectors[d.Index] != nil || len(d.Embedding) == 0 || width != 0 && len(d.Embedding) != width {
			return nil, 0, fmt.Errorf("%w: its vectors do not belong to what was sent", engine.ErrInterrupted)
		}
		vectors[d.Index], width = d.Embedding, len(d.Embedding)
	}
	if len(answer.Data) != n {
		return nil, 0, fmt.Errorf("%w: it sent %d vectors for %d texts", engine.ErrInterrupted, len(answer.Data), n)
	}
	return vectors, max(answer.Usage.Tokens, 0), nil
}

// tooLong is how llama.cpp says that a text to embed is longer than it reads at once.
func tooLong(f failure) bool { return strings.Contains(f.Message, "too large to process") }
