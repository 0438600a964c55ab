package mask

import (
	"strings"

	"github.com/nyaruka/phonenumbers"
)

// region is a country whose numbers may be written without country code.
type region struct {
	code  string
	call  int    // calling code
	trunk string // what is dialled before the area code inside the country, mostly 0
}

// newRegions looks up countries; a code nobody knows is left out.
func newRegions(codes []string) (regions []region) {
	for _, code := range codes {
		code = strings.ToUpper(code)
		if call := phonenumbers.GetCountryCodeForRegion(code); call != 0 {
			regions = append(regions, region{code, call, phonenumbers.GetNddPrefixForRegion(code, true)})
		}
	}
	return regions
}

// international reads digits that begin with a calling code.
func international(digits string) string {
	for n := 1; n <= 3 && n < len(digits); n++ {
		call := atoi(digits[:n])
		if !callingCodes[call] {
			continue
		}
		national := digits[n:]
		if call != 39 { // only Italy dials its zero from abroad
			national = strings.TrimPrefix(national, "0")
		}
		return validPhone(call, national)
	}
	return ""
}

var callingCodes = phonenumbers.GetSupportedCallingCodes()

// national reads digits as dialled inside a country. Where nothing is dialled before the area code, digits
// alone say little: there they need a label or the usual spacing.
func (r *region) national(digits string, sure bool) string {
	switch {
	case r.call == 39 && (digits[0] == '0' && len(digits) >= 9 || sure):
		return validPhone(r.call, digits)
	case r.trunk == "0" && digits[0] == '0':
		return validPhone(r.call, digits[1:])
	case r.trunk == "0" || !sure || digits[0] == '0':
		return ""
	case r.trunk != "" && strings.HasPrefix(digits, r.trunk) && r.call != 1:
		return validPhone(r.call, digits[len(r.trunk):])
	}
	return validPhone(r.call, digits)
}

// validPhone asks the number plan and returns the number in E.164, or nothing.
func validPhone(call int, national string) string {
	if len(national) < 4 || len(national) > 15 {
		return ""
	}
	n := phonenumbers.PhoneNumber{}
	code, number := int32(call), uint64(0)
	for _, d := range []byte(national) {
		number = number*10 + uint64(d-'0')
	}
	n.CountryCode, n.NationalNumber = &code, &number
	if national[0] == '0' {
		zero, zeros := true, int32(len(national)-len(strings.TrimLeft(national, "0")))
		n.ItalianLeadingZero, n.NumberOfLeadingZeros = &zero, &zeros
	}
	if !phonenumbers.IsValidNumber(&n) {
		return ""
	}
	return phonenumbers.Format(&n, phonenumbers.E164)
}
