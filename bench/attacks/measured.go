package attacks

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"ringfence/internal/guard"
)

// Measured reads the corpora that are only measured on: nothing was trained on
// them and no threshold chosen by them.
func Measured(dir string) ([]Family, error) {
	var out []Family
	notinject := Family{Name: "NotInject one and two", Source: "notinject", Origin: guard.User, Language: "en"}
	for _, part := range []string{"one", "two"} {
		var rows []struct{ Prompt string }
		if err := decode(&rows, dir, "notinject", "datasets__NotInject_"+part+".json"); err != nil {
			return nil, err
		}
		for _, r := range rows {
			notinject.Texts = append(notinject.Texts, r.Prompt)
		}
	}
	wildguard := Family{Name: "WildGuard benign", Source: "wildguard", Origin: guard.User, Language: "en"}
	var rows []struct{ Prompt string }
	if err := decode(&rows, dir, "wildguard_benign", "datasets__wildguard.json.gz"); err != nil {
		return nil, err
	}
	for _, r := range rows {
		wildguard.Texts = append(wildguard.Texts, r.Prompt)
	}
	risky := Family{Name: "PurpleLlama risky-sounding", Source: "purplellama_benign", Origin: guard.User, Language: "en"}
	var asked []struct {
		Prompt string `json:"mutated_prompt"`
	}
	if err := decode(&asked, dir, "purplellama_benign", "CybersecurityBenchmarks__datasets__mitre_frr__mitre_frr.json.gz"); err != nil {
		return nil, err
	}
	for _, r := range asked {
		risky.Texts = append(risky.Texts, r.Prompt)
	}
	planted, err := bipia(dir)
	return append(append(out, notinject, wildguard, risky), planted...), err
}

// bipia plants its text attacks in its e-mails, at the start, in the middle and
// at the end in turn.
func bipia(dir string) ([]Family, error) {
	raw, err := open(dir, "bipia_train", "benchmark__email__train.jsonl")
	if err != nil {
		return nil, err
	}
	clean := Family{Name: "BIPIA e-mails, clean", Source: "bipia", Origin: guard.Document, Language: "en"}
	for line := range strings.Lines(string(raw)) {
		var row struct{ Context string }
		if err := json.Unmarshal([]byte(line), &row); err != nil {
			return nil, fmt.Errorf("bipia: %w", err)
		}
		clean.Texts = append(clean.Texts, row.Context)
	}
	var kinds map[string][]string
	if err := decode(&kinds, dir, "bipia_train", "benchmark__text_attack_train.json"); err != nil {
		return nil, err
	}
	planted := Family{Name: "BIPIA e-mails, task planted", Source: "bipia", Attack: true, Origin: guard.Document, Language: "en", Technique: "task-like"}
	n := 0
	for _, kind := range slices.Sorted(mapKeys(kinds)) {
		for _, order := range kinds[kind] {
			for _, mail := range clean.Texts {
				planted.Texts = append(planted.Texts, plant(mail, order, n%3))
				n++
			}
		}
	}
	return []Family{clean, planted}, nil
}

func plant(text, order string, place int) string {
	switch lines := strings.Split(text, "\n"); place {
	case 0:
		return order + "\n" + text
	case 1:
		at := len(lines) / 2
		return strings.Join(slices.Insert(lines, at, order), "\n")
	}
	return text + "\n" + order
}
