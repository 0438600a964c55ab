package proof_test

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"ringfence/proof"
)

// The examples of RFC 8785, sections 3.2.2 and 3.2.3.
func TestCanonicalRFCExamples(t *testing.T) {
	cases := map[string]string{
		`{
		  "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
		  "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
		  "literals": [null, true, false]
		}`: `{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],` +
			`"string":"€$\u000f\nA'B\"\\\\\"/"}`,
		`{
		  "\u20ac": "Euro Sign",
		  "\r": "Carriage Return",
		  "\ufb33": "Hebrew Letter Dalet With Dagesh",
		  "1": "One",
		  "\ud83d\ude00": "Emoji: Grinning Face",
		  "\u0080": "Control",
		  "\u00f6": "Latin Small Letter O With Diaeresis"
		}`: "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u0080\":\"Control\"," +
			"\"ö\":\"Latin Small Letter O With Diaeresis\",\"€\":\"Euro Sign\"," +
			"\"😀\":\"Emoji: Grinning Face\",\"\ufb33\":\"Hebrew Letter Dalet With Dagesh\"}",
	}
	for in, want := range cases {
		got, err := proof.Canonical([]byte(in))
		if err != nil || string(got) != want {
			t.Errorf("Canonical(%s)\n got %s, %v\nwant %s", in, got, err, want)
		}
	}
}

// The finite numbers of RFC 8785, appendix B: IEEE 754 bits and the text they must have.
func TestCanonicalRFCNumbers(t *testing.T) {
	for bits, want := range map[uint64]string{
		0x0000000000000000: "0",
		0x8000000000000000: "0",
		0x0000000000000001: "5e-324",
		0x8000000000000001: "-5e-324",
		0x7fefffffffffffff: "1.7976931348623157e+308",
		0xffefffffffffffff: "-1.7976931348623157e+308",
		0x4340000000000000: "9007199254740992",
		0xc340000000000000: "-9007199254740992",
		0x4430000000000000: "295147905179352830000",
		0x44b52d02c7e14af5: "9.999999999999997e+22",
		0x44b52d02c7e14af6: "1e+23",
		0x44b52d02c7e14af7: "1.0000000000000001e+23",
		0x444b1ae4d6e2ef4e: "999999999999999700000",
		0x444b1ae4d6e2ef4f: "999999999999999900000",
		0x444b1ae4d6e2ef50: "1e+21",
		0x3eb0c6f7a0b5ed8c: "9.999999999999997e-7",
		0x3eb0c6f7a0b5ed8d: "0.000001",
		0x41b3de4355555553: "333333333.3333332",
		0x41b3de4355555554: "333333333.33333325",
		0x41b3de4355555555: "333333333.3333333",
		0x41b3de4355555556: "333333333.3333334",
		0x41b3de4355555557: "333333333.33333343",
		0xbecbf647612f3696: "-0.0000033333333333333333",
		0x43143ff3c1cb0959: "1424953923781206.2",
	} {
		f := math.Float64frombits(bits)
		long := fmt.Sprintf("%.40e", f)
		if got, err := proof.Canonical([]byte(long)); err != nil || string(got) != want {
			t.Errorf("Canonical(%s) = %s, %v; want %s", long, got, err, want)
		}
		if got, err := proof.Canonical([]byte(want)); err != nil || string(got) != want {
			t.Errorf("Canonical(%s) = %s, %v; want it unchanged", want, got, err)
		}
	}
}

func TestCanonicalRefuses(t *testing.T) {
	for in, why := range map[string]string{
		``:                        "ends early",
		`{`:                       "a string expected",
		`{"a":1,"a":2}`:           "twice",
		`{"a":1,"\u0061":2}`:      "twice",
		`{"a" 1}`:                 "':' expected",
		`{"a":1 "b":2}`:           "',' or '}' expected",
		`[1 2]`:                   "',' or ']' expected",
		`[1,]`:                    "no JSON value",
		`"\ud800"`:                "surrogate",
		`"\ud800x"`:               "surrogate",
		`"\ud800\u0041"`:          "surrogate",
		`"\udc00"`:                "surrogate",
		`"\x"`:                    "escape",
		`"\`:                      "does not end",
		`"a`:                      "does not end",
		"\"\n\"":                  "control character",
		"\"\xff\"":                "UTF-8",
		`01`:                      "more than one",
		`-`:                       "no JSON value",
		`.5`:                      "no JSON value",
		`5.`:                      "digit",
		`1e`:                      "digit",
		`1e999`:                   "range",
		`9007199254740993`:        "loses digits",
		`1152921504606846976`:     "loses digits", // 2^60 is exact, but its canonical digits are 1152921504606847000
		`nul`:                     "no such word",
		`NaN`:                     "no JSON value",
		`1 2`:                     "more than one",
		strings.Repeat("[", 5000): "nested",
	} {
		if out, err := proof.Canonical([]byte(in)); err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("Canonical(%.40q) = %s, %v; want an error about %q", in, out, err, why)
		}
	}
}

func TestCanonicalKeepsExactIntegers(t *testing.T) {
	for in, want := range map[string]string{
		"9007199254740992": "9007199254740992", "1000000000000000000000": "1e+21", "-0": "0", "-17": "-17",
	} {
		if got, err := proof.Canonical([]byte(in)); err != nil || string(got) != want {
			t.Errorf("Canonical(%s) = %s, %v; want %s", in, got, err, want)
		}
	}
}

// The order of names must be that of their UTF-16 code units, whatever they are.
func TestCanonicalOrderIsUTF16(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	alphabet := []rune{'a', 'b', 'é', '\uD7FF', '\uE000', '\uFFFF', '\U00010000', '\U0001F600', '\U0010FFFF'}
	for range 300 {
		object := map[string]int{}
		for range 8 {
			name := ""
			for range random.IntN(4) {
				name += string(alphabet[random.IntN(len(alphabet))])
			}
			object[name] = 1
		}
		in, _ := json.Marshal(object)
		out, err := proof.Canonical(in)
		if err != nil {
			t.Fatal(err)
		}
		if names := namesInOrder(out); !sortedByUnits(names) {
			t.Fatalf("not in UTF-16 order: %q", names)
		}
	}
}

func FuzzCanonical(f *testing.F) {
	for _, seed := range []string{`{"b":[1,2.5e-7,"\ud83d\ude00"],"a":null}`, `"\u001f\u2028"`, `-0.0`, `[[],{}]`, `{"a":1,"a":1}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		out, err := proof.Canonical(in)
		if err != nil {
			return
		}
		again, err := proof.Canonical(out)
		if err != nil || string(again) != string(out) {
			t.Fatalf("Canonical(%q) = %q, again = %q, %v", in, out, again, err)
		}
		var before, after any
		if err := json.Unmarshal(in, &before); err != nil {
			t.Fatalf("accepted %q, which encoding/json refuses: %v", in, err)
		}
		if err := json.Unmarshal(out, &after); err != nil || !reflect.DeepEqual(before, after) {
			t.Fatalf("%q means %v, %q means %v (%v)", in, before, out, after, err)
		}
	})
}
