package corpora

import "strings"

// Rewrite returns the text with every part rewritten, and the spans where they are then.
func (d Doc) Rewrite(as func(string) string) Doc {
	out := Doc{Source: d.Source, Language: d.Language}
	at := 0
	for _, s := range d.Spans {
		if s.Start < at {
			continue
		}
		out.Text += as(d.Text[at:s.Start])
		start := len(out.Text)
		out.Text += as(d.Text[s.Start:s.End])
		out.Spans = append(out.Spans, Span{start, len(out.Text), s.Type})
		at = s.End
	}
	out.Text += as(d.Text[at:])
	return out
}

// Lower writes as people do in chats.
func Lower(s string) string { return strings.ToLower(s) }

// Upper writes in capitals.
func Upper(s string) string { return strings.ToUpper(s) }

// Plain leaves out the diacritics of our languages.
func Plain(s string) string { return plain.Replace(s) }

var plain = func() *strings.Replacer {
	const with, without = "áàâäãåąćčçďéèêëęěíìîïłńňñóòôöõøőřśšťúùûüůűýżźž", "aaaaaaacccdeeeeeeiiiilnnnooooooorsstuuuuuuyzzz"
	pairs := []string{"ß", "ss"}
	letters := []rune(without)
	for i, r := range []rune(with) {
		pairs = append(pairs, string(r), string(letters[i]), strings.ToUpper(string(r)), strings.ToUpper(string(letters[i])))
	}
	return strings.NewReplacer(pairs...)
}()
