package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"ringfence/internal/config"
	"ringfence/internal/mask"
)

const maskHelp = `Usage: ringfence mask [--json] [--explain] [TEXT]
       ringfence mask --jsonl [--explain] < FILE

Shows what a model would see of a text. Masks as the gateway does and sends
nothing anywhere. Without TEXT or --file it reads standard input.

  --jsonl   one {"id","text"} per line in, one {"id","masked","spans"} per line out,
            at once; each line is a conversation of its own. A line may have
            "subject" and "people": [{"name","email","phone","address","company",
            "subject"}], as a call may
  spans     "start" and "end" (behind the last) in Unicode code points of the text,
            "type", "layer", "rule"; with --explain also "confidence", an order and
            no probability, "placeholder", and "owner": whose it is

The store's own people are those of the data directory, see ringfence people.

Exit codes: 0 masked, 2 wrong use, 3 some lines or the text could not be masked
(nothing of them is printed).

Options:
`

// maskRun is one run of the verb.
type maskRun struct {
	masker         *mask.Masker
	asJSON         bool
	explain        bool
	stdout, stderr io.Writer
}

// maskText is one text to mask and what is known about it.
type maskText struct {
	ID      json.RawMessage `json:"id"` // whatever it is, it comes back
	Text    *string         `json:"text"`
	People  []mask.Person   `json:"people"`
	Subject string          `json:"subject"` // on whose behalf
}

// maskResult is what is printed for one text.
type maskResult struct {
	ID     json.RawMessage `json:"id,omitempty"`
	Masked string          `json:"masked"`
	Spans  []maskSpan      `json:"spans"`
	Flags  []maskSpan      `json:"flags,omitempty"`
}

type maskSpan struct {
	Start       int        `json:"start"`
	End         int        `json:"end"`
	Type        mask.Type  `json:"type"`
	Layer       mask.Layer `json:"layer"`
	Rule        string     `json:"rule"`
	Confidence  float64    `json:"confidence,omitempty"`
	Placeholder string     `json:"placeholder,omitempty"`
	Owner       string     `json:"owner,omitempty"`
}

// maskVerb is "ringfence mask".
func maskVerb(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	f, p := newFlags("mask", maskHelp, stderr)
	r := &maskRun{stdout: stdout, stderr: stderr}
	lines := f.Bool("jsonl", false, "texts as JSON lines in, results as JSON lines out")
	file := f.String("file", "", "read the text, or the lines, from this `file`")
	regions := f.String("regions", "", "`countries` whose phone numbers need no code, likeliest first, as in DE,AT (default: mask.regions)")
	f.BoolVar(&r.asJSON, "json", false, "print JSON: masked, spans")
	f.BoolVar(&r.explain, "explain", false, "say for every span which rule found it")
	words, err := parseMixed(f, args)
	if err != nil {
		return helpCode(err)
	}
	in, err := maskInput(words, *file, *lines, stdin)
	if err == nil {
		defer in.Close()
		err = r.open(p, *regions)
	}
	if err != nil {
		fmt.Fprintf(stderr, "ringfence mask: %v\n", err)
		return exitUsage
	}
	if *lines {
		return r.lines(in)
	}
	return r.text(in)
}

// maskInput opens where the text is.
func maskInput(words []string, file string, lines bool, stdin io.Reader) (io.ReadCloser, error) {
	switch {
	case len(words) > 0 && (lines || file != ""):
		return nil, errors.New("give the text as arguments, or with --file or --jsonl, not both")
	case len(words) > 0:
		return io.NopCloser(strings.NewReader(strings.Join(words, " "))), nil
	case file != "":
		return os.Open(file)
	}
	return io.NopCloser(stdin), nil
}

// open makes the masker the configuration asks for.
func (r *maskRun) open(p *place, regions string) error {
	c, err := config.Load(p.config)
	if err != nil {
		return err
	}
	o := maskOptions(c, nil)
	if x, err := lookAtPeople(p.data, c); err != nil {
		return err
	} else if x != nil {
		o.Store = x
	}
	if regions != "" {
		o.Regions = strings.FieldsFunc(regions, func(r rune) bool { return r == ',' || r == ' ' })
	}
	r.masker = mask.New(o)
	return nil
}

