package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"
)

// tell prints the story for a person.
func (s *story) tell(w io.Writer) {
	section(w, "You typed", s.Typed)
	for _, m := range s.trace.ModelSaw {
		section(w, "The model saw ("+m.Role+")", m.Content)
	}
	if s.Refusal != nil {
		section(w, fmt.Sprintf("Not answered (%d, %s)", s.Refusal.Status, s.Refusal.Code), s.Refusal.Message)
	} else {
		section(w, "The model said", s.ModelSaid)
		section(w, "You get", s.Returned)
	}
	section(w, "Verdicts", s.verdicts())
	section(w, "Flow", s.flow())
	section(w, "Entry", s.entry())
	section(w, "Proof", s.proof())
}

func section(w io.Writer, title, text string) {
	if text == "" {
		text = "(nothing)"
	}
	fmt.Fprintf(w, "%s\n  %s\n\n", title, strings.ReplaceAll(harmless(strings.TrimSpace(text)), "\n", "\n  "))
}

// harmless replaces what a terminal would obey instead of show: a model, or a
// customer's text, may hold any bytes.
func harmless(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return unicode.ReplacementChar
		}
		return r
	}, text)
}

func (s *story) verdicts() string {
	if len(s.Verdicts) == 0 {
		return "none: nothing looked wrong"
	}
	var lines []string
	for _, v := range s.Verdicts {
		line := fmt.Sprintf("%s: %s, %s", v.Side, v.Action, v.Reason)
		if v.Rule != "" {
			line += " (rule " + v.Rule + ")"
		}
		if v.Where != "" {
			line += " at " + v.Where
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

func (s *story) flow() string {
	if s.Entry.Intent < 0 {
		return "nothing flowed: the call was stopped before an engine was asked"
	}
	what := "no personal data found"
	if len(s.Flow.Categories) > 0 {
		var parts []string
		for typ, n := range s.Flow.Categories {
			parts = append(parts, fmt.Sprintf("%d %s", n, typ))
		}
		slices.Sort(parts)
		what = strings.Join(parts, ", ") + ", each as a placeholder"
	}
	text := fmt.Sprintf("%s\nto %s on %s, zone %s", what, s.Flow.Model, s.Flow.Engine, s.Flow.Zone)
	if len(s.Flow.Denied) > 0 {
		text += fmt.Sprintf("\nkept back for this purpose: %s", strings.Join(s.Flow.Denied, ", "))
	}
	return text
}

func (s *story) entry() string {
	if s.Entry.Index < 0 {
		return "none"
	}
	d := s.Entry.Data
	text := fmt.Sprintf("#%d, %s", s.Entry.Index, d.Outcome)
	if s.Entry.Intent >= 0 {
		text += fmt.Sprintf("; its intent is #%d", s.Entry.Intent)
	}
	if d.Tokens != nil {
		text += fmt.Sprintf("; %d + %d tokens", d.Tokens.Prompt, d.Tokens.Completion)
	}
	return text + fmt.Sprintf("; %d ms", d.Millis)
}

func (s *story) proof() string {
	if !s.Proof.Verified {
		return "NOT proved: " + s.Proof.Error
	}
	return fmt.Sprintf("verified: the entry is in the signed log of %d entries", s.Proof.Size)
}
