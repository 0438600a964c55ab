package mask

import (
	"errors"
	"runtime"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// hostile are texts made of one thing over and over, each of them bad for some naive matcher.
var hostile = map[string]string{
	"digits":      "7",
	"digit pairs": "12 ",
	"phones":      "0170 1234567 ",
	"bad phones":  "0999 9999999 ",
	"at":          "@",
	"addresses":   "a@b.",
	"brackets":    "[",
	"openers":     "[PERSON ",
	"half marks":  "PERSON_",
	"braces":      "{",
	"quotes":      `"`,
	"fields":      `"email":"`,
	"serialized":  `s:5:"email";s:`,
	"backslashes": `\`,
	"escapes":     `\\\u00fc`,
	"percent":     "%25",
	"entities":    "&amp;",
	"ampersands":  "&",
	"marks":       "e\u0301\u0301\u0301",
	"only marks":  "\u0301",
	"invisible":   "\u200b",
	"broken":      "\xff",
	"colons":      "a:",
	"equals":      "=",
	"urls":        "http://a:",
	"queries":     "://?a=",
	"greetings":   "Hallo ",
	"names":       "Anna ",
	"streets":     "Hauptstr. ",
	"numbers":     "5 ",
	"cards":       "4111-",
	"ibans":       "DE89 ",
	"dots":        "1.",
	"letters":     "a",
	"keys":        "eyJ",
	"private":     "-----BEGIN PRIVATE KEY",
	"spelled at":  "a at b dot ",
	"services":    "stripe twilio key token secret AKIA0 a1b2c3d4e5f6 ",
	"facts":       "I am 42 born 3 May 1980 ",
	"houses":      "12 Some ",
	"segments":    "5 Main St, ",
	"base64":      "QUJDREVGR0hJSktM",
	"base64s":     "d3JpdGUgdG8gYW5uYQ== ",
	"units":       "5 Main St Apt. 5, 3rd floor, ",
	"areas":       "Zona Industriale Lotto ",
	"small":       "rosenweg 3 in 79098 ",
	"hosts":       "my a-b-c.org ",
	"labels":      "attn Anna ",
	"homes":       "my Abbey Road 5 at ",
	"firms":       "Muster & ",
	"sentences":   "my Austria ",
	"employers":   "I work at Some ",
	"flats":       "Flat 5, ",
	"lines":       "Some Hill\nM9 4RQ\n",
	"avenues":     "rue de Some, ",
	"ids":         "passport 12-34-",
	"id letters":  "AB 12 ",
}

// TestTimeIsLinear compares the time for a text with that for one eight times as long. Anything quadratic
// would take sixty-four times as long.
func TestTimeIsLinear(t *testing.T) {
	m := New(Options{})
	for name, unit := range hostile {
		t.Run(name, func(t *testing.T) {
			small := strings.Repeat(unit, 6_000/len(unit))
			big := strings.Repeat(unit, 48_000/len(unit))
			a, b := hideTime(t, m, small), hideTime(t, m, big)
			for range 4 { // on a busy machine one measurement says little
				if b <= 24*a {
					break
				}
				a, b = max(a, hideTime(t, m, small)), min(b, hideTime(t, m, big))
			}
			if ratio := float64(b) / float64(a); ratio > 24 && b > 100*time.Millisecond {
				t.Errorf("%v for %d bytes, %v for %d: ratio %.1f", a, len(small), b, len(big), ratio)
			}
		})
	}
}

// threadTime is the processor time of this thread: what else the machine does is no property of a text.
func threadTime() time.Duration {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &t); err != nil {
		panic(err)
	}
	return time.Duration(t.Nano())
}

// hideTime returns the best of three times to study, hide and restore a text.
func hideTime(t *testing.T, m *Masker, text string) time.Duration {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	best := time.Hour
	for range 3 {
		v := NewVault(VaultOptions{})
		p := m.Open(v)
		p.Seed(known...)
		start := threadTime()
		p.Study(text)
		masked, err := p.Hide(text)
		if err != nil && !errors.Is(err, ErrVaultFull) && !errors.Is(err, ErrTooManyPeople) {
			t.Fatal(err)
		}
		v.Restore(masked.String(), Plain)
		v.Restore(text, Plain)
		best = min(best, threadTime()-start)
	}
	return best
}

// TestLongHostileTextsAreBounded runs a megabyte of the worst of them. The
// bound is for the race detector on a busy machine; TestTimeIsLinear
// judges the slope.
func TestLongHostileTextsAreBounded(t *testing.T) {
	m := New(Options{MaxText: 16 << 20})
	for _, name := range []string{"digits", "at", "brackets", "braces", "bad phones"} {
		start := time.Now()
		_, err := m.Open(NewVault(VaultOptions{})).Hide(strings.Repeat(hostile[name], 1_000_000/len(hostile[name])))
		if err != nil && !errors.Is(err, ErrVaultFull) {
			t.Fatal(err)
		}
		if took := time.Since(start); took > 20*time.Second {
			t.Errorf("%s: %v for 1 MB", name, took)
		} else {
			t.Logf("%s: %v", name, took)
		}
	}
}
