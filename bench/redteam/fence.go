package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
)

// fence prints what the marks around texts from outside cost: the tokens of a
// prompt with them, as the real engine counts, less those of the same prompt
// whose texts are the customer's own.
func (r *shootingRange) fence() error {
	fmt.Printf("%-28s %8s %8s %8s\n", "texts from outside", "plain", "fenced", "more")
	for _, n := range []int{1, 2, 4, 8} {
		plain, err := r.tokens(n, "user")
		if err != nil {
			return err
		}
		fenced, err := r.tokens(n, "review")
		if err != nil {
			return err
		}
		fmt.Printf("%-28d %8d %8d %8d\n", n, plain, fenced, fenced-plain)
	}
	return nil
}

// tokens returns how many tokens a prompt with n reviews has.
func (r *shootingRange) tokens(n int, origin string) (int, error) {
	messages := []any{map[string]any{"role": "system", "content": "You are the assistant of a shop. Be brief."}}
	var origins []any
	for i := range n {
		messages = append(messages, map[string]any{"role": "user", "content": fmt.Sprintf("Great sweater number %d, warm and soft, a bit long in the arms.", i+1)})
		origins = append(origins, map[string]any{"message": i + 1, "origin": origin})
	}
	messages = append(messages, map[string]any{"role": "user", "content": "What do customers say?"})
	raw, err := json.Marshal(map[string]any{"messages": messages, "max_tokens": 1, "ringfence": map[string]any{"origins": origins}})
	if err != nil {
		return 0, err
	}
	s := r.stores[0]
	req := httptest.NewRequest(http.MethodPost, "/v1/chat/completions", bytes.NewReader(raw))
	req.Header.Set("Authorization", "Bearer "+s.key)
	rec := httptest.NewRecorder()
	s.handler.ServeHTTP(rec, req)
	var answer struct {
		Usage struct {
			Prompt int `json:"prompt_tokens"`
		}
	}
	if err := json.Unmarshal(rec.Body.Bytes(), &answer); err != nil || rec.Code != http.StatusOK {
		return 0, fmt.Errorf("%d: %s", rec.Code, rec.Body)
	}
	return answer.Usage.Prompt, nil
}
