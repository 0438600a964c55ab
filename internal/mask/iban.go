package mask

import "strings"

// ibanLength is the length of each country's account number, from the SWIFT IBAN registry, release 99, and
// the countries that use the format without being in it.
var ibanLength = lengths(`AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22
	DJ27 DK18 DO28 EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23
	IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30
	NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25
	SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30
	AO25 BF28 BJ28 CF27 CG27 CI28 CM27 CV25 DZ26 GA27 GQ27 GW25 IR26 KM27 MA28 MG27 ML28 MZ25 NE28 SN28 TD27
	TG28`)

func lengths(list string) map[[2]byte]int {
	m := map[[2]byte]int{}
	for _, f := range strings.Fields(list) {
		m[[2]byte{f[0], f[1]}] = int(f[2]-'0')*10 + int(f[3]-'0')
	}
	return m
}

// iban judges the account number whose letters begin at token and whose digits begin at i.
func (sc *scanner) iban(token, i int) {
	if i-token != 2 || i < sc.doneTo[byIBAN] || !sc.wordStarts(token) {
		return
	}
	want := ibanLength[[2]byte{sc.s[token] &^ 0x20, sc.s[token+1] &^ 0x20}]
	if want == 0 {
		return
	}
	var number [34]byte
	end := sc.gather(token, number[:want])
	if end == 0 || !sc.wordEnds(end) {
		return
	}
	switch {
	case mod97(number[:want]) == 1:
		sc.found(byIBAN, token, end, IBAN, "iban", 99, string(number[:want]))
	case strings.Contains(strings.ToLower(sc.s[max(0, token-16):token]), "iban"):
		sc.found(byIBAN, token, end, IBAN, "iban-labelled", 80, string(number[:want]))
	}
}

// gather reads len(into) letters and digits at i, in upper case, over the separators people put between
// groups: spaces, a line break, hyphens, dots. It returns where they end, 0 if there are not enough.
func (sc *scanner) gather(i int, into []byte) int {
	n, gap := 0, 0
	for ; i < len(sc.s); i++ {
		switch b := sc.s[i]; {
		case isAlnum(b):
			if isLetter(b) {
				b &^= 0x20
			}
			into[n] = b
			n++
			gap = 0
			if n == len(into) {
				return i + 1
			}
		case isSpace(b) || b == '-' || b == '.' || b == '_' || b == '/':
			if gap++; gap > 3 {
				return 0
			}
		default:
			return 0
		}
	}
	return 0
}

// mod97 is the check of ISO 7064 as ISO 13616 uses it: the first four characters go last.
func mod97(number []byte) int {
	sum := 0
	for k := range number {
		b := number[(k+4)%len(number)]
		if isDigit(b) {
			sum = (sum*10 + int(b-'0')) % 97
		} else {
			sum = (sum*100 + int(b-'A') + 10) % 97
		}
	}
	return sum
}
