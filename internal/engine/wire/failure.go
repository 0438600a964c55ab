package wire

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"ringfence/internal/engine"
)

// failure is how engines report an error. The three shapes in use: an object
// under "error" (OpenAI, llama.cpp, vLLM), a string under "error" (Ollama),
// and the object without a cover (older vLLM).
type failure struct {
	Message string      `json:"message"`
	Type    string      `json:"type"`
	Code    scalar      `json:"code"`
	Nested  nestedError `json:"error"`
	Detail  scalar      `json:"detail"`
}

type nestedError struct{ f *failure }

func (n *nestedError) UnmarshalJSON(data []byte) error {
	n.f = &failure{}
	if len(data) > 0 && data[0] == '{' {
		return json.Unmarshal(data, n.f)
	}
	var s scalar
	err := s.UnmarshalJSON(data)
	n.f.Message = string(s)
	return err
}

// scalar is the text of a JSON string, number or null.
type scalar string

func (s *scalar) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && data[0] == '"' {
		return json.Unmarshal(data, (*string)(s))
	}
	if !isNull(data) {
		*s = scalar(data)
	}
	return nil
}

// maxMessage bounds the engine's words in an error.
const maxMessage = 500

// parseFailure turns an error report into a RefusedError or ErrUnavailable.
// status is the HTTP status, or 0 when the report came inside an answer.
func parseFailure(status int, data []byte) error {
	var f failure
	if json.Unmarshal(data, &f) != nil {
		f = failure{Message: string(data)}
	}
	if f.Nested.f != nil {
		f = *f.Nested.f
	}
	if f.Message == "" {
		f.Message = string(f.Detail)
	}
	if status == 0 {
		status, _ = strconv.Atoi(string(f.Code))
	}
	code := codeOf(status, f)
	if code == "" {
		// Its words are left out: they may quote the prompt.
		return fmt.Errorf("%w: it answered with status %d", engine.ErrUnavailable, status)
	}
	message := strings.ToValidUTF8(f.Message[:min(len(f.Message), maxMessage)], "")
	return &engine.RefusedError{Status: status, Code: code, Message: message}
}

// codeOf returns "" for what is not the prompt's fault.
func codeOf(status int, f failure) string {
	switch {
	case tooLong(f): // with status 500, though it is the text's doing
		return engine.CodeContextOverflow
	case status == 401 || status == 403:
		return engine.CodeUnauthorized
	case status == 408 || status == 429 || status < 400 || status > 499:
		return ""
	case overflow(f):
		return engine.CodeContextOverflow
	case status == 404:
		return engine.CodeUnknownModel
	}
	return engine.CodeBadPrompt
}

// overflow knows how llama.cpp, OpenAI and vLLM say that a prompt is too long.
func overflow(f failure) bool {
	return f.Type == "exceed_context_size_error" || f.Code == "context_length_exceeded" ||
		strings.Contains(f.Message, "maximum context length") ||
		strings.Contains(f.Message, "context size")
}
