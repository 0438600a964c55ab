package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"ringfence/internal/audit"
	"ringfence/proof"
)

// writerEnv holds the directory of the log when this program is to be the writer that gets killed.
const writerEnv = "RINGFENCE_AUDIT_WRITER"

const killedWriters = 32

// writeUntilKilled appends from 32 goroutines and reports each acknowledged entry, after the fact, on
// standard output. It never ends by itself.
func writeUntilKilled(dir string) {
	l, err := audit.Open(audit.Options{Dir: dir, Origin: origin})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	var group sync.WaitGroup
	for range killedWriters {
		group.Go(func() {
			for {
				r, err := l.Append(context.Background(), proof.TypeIntent, "cust:8f3a", sampleCall())
				if err != nil {
					fmt.Fprintln(os.Stderr, err)
					os.Exit(1)
				}
				fmt.Fprintf(os.Stdout, "%d %s\n", r.Index, r.ID) // one write to a pipe: whole or not at all
			}
		})
	}
	group.Wait()
}

// crashes is what the rounds are checked against: everything ever acknowledged, every checkpoint seen.
type crashes struct {
	dir     string
	acks    map[int64]string
	heads   []proof.Checkpoint
	entries int64 // in the log after the last round

	unsigned, torn int64
	proofs         int
	recovery       []time.Duration
}

// killRounds starts a writer, kills it with SIGKILL at a random moment, and checks the log, again and again
// on the same log. It returns an error at the first acknowledged entry that is not where it should be.
func killRounds(out io.Writer, dir string, rounds int) error {
	c := &crashes{dir: filepath.Join(dir, "audit"), acks: map[int64]string{}}
	for round := range rounds {
		if err := c.round(); err != nil {
			return fmt.Errorf("round %d: %w", round, err)
		}
	}
	report, err := audit.Verify(context.Background(), c.dir, audit.VerifyOptions{})
	if err != nil || report.Verdict != audit.OK {
		return fmt.Errorf("after %d rounds the log is %s: %+v, %w", rounds, report.Verdict, report.Problems, err)
	}
	slices.Sort(c.recovery)
	fmt.Fprintf(out, "%d rounds of kill -9 with %d writers: %d entries acknowledged, 0 lost, 0 moved, no index twice\n", rounds, killedWriters, len(c.acks))
	fmt.Fprintf(out, "%d entries in the log (the rest were durable, but the writer died before it could say so), verdict %s\n", report.Size, report.Verdict)
	fmt.Fprintf(out, "%d entries were not signed when the writer died, %d bytes were torn; %d consistency proofs between %d checkpoints hold\n", c.unsigned, c.torn, c.proofs, len(c.heads))
	fmt.Fprintf(out, "opening after a kill: median %v, worst %v\n", c.recovery[len(c.recovery)/2].Round(100*time.Microsecond), c.recovery[len(c.recovery)-1].Round(100*time.Microsecond))
	return nil
}

func (c *crashes) round() error {
	if err := c.killOne(); err != nil {
		return err
	}
	if err := c.noteHead(); err != nil { // as the kill left it
		return err
	}
	start := time.Now()
	l, err := audit.Open(audit.Options{Dir: c.dir, Origin: origin})
	if err != nil {
		return fmt.Errorf("the log does not open: %w", err)
	}
	c.recovery = append(c.recovery, time.Since(start))
	found := l.Recovery()
	c.unsigned, c.torn = c.unsigned+found.Unsigned, c.torn+int64(found.TornBytes)
	if err := l.Close(); err != nil {
		return err
	}
	if err := c.noteHead(); err != nil {
		return err
	}
	return c.check()
}

// killOne runs a writer until it is killed and collects what it reported.
func (c *crashes) killOne() error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	writer := exec.Command(self)
	writer.Env = append(os.Environ(), writerEnv+"="+c.dir)
	writer.Stderr = os.Stderr
	pipe, err := writer.StdoutPipe()
	if err != nil {
		return err
	}
	if err := writer.Start(); err != nil {
		return err
	}
	kill := time.AfterFunc(time.Duration(30+rand.IntN(300))*time.Millisecond, func() { _ = writer.Process.Kill() })
	defer kill.Stop()
	err = c.collect(pipe)
	var ended *exec.ExitError
	if waitErr := writer.Wait(); err == nil && (!errors.As(waitErr, &ended) || ended.Exited()) {
		err = fmt.Errorf("the writer ended by itself: %w", waitErr)
	}
	return err
}

func (c *crashes) collect(pipe io.Reader) error {
	lines := bufio.NewScanner(pipe)
	for lines.Scan() {
		var index int64
		var id string
		if _, err := fmt.Sscan(lines.Text(), &index, &id); err != nil {
			return fmt.Errorf("the writer said %q", lines.Text())
		}
		if other, twice := c.acks[index]; twice {
			return fmt.Errorf("index %d was given to %s and to %s", index, other, id)
		}
		c.acks[index] = id
	}
	return lines.Err()
}

// noteHead remembers the checkpoint that is on disk, if the writer lived long enough to make a log.
func (c *crashes) noteHead() error {
	tiles, err := c.tiles()
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	c.heads = append(c.heads, tiles.Head())
	return nil
}

func (c *crashes) tiles() (*proof.Tiles, error) {
	text, err := os.ReadFile(filepath.Join(c.dir, "key.pub"))
	if err != nil {
		return nil, err
	}
	key, err := proof.ParseKey(strings.TrimSpace(string(text)))
	if err != nil {
		return nil, err
	}
	return proof.OpenTiles(os.DirFS(c.dir), key)
}

// check looks for every entry acknowledged in this round, and proves that the log continues every earlier
// one: an earlier entry cannot have changed then.
func (c *crashes) check() error {
	tiles, err := c.tiles()
	if err != nil {
		return err
	}
	found := 0
	index := c.entries
	for stored, err := range tiles.Entries(index, tiles.Head().Size) {
		if err != nil {
			return err
		}
		entry, err := proof.ParseEntry(stored)
		if err != nil {
			return err
		}
		if id, acknowledged := c.acks[index]; acknowledged {
			if found++; id != entry.ID {
				return fmt.Errorf("entry %s was acknowledged at index %d, where %s is", id, index, entry.ID)
			}
		}
		index++
	}
	for at := range c.acks {
		if at >= index {
			return fmt.Errorf("entry %d was acknowledged, but the log ends before %d", at, index)
		}
	}
	c.entries = index
	return c.checkHeads(tiles)
}

func (c *crashes) checkHeads(tiles *proof.Tiles) error {
	for _, before := range c.heads {
		path, err := tiles.Consistency(before.Size)
		if err != nil {
			return err
		}
		if err := proof.VerifyConsistency(before, tiles.Head(), path); err != nil {
			return err
		}
		c.proofs++
	}
	return nil
}
