package gateway

import (
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"unicode"

	"ringfence/internal/engine"
	"ringfence/internal/gateway/dialect"
	"ringfence/internal/guard"
	"ringfence/internal/guard/schema"
)

// toolCall is a call of a tool that the model is writing. It goes out whole, or
// not at all: half of it is of no use to anybody.
type toolCall struct {
	choice   int
	index    int
	id, name string
	released strings.Builder // what the answer guard let pass
}

// takeTool brings a piece of a tool call on its way.
func (a *answer) takeTool(choice int, d *engine.ToolDelta) error {
	key := laneKey{choice, arguments, d.Index}
	i := slices.IndexFunc(a.calls, func(c *toolCall) bool { return c.choice == choice && c.index == d.Index })
	if i < 0 {
		if err := a.endTools(choice); err != nil {
			return err
		}
		a.calls = append(a.calls, &toolCall{choice: choice, index: d.Index, id: d.ID, name: d.Name})
		i = len(a.calls) - 1
	}
	c := a.calls[i]
	if c.name == "" {
		c.id, c.name = d.ID, d.Name
	}
	if c.name != "" && !slices.ContainsFunc(a.p.Tools, func(t engine.Tool) bool { return t.Name == c.name }) {
		return a.withhold(choice, guard.Verdict{Action: guard.Block, Reason: "tool_not_offered", Rule: "tool.offered"})
	}
	a.tools[key] = c.name
	if d.Arguments == "" {
		return nil
	}
	a.said.WriteString(d.Arguments)
	released, verdict := a.lane(key).window.Write(d.Arguments)
	if a.t.watching() {
		released = d.Arguments
	}
	c.released.WriteString(released)
	return a.judged(choice, verdict)
}

// endTools checks the tool calls of a choice that are complete, and passes them
// on.
func (a *answer) endTools(choice int) error {
	var done []*toolCall
	a.calls = slices.DeleteFunc(a.calls, func(c *toolCall) bool {
		if c.choice != choice {
			return false
		}
		done = append(done, c)
		return true
	})
	for _, c := range done {
		if err := a.endTool(c); err != nil {
			return err
		}
	}
	return nil
}

func (a *answer) endTool(c *toolCall) error {
	l := a.lane(laneKey{c.choice, arguments, c.index})
	released, verdict := l.window.Close()
	if !a.t.watching() {
		c.released.WriteString(released)
	}
	if err := a.judged(c.choice, verdict); err != nil {
		return err
	}
	pieces := append(l.restorer.Write(c.released.String()), l.restorer.Close()...)
	good, verdict := a.restorable(pieces)
	if err := a.judged(c.choice, verdict); err != nil {
		return err
	}
	var out strings.Builder
	for _, p := range pieces[:good] {
		out.WriteString(p.Out)
	}
	for _, v := range a.checkTool(c, out.String()) {
		if err := a.judged(c.choice, &v); err != nil {
			return err
		}
	}
	return a.put(a.sink.event(dialect.Event{Choice: c.choice, Tool: &dialect.ToolDelta{Index: c.index, ID: c.id, Name: c.name, Arguments: out.String()}}))
}

// checkTool says what is wrong with a tool call: against the tool as it was
// offered, against what the integration may do with it, and where its arguments
// come from.
func (a *answer) checkTool(c *toolCall, args string) (found []guard.Verdict) {
	if args == "" {
		args = "{}"
	}
	i := slices.IndexFunc(a.t.asked.Tools, func(t dialect.ToolSpec) bool { return t.Name == c.name })
	if i >= 0 && !fits(a.t.asked.Tools[i].Parameters, args) {
		found = append(found, guard.Verdict{Action: guard.Block, Reason: "tool_arguments_invalid", Rule: "tool.schema", Score: 1})
	}
	if allowed := a.t.caller.Tools; allowed != nil {
		own, ok := allowed[c.name]
		if !ok || !fits(string(own), args) {
			found = append(found, guard.Verdict{Action: guard.Block, Reason: "tool_not_allowed", Rule: "tool.allowed", Score: 1})
		}
	}
	if where := a.p.foreign(c.released.String()); where != "" {
		found = append(found, guard.Verdict{Action: guard.Flag, Reason: "tool_arguments_untrusted", Rule: "tool.untrusted", Where: where, Score: 0.5})
	}
	for i := range found {
		if found[i].Where == "" {
			found[i].Where = "answer"
		}
	}
	return found
}

// fits reports whether arguments obey a schema. A schema that cannot be read
// lets nothing pass.
func fits(raw, args string) bool {
	s, err := schema.Compile([]byte(raw))
	return err == nil && s.Check([]byte(args)) == nil
}

// foreignLetters is the shortest text that tells where an argument comes from.
const foreignLetters = 5

// foreign returns the place of an untrusted text that a tool's arguments repeat,
// while nobody who is trusted said the same; "" for none.
func (p *prompt) foreign(args string) string {
	letters := sync.OnceValue(func() (all []string) {
		for _, piece := range p.pieces {
			all = append(all, lettersOf(piece.Text))
		}
		return all
	})
	for _, text := range texts(args) {
		if text = lettersOf(text); len(text) < foreignLetters {
			continue
		}
		where, said := "", false
		for i, piece := range p.pieces {
			if !strings.Contains(letters()[i], text) {
				continue
			}
			switch piece.Origin {
			case guard.System, guard.Operator, guard.User:
				said = true
			default:
				where = piece.Where
			}
		}
		if where != "" && !said {
			return where
		}
	}
	return ""
}

// lettersOf returns the letters and figures of a text, folded: case, accents and
// what stands between hide nothing.
func lettersOf(text string) string {
	var b strings.Builder
	for _, r := range text {
		if unicode.IsLetter(r) || unicode.IsNumber(r) {
			b.WriteString(guard.Folded(r))
		}
	}
	return b.String()
}

// texts returns the strings, names and numbers of a JSON value, and those of
// JSON that stands in a string.
func texts(raw string) []string {
	d := json.NewDecoder(strings.NewReader(raw))
	d.UseNumber()
	var v any
	if d.Decode(&v) != nil {
		return nil
	}
	var out []string
	var walk func(any)
	walk = func(v any) {
		switch v := v.(type) {
		case json.Number:
			out = append(out, v.String())
		case string:
			out = append(out, v)
			if s := strings.TrimSpace(v); strings.HasPrefix(s, "{") || strings.HasPrefix(s, "[") {
				out = append(out, texts(s)...)
			}
		case []any:
			for _, e := range v {
				walk(e)
			}
		case map[string]any:
			for k, e := range v {
				out = append(out, k)
				walk(e)
			}
		}
	}
	walk(v)
	slices.Sort(out)
	return out
}
