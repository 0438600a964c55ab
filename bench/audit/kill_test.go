package main

import (
	"os"
	"strings"
	"testing"
)

// The test binary is also the writer that gets killed.
func TestMain(m *testing.M) {
	if dir := os.Getenv(writerEnv); dir != "" {
		writeUntilKilled(dir)
	}
	os.Exit(m.Run())
}

// Ten rounds here; `go run ./bench/audit -kill` does 200.
func TestNothingAcknowledgedIsLostByKill(t *testing.T) {
	var out strings.Builder
	if err := killRounds(&out, t.TempDir(), 10); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), "0 lost") {
		t.Error(out.String())
	}
	t.Log(out.String())
}

// The check must see what it is there to see.
func TestKillCheckSeesLoss(t *testing.T) {
	dir := t.TempDir()
	c := &crashes{dir: dir, acks: map[int64]string{}}
	for c.round() == nil && len(c.acks) == 0 { // a kill may come before the first entry
	}
	if len(c.acks) == 0 {
		t.Fatal("nothing was acknowledged")
	}
	c.entries = 0
	if err := c.check(); err != nil {
		t.Fatalf("an intact log: %v", err)
	}
	c.entries, c.acks[0] = 0, "another"
	if err := c.check(); err == nil || !strings.Contains(err.Error(), "at index 0") {
		t.Errorf("a changed entry: %v", err)
	}
	delete(c.acks, 0)
	c.entries, c.acks[1<<40] = 0, "lost"
	if err := c.check(); err == nil || !strings.Contains(err.Error(), "the log ends before") {
		t.Errorf("a lost entry: %v", err)
	}
}

func TestMeasure(t *testing.T) {
	for name, open := range map[string]func(string) (store, error){"ours": openOurs, "plain": openPlain} {
		f, err := measure(t.TempDir(), open, 4, 30_000_000)
		if err != nil || f.rate <= 0 || f.p50 <= 0 || f.p99 < f.p50 {
			t.Errorf("%s: %+v, %v", name, f, err)
		}
	}
}
