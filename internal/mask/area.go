package mask

import "strings"

// area masks an estate, a hamlet or the like at word i, with what belongs to it, if a postcode with a town follows, or a
// street: Lieu-dit Kerbihan, 56400 Brec'h; Zona Industriale Lotto 14, 24040 Osio.
func (a *addresser) area(i int) bool {
	end := a.areaEnd(i)
	if end == i {
		return false
	}
	end = a.units(end)
	if end+1 < len(a.v.words) && a.gap(end+1) == " " && a.houseNumber(end+1) && a.postcodeEnd(end+1) < 0 {
		end = a.units(end + 1)
	}
	next := end + 1
	if next+1 >= len(a.v.words) || !strings.ContainsAny(a.gap(next), ",\n") || !addressGap(a.gap(next)) {
		return false
	}
	if from, to := a.place(next); to > from && (a.postcodeEnd(from) >= 0 || militaryTowns[a.text(from)]) && !a.v.words[to].on(countedThings) {
		a.whole(i, end, "area")
		a.above(i)
		return true
	}
	for k := next; k < len(a.v.words) && k-next < 4 && (k == next || joinsStreet(a.gap(k))); k++ {
		if first, last := a.street(k); last >= 0 && first <= next+1 {
			a.mask(i, end, "area", 70)
			a.done = end + 1
			a.report(first, last)
			return true
		}
	}
	return false
}

// areaEnd returns the last word of the name behind the word for an area at word i, i if there is none.
func (a *addresser) areaEnd(i int) int {
	end := i
	for k := i + 1; k < len(a.v.words) && k-i <= 6 && (joinsStreet(a.gap(k)) && (a.gap(k) != ". " || len(a.text(k-1)) <= 4)); k++ {
		w := a.v.words[k]
		switch {
		case w.on(flatWords) && k > i+1:
			return end
		case a.capital(k) || w.shape.digits() && k == i+1:
			end = k
		case w.on(particles) || w.on(streetInside) || a.v.words[i].hash == lieuHash && k == i+1:
		default:
			return end
		}
	}
	return end
}

// areaBefore returns the first word of an area that stands, with a comma behind it, in front of word first; else first.
func (a *addresser) areaBefore(first int) int {
	if first-1 <= a.done || !strings.ContainsAny(a.gap(first), ",\n") || !addressGap(a.gap(first)) {
		return first
	}
	for k := first - 1; k >= a.done && first-k <= 6; k-- {
		if a.v.words[k].on(areaWords) && a.capital(k) && a.areaEnd(k) >= first-1 {
			return k
		}
		if gap := a.gap(k); !joinsStreet(gap) {
			return first
		}
	}
	return first
}

var (
	areaWords = listOf(streetLists["area"] + " lieu")
	// militaryTowns stand for the town in addresses of American soldiers.
	militaryTowns = exactly("APO FPO DPO")
	lieuHash      = hashWord("lieu")
	// countedThings stand behind a number that is no postcode.
	countedThings = listOf("stück teile watt euro pixel stunden meter gramm seiten jahre tage pieces parts pixels hours pages years days stuks delen pièces morceaux heures piezas pezzi sztuk stycken delar")
)
