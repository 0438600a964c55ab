package guard

import (
	"strconv"
	"testing"
	"testing/synctest"
	"time"
)

func TestProbingIsSlowedThenStoppedThenForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := NewMemory(MemoryOptions{})
		var reasons []string
		for range 40 {
			s := m.Before("subject a", "conversation b")
			if s.Reason == "" {
				m.Add(0.9, Block, "subject a", "conversation b")
			}
			if len(reasons) == 0 || reasons[len(reasons)-1] != s.Reason {
				reasons = append(reasons, s.Reason)
			}
			if s.Reason == ProbingSlowed {
				if s.Wait <= 0 || s.Wait > 3*time.Minute {
					t.Fatalf("wait %v", s.Wait)
				}
				time.Sleep(s.Wait)
			}
			if s.Reason == ProbingStopped {
				break
			}
		}
		if len(reasons) < 3 || reasons[0] != "" || reasons[1] != ProbingSlowed || reasons[len(reasons)-1] != ProbingStopped {
			t.Fatalf("%q", reasons)
		}
		s := m.Before("", "subject a")
		if s.Reason != ProbingStopped || m.Before("subject b", "conversation c").Reason != "" {
			t.Fatalf("%+v, and another: %+v", s, m.Before("subject b"))
		}
		time.Sleep(s.Wait + time.Second)
		if s := m.Before("subject a"); s.Reason == ProbingStopped {
			t.Errorf("still stopped after its time: %+v", s)
		}
		time.Sleep(3 * time.Hour)
		if s := m.Before("subject a"); s.Reason != "" {
			t.Errorf("remembered for hours: %+v", s)
		}
	})
}

func TestScoresAddUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := NewMemory(MemoryOptions{})
		if got := m.Add(0.1, Allow, "a"); got != 0.1 {
			t.Errorf("a harmless text scores %v", got)
		}
		last := 0.0
		for range 8 {
			got := m.Add(0.45, Allow, "a")
			if got < last || got >= 1 {
				t.Fatalf("%v after %v", got, last)
			}
			last = got
			time.Sleep(time.Second)
		}
		if last < 0.55 {
			t.Errorf("eight odd texts in a row score %v", last)
		}
		if got := m.Add(0.29, Allow, "a"); got != 0.29 {
			t.Errorf("a text that is not odd pays for those before: %v", got)
		}
		time.Sleep(6 * time.Hour)
		if got := m.Add(0.45, Allow, "a"); got > 0.46 {
			t.Errorf("hours later: %v", got)
		}
		if got := m.Add(0.45, Allow, "", ""); got > 0.451 {
			t.Errorf("nobody's text: %v", got)
		}
	})
}

func TestMemoryIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := NewMemory(MemoryOptions{Max: 100})
		for i := range 1000 {
			m.Add(0.5, Flag, "key "+strconv.Itoa(i))
		}
		if len(m.of) > 100 {
			t.Errorf("%d keys", len(m.of))
		}
		for range 6 { // who is heavy stays, however many others come
			m.Add(0.9, Block, "heavy")
		}
		for i := range 1000 {
			m.Add(0.4, Allow, "other "+strconv.Itoa(i))
		}
		if m.Before("heavy").Reason == "" {
			t.Error("an attacker was forgotten for newcomers")
		}
	})
}