// mask masks one text in a conversation of its own.
func (r *maskRun) mask(t maskText) (maskResult, error) {
	pass := r.masker.Open(mask.NewVault(mask.VaultOptions{})).For(t.Subject)
	pass.Seed(t.People...)
	pass.Study(*t.Text)
	masked, err := pass.Hide(*t.Text)
	if err != nil {
		return maskResult{}, err
	}
	out := maskResult{ID: t.ID, Masked: masked.String(), Spans: []maskSpan{}}
	for _, s := range pass.Spans() {
		span := maskSpan{Start: s.Start, End: s.End, Type: s.Type, Layer: s.Layer, Rule: s.Rule}
		if r.explain {
			span.Confidence, span.Placeholder, span.Owner = s.Confidence, s.Placeholder, s.Owner
		}
		out.Spans = append(out.Spans, span)
	}
	for _, f := range pass.Flags() {
		out.Flags = append(out.Flags, maskSpan{Start: f.Start, End: f.End, Type: f.Type, Layer: f.Layer, Rule: f.Rule})
	}
	return out, nil
}

// text masks all of in as one text.
func (r *maskRun) text(in io.Reader) int {
	raw, err := io.ReadAll(in)
	if err != nil {
		fmt.Fprintf(r.stderr, "ringfence mask: %v\n", err)
		return exitIncomplete
	}
	text := string(raw)
	out, err := r.mask(maskText{Text: &text})
	if err != nil {
		fmt.Fprintf(r.stderr, "ringfence mask: %v\n", err)
		return exitIncomplete
	}
	if r.asJSON {
		return printJSON(r.stdout, out)
	}
	fmt.Fprint(r.stdout, out.Masked)
	if !strings.HasSuffix(out.Masked, "\n") {
		fmt.Fprintln(r.stdout)
	}
	if r.explain {
		r.tell(text, out)
	}
	return exitFine
}

// tell prints a table of what was masked and why.
func (r *maskRun) tell(text string, out maskResult) {
	points := []rune(text)
	fmt.Fprintf(r.stdout, "\n%-16s %-10s %-24s %4s  %-12s %s\n", "placeholder", "layer", "rule", "conf", "owner", "stands for")
	for _, s := range out.Spans {
		fmt.Fprintf(r.stdout, "%-16s %-10s %-24s %4.2f  %-12s %q\n", s.Placeholder, s.Layer, s.Rule, s.Confidence,
			ownerWord(s.Owner), string(points[s.Start:s.End]))
	}
	for _, f := range out.Flags {
		fmt.Fprintf(r.stdout, "%-16s %-10s %-24s %4s  %-12s %q\n", "(flagged)", f.Layer, f.Rule, "", "", string(points[f.Start:f.End]))
	}
}

// maxMaskLine bounds one line of --jsonl; JSON escapes may make a text six times as long.
const maxMaskLine = 96 << 20

// lines masks one text per line, each answered before the next is read.
func (r *maskRun) lines(in io.Reader) int {
	code := exitFine
	reader := bufio.NewReaderSize(in, 64<<10)
	for n := 1; ; n++ {
		line, err := readLine(reader)
		if err == io.EOF {
			return code
		}
		if err == nil {
			err = r.line(line)
		}
		var broken *brokenLine
		switch {
		case errors.As(err, &broken):
			fmt.Fprintf(r.stderr, "ringfence mask: line %d: %v\n", n, err)
			code = exitIncomplete
		case err != nil:
			fmt.Fprintf(r.stderr, "ringfence mask: line %d: %v\n", n, err)
			return exitIncomplete
		}
	}
}

// brokenLine is an error after which the next line can be tried.
type brokenLine struct{ error }

func (r *maskRun) line(line []byte) error {
	if len(bytes.TrimSpace(line)) == 0 {
		return nil
	}
	var t maskText
	if err := json.Unmarshal(line, &t); err != nil {
		return &brokenLine{fmt.Errorf("not {\"id\",\"text\"}: %w", err)}
	}
	if t.Text == nil {
		return &brokenLine{errors.New(`it has no "text"`)}
	}
	if len(t.ID) == 0 {
		t.ID = json.RawMessage("null")
	}
	out, err := r.mask(t)
	if err != nil {
		return &brokenLine{err}
	}
	e := json.NewEncoder(r.stdout)
	e.SetEscapeHTML(false)
	return e.Encode(out)
}

// readLine reads a line of any length up to maxMaskLine; a longer one is read over.
func readLine(r *bufio.Reader) (line []byte, err error) {
	tooLong := false
	for {
		part, err := r.ReadSlice('\n')
		if tooLong = tooLong || len(line)+len(part) > maxMaskLine; !tooLong {
			line = append(line, part...)
		}
		switch {
		case err == bufio.ErrBufferFull:
			continue
		case tooLong:
			return nil, &brokenLine{fmt.Errorf("longer than %d MiB", maxMaskLine>>20)}
		case err == io.EOF && len(line) > 0:
			return line, nil
		}
		return line, err
	}
}
