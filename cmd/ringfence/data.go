package main

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// place is where a verb works: the flags every verb has.
type place struct{ data, config string }

// newFlags returns a verb's flags with the common ones set, and its help.
func newFlags(verb, help string, stderr io.Writer) (*flag.FlagSet, *place) {
	f := flag.NewFlagSet("ringfence "+verb, flag.ContinueOnError)
	f.SetOutput(stderr)
	p := new(place)
	f.StringVar(&p.data, "data", ".ringfence", "`directory` that holds all state")
	f.StringVar(&p.config, "config", "", "configuration `file` (default ringfence.yaml, when it exists)")
	f.Usage = func() {
		fmt.Fprint(stderr, help)
		f.PrintDefaults()
	}
	return f, p
}

// The data directory, one place for each part.
func auditDir(data string) string    { return filepath.Join(data, "audit") }
func keysFile(data string) string    { return filepath.Join(data, "keys.json") }
func engineDir(data string) string   { return filepath.Join(data, "engine") }
func embedderDir(data string) string { return filepath.Join(data, "engine", "vectors") }
func secretFile(data string) string  { return filepath.Join(data, "secret") }
func runningFile(data string) string { return filepath.Join(data, "running.json") }

// openData makes the data directory. Others may pass through it, as the engine
// does, which runs as nobody; what is secret in it is its owner's alone.
func openData(dir string) error {
	if err := os.MkdirAll(dir, 0o711); err != nil {
		return fmt.Errorf("the data directory cannot be made: %w; choose another with --data", err)
	}
	probe, err := os.CreateTemp(dir, ".probe-*")
	if err != nil {
		return fmt.Errorf("the data directory %s cannot be written: %w; choose another with --data", dir, err)
	}
	probe.Close()
	return os.Remove(probe.Name())
}

// secret returns the store's secret, which keys the pseudonyms and commitments
// in entries; the first call makes it.
func secret(dir string) ([]byte, error) {
	const size = 32
	file := secretFile(dir)
	b, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		b = make([]byte, size)
		rand.Read(b)
		err = writeWhole(file, b)
	}
	if err == nil && len(b) != size {
		err = fmt.Errorf("%s is damaged: it has %d bytes, not %d; restore it from a backup, or remove it to begin with new pseudonyms", file, len(b), size)
	}
	return b, err
}

// writeWhole writes a file that is there either whole or not at all, readable
// by its owner only.
func writeWhole(file string, b []byte) error {
	tmp, err := os.CreateTemp(filepath.Dir(file), ".new-*")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.Write(b)
	if err = errors.Join(err, tmp.Sync(), tmp.Close()); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), file)
}

// running is what a gateway leaves for the verbs that talk to it.
type running struct {
	Address string `json:"address"`
	PID     int    `json:"pid"`
	Owner   string `json:"owner"` // token for the owner's requests
}

func (r running) write(data string) error {
	b, err := json.Marshal(r)
	if err != nil {
		return err
	}
	return writeWhole(runningFile(data), b)
}

func readRunning(data string) (running, error) {
	var r running
	b, err := os.ReadFile(runningFile(data))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return r, fmt.Errorf("no gateway runs on %s; start it with `ringfence up --data %s`", data, data)
	case err != nil:
		return r, err
	}
	if err := json.Unmarshal(b, &r); err != nil {
		return r, fmt.Errorf("%s is damaged: %w; restart the gateway", runningFile(data), err)
	}
	return r, nil
}
