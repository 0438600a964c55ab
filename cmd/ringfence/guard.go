package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"ringfence/internal/config"
	"ringfence/internal/gateway"
	"ringfence/internal/guard"
	"ringfence/internal/mask"
)

const guardHelp = `usage: ringfence guard [--origin O] [--surface S] [--jsonl] [--explain] [TEXT]
       ringfence guard --answers --context FILE [--jsonl] [--explain] [TEXT]

Judges texts as the gateway does, with the thresholds of ringfence.yaml, and
sends nothing anywhere. Without TEXT it reads standard input.

  --origin O      where the text comes from: system operator user catalog review
                  tool document (default user); the less a text is trusted, the
                  sooner it is flagged
  --surface S     where AI touches the store: checkout account discovery service
                  admin training (default: none, the thresholds as they are)
  --jsonl         one {"id","text","origin"} per line in, one
                  {"id","action","score","reasons"} per line out
  --explain       also the rules, what they saw, and how to allow it; with
                  --jsonl in "findings"
  --answers       the texts are answers of a model; with --context FILE, JSON:
                  {"system": "...", "canaries": ["..."],
                   "confidential": [{"kind": "cost_price", "value": "12.50", "near": ["Wool sweater"]}],
                   "people": [{"subject": "cust:a", "name": "...", "email": "...", "phone": "...",
                               "address": "...", "orders": ["1042"]}],
                   "subject": "cust:a", "allowed_urls": ["https://shop.example/"], "prompt": "..."}
                  E-mail addresses, telephone, account and identity numbers that
                  stand nowhere in it are stranger_data, as guard.strangers says.
                  What could not be judged is named in "not_judged", and the exit
                  code is then 3

exit codes: 0 everything is allowed, 1 something is flagged or blocked, 2 wrong
use or unreadable input, 3 not all that was asked for could be judged
`

// guardRun is one run of the verb.
type guardRun struct {
	guard     *guard.Guard
	surface   string
	explain   bool
	answers   bool
	context   guard.Context
	given     []string // what the model was given, for strangers' data
	masker    *mask.Masker
	strike    bool
	notJudged []string
	worst     guard.Action
	out       io.Writer
}

// guardText is one line of --jsonl coming in.
type guardText struct {
	ID     json.RawMessage `json:"id"` // whatever it is, it comes back
	Text   string          `json:"text"`
	Origin guard.Origin    `json:"origin"`
}

// guardLine is one line of --jsonl going out.
type guardLine struct {
	ID        json.RawMessage `json:"id"`
	Action    string          `json:"action"`
	Score     float64         `json:"score"`
	Reasons   []string        `json:"reasons"`
	NotJudged []string        `json:"not_judged,omitempty"`
	Findings  []guardFinding  `json:"findings,omitempty"`
	Released  *string         `json:"released,omitempty"` // of an answer, before it was stopped
}

type guardFinding struct {
	Action   string  `json:"action"`
	Reason   string  `json:"reason"`
	Rule     string  `json:"rule"`
	Score    float64 `json:"score"`
	Evidence string  `json:"evidence"`
}

// guardVerb is "ringfence guard".
func guardVerb(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	f := flag.NewFlagSet("guard", flag.ContinueOnError)
	f.SetOutput(stderr)
	f.Usage = func() { fmt.Fprint(stderr, guardHelp) }
	origin := f.String("origin", string(guard.User), "")
	lines := f.Bool("jsonl", false, "")
	contextFile := f.String("context", "", "")
	file := f.String("config", "", "")
	f.String("data", "", "") // every verb takes it; nothing here depends on it
	r := &guardRun{out: stdout}
	f.StringVar(&r.surface, "surface", "", "")
	f.BoolVar(&r.explain, "explain", false, "")
	f.BoolVar(&r.answers, "answers", false, "")
	words, err := parseMixed(f, args)
	if errors.Is(err, flag.ErrHelp) {
		return exitFine
	}
	if err == nil {
		err = r.open(*file, *contextFile)
	}
	if err == nil && !knownOrigin(*origin) {
		err = fmt.Errorf("there is no origin %q", *origin)
	}
	if err == nil && r.surface != "" && !slices.Contains(config.Surfaces(), r.surface) {
		err = fmt.Errorf("there is no surface %q", r.surface)
	}
	if err == nil {
		err = r.read(words, *lines, guard.Origin(*origin), stdin)
	}
	if err != nil {
		fmt.Fprintf(stderr, "ringfence guard: %v\n", err)
		return exitUsage
	}
	return r.exit()
}

func knownOrigin(o string) bool {
	_, known := guard.DefaultThresholds()[guard.Origin(o)]
	return known
}

