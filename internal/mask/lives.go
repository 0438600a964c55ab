package mask

import "strings"

// lives masks the street behind a word such as "live" or "address" at word i, whatever it is called: I live at 37
// Some Name, meine Adresse ist Mohrenweide 37.
func (a *addresser) lives(i int) bool {
	k := i + 1
	for k < len(a.v.words) && k-i <= 4 && a.v.words[k].on(livesFiller) && !a.capital(k) && calm(a.gap(k)) {
		k++
	}
	if k >= len(a.v.words) || !calm(a.gap(k)) {
		return false
	}
	end := k
	switch {
	case a.houseNumber(k):
		end = a.capitals(k+1) - 1
		for end > k+1 && a.v.words[end].on(flatWords) {
			end-- // its number follows
		}
		if end == k || strings.ContainsAny(a.gap(k+1), ".,;:") {
			return false
		}
	case a.capital(k):
		number := a.capitals(k)
		if number >= len(a.v.words) || !a.houseNumber(number) || len(a.gap(number)) > 2 || strings.ContainsAny(a.gap(number), "\n;:.") {
			return false
		}
		end = a.numberEnd(number)
	default:
		return false
	}
	a.whole(k, end, "street-said")
	return true
}

// calm says whether a phrase goes on over what stands between two words.
func calm(gap string) bool { return len(gap) <= 3 && !strings.ContainsAny(gap, ".!?;,") }

// capitals returns the word behind a run of words with capitals, and particles between them, that begins at word k.
func (a *addresser) capitals(k int) int {
	end := k
	for j := k; j < len(a.v.words) && j-k < 6 && (j == k || joinsStreet(a.gap(j)) && !(a.gap(j) == ". " && len(a.text(j-1)) > 3)); j++ {
		if a.capital(j) {
			end = j + 1
		} else if !a.v.words[j].on(particles) && !a.v.words[j].on(townParticles) {
			break
		}
	}
	return end
}
