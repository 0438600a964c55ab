package corpora

import "strings"

// tagOf translates the tags of the corpora that mark words.
var tagOf = map[string]string{"PER": Person, "person": Person, "LOC": Place, "location": Place, "ORG": Organisation,
	"corporation": Organisation, "group": Organisation}

// conll reads a word and its tag per line, sentences between blank lines.
func conll(language string) func(name, file string) ([]Doc, error) {
	return func(name, file string) (docs []Doc, err error) {
		s := &sentence{}
		for line := range strings.Lines(file + "\n\n") {
			line = strings.TrimRight(line, "\r\n")
			word, tag, ok := cutWord(line)
			switch {
			case line == "" || line == "\t":
				if s.text.Len() > 0 {
					docs = append(docs, s.doc(name, language))
				}
				s = &sentence{}
			case ok:
				s.word(strings.TrimPrefix(word, language+":"), tag)
			}
		}
		return docs, nil
	}
}

// cutWord reads "word<TAB>tag", "word tag", or a GermEval line "number<TAB>word<TAB>outer<TAB>inner".
func cutWord(line string) (word, tag string, ok bool) {
	parts := strings.Split(line, "\t")
	switch {
	case len(parts) == 4 && parts[0] != "#":
		return parts[1], parts[2], true
	case len(parts) == 2:
		return parts[0], parts[1], true
	case len(parts) == 1:
		word, tag, ok = strings.Cut(line, " ")
		return word, tag, ok
	}
	return "", "", false
}

// sentence puts words together as people write them.
type sentence struct {
	text  strings.Builder
	spans []Span
	last  string // tag
	glue  bool   // no space in front of the next word
	quote bool   // a quotation is open
}

func (s *sentence) word(word, tag string) {
	if word == "''" || word == "``" || word == "'''" {
		word = `"`
	}
	if s.text.Len() > 0 && !s.glue && !s.closes(word) {
		s.text.WriteByte(' ')
	}
	start := s.text.Len()
	s.text.WriteString(word)
	s.glue = word == "(" || word == "[" || word == "„" || word == "@" || word == "#" || word == `"` && !s.quote
	if word == `"` {
		s.quote = !s.quote
	}
	s.mark(start, tag)
}

// closes says whether a token stands close to the one before it.
func (s *sentence) closes(word string) bool {
	return strings.Contains(".,;:!?)]%“…", word) || word == `"` && s.quote || len(word) > 1 && word[0] == '\'' || word == "n't"
}

// mark opens a span at start or lets the last one go on; BIO and IOB1 both read so.
func (s *sentence) mark(start int, tag string) {
	at, kind, ok := strings.Cut(tag, "-")
	typ := tagOf[kind]
	end := s.text.Len()
	switch {
	case !ok || typ == "":
	case at == "I" && s.last == typ && len(s.spans) > 0:
		s.spans[len(s.spans)-1].End = end
	default:
		s.spans = append(s.spans, Span{start, end, typ})
	}
	s.last = typ
}

func (s *sentence) doc(name, language string) Doc {
	return Doc{name, language, s.text.String(), s.spans}
}
