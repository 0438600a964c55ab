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
	e := errorObject{Message: r.Sentence, Type: errorTypes.Of(r.Status), Code: r.Code}
	if r.Param != "" {
		e.Param = &r.Param
	}
	return e
}

var errorTypes = dialect.StatusNames{
	400: "invalid_request_error", 401: "authentication_error", 403: "permission_error", 429: "rate_limit_error", 500: "server_error",
}
