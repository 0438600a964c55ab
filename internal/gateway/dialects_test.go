package gateway_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"ringfence/internal/testkit"
)

// TestDialects runs testdata/dialects/cases/*.txtar. A case is written once, in
// no protocol; the test asks it in each that can say it. What the engine is
// sent, what the caller understands of the answer, and the entries must be the
// same in all of them, but for the dialect's name.
//
//	setup     as in testdata/road
//	call      what is asked (see ask)
//	engine    what the engine answers
//	upstream  what the engine must have been sent
//	said      what a client reads out of the answer
//	entries   the entries in the log
func TestDialects(t *testing.T) {
	files, _ := filepath.Glob("../../testdata/dialects/cases/*.txtar")
	if len(files) == 0 {
		t.Fatal("no cases")
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			ar, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for i, p := range protocols {
				if request, ok := p.render(parseAsk(t, part(ar, "call"))); ok {
					t.Run(p.name+p.form, func(t *testing.T) { dialectCase(t, ar, p, request, *update && i == 0) })
				}
			}
			if *update {
				if err := os.WriteFile(file, txtar.Format(ar), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

func part(ar *txtar.Archive, name string) string {
	for _, f := range ar.Files {
		if f.Name == name {
			return string(f.Data)
		}
	}
	return ""
}

func dialectCase(t *testing.T, ar *txtar.Archive, p protocol, r rendering, write bool) {
	h := newHarness(t, parseSetup(t, part(ar, "setup")))
	if script := part(ar, "engine"); script != "" {
		h.engine.Play(testkit.ParseScript(script))
	}
	body, err := json.Marshal(r.body)
	if err != nil {
		t.Fatal(err)
	}
	req := httptest.NewRequest(http.MethodPost, r.path, bytes.NewReader(body))
	req.Header.Set("Authorization", "Bearer "+h.key)
	rec := httptest.NewRecorder()
	h.gateway.Handler().ServeHTTP(rec, req)
	understood, _ := json.MarshalIndent(p.read(t, rec), "", "  ")
	got := []txtar.File{
		{Name: "upstream", Data: h.upstream(t)},
		{Name: "said", Data: append(understood, '\n')},
		{Name: "entries", Data: bytes.ReplaceAll(h.entries(t), []byte(`"dialect":"`+p.name+`"`), []byte(`"dialect":"DIALECT"`))},
	}
	for _, f := range got {
		if write {
			set(ar, f)
		} else if want := part(ar, f.Name); string(f.Data) != want {
			t.Errorf("%s: got\n%s\nwant\n%s\nof the answer\n%s", f.Name, f.Data, want, rec.Body)
		}
	}
}

func set(ar *txtar.Archive, f txtar.File) {
	for i := range ar.Files {
		if ar.Files[i].Name == f.Name {
			ar.Files[i] = f
			return
		}
	}
	ar.Files = append(ar.Files, f)
}

// ask is a call in no protocol.
type ask struct {
	System      string
	Turns       []turn
	Tools       []tool
	Choice      string // any
	Schema      json.RawMessage
	Stop        []string
	MaxTokens   int `json:"max_tokens"`
	Temperature *float64
	TopP        *float64 `json:"top_p"`
	Stream      bool
	Think       bool
	Origins     []struct {
		Turn   int
		Origin string
	}
	Ringfence map[string]any
}

// turn is one of: what a user said, what the assistant said and called, what a
// tool gave back.
type turn struct {
	User, Assistant string
	Calls           []call
	Tool            string
	Of, Name        string // the call that the tool's result is of, and its tool
}

type call struct {
	ID, Name  string
	Arguments json.RawMessage
}

type tool struct {
	Name        string          `json:"name"`
	Description string          `json:"description"`
	Parameters  json.RawMessage `json:"parameters"`
}

func parseAsk(t *testing.T, text string) ask {
	t.Helper()
	var a ask
	d := json.NewDecoder(strings.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&a); err != nil {
		t.Fatalf("call: %v", err)
	}
	return a
}

// said is what a client understands of an answer.
type said struct {
	Status  int       `json:"status"`
	Code    string    `json:"code,omitempty"` // of a refusal, or of what broke a stream
	Text    string    `json:"text,omitempty"`
	Thought string    `json:"thought,omitempty"`
	Calls   []saidUse `json:"calls,omitempty"`
	Finish  string    `json:"finish,omitempty"`
	Prompt  int       `json:"prompt_tokens,omitempty"`
	Answer  int       `json:"answer_tokens,omitempty"`
	Whole   bool      `json:"whole"` // the answer ended as the protocol ends one
}

type saidUse struct {
	Name      string `json:"name"`
	Arguments string `json:"arguments"`
}

// protocol is how a case is asked and understood in one protocol.
type protocol struct {
	name   string // of the dialect
	form   string // where there are several
	render func(ask) (rendering, bool)
	read   func(*testing.T, *httptest.ResponseRecorder) said
}

type rendering struct {
	path string
	body map[string]any
}
