package mask

// The check digits of VAT numbers, country by country, as the tax offices and the Commission's VIES pages publish
// them. Each takes the number without its country code, in the form that vatFormats asks for.

import "strings"

// weighted returns a check that the digits times the weights sum to want modulo m.
func weighted(weights string, m, want int) func(string) bool {
	return func(body string) bool { return weigh(body, weights)%m == want }
}

// weigh sums the digits of s times the digits of weights.
func weigh(s, weights string) (sum int) {
	for i := range len(weights) {
		sum += int(s[i]-'0') * int(weights[i]-'0')
	}
	return sum
}

// weighBy is weigh for weights above nine.
func weighBy(s string, weights ...int) (sum int) {
	for i, w := range weights {
		sum += int(s[i]-'0') * w
	}
	return sum
}

func number(s string) (n int) {
	for i := range len(s) {
		n = n*10 + int(s[i]-'0')
	}
	return n
}

func last(s string) int { return int(s[len(s)-1] - '0') }

func digitsLuhn(s string) bool { return luhn([]byte(s)) }

// vatISO7064 is MOD 11,10, used by Germany and Croatia.
func vatISO7064(s string) bool {
	p := 10
	for i := range len(s) - 1 {
		sum := (int(s[i]-'0') + p) % 10
		if sum == 0 {
			sum = 10
		}
		p = 2 * sum % 11
	}
	return (11-p)%10 == last(s)
}

// vatAT adds 4, doubles every second digit and sums the digits of that.
func vatAT(s string) bool {
	sum := 4
	for i := 1; i < 8; i++ {
		d := int(s[i] - '0')
		if i%2 == 0 {
			d = d/5 + d*2%10
		}
		sum += d
	}
	return (10-sum%10)%10 == last(s)
}

// vatBE: the last two digits are 97 minus the others modulo 97.
func vatBE(s string) bool { return 97-number(s[:8])%97 == number(s[8:]) }

// vatBG checks companies (nine digits) and persons, by any of the three rules for them.
func vatBG(s string) bool {
	if len(s) == 9 {
		check := weigh(s, "12345678") % 11
		if check == 10 {
			check = weighBy(s, 3, 4, 5, 6, 7, 8, 9, 10) % 11 % 10
		}
		return check == last(s)
	}
	other := 11 - weigh(s, "432765432")%11
	return weighBy(s, 2, 4, 8, 5, 10, 9, 7, 3, 6)%11%10 == last(s) ||
		weighBy(s, 21, 19, 17, 13, 11, 9, 7, 3, 1)%10 == last(s) || other != 10 && other%11 == last(s)
}

// vatCY replaces every second digit by the Treasury's table; the letter counts from A.
func vatCY(s string) bool {
	sum := 0
	for i := range 8 {
		d := int(s[i] - '0')
		if i%2 == 0 {
			d = [...]int{1, 0, 5, 7, 9, 13, 15, 17, 19, 21}[d]
		}
		sum += d
	}
	return s[:2] != "12" && int(s[8]-'A') == sum%26
}

// vatCZ checks companies (eight digits) and persons (ten, from 1954 on).
func vatCZ(s string) bool {
	if len(s) == 10 {
		return number(s)%11 == 0 || number(s[:9])%11 == 10 && last(s) == 0
	}
	check := 11 - weigh(s, "8765432")%11
	return s[0] != '9' && check%10 == last(s)
}

// vatEL weighs by powers of two.
func vatEL(s string) bool {
	sum := 0
	for i := range 8 {
		sum += int(s[i]-'0') << (8 - i)
	}
	return sum%11%10 == last(s)
}

const dniLetters = "TRWAGMYFPDXBNJZSQVHLCKE"

// vatES checks persons (DNI, NIE) and companies (CIF).
func vatES(s string) bool {
	first := s[0]
	switch {
	case isDigit(first):
		return dniLetters[number(s[:8])%23] == s[8]
	case first == 'X' || first == 'Y' || first == 'Z':
		return isLetter(s[8]) && dniLetters[(int(first-'X')*10_000_000+number(s[1:8]))%23] == s[8]
	case strings.IndexByte("KLM", first) >= 0:
		return isLetter(s[8]) && dniLetters[number(s[1:8])%23] == s[8]
	case strings.IndexByte("ABCDEFGHJNPQRSUVW", first) < 0:
		return false
	}
	sum := 0
	for i := 1; i < 8; i++ {
		d := int(s[i] - '0')
		if i%2 == 1 {
			d = d*2/10 + d*2%10
		}
		sum += d
	}
	check := (10 - sum%10) % 10
	return s[8] == byte('0'+check) || s[8] == "JABCDEFGHI"[check]
}

