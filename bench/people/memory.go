package main

import (
	"fmt"
	"os"
	"runtime"
)

// memory prints what an index of n customers takes.
func memory(s *store, n int) error {
	dir, err := os.MkdirTemp("", "people-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	before := heap()
	x, err := s.index(dir)
	if err != nil {
		return err
	}
	start := cpu()
	for i := range n {
		if err := x.PutCustomer(s.customer(i, false).Person, ""); err != nil {
			return err
		}
		if i%4096 == 0 {
			if err := x.Commit(); err != nil {
				return err
			}
		}
	}
	if err := x.Commit(); err != nil {
		return err
	}
	put := cpu() - start
	state := x.Status()
	after := heap()
	fmt.Printf("\n%d customers: name, e-mail, phone, street, town, two orders; one in ten with company and VAT id\n", n)
	fmt.Printf("  memory in use       %7.1f MB (%d hashes); by the index's own account %.1f MB\n", mb(after-before), state.Hashes, mb(state.Memory))
	fmt.Printf("  on disk             %7.1f MB\n", mb(int(state.Disk)))
	fmt.Printf("  put and made durable %6.0f customers per second of processor time\n", float64(n)/put.Seconds())
	if err := x.Close(); err != nil {
		return err
	}
	x = nil
	heap()
	start = cpu()
	if x, err = s.index(dir); err != nil {
		return err
	}
	opened := cpu() - start
	fmt.Printf("  opened in           %7.1f s of processor time; then %.1f MB in use\n", opened.Seconds(), mb(heap()-before))
	return x.Close()
}

// heap returns the bytes in use after collecting what is not.
func heap() int {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc)
}

func mb(n int) float64 { return float64(n) / 1e6 }
