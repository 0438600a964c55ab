// Command gateway measures what the gateway adds to a call, beside a bare
// httputil.ReverseProxy in the same interleaved run.
//
// Every server is a process of its own: a fake engine that answers at once, the
// bare proxy, and the gateway, with its log in memory and on disk. CPU per request is
// the server's own, from the kernel's accounting. Rates and percentiles swing
// with the machine; ratios within a round are what to trust, and CPU most of all.
//
//	go run ./bench/gateway [-rounds 5] [-seconds 2] [-dialects]
//
// With -dialects it measures what each wire protocol costs beside OpenAI chat.
package main

import (
	"bufio"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"
)

func main() {
	role := flag.String("role", "", "run as one of the servers (internal)")
	engine := flag.String("engine", "", "address of the fake engine (internal)")
	rounds := flag.Int("rounds", 5, "interleaved rounds; the medians are printed")
	seconds := flag.Float64("seconds", 2, "length of one measurement")
	dialects := flag.Bool("dialects", false, "measure the dialects against each other instead")
	flag.Parse()
	if *role != "" {
		check(serveAs(*role, *engine))
		return
	}
	b := &bench{rounds: *rounds, span: time.Duration(*seconds * float64(time.Second))}
	defer b.stop()
	fmt.Printf("%s, %s, %d cores, %d rounds of %v per cell, medians; x = median of the rounds' ratios to the first row\n\n",
		time.Now().UTC().Format(time.DateOnly), runtime.Version(), runtime.NumCPU(), b.rounds, b.span)
	if *dialects {
		b.dialects()
		return
	}
	b.start()
	b.plain()
	b.conversations()
	b.streams()
	b.steady()
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench/gateway:", err)
		os.Exit(1)
	}
}

// roadAlone is the gateway with its entries kept in memory. Masking and guards
// cannot be taken out of it (no stage can be skipped), so what they cost shows
// between this and a prompt of two characters.
const roadAlone = "gateway, log in memory"

// target is one server under measurement.
type target struct {
	name, url, key string
	speech         speech
	process        *exec.Cmd
}

type bench struct {
	rounds  int
	span    time.Duration
	engine  *target
	targets []*target // the first is bare
}

func (b *bench) start() {
	b.engine = spawn("engine", "")
	for _, name := range []string{"bare", roadAlone, "gateway, all stages"} {
		b.targets = append(b.targets, spawn(name, strings.TrimPrefix(b.engine.url, "http://")))
	}
}

func (b *bench) stop() {
	for _, t := range append(b.targets, b.engine) {
		if t != nil {
			t.process.Process.Kill()
			t.process.Wait()
		}
	}
}

// spawn starts this program as a server; its first line is its URL and key.
func spawn(role, engine string) *target {
	self, err := os.Executable()
	check(err)
	cmd := exec.Command(self, "-role", role, "-engine", engine)
	cmd.Stderr = os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	out, err := cmd.StdoutPipe()
	check(err)
	check(cmd.Start())
	line, err := bufio.NewReader(out).ReadString('\n')
	check(err)
	url, key, _ := strings.Cut(strings.TrimSpace(line), " ")
	return &target{name: role, url: url, key: key, process: cmd}
}

// sample is one measurement of one target.
type sample struct {
	rate, p50, p99, cpu, first float64 // calls/s, ms, ms, us per call, ms to the first piece
}

// each measures every target in turn, round after round, so that what else the
// machine does falls on all of them alike.
func (b *bench) each(measure func(*target) sample) [][]sample {
	all := make([][]sample, len(b.targets))
	for _, t := range b.targets {
		measure(t) // warm up
	}
	for range b.rounds {
		for i, t := range b.targets {
			all[i] = append(all[i], measure(t))
		}
	}
	return all
}

func median(samples []sample, of func(sample) float64) float64 {
	values := make([]float64, len(samples))
	for i, s := range samples {
		values[i] = of(s)
	}
	slices.Sort(values)
	return values[len(values)/2]
}

// ratio is the median over the rounds of a target's figure to bare's.
func ratio(samples, bare []sample, of func(sample) float64) float64 {
	ratios := make([]sample, len(samples))
	for i := range samples {
		ratios[i].rate = of(samples[i]) / of(bare[i])
	}
	return median(ratios, func(s sample) float64 { return s.rate })
}

func rate(s sample) float64  { return s.rate }
func p50(s sample) float64   { return s.p50 }
func p99(s sample) float64   { return s.p99 }
func cpu(s sample) float64   { return s.cpu }
func first(s sample) float64 { return s.first }