func vatFI(s string) bool {
	check := (11 - weighBy(s, 7, 9, 10, 5, 8, 4, 2)%11) % 11
	return check == last(s)
}

// vatFR checks the key of a numeric number; a key with letters has no public check, the SIREN behind it has.
func vatFR(s string) bool {
	if !digitsLuhn(s[2:]) && s[2:5] != "356" {
		return false
	}
	return !isDigit(s[0]) || !isDigit(s[1]) || (12+3*(number(s[2:])%97))%97 == number(s[:2])
}

// vatIE: the check letter comes before a second letter, which counts nine times.
func vatIE(s string) bool {
	sum := weigh(s, "8765432")
	if len(s) == 9 && s[8] != 'W' {
		sum += 9 * int(s[8]-'A'+1)
	}
	return "WABCDEFGHIJKLMNOPQRSTUV"[sum%23] == s[7]
}

// vatLT weighs by 1 to 9 in a circle, and once more from 3 where that gives 10.
func vatLT(s string) bool {
	n := len(s) - 1
	check := 0
	for i := range n {
		check += int(s[i]-'0') * (1 + i%9)
	}
	if check %= 11; check == 10 {
		check = 0
		for i := range n {
			check += int(s[i]-'0') * (1 + (i+2)%9)
		}
		check = check % 11 % 10
	}
	return check == last(s)
}

// vatLV checks companies; a person's number has no public check, but begins with a date.
func vatLV(s string) bool {
	if s[0] < '4' {
		day, month := number(s[:2]), number(s[2:4])
		return s[:2] == "32" || 1 <= day && day <= 31 && 1 <= month && month <= 12
	}
	sum := weighBy(s, 9, 1, 4, 8, 3, 10, 2, 5, 7, 6) % 11
	switch {
	case sum == 4 && s[0] == '9':
		return (sum-45)%11 == last(s)
	case sum > 4:
		return 14-sum == last(s)
	}
	return sum != 4 && 3-sum == last(s)
}

// vatLU: the last two digits are the others modulo 89.
func vatLU(s string) bool { return number(s[:6])%89 == number(s[6:]) }

// vatNL checks the old numbers by their weights and those of sole traders since 2020 modulo 97.
func vatNL(s string) bool {
	sum := 0
	for i := range 8 {
		sum += int(s[i]-'0') * (9 - i)
	}
	if sum%11 == int(s[8]-'0') {
		return true
	}
	// As an IBAN: N=23, L=21, B=11.
	return (number("2321"+s[:9])%97*10000+number("11"+s[10:]))%97 == 1
}

// vatMT: the last two digits fill the weighted sum up to 37.
func vatMT(s string) bool { return 37-weigh(s, "346789")%37 == number(s[6:]) }

func vatPL(s string) bool { return weigh(s, "657234567")%11 == last(s) }

// vatPT weighs from 9 down, modulo 11.
func vatPT(s string) bool {
	check := 11 - weigh(s, "98765432")%11
	if check > 9 {
		check = 0
	}
	return check == last(s)
}

// vatRO fills up to ten digits on the left.
func vatRO(s string) bool {
	s = strings.Repeat("0", 10-len(s)) + s
	return weigh(s, "753217532")*10%11%10 == last(s)
}

// vatSE is Luhn over the organisation number; 01 follows.
func vatSE(s string) bool { return luhn([]byte(s[:10])) }

// vatSI: 11 is impossible, 10 is 0.
func vatSI(s string) bool {
	check := 11 - weigh(s, "8765432")%11
	return s[0] != '0' && check != 11 && check%10 == last(s)
}

func vatSK(s string) bool { return number(s)%11 == 0 }

// vatGB checks modulo 97, by the old and the new rule; branches add three digits, GD and HA have none.
func vatGB(s string) bool {
	if !isDigit(s[0]) {
		return true
	}
	sum := weigh(s, "8765432") + number(s[7:9])
	return sum%97 == 0 || (sum+55)%97 == 0
}

// vatCH is modulo 11 over the enterprise number (UID).
func vatCH(s string) bool {
	check := (11 - weigh(s, "54327654")%11) % 11
	return check == int(s[8]-'0')
}

// vatNO is modulo 11 over the organisation number.
func vatNO(s string) bool {
	check := (11 - weigh(s, "32765432")%11) % 11
	return check == int(s[8]-'0')
}
