package attacks

import (
	"embed"
	"fmt"
	"hash/fnv"
	"io/fs"
	"math/rand/v2"
	"strings"

	"ringfence/internal/guard"
)

//go:embed data/*.txt
var data embed.FS

// template is a line that stands for many texts.
type template struct {
	text     string
	kind     string // attack or harmless
	what     string // direct, indirect; user, shop
	language string
}

// own reads the templates written for this repository.
func own() (out []template, lists map[string][]string) {
	lists = map[string][]string{}
	files, err := fs.Glob(data, "data/*.txt")
	if err != nil {
		panic(err) // a fault of the build
	}
	for _, name := range files {
		raw, err := data.ReadFile(name)
		if err != nil {
			panic(err) // it is in the program
		}
		var head template
		list := ""
		for line := range strings.Lines(string(raw)) {
			line = strings.TrimRight(line, "\n")
			w := strings.Fields(line)
			switch {
			case line == "" || strings.HasPrefix(line, "# "):
			case strings.HasPrefix(line, "= "):
				list = w[1]
			case strings.HasPrefix(line, "+ "):
				list, head = "", template{kind: w[1], what: w[2], language: "en"}
				if len(w) > 3 {
					head.language = w[3]
				}
			case list != "":
				lists[list] = append(lists[list], line)
			default:
				t := head
				t.text = line
				out = append(out, t)
			}
		}
	}
	return out, lists
}

// Own writes up to each texts from every template of this repository.
func Own(each int, seed uint64) (out []Family) {
	templates, lists := own()
	at := map[string]int{}
	for _, t := range templates {
		if t.kind == "task" { // see composed
			continue
		}
		key := fmt.Sprintf("own %s %s %s", t.kind, t.what, t.language)
		if _, ok := at[key]; !ok {
			at[key] = len(out)
			out = append(out, Family{Name: key, Source: "own", Attack: t.kind == "attack", Origin: originOf(t.what), Language: t.language, Technique: t.what})
		}
		f := &out[at[key]]
		for _, s := range t.texts(lists, each, seed) {
			f.Texts, f.seeds = append(f.Texts, s), append(f.seeds, t.text)
		}
	}
	shop := Family{Name: "own harmless long en", Source: "own", Origin: guard.Document, Language: "en", Technique: "long"}
	asked := Family{Name: "own harmless long asked en", Source: "own", Origin: guard.User, Language: "en", Technique: "user"}
	return append(out, long(shop, "shop", out, 20*each, seed), long(asked, "user", out, 20*each, seed))
}

// Folds is how many parts texts are put into, to train on all but one.
const Folds = 3

// long puts harmless texts together to longer ones: what is rare in a sentence is
// common in a page. Their texts come from a few templates of one part, and they
// lie in that part themselves.
func long(f Family, technique string, families []Family, n int, seed uint64) Family {
	var all [Folds][][]string // part, template: texts
	var of [Folds]string      // a template of each part
	at := map[string]int{}
	for _, from := range families {
		if from.Attack || from.Technique != technique || from.Language != f.Language {
			continue
		}
		for i, t := range from.Texts {
			k := from.Fold(i, Folds)
			if strings.ContainsFunc(t, func(r rune) bool { return r >= 0x80 }) {
				continue // English stands beside other languages in some families, never in a text
			}
			g, ok := at[from.seeds[i]]
			if !ok {
				g = len(all[k])
				at[from.seeds[i]] = g
				all[k] = append(all[k], nil)
			}
			all[k][g], of[k] = append(all[k][g], t), from.seeds[i]
		}
	}
	r := rand.New(rand.NewPCG(seed, 99))
	for len(f.Texts) < n {
		var b strings.Builder
		k := len(f.Texts) % Folds
		few := r.Perm(len(all[k]))[:min(6, len(all[k]))]
		for range 2 + r.IntN(10) {
			texts := all[k][few[r.IntN(len(few))]]
			b.WriteString(texts[r.IntN(len(texts))] + []string{" ", "\n", "\n\n"}[r.IntN(3)])
		}
		f.Texts, f.seeds = append(f.Texts, b.String()), append(f.seeds, of[k])
	}
	return f
}

// Fold puts a text of the family into one of n parts: texts of one template, or
// that begin alike, into the same.
func (f *Family) Fold(text, n int) int { return int(f.Group(text) % uint32(n)) }

// Group is the same for texts of one template, or that begin alike.
func (f *Family) Group(text int) uint32 {
	seed := Begin(f.Texts[text])
	if f.seeds != nil {
		seed = f.seeds[text]
	}
	h := fnv.New32a()
	h.Write([]byte(seed))
	return h.Sum32()
}

// Begin is what two copies of a text have in common.
func Begin(text string) string {
	var b strings.Builder
	for _, w := range strings.Fields(strings.ToLower(text)) {
		if b.Len() > 60 {
			break
		}
		b.WriteString(w)
	}
	return b.String()
}

func originOf(what string) guard.Origin {
	if what == "indirect" {
		return guard.Review
	}
	return guard.User
}

// written turns marks of templates into what they stand for: a line break, and
// the braces of what is no choice.
var written = strings.NewReplacer(`\n`, "\n", "\x00", "{", "\x01", "}")

// texts writes up to n different texts of a template.
func (t template) texts(lists map[string][]string, n int, seed uint64) (out []string) {
	h := fnv.New64a()
	h.Write([]byte(t.text))
	r := rand.New(rand.NewPCG(seed, h.Sum64()))
	seen := map[string]bool{}
	for range 2 * n {
		s := strings.TrimSpace(written.Replace(expand(t.text, lists, r)))
		if !seen[s] && len(out) < n {
			seen[s] = true
			out = append(out, s)
		}
	}
	return out
}

// expand writes one text: a choice of each {a|b}, a line of each $list.
func expand(s string, lists map[string][]string, r *rand.Rand) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '{':
			parts, end := alternatives(s, i)
			b.WriteString(expand(parts[r.IntN(len(parts))], lists, r))
			i = end
		case '$':
			end := i + 1
			for end < len(s) && 'a' <= s[end] && s[end] <= 'z' {
				end++
			}
			list := lists[s[i+1:end]]
			if len(list) == 0 { // a sum of money
				b.WriteByte('$')
				continue
			}
			b.WriteString(expand(list[r.IntN(len(list))], lists, r))
			i = end - 1
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

// alternatives cuts the choice that begins at start, and returns where it ends.
// Braces without a partner or a bar are text.
func alternatives(s string, start int) (parts []string, end int) {
	depth, from := 0, start+1
	for i := start; i < len(s); i++ {
		switch s[i] {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				parts = append(parts, s[from:i])
				if len(parts) == 1 {
					parts[0] = "\x00" + parts[0] + "\x01"
				}
				return parts, i
			}
		case '|':
			if depth == 1 {
				parts = append(parts, s[from:i])
				from = i + 1
			}
		}
	}
	return []string{s[start:]}, len(s)
}
