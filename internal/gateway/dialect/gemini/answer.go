package gemini

import (
	"encoding/json"

	"ringfence/internal/gateway/dialect"
)

type response struct {
	Candidates []candidate `json:"candidates"`
	Usage      *usage      `json:"usageMetadata,omitempty"`
	Model      string      `json:"modelVersion"`
	ID         string      `json:"responseId"`
}

type candidate struct {
	Content  content         `json:"content"`
	Finish   string          `json:"finishReason,omitempty"`
	Index    int             `json:"index"`
	Average  *float64        `json:"avgLogprobs,omitempty"`
	Logprobs *logprobsResult `json:"logprobsResult,omitempty"`
}

type content struct {
	Parts []part `json:"parts"`
	Role  string `json:"role"`
}

type part struct {
	Text    *string       `json:"text,omitempty"`
	Thought bool          `json:"thought,omitempty"`
	Call    *functionCall `json:"functionCall,omitempty"`
}

type functionCall struct {
	ID   string          `json:"id,omitempty"`
	Name string          `json:"name"`
	Args json.RawMessage `json:"args"`
}

type usage struct {
	Prompt     int `json:"promptTokenCount"`
	Candidates int `json:"candidatesTokenCount"`
	Total      int `json:"totalTokenCount"`
}

type logprobsResult struct {
	Top    []topCandidates `json:"topCandidates"`
	Chosen []logprob       `json:"chosenCandidates"`
}

type topCandidates struct {
	Candidates []logprob `json:"candidates"`
}

type logprob struct {
	Token string  `json:"token"`
	Value float64 `json:"logProbability"`
}

// Encode renders an answer as one response.
func (Generate) Encode(a *dialect.Answer) []byte {
	out := response{Candidates: []candidate{}, Usage: usageOf(&a.Usage), Model: a.Model, ID: a.ID}
	for i, c := range a.Choices {
		cand := candidate{Content: content{partsOf(c, wants(a.Head)), "model"}, Finish: finishOf(c.Finish), Index: i}
		cand.Average, cand.Logprobs = logprobsOf(c.Logprobs)
		out.Candidates = append(out.Candidates, cand)
	}
	return dialect.Marshal(out)
}

// wants reports whether the caller asked to see thoughts.
func wants(h dialect.Head) bool { return wireOf(h).thoughts }

func wireOf(h dialect.Head) wire {
	if h.Asked == nil {
		return wire{}
	}
	w, _ := h.Asked.Wire.(wire)
	return w
}

func partsOf(c dialect.Choice, thoughts bool) []part {
	parts := []part{}
	if thoughts && c.Reasoning != "" {
		parts = append(parts, part{Text: &c.Reasoning, Thought: true})
	}
	if c.Text != "" || len(c.ToolCalls) == 0 {
		parts = append(parts, part{Text: &c.Text})
	}
	for _, t := range c.ToolCalls {
		parts = append(parts, part{Call: &functionCall{t.ID, t.Name, dialect.ArgumentsObject(t.Arguments)}})
	}
	return parts
}

func finishOf(finish string) string {
	switch finish {
	case dialect.FinishLength:
		return "MAX_TOKENS"
	case dialect.FinishBlocked:
		return "SAFETY"
	}
	return "STOP"
}

func usageOf(u *dialect.Usage) *usage {
	if u == nil {
		return nil
	}
	return &usage{u.Prompt, u.Completion, u.Prompt + u.Completion}
}

func logprobsOf(tokens []dialect.TokenLogprob) (*float64, *logprobsResult) {
	if len(tokens) == 0 {
		return nil, nil
	}
	sum := 0.0
	out := &logprobsResult{Top: []topCandidates{}, Chosen: []logprob{}}
	for _, t := range tokens {
		sum += t.Logprob
		out.Chosen = append(out.Chosen, logprob{t.Token, t.Logprob})
		top := topCandidates{[]logprob{}}
		for _, other := range t.Top {
			top.Candidates = append(top.Candidates, logprob{other.Token, other.Logprob})
		}
		out.Top = append(out.Top, top)
	}
	average := sum / float64(len(tokens))
	return &average, out
}

// Errors is the error object of all of Google's protocols.
type Errors struct{}

type errorObject struct {
	Code    int      `json:"code"`
	Message string   `json:"message"`
	Status  string   `json:"status"`
	Details []detail `json:"details"`
}

type detail struct {
	Type     string            `json:"@type"`
	Reason   string            `json:"reason"`
	Domain   string            `json:"domain"`
	Metadata map[string]string `json:"metadata,omitempty"`
}

// Refuse renders a refusal as Google's error object; our code is its reason.
func (Errors) Refuse(r *dialect.Refusal) []byte {
	d := detail{Type: "type.googleapis.com/google.rpc.ErrorInfo", Reason: r.Code, Domain: "ringfence"}
	if r.Param != "" {
		d.Metadata = map[string]string{"field": r.Param}
	}
	return dialect.Marshal(map[string]errorObject{"error": {r.Status, r.Sentence, statusNames.Of(r.Status), []detail{d}}})
}

var statusNames = dialect.StatusNames{
	400: "INVALID_ARGUMENT", 401: "UNAUTHENTICATED", 403: "PERMISSION_DENIED", 404: "NOT_FOUND", 429: "RESOURCE_EXHAUSTED",
	500: "INTERNAL", 503: "UNAVAILABLE", 504: "DEADLINE_EXCEEDED",
}
