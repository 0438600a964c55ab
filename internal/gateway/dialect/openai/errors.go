package openai

import "ringfence/internal/gateway/dialect"

// Errors is the error object of all of OpenAI's protocols.
type Errors struct{}

// Refuse renders a refusal as OpenAI's error object.
func (Errors) Refuse(r *dialect.Refusal) []byte {
	return dialect.Marshal(map[string]any{"error": errorOf(r)})
}

type errorObject struct {
	Message string  `json:"message"`
	Type    string  `json:"type"`
	Param   *string `json:"param"`
	Code    string  `json:"code"`
}

func errorOf(r *dialect.Refusal) errorObject {
	e := errorObject{Message: r.Sentence, Type: errorType(r.Status), Code: r.Code}
	if r.Param != "" {
		e.Param = &r.Param
	}
	return e
}

func errorType(status int) string {
	switch {
	case status == 401:
		return "authentication_error"
	case status == 403:
		return "permission_error"
	case status == 429:
		return "rate_limit_error"
	case status >= 500:
		return "server_error"
	}
	return "invalid_request_error"
}
