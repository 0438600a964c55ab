// Command mask measures masking: time per 1,000 characters on one core, and how
// exactly it finds data in generated texts.
//
//	go run ./bench/mask [-texts N] [-seed N] [-misses TYPE] [-profile FILE]
//
// The texts are made by this command from its own templates, in eight languages,
// with valid numbers in random notation between numbers that are none. They say
// how well the parts work together on orderly text. They say nothing about names
// nobody gave us, nor about texts of other people.
package main

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"runtime/pprof"
)

func main() {
	texts := flag.Int("texts", 4000, "generated texts for the accuracy table; 0 leaves it out")
	seed := flag.Uint64("seed", 1, "of the generator")
	misses := flag.String("misses", "", "also print what was missed or falsely masked of this type")
	profile := flag.String("profile", "", "write where processor time goes to this file, for go tool pprof")
	flag.Parse()
	runtime.GOMAXPROCS(1)
	if err := run(*texts, *seed, *misses, *profile); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(texts int, seed uint64, misses, profile string) error {
	g, err := newGenerator(seed)
	if err != nil {
		return err
	}
	if profile != "" {
		file, err := os.Create(profile)
		if err != nil {
			return err
		}
		defer file.Close()
		if err := pprof.StartCPUProfile(file); err != nil {
			return err
		}
		defer pprof.StopCPUProfile()
	}
	if err := speed(g); err != nil || texts == 0 {
		return err
	}
	return accuracy(g, texts, misses)
}
