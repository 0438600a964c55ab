package meter_test

import (
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"ringfence/internal/meter"
)

// refused asserts that err is a LimitError with this reason and returns it.
func refused(t *testing.T, err error, reason string) *meter.LimitError {
	t.Helper()
	var limit *meter.LimitError
	if !errors.As(err, &limit) || limit.Reason != reason {
		t.Fatalf("got error %v, want a LimitError with reason %s", err, reason)
	}
	if limit.Error() == "" {
		t.Error("the refusal has no sentence")
	}
	return limit
}

func reserve(t *testing.T, m *meter.Meter, call string, l meter.Limits, tokens int) *meter.Hold {
	t.Helper()
	h, err := m.Reserve(t.Context(), call, "shop", l, tokens)
	if err != nil {
		t.Fatalf("Reserve(%s, %d tokens): %v", call, tokens, err)
	}
	return h
}

func TestRequestsOfOneMinuteAtOnceThenEvenly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := meter.New(meter.Options{})
		l := meter.Limits{RequestsPerMinute: 30}
		for n := range 30 {
			if err := m.Admit("shop", l); err != nil {
				t.Fatalf("request %d of 30: %v", n+1, err)
			}
		}
		for range 3 {
			e := refused(t, m.Admit("shop", l), meter.ReasonRequests)
			if e.RetryAfter != 2*time.Second {
				t.Fatalf("RetryAfter = %v, want 2s: one of 30 per minute", e.RetryAfter)
			}
			if m.Admit("other", l) != nil {
				t.Fatal("one integration's use counts against another")
			}
			time.Sleep(e.RetryAfter - time.Nanosecond)
			refused(t, m.Admit("shop", l), meter.ReasonRequests)
			time.Sleep(time.Nanosecond)
			if err := m.Admit("shop", l); err != nil {
				t.Fatalf("after waiting as told: %v", err)
			}
		}
	})
}

func TestZeroLimitsAreUnlimited(t *testing.T) {
	m := meter.New(meter.Options{})
	for n := range 1000 {
		if err := m.Admit("shop", meter.Limits{}); err != nil {
			t.Fatal(err)
		}
		reserve(t, m, fmt.Sprint(n), meter.Limits{}, 1<<40)
	}
}

func TestACallLargerThanItsLimitIsToldThatWaitingIsNoUse(t *testing.T) {
	m := meter.New(meter.Options{})
	_, err := m.Reserve(t.Context(), "c", "shop", meter.Limits{TokensPerMinute: 1000}, 1001)
	if e := refused(t, err, meter.ReasonTokens); e.RetryAfter != 0 {
		t.Errorf("RetryAfter = %v, want 0", e.RetryAfter)
	}
	for _, huge := range []int{200_000_000, 1 << 62} {
		_, err = m.Reserve(t.Context(), "c", "shop", meter.Limits{TokensPerMinute: 150_000_000}, huge)
		refused(t, err, meter.ReasonTokens)
	}
	reserve(t, m, "c", meter.Limits{TokensPerMinute: 1000}, 1000)
}

func TestSettle(t *testing.T) {
	l := meter.Limits{TokensPerMinute: 600} // 10 tokens a second
	cases := []struct {
		name     string
		reserved int
		pause    time.Duration // before settling
		settle   []int         // each call after the first must change nothing
		free     int           // what may be reserved right after
		next     time.Duration // RetryAfter for one token more
	}{
		{"exact use", 600, 0, []int{600}, 0, 100 * time.Millisecond},
		{"credit", 600, 0, []int{100}, 500, 100 * time.Millisecond},
		{"credit only once", 600, 0, []int{100, 0, 0}, 500, 100 * time.Millisecond},
		{"debt", 600, 0, []int{650}, 0, 5100 * time.Millisecond},
		{"debt only once", 600, 0, []int{650, 900}, 0, 5100 * time.Millisecond},
		{"never settled stays spent", 600, 0, nil, 0, 100 * time.Millisecond},
		{"what drained meanwhile is no credit", 600, 30 * time.Second, []int{0}, 600, 100 * time.Millisecond},
		{"nothing after the TTL", 600, 2 * time.Minute, []int{0}, 600, 100 * time.Millisecond},
		{"negative use is no use", 600, 0, []int{-50}, 600, 100 * time.Millisecond},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := meter.New(meter.Options{TTL: 90 * time.Second})
				h := reserve(t, m, "first", l, c.reserved)
				time.Sleep(c.pause)
				for _, used := range c.settle {
					h.Settle(used)
				}
				h.Release()
				if c.free > 0 {
					reserve(t, m, "free", l, c.free)
				}
				_, err := m.Reserve(t.Context(), "more", "shop", l, 1)
				if e := refused(t, err, meter.ReasonTokens); e.RetryAfter != c.next {
					t.Errorf("RetryAfter = %v, want %v", e.RetryAfter, c.next)
				}
			})
		})
	}
}

// Whoever reserves much and settles it away later must not get the time in between
// as a second burst.
func TestCreditDoesNotPileUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := meter.Limits{TokensPerMinute: 600}
		m := meter.New(meter.Options{})
		decoy := reserve(t, m, "decoy", l, 600)
		time.Sleep(30 * time.Second)
		reserve(t, m, "burst", l, 300)
		decoy.Settle(0)
		reserve(t, m, "rest", l, 300)
		_, err := m.Reserve(t.Context(), "beyond", "shop", l, 1)
		refused(t, err, meter.ReasonTokens)
	})
}

func TestDebtIsTakenEvenAfterTheTTL(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := meter.Limits{TokensPerMinute: 600}
		m := meter.New(meter.Options{TTL: time.Minute})
		h := reserve(t, m, "long", l, 100)
		time.Sleep(time.Hour)
		h.Settle(700) // 600 more than reserved
		_, err := m.Reserve(t.Context(), "next", "shop", l, 1)
		refused(t, err, meter.ReasonTokens)
	})
}

func TestOneCallIsChargedOnce(t *testing.T) {
	l := meter.Limits{TokensPerMinute: 100}
	m := meter.New(meter.Options{})
	first, retry := reserve(t, m, "c", l, 100), reserve(t, m, "c", l, 100)
	first.Settle(40)
	retry.Settle(0)
	reserve(t, m, "d", l, 60)
	_, err := m.Reserve(t.Context(), "e", "shop", l, 2)
	refused(t, err, meter.ReasonTokens)

	// Once settled, the same id is a new call: it pays again.
	_, err = m.Reserve(t.Context(), "c", "shop", l, 50)
	refused(t, err, meter.ReasonTokens)
}
