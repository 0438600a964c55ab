package mask

import _ "embed"

var (
	//go:embed data/brands.txt
	brandFile string
	// brandNames holds the words of brands that are named as people are, by the first.
	brandNames = newCountryNames(brandFile)
)

// longestBrand is how many words a brand has at most.
const longestBrand = 4

// inBrand says whether word i is part of the name of a brand, which has a capital.
func inBrand(v *view, i int) bool {
	for k := i; k >= 0 && i-k < longestBrand; k-- {
		if v.words[k].shape&firstUpper == 0 {
			continue
		}
		for _, name := range brandNames.at(&v.words[k]) {
			if k+len(name) > i && brandAt(v, k, name) {
				return true
			}
		}
	}
	return false
}

// brandAt says whether the words of a name stand at word k, near each other.
func brandAt(v *view, k int, name []uint64) bool {
	if k+len(name) > len(v.words) {
		return false
	}
	for n, h := range name {
		w := v.words[k+n]
		if w.hash != h && w.stem != h || n > 0 && w.start-v.words[k+n-1].end > 3 {
			return false
		}
	}
	return true
}
