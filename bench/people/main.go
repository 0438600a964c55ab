// Command people measures the index of the store's own customers: memory and disk, the time it adds to masking,
// and how many customers are found in shop texts however their names are written.
//
//	go run ./bench/people -corpora DIR [-customers N] [-known N] [-texts N] [-seed N] [-misses N]
//
// Names are from the free lists of the corpora (CC0 and Unlicense); customers who are looked for have family
// names that the model for names has not learnt from. Texts are made from templates.txt. Streets, towns, numbers
// and e-mail addresses are made up. Without -corpora the names are made up too, and only memory is measured.
package main

import (
	"flag"
	"fmt"
	"os"
	"runtime"
)

type options struct {
	corpora                string
	customers, known, text int
	seed                   uint64
	misses                 int
	everyday               string
}

func main() {
	var o options
	flag.StringVar(&o.corpora, "corpora", "", "folder of corpora, with train/ in it")
	flag.IntVar(&o.customers, "customers", 1_000_000, "customers of the index whose memory is measured; 0 for none")
	flag.IntVar(&o.known, "known", 100_000, "customers of the index that is searched")
	flag.IntVar(&o.text, "texts", 4000, "texts per way to write a name")
	flag.Uint64Var(&o.seed, "seed", 1, "of everything that is drawn")
	flag.IntVar(&o.misses, "misses", 0, "print so many misses of each way")
	flag.StringVar(&o.everyday, "everyday", "", "write the list of everyday words for internal/mask to this file and stop")
	flag.Parse()
	runtime.GOMAXPROCS(1)
	runtime.LockOSThread()
	if err := run(o); err != nil {
		fmt.Fprintln(os.Stderr, "people:", err)
		os.Exit(1)
	}
}

func run(o options) error {
	if o.everyday != "" {
		return everyday(o.corpora, o.everyday)
	}
	s, err := newStore(o.corpora, o.seed)
	if err != nil {
		return err
	}
	fmt.Printf("%s, %s/%s, one core; names: %s\n", runtime.Version(), runtime.GOOS, runtime.GOARCH, s.source)
	if o.customers > 0 {
		if err := memory(s, o.customers); err != nil {
			return err
		}
	}
	if o.corpora == "" {
		return nil
	}
	return search(s, o)
}
