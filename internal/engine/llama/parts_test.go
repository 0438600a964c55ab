package llama

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

func TestSlots(t *testing.T) {
	s := newSlots(2)
	take := func(conversation string) lease {
		t.Helper()
		l, err := s.acquire(t.Context(), conversation)
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	a := take("a")
	b := take("b")
	if a.number == b.number || a.reuse || b.reuse {
		t.Errorf("%+v, %+v", a, b)
	}
	ctx, leave := context.WithCancelCause(t.Context())
	leave(errors.New("left"))
	if _, err := s.acquire(ctx, "c"); err == nil || err.Error() != "left" {
		t.Errorf("with no free slot: %v", err)
	}
	s.release(a)
	s.release(b)
	if got := take("b"); got.number != b.number || !got.reuse {
		t.Errorf("b comes back to %+v, was %+v", got, b)
	}
	// a's slot is free, but the conversation without a name owns nothing.
	if got := take(""); got.number != a.number || got.reuse {
		t.Errorf("no conversation: %+v", got)
	}
	s.release(a)
	if got := take("a"); got.reuse {
		t.Error("another prompt went through a's slot, yet its memory would be used")
	}
	s.release(a)
	s.forget()
	if got := take("a"); got.reuse {
		t.Error("a new server remembers nothing")
	}
}

func TestBackoff(t *testing.T) {
	var b backoff
	var delays []time.Duration
	for {
		delay, again := b.next(0)
		if !again {
			break
		}
		delays = append(delays, delay)
	}
	if len(delays) != maxCrashes-1 || !slices.IsSorted(delays) || delays[0] != firstDelay {
		t.Errorf("delays %v", delays)
	}
	if delay, again := b.next(goodLife); !again || delay != firstDelay {
		t.Errorf("after a good life: %v, %v", delay, again)
	}
	for range 100 { // a server that worked once is never given up
		delay, again := b.next(time.Second)
		if !again || delay > maxDelay || delay <= 0 {
			t.Fatalf("after many crashes: %v, %v", delay, again)
		}
	}
}

func TestJournal(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log")
	j, err := openJournal(path)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprint(j, "one\ntw")
	fmt.Fprint(j, "o\n\xff\n"+strings.Repeat("x", 3*maxLine)+"\n")
	if got := j.last(); len(got) != 4 || got[1] != "two" || got[2] != "?" || len(got[3]) != maxLine {
		t.Errorf("rows %q", got)
	}
	for i := range 3000 {
		fmt.Fprintf(j, "%d %s\n", i, strings.Repeat("y", 900))
	}
	j.close()
	fmt.Fprintln(j, "after the end") // must not fail
	if got := j.last(); len(got) != keptRows || got[keptRows-1] != "after the end" {
		t.Errorf("%d rows, the last %q", len(got), got[len(got)-1])
	}
	for _, p := range []string{path, path + ".1"} {
		if info, err := os.Stat(p); err != nil || info.Size() > maxFile+2*maxLine || info.Size() == 0 || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", p, info, err)
		}
	}
}

func TestPhysicalCores(t *testing.T) {
	cpus := fstest.MapFS{}
	for cpu, siblings := range []string{"0,4", "1,5", "2,6", "3,7", "0,4", "1,5", "2,6", "3,7"} {
		cpus[fmt.Sprintf("cpu%d/topology/thread_siblings_list", cpu)] = &fstest.MapFile{Data: []byte(siblings + "\n")}
	}
	if got := physicalCores(cpus); got != 4 {
		t.Errorf("%d cores, want 4", got)
	}
	if got := physicalCores(fstest.MapFS{}); got != 0 {
		t.Errorf("%d cores of an unknown machine", got)
	}
}

// TestFlags: flags that open the server must never be there.
func TestFlags(t *testing.T) {
	args := Options{Model: "m", Dir: "d", Slots: 2, Context: 10, ChatML: true}.arguments()
	for _, never := range []string{
		"--tools", "--agent", "--mcp-servers-config", "--props", "--slots", "--slot-save-path", "--media-path", "--path",
		"--log-prompts-dir", "--mmproj", "--hf-repo", "--model-url", "--lora", "--models-dir", "--verbose", "--port", "--metrics",
	} {
		if slices.Contains(args, never) {
			t.Errorf("%s is there", never)
		}
	}
	for _, needed := range []string{"--offline", "--no-ui", "--no-slots", "--no-cache-prompt", "--cache-ram"} {
		if !slices.Contains(args, needed) {
			t.Errorf("%s is missing", needed)
		}
	}
	if i := slices.Index(args, "--ctx-size"); args[i+1] != "20" {
		t.Errorf("context %s for two slots of 10", args[i+1])
	}
}
