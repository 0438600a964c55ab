package mask

import (
	"strings"
	"testing"
)

// ruleFor returns the rule that masks a value standing alone in a text, "" if none does.
func ruleFor(t *testing.T, value string) string {
	t.Helper()
	p := shared.Open(NewVault(VaultOptions{}))
	if _, err := p.Hide("x " + value + " y"); err != nil {
		t.Fatal(err)
	}
	for _, s := range p.Spans() {
		if s.Start == 2 && s.End == 2+len(value) {
			return s.Rule
		}
	}
	return ""
}

// TestChecksNoticeEveryWrongDigit changes one digit at a time. These checks are made to notice that.
func TestChecksNoticeEveryWrongDigit(t *testing.T) {
	for rule, values := range map[string]string{
		"iban": `DE89370400440532013000 AT611904300234573201 CH9300762011623852957 FR1420041010050500013M02606
			NL91ABNA0417164300 ES9121000418450200051332 IT60X0542811101000000123456 PL61109010140000071219812874
			SE4550000000058398257466 GB29NWBK60161331926819 BE68539007547034 MT84MALT011000012345MTLCAST001S`,
		"card": "4111111111111111 5555555555554444 378282246310005 6011111111111117 3530111333300000",
		"vat": `ATU13585627 DE136695976 DK13585628 EL094259216 FI20774740 HR33392005961 IT00743110157 LU15027442
			PL8567346215 SK2022749619`,
	} {
		for _, value := range strings.Fields(values) {
			if got := ruleFor(t, value); got != rule {
				t.Errorf("%s is found by %q, not %s", value, got, rule)
			}
			for i := 4; i < len(value); i++ {
				if !isDigit(value[i]) {
					continue
				}
				wrong := value[:i] + string('0'+(value[i]-'0'+1)%10) + value[i+1:]
				if got := ruleFor(t, wrong); got == rule {
					t.Errorf("%s passes as %s", wrong, rule)
				}
			}
		}
	}
}

// TestEveryIBANCountryHasAPossibleLength guards the table against slips.
func TestEveryIBANCountryHasAPossibleLength(t *testing.T) {
	if len(ibanLength) < 100 {
		t.Errorf("only %d countries", len(ibanLength))
	}
	for country, n := range ibanLength {
		if n < 15 || n > 34 {
			t.Errorf("%s: %d", country, n)
		}
	}
}
