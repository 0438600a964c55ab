package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"ringfence/internal/audit"
	"ringfence/internal/gateway"
	"ringfence/proof"
)

const tryHelp = `Usage: ringfence try [options] "text"

Sends one text through the running gateway, as a plugin would, and tells what
happened to it: as typed, as the model saw it, what it said, what came back, the
verdicts, the flow, the audit entry and its proof. Without text it reads
standard input. Start the gateway first: ringfence up.

Exit codes: 0 answered and proved, 1 not answered or not proved, 2 wrong use,
3 the gateway cannot be reached, 4 refused by policy.

Options:
`

// story is what try tells; the keys of --json are part of the contract.
type story struct {
	Typed     string                 `json:"typed"`
	ModelSaw  []gateway.SeenMessage  `json:"model_saw"`
	ModelSaid string                 `json:"model_said"`
	Returned  string                 `json:"returned"`
	Verdicts  []gateway.TraceVerdict `json:"verdicts"`
	Flow      flow                   `json:"flow"`
	Entry     entry                  `json:"entry"`
	Proof     proved                 `json:"proof"`
	Refusal   *refusal               `json:"refusal,omitempty"`

	trace gateway.Trace
}

type flow struct {
	Integration string         `json:"integration"`
	Purpose     string         `json:"purpose,omitempty"`
	Categories  map[string]int `json:"categories"`
	Denied      []string       `json:"denied_fields,omitempty"`
	Model       string         `json:"model"`
	Engine      string         `json:"engine"`
	Zone        string         `json:"zone"`
}

type entry struct {
	Intent int64      `json:"intent"`
	Index  int64      `json:"index"`
	Data   proof.Call `json:"data"`
}

type proved struct {
	Verified bool   `json:"verified"`
	Size     int64  `json:"checkpoint_size,omitempty"`
	Receipt  string `json:"receipt,omitempty"`
	Error    string `json:"error,omitempty"`
}