// open makes the guard of the configuration and reads the context file.
func (r *guardRun) open(file, contextFile string) error {
	c, err := config.Load(file)
	if err != nil {
		return err
	}
	if r.guard, err = guardOf(c); err != nil {
		return err
	}
	if contextFile == "" {
		return nil
	}
	if !r.answers {
		return errors.New("--context is for --answers: prompts are judged without one")
	}
	r.strike = c.Guard.Strangers == gateway.StrangersMask
	if c.Guard.Strangers != "allow" {
		r.masker = mask.New(maskOptions(c, nil))
	}
	return r.readContext(contextFile)
}

// guardOf makes the guard that a configuration asks for.
func guardOf(c *config.Config) (*guard.Guard, error) {
	thresholds := map[guard.Origin]guard.Threshold{}
	for origin, t := range c.Guard.Thresholds {
		thresholds[guard.Origin(origin)] = guard.Threshold(t)
	}
	return guard.New(guard.Policy{Thresholds: thresholds, Surfaces: c.Guard.Surfaces, Off: c.Guard.Off, AllowedURLs: c.Guard.AllowedHosts})
}

// read judges the text given, or what stands on standard input.
func (r *guardRun) read(words []string, lines bool, o guard.Origin, stdin io.Reader) error {
	if lines {
		return r.readLines(o, stdin)
	}
	text := strings.Join(words, " ")
	if len(words) == 0 {
		b, err := io.ReadAll(stdin)
		if err != nil {
			return err
		}
		text = string(b)
	}
	line, found := r.judge(guardText{Text: text, Origin: o})
	r.tell(line, found, o)
	return nil
}

// maxLine bounds one line of --jsonl.
const maxLine = 8 << 20

func (r *guardRun) readLines(o guard.Origin, stdin io.Reader) error {
	in := bufio.NewScanner(stdin)
	in.Buffer(nil, maxLine)
	out := bufio.NewWriter(r.out)
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	for n := 1; in.Scan(); n++ {
		if strings.TrimSpace(in.Text()) == "" {
			continue
		}
		text := guardText{Origin: o}
		err := json.Unmarshal(in.Bytes(), &text)
		if err == nil && !knownOrigin(string(text.Origin)) {
			err = fmt.Errorf("there is no origin %q", text.Origin)
		}
		if err == nil {
			line, _ := r.judge(text)
			err = enc.Encode(line)
		}
		if err != nil {
			return errors.Join(fmt.Errorf("line %d: %w", n, err), out.Flush())
		}
	}
	return errors.Join(in.Err(), out.Flush())
}

// judge fills in what is thought of a line's text.
func (r *guardRun) judge(text guardText) (guardLine, []guard.Verdict) {
	var found []guard.Verdict
	released := ""
	line := guardLine{ID: text.ID, Reasons: []string{}, NotJudged: r.notJudged}
	if r.answers {
		w, _ := r.guard.AnswerIn(r.context) // was tried when the context was read
		a, _ := w.Write(text.Text)
		b, _ := w.Close()
		found, released = w.Findings(), a+b
		released, found = r.strangers(released, found)
	} else {
		j := r.guard.Judge(r.surface, []guard.Piece{{Text: text.Text, Origin: text.Origin, Where: "text"}})
		found, line.Score = j.Findings, hundredths(j.Scores[0])
	}
	action := guard.Allow
	for _, v := range found {
		action = max(action, v.Action)
		line.Score = max(line.Score, hundredths(v.Score))
		line.Reasons = appendOnce(line.Reasons, v.Reason)
		if r.explain {
			line.Findings = append(line.Findings, guardFinding{v.Action.String(), v.Reason, v.Rule, hundredths(v.Score), v.Evidence})
		}
	}
	if r.explain && r.answers {
		line.Released = &released
	}
	line.Action = action.String()
	r.worst = max(r.worst, action)
	return line, found
}

// hundredths rounds a score: the rest of it says nothing.
func hundredths(score float64) float64 { return math.Round(score*100) / 100 }

func appendOnce(list []string, s string) []string {
	for _, have := range list {
		if have == s {
			return list
		}
	}
	return append(list, s)
}

// tell prints the judgement of one text for a reader.
func (r *guardRun) tell(line guardLine, found []guard.Verdict, o guard.Origin) {
	fmt.Fprintf(r.out, "%s (score %.2f)\n", line.Action, line.Score)
	for _, v := range found {
		fmt.Fprintf(r.out, "  %s: %s, rule %s, score %.2f\n", v.Action, v.Reason, v.Rule, v.Score)
		if r.explain {
			fmt.Fprint(r.out, r.told(v))
		}
	}
	if len(r.notJudged) > 0 {
		fmt.Fprintf(r.out, "not judged: %s\n", strings.Join(r.notJudged, ", "))
	}
	if r.explain && r.worst > guard.Allow {
		fmt.Fprint(r.out, r.advice(line, found, o))
	}
}

func (r *guardRun) exit() int {
	switch {
	case len(r.notJudged) > 0:
		return exitIncomplete
	case r.worst > guard.Allow:
		return exitNotFine
	}
	return exitFine
}
