package mask

// The check digits and dates of the numbers that states give people, as their authorities publish them. Each
// takes the number without its separators, in capitals, in the form its rule asks for.

import "strings"

// idSteuer is the German tax number of persons: among its first ten digits one comes twice or three times, no
// other more than once.
func idSteuer(s string) bool {
	var count [10]int
	for i := range 10 {
		count[s[i]-'0']++
	}
	repeated := 0
	for _, n := range count {
		switch {
		case n > 3:
			return false
		case n > 1:
			repeated++
		}
	}
	return s[0] != '0' && repeated == 1 && vatISO7064(s)
}

// idNIR is the French social insurance number; the departments of Corsica have letters.
func idNIR(s string) bool {
	s = strings.Replace(strings.Replace(s, "2A", "19", 1), "2B", "18", 1)
	if countDigits(s) != 15 || strings.IndexByte("12378", s[0]) < 0 || number(s[3:5]) == 0 || number(s[3:5]) > 12 && number(s[3:5]) < 20 {
		return false
	}
	return 97-number(s[:13])%97 == number(s[13:])
}

func idBSN(s string) bool { return number(s) > 9_999_999 && (weigh(s, "98765432")-last(s))%11 == 0 }

const letterOfDNI = "TRWAGMYFPDXBNJZSQVHLCKE"

func idDNI(s string) bool { return letterOfDNI[number(s[:8])%23] == s[8] }

func idNIE(s string) bool {
	first := strings.IndexByte("XYZ", s[0])
	return first >= 0 && letterOfDNI[(first*10_000_000+number(s[1:8]))%23] == s[8]
}

// idFiscale is the Italian codice fiscale. Where two people would have the same, digits give way to letters.
func idFiscale(s string) bool {
	const odd = "\x01\x00\x05\x07\x09\x0d\x0f\x11\x13\x15\x02\x04\x12\x14\x0b\x03\x06\x08\x0c\x0e\x10\x0a\x16\x19\x18\x17"
	sum := 0
	for i := range 15 {
		v := int(s[i])
		if isDigit(s[i]) {
			v -= '0'
		} else {
			v -= 'A'
		}
		if !isDigit(s[i]) && !fiscaleLetter(i, s[i]) {
			return false
		}
		if i%2 == 0 {
			v = int(odd[v])
		}
		sum += v
	}
	return byte('A'+sum%26) == s[15]
}

// fiscaleLetter says whether a letter may stand at a place.
func fiscaleLetter(i int, b byte) bool {
	switch i {
	case 6, 7, 9, 10, 12, 13, 14:
		return strings.IndexByte("LMNPQRSTUV", b) >= 0
	case 8:
		return strings.IndexByte("ABCDEHLMPRST", b) >= 0
	}
	return true
}

func idPESEL(s string) bool {
	month := number(s[2:4]) % 20
	return weigh(s, "13791379131")%10 == 0 && 1 <= month && month <= 12 && isDayOfMonth(s[4:6])
}

// idDowod is the Polish identity card: three letters, a check digit, five digits.
func idDowod(s string) bool {
	sum := 0
	for i, w := range [9]int{7, 3, 1, 9, 7, 3, 1, 7, 3} {
		if i < 3 {
			sum += w * int(s[i]-'A'+10)
		} else {
			sum += w * int(s[i]-'0')
		}
	}
	return sum%10 == 0
}

// idPersonnummer takes ten or twelve digits; in a number of co-ordination the day is 60 more.
func idPersonnummer(s string) bool {
	s = s[len(s)-10:]
	day := number(s[4:6])
	return digitsLuhn(s) && isMonth(s[2:4]) && (1 <= day && day <= 31 || 61 <= day && day <= 91)
}

func idSVNR(s string) bool {
	sum := weigh(s[:3], "379") + weigh(s[4:], "584216")
	return sum%11 == int(s[3]-'0') && isDayOfMonth(s[4:6]) && isMonth(s[6:8])
}

// idRijksregister is the Belgian number; for those born since 2000 a two goes in front.
func idRijksregister(s string) bool {
	n, check := number(s[:9]), number(s[9:])
	return (97-n%97 == check || 97-(2_000_000_000+n)%97 == check) && number(s[2:4]) <= 52 && number(s[4:6]) <= 31
}

func idNIF(s string) bool { return strings.IndexByte("12356789", s[0]) >= 0 && vatPT(s) }

// idCPR is the Danish number. Since 2007 not all have a check digit.
func idCPR(s string) bool { return isDayOfMonth(s[:2]) && isMonth(s[2:4]) }

func idCPRChecked(s string) bool { return idCPR(s) && weigh(s, "4327654321")%11 == 0 }

func idHetu(s string) bool {
	return isDayOfMonth(s[:2]) && isMonth(s[2:4]) && "0123456789ABCDEFHJKLMNPRSTUVWXY"[(number(s[:6])*1000+number(s[6:9]))%31] == s[9]
}

func idFodselsnummer(s string) bool {
	return isMonth(s[2:4]) && weigh(s, "3761894521")%11 == 0 && weigh(s, "54327654321")%11 == 0
}

// idAHV is the Swiss number, which has the check digit of a bar code.
func idAHV(s string) bool { return strings.HasPrefix(s, "756") && weigh(s, "1313131313131")%10 == 0 }

// idRodne is the Czech and Slovak number; the months of women are 50 more.
func idRodne(s string) bool {
	month := number(s[2:4]) % 50 % 20
	return 1 <= month && month <= 12 && isDayOfMonth(s[4:6]) && (len(s) == 9 || number(s)%11 == 0)
}

func idNINO(s string) bool {
	switch s[:2] {
	case "BG", "GB", "NK", "KN", "TN", "NT", "ZZ":
		return false
	}
	return strings.IndexByte("DFIQUV", s[0]) < 0 && strings.IndexByte("DFIQUVO", s[1]) < 0 && s[8] <= 'D'
}

func idNHS(s string) bool { return weighBy(s, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1)%11 == 0 }

// idSSN is the American number: no area 000, 666 or from 900, no group 00, no serial 0000.
func idSSN(s string) bool {
	area := number(s[:3])
	return area != 0 && area != 666 && area < 900 && s[3:5] != "00" && s[5:] != "0000"
}

// idBritishLicence: five of the family name, the date of birth, initials.
func idBritishLicence(s string) bool {
	month := number(s[6:8]) % 50
	return 1 <= month && month <= 12 && isDayOfMonth(s[8:10])
}

func idPPS(s string) bool {
	sum := weigh(s, "8765432")
	if len(s) == 9 {
		sum += int(s[8]-'A'+1) * 9
	}
	return "WABCDEFGHIJKLMNOPQRSTUV"[sum%23] == s[7]
}

// parcelUPU is the number of the postal services on a parcel: two letters, nine digits, a country.
func parcelUPU(s string) bool {
	check := 11 - weigh(s[2:], "86423597")%11
	switch check {
	case 10:
		check = 0
	case 11:
		check = 5
	}
	return check == int(s[10]-'0')
}

// parcelUPS: behind 1Z fifteen letters and digits and their check digit.
func parcelUPS(s string) bool {
	sum := 0
	for i := range 15 {
		v := int(s[2+i] - '0')
		if !isDigit(s[2+i]) {
			v = int(s[2+i]-'A'+2) % 10
		}
		if i%2 == 1 {
			v *= 2
		}
		sum += v
	}
	return isDigit(s[17]) && (10-sum%10)%10 == last(s)
}

func isMonth(s string) bool { return "01" <= s && s <= "12" }

func isDayOfMonth(s string) bool { return "01" <= s && s <= "31" }