type refusal struct {
	Status  int    `json:"status"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

// trial is what the user asked try to do.
type trial struct {
	data, text, system, contextFile, people string
	purpose, subject, conversation, model   string
	maxTokens                               int
	json                                    bool
}

func tryVerb(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	a, code := parseTry(args, stdin, stderr)
	if a == nil {
		return code
	}
	body, err := a.request()
	if err != nil {
		fmt.Fprintln(stderr, "ringfence try:", err)
		return exitUsage
	}
	s := &story{Typed: a.text}
	if err := s.ask(a, body); err != nil {
		fmt.Fprintln(stderr, "ringfence try:", err)
		return exitIncomplete
	}
	s.prove(a.data)
	if a.json {
		enc := json.NewEncoder(stdout)
		enc.SetIndent("", "  ")
		enc.Encode(s)
	} else {
		s.tell(stdout)
	}
	return s.exit()
}

// maxTyped is far above what a gateway takes; standard input may have no end.
const maxTyped = 64 << 20

// parseTry returns nil where there is nothing to try, with the exit code.
func parseTry(args []string, stdin io.Reader, stderr io.Writer) (*trial, int) {
	var a trial
	fs, common := newFlags("try", tryHelp, stderr)
	fs.StringVar(&a.purpose, "purpose", "", "what the call is for, e.g. service.order_status")
	fs.StringVar(&a.subject, "subject", "", "on whose behalf, e.g. cust:8f3a")
	fs.StringVar(&a.conversation, "conversation", "", "id of the conversation the text belongs to")
	fs.StringVar(&a.contextFile, "context", "", "`file` with structured store data as JSON")
	fs.StringVar(&a.people, "people", "", "known people as a JSON list, e.g. '[{\"name\":\"Anna Muster\"}]'")
	fs.StringVar(&a.system, "system", "You are the assistant of a web shop. Answer the customer briefly.", "system text")
	fs.StringVar(&a.model, "model", "", "model or alias")
	fs.IntVar(&a.maxTokens, "max-tokens", 120, "longest answer")
	fs.BoolVar(&a.json, "json", false, "print the story as JSON")
	words, err := parseMixed(fs, args)
	if err != nil {
		return nil, helpCode(err)
	}
	a.data = common.data
	a.text = strings.Join(words, " ")
	if a.text == "" {
		b, err := io.ReadAll(io.LimitReader(stdin, maxTyped))
		if err != nil || len(bytes.TrimSpace(b)) == 0 {
			fmt.Fprintln(stderr, "ringfence try: there is no text; put it in quotes after the options")
			return nil, exitUsage
		}
		a.text = string(b)
	}
	return &a, exitFine
}

// request is the chat completion a plugin would send.
func (a *trial) request() ([]byte, error) {
	ext := map[string]any{}
	for name, value := range map[string]string{"purpose": a.purpose, "subject": a.subject, "conversation": a.conversation} {
		if value != "" {
			ext[name] = value
		}
	}
	if a.people != "" {
		if !json.Valid([]byte(a.people)) {
			return nil, errors.New("--people is not JSON")
		}
		ext["people"] = json.RawMessage(a.people)
	}
	if a.contextFile != "" {
		b, err := os.ReadFile(a.contextFile)
		if err != nil {
			return nil, err
		}
		if !json.Valid(b) {
			return nil, fmt.Errorf("%s is not JSON", a.contextFile)
		}
		ext["context"] = json.RawMessage(b)
	}
	return json.Marshal(map[string]any{
		"model": a.model, "max_tokens": a.maxTokens, "temperature": 0, "ringfence": ext,
		"messages": []map[string]string{{"role": "system", "content": a.system}, {"role": "user", "content": a.text}},
	})
}

// ask sends the request to the running gateway and reads its trace.
func (s *story) ask(a *trial, body []byte) error {
	running, err := readRunning(a.data)
	if err != nil {
		return err
	}
	surface, _, _ := strings.Cut(a.purpose, ".")
	ctx, stop := context.WithTimeout(context.Background(), 10*time.Minute)
	defer stop()
	resp, err := running.ask(ctx, "/ringfence/try?surface="+surface, "application/json", bytes.NewReader(body))
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		b, _ := io.ReadAll(io.LimitReader(resp.Body, 4096))
		return fmt.Errorf("the gateway at %s says: %s", running.Address, b)
	}
	if err := json.NewDecoder(resp.Body).Decode(&s.trace); err != nil {
		return fmt.Errorf("the gateway's answer broke off: %w", err)
	}
	s.read()
	return nil
}

// read turns the trace into the story.
func (s *story) read() {
	t, r := &s.trace, &s.trace.Record
	s.ModelSaw, s.ModelSaid, s.Verdicts = t.ModelSaw, t.ModelSaid, t.Verdicts
	s.Flow = flow{Integration: r.Name, Purpose: r.Purpose, Categories: r.Masked, Denied: t.Denied,
		Model: r.Model.Served, Engine: r.Engine.Driver, Zone: r.Engine.Zone}
	s.Entry = entry{Intent: t.Intent, Index: t.Entry, Data: *r}
	var reply struct {
		Choices []struct{ Message struct{ Content string } }
		Error   *struct{ Code, Message string }
	}
	json.Unmarshal([]byte(t.Answer), &reply)
	if reply.Error != nil {
		s.Refusal = &refusal{t.Status, reply.Error.Code, reply.Error.Message}
	}
	if len(reply.Choices) > 0 {
		s.Returned = reply.Choices[0].Message.Content
	}
}

// prove asks the log for the entry's proof and checks it as an auditor would.
func (s *story) prove(data string) {
	if s.Entry.Index < 0 {
		s.Proof.Error = "the call left no entry"
		return
	}
	ctx, stop := context.WithTimeout(context.Background(), 10*time.Second)
	defer stop()
	reader, err := audit.OpenReader(auditDir(data))
	if err != nil {
		s.Proof.Error = err.Error()
		return
	}
	receipt, err := reader.Prove(ctx, s.Entry.Index)
	if err != nil {
		s.Proof.Error = err.Error()
		return
	}
	report := checkReceipt(receipt, reader.PublicKey())
	s.Proof = proved{Verified: report.Verdict == audit.OK, Size: report.Size, Receipt: receipt, Error: report.Problem}
}

func (s *story) exit() int {
	switch {
	case s.Refusal != nil && s.Entry.Data.Outcome == proof.Refused:
		return exitRefused
	case s.Refusal != nil || !s.Proof.Verified:
		return exitNotFine
	}
	return exitFine
}

func helpCode(err error) int {
	if errors.Is(err, flag.ErrHelp) {
		return exitFine
	}
	return exitUsage
}
