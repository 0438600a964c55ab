package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

const steadyRate = 150

// prompt is 1,000 characters of a customer's mail, with what masking looks for.
var prompt = func() string {
	s := "Hello, this is Anna Muster. I ordered a teapot and two cups three weeks ago and have not heard from you since. " +
		"My address is Lindenstraße 12, 10969 Berlin, my phone is +49 30 901820, and you can write to anna.muster@example.org. "
	for len(s) < 1000 {
		s += "The colour in the picture looked darker than what my neighbour received, so please check before you send it. "
	}
	return s[:1000]
}()

// requests makes the calls that a client sends one after the other.
type requests func(client, i int) request

// always is one call again and again.
func always(r request) requests { return func(int, int) request { return r } }

func body(text string, stream bool) request { return chat.request(text, stream) }

// load keeps a number of clients busy for one span.
func (b *bench) load(t *target, clients int, next requests) sample {
	var mu sync.Mutex
	var all, firsts []time.Duration
	var wg sync.WaitGroup
	before := cpuTime(t)
	began := time.Now()
	for client := range clients {
		wg.Go(func() {
			c := &http.Client{Transport: &http.Transport{}}
			defer c.CloseIdleConnections()
			for i := 0; time.Since(began) < b.span; i++ {
				total, first := call(c, t, next(client, i))
				mu.Lock()
				all, firsts = append(all, total), append(firsts, first)
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	return summary(all, firsts, time.Since(began), cpuTime(t)-before)
}

// pace sends calls at a fixed rate, however long they take.
func (b *bench) pace(t *target, perSecond int, request request) sample {
	var mu sync.Mutex
	var all, firsts []time.Duration
	var wg sync.WaitGroup
	c := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
	defer c.CloseIdleConnections()
	before := cpuTime(t)
	began := time.Now()
	for i := 0; time.Since(began) < b.span; i++ {
		time.Sleep(time.Until(began.Add(time.Duration(i) * time.Second / time.Duration(perSecond))))
		wg.Go(func() {
			total, first := call(c, t, request)
			mu.Lock()
			all, firsts = append(all, total), append(firsts, first)
			mu.Unlock()
		})
	}
	wg.Wait()
	return summary(all, firsts, time.Since(began), cpuTime(t)-before)
}

// call makes one call and reads all of its answer.
func call(c *http.Client, t *target, r request) (total, first time.Duration) {
	began := time.Now()
	req, err := http.NewRequest(http.MethodPost, t.url+r.path, bytes.NewReader(r.body))
	check(err)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+t.key)
	resp, err := c.Do(req)
	check(err)
	defer resp.Body.Close()
	answer := bufio.NewReader(resp.Body)
	if _, err := answer.ReadByte(); err != nil {
		check(err)
	}
	first = time.Since(began)
	rest, err := io.ReadAll(answer)
	if err != nil {
		check(fmt.Errorf("%s broke off: %w", t.name, err))
	}
	whole := bytes.Contains(rest, []byte("teapot left our warehouse")) || bytes.HasSuffix(rest, []byte(r.ends))
	if resp.StatusCode != http.StatusOK || !whole {
		check(fmt.Errorf("%s answered %d: %s", t.name, resp.StatusCode, rest))
	}
	return time.Since(began), first
}

func summary(all, firsts []time.Duration, span, used time.Duration) sample {
	slices.Sort(all)
	slices.Sort(firsts)
	ms := func(d []time.Duration, q float64) float64 {
		return float64(d[int(q*float64(len(d)-1))].Microseconds()) / 1000
	}
	return sample{
		rate: float64(len(all)) / span.Seconds(), p50: ms(all, 0.5), p99: ms(all, 0.99), first: ms(firsts, 0.5),
		cpu: float64(used.Microseconds()) / float64(len(all)),
	}
}

// cpuTime is what the kernel has charged a process, in ticks of 10 ms.
func cpuTime(t *target) time.Duration {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", t.process.Process.Pid))
	check(err)
	fields := strings.Fields(string(b[bytes.LastIndexByte(b, ')')+1:]))
	user, err := strconv.Atoi(fields[11])
	check(err)
	system, err := strconv.Atoi(fields[12])
	check(err)
	return time.Duration(user+system) * 10 * time.Millisecond
}

func residentMB(t *target) float64 {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", t.process.Process.Pid))
	check(err)
	pages, err := strconv.Atoi(strings.Fields(string(b))[1])
	check(err)
	return float64(pages*os.Getpagesize()) / 1e6
}
