package report

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"sort"
	"strings"

	"ringfence/internal/scan/fact"
)

// transfer is one row of the record of processing: what one component sends to one receiver.
type transfer struct {
	Component, Receiver, Place string
	Data                       []string
	By                         []string
	Surfaces                   []string
}

// Privacy prints a draft for the privacy page and rows for the record of processing activities
// (GDPR Art. 13 and 30). Both say only what the code shows; what stands in brackets a person must fill in.
func Privacy(w io.Writer, r *fact.Report) error {
	b := bufio.NewWriter(w)
	rows := transfers(r)
	fmt.Fprintln(b, "# Draft: artificial intelligence on this site")
	fmt.Fprintln(b, "\nMade from the code of the installed components. Read it, correct it, and have it checked; brackets mark what no code can tell.")
	if len(rows) == 0 {
		fmt.Fprintln(b, "\nNo flow of personal data or visitors' words to an AI service was found in the code. That is no proof that there is none.")
		return b.Flush()
	}
	for _, t := range rows {
		fmt.Fprintf(b, "\n## %s\n\n", Clean(t.Receiver))
		fmt.Fprintf(b, "Through the component %s this site sends %s to %s", Clean(t.Component), join(t.Data), Clean(t.Receiver))
		if t.Place != "" {
			fmt.Fprintf(b, " (%s)", Clean(t.Place))
		}
		fmt.Fprintf(b, ". This happens %s. Purpose: [what for]. Legal basis: [Art. 6(1) GDPR, letter]. The receiver keeps the data for [how long]; "+
			"the contract under Art. 28 GDPR is of [date]", when(t.By))
		if !strings.Contains(t.Place, "EEA") {
			fmt.Fprint(b, "; the transfer to a third country rests on [adequacy decision or standard clauses, Art. 45 or 46 GDPR]")
		}
		fmt.Fprintln(b, ".")
	}
	fmt.Fprintln(b, "\n# Draft: rows for the record of processing activities (Art. 30 GDPR)\n\n| activity | people | data | receiver | place | set off by | kept for | measures |\n|---|---|---|---|---|---|---|---|")
	for _, t := range rows {
		fmt.Fprintf(b, "| %s | customers and visitors | %s | %s | %s | %s | [how long] | [masking, contract, access] |\n",
			cell(t.Component), cell(join(t.Data)), cell(t.Receiver), cell(t.Place), cell(join(t.By)))
	}
	return b.Flush()
}

// transfers groups the findings about data by component and receiver.
func transfers(r *fact.Report) []transfer {
	at := map[string]*transfer{}
	for _, f := range r.Findings {
		if !slices.Contains([]string{"personal-data-to-ai", "visitor-words-to-ai", "untrusted-text-to-ai"}, f.Rule) || f.State == "suppressed" {
			continue
		}
		t := at[f.Component+"\x00"+f.To]
		if t == nil {
			t = &transfer{Component: f.Component, Receiver: toWhom(f), Place: f.Jurisdiction}
			at[f.Component+"\x00"+f.To] = t
		}
		for _, d := range f.Data {
			t.Data = with(t.Data, d)
		}
		t.By = with(t.By, f.Trigger)
	}
	var list []transfer
	for _, t := range at {
		list = append(list, *t)
	}
	sort.Slice(list, func(i, j int) bool {
		return list[i].Component+"\x00"+list[i].Receiver < list[j].Component+"\x00"+list[j].Receiver
	})
	return list
}

func toWhom(f fact.Finding) string {
	if f.Vendor != "" {
		return f.Vendor + " (" + f.To + ")"
	}
	return f.To
}

func with(list []string, s string) []string {
	if s == "" || slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}

func join(list []string) string {
	if n := len(list); n > 1 {
		return strings.Join(list[:n-1], ", ") + " and " + list[n-1]
	}
	return strings.Join(list, "")
}

// when says in a sentence who sets the transfers off.
func when(by []string) string {
	words := map[string]string{"guest": "when anyone uses it on the shop's pages", "customer": "when a customer acts", "user": "when a logged-in user acts",
		"admin": "when staff use it", "cron": "on a schedule", "agent": "when an AI agent asks", "unknown": "[when]"}
	var list []string
	for _, b := range by {
		list = with(list, words[b])
	}
	return join(list)
}

// cell makes a text fit for a cell of a table.
func cell(s string) string { return strings.ReplaceAll(Clean(s), "|", "/") }
