package main

import (
	"bufio"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"

	"ringfence/bench/attacks"
)

// writeWords writes the list of English words that the guard parts and corrects
// words with: those of our own templates, and those that two sources or more of
// the English corpora share; but none that texts in other languages have, too,
// unless English ones have it more often. So names, slips and codes do not get in.
func writeWords(file string, families []attacks.Family) error {
	sources := map[string]map[string]bool{}
	english, foreign := map[string]int{}, map[string]int{}
	for _, f := range families {
		source, _, _ := strings.Cut(f.Source, " ")
		times, counts := english, f.Source != "wikiann" && f.Source != "composed"
		if f.Language != "en" {
			times, counts = foreign, false
		}
		for _, t := range f.Texts {
			for _, w := range englishWord.FindAllString(strings.ToLower(t), -1) {
				if times[w]++; !counts {
					continue
				}
				if sources[w] == nil {
					sources[w] = map[string]bool{}
				}
				sources[w][source] = true
			}
		}
	}
	var words []string
	for w, in := range sources {
		if len(w) <= longestEnglish && english[w] > 2*foreign[w] && (len(in) > 1 || in["own"] && foreign[w] == 0) && (len(w) > 2 || len(in) >= 6) && strings.ContainsAny(w, "aeiouy") {
			words = append(words, w)
		}
	}
	slices.Sort(words)
	return writeList(file, words)
}

// longestEnglish are the letters of the longest word that is looked for.
const longestEnglish = 16

var englishWord = regexp.MustCompile(`[a-z]{2,}`)

func writeList(file string, words []string) error {
	out, err := os.Create(file)
	if err != nil {
		return err
	}
	defer out.Close()
	b := bufio.NewWriter(out)
	fmt.Fprint(b, "# English words: those of our own templates (bench/attacks/data), and those that two sources of the English corpora\n# share. Made by go run ./bench/guard -corpora DIR -words internal/guard/english.txt\n")
	line := 0
	for _, w := range words {
		switch line += len(w) + 1; {
		case line > 118:
			fmt.Fprint(b, "\n")
			line = len(w) + 1
		case line > len(w)+1:
			fmt.Fprint(b, " ")
		}
		fmt.Fprint(b, w)
	}
	fmt.Fprint(b, "\n")
	return b.Flush()
}
