package mask

import (
	_ "embed"
	"strings"
)

// The word lists are small data files with words of eight languages; they hold our own choice.
var (
	//go:embed data/common.txt
	commonList string
	//go:embed data/particles.txt
	particleList string
	//go:embed data/titles.txt
	titleList string
	//go:embed data/notnames.txt
	notNameList string

	//go:embed data/cities.txt
	cityList string

	commonWords = exactly(commonList, particleList) // names that are also words: never masked alone
	particles   = listOf(wordList(particleList))    // van, de la, af: lower-case words inside names
	titles      = listOf(wordList(titleList))       // Herr, Mme, Dr.: in front of names
	notNames    = listOf(wordList(notNameList))     // capitalised words that follow a greeting and are no names
)

// exactly returns the words of lists as they are, for comparisons that must not fold Doe into do.
func exactly(lists ...string) map[string]bool {
	set := map[string]bool{}
	for _, list := range lists {
		for _, w := range strings.Fields(wordList(list)) {
			set[w] = true
		}
	}
	return set
}

// enterCities notes of towns how many digits in a row postcodes have there.
func enterCities(list string) {
	for line := range strings.Lines(wordList(list)) {
		for _, town := range strings.Fields(line[1:]) {
			entryFor(hashWord(town)).digits = line[0] - '0'
		}
	}
}

// wordList drops comment lines.
func wordList(file string) string {
	var b strings.Builder
	for line := range strings.Lines(file) {
		if !strings.HasPrefix(line, "#") {
			b.WriteString(line)
		}
	}
	return b.String()
}
