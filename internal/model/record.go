package model

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"ringfence/internal/model/pin"
)

// recordName is the file in an engine folder that says what is in it.
const recordName = "engine.json"

// record is engine.json. The libraries' digests are checked against the lock,
// not against this file; only the program compiled here rests on it.
type record struct {
	Engine   string            `json:"engine"`
	Version  string            `json:"version"`
	Says     string            `json:"says"` // what the program prints as its version
	Platform string            `json:"platform"`
	Source   Source            `json:"source"`
	Recipe   string            `json:"recipe,omitempty"`   // of a compiled engine
	Compiler string            `json:"compiler,omitempty"` // of a compiled engine
	Archive  string            `json:"archive,omitempty"`  // SHA-256 of a released engine's archive
	Licence  string            `json:"licence"`
	Files    map[string]string `json:"files"` // name to SHA-256
}

// Damaged says that a file which we put in place has changed. It is never
// repaired silently: somebody should know why it changed.
type Damaged struct {
	Dir string
	Err error
}

func (d *Damaged) Error() string {
	return fmt.Sprintf("what lies in %s is not what was put there: %v; find out who changed it, then delete that folder and run again", d.Dir, d.Err)
}

func (d *Damaged) Unwrap() error { return d.Err }

// writeRecord makes the folder's files read-only and writes their digests down.
func writeRecord(ctx context.Context, dir string, rec record) error {
	sums, err := digests(ctx, dir)
	if err != nil {
		return err
	}
	for name := range sums {
		mode := os.FileMode(0o444)
		if name == serverName {
			mode = 0o555
		}
		if err := settle(filepath.Join(dir, name), mode); err != nil {
			return err
		}
	}
	rec.Files = sums
	text, err := json.MarshalIndent(rec, "", "  ")
	if err != nil {
		return err
	}
	path := filepath.Join(dir, recordName)
	if err := replace(path, append(text, '\n')); err != nil {
		return err
	}
	return settle(path, 0o444)
}

// settle makes a file durable before the folder gets its final name, so that a
// power cut leaves either a whole engine or none.
func settle(path string, mode os.FileMode) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	return errors.Join(f.Chmod(mode), f.Sync())
}

// checkEngine reads every file of an engine folder and compares. A file too
// many is as wrong as a changed one: the engine loads what lies beside it.
func (r *room) checkEngine(ctx context.Context, p pinned) (Files, error) {
	dir := p.dir
	var rec record
	text, err := os.ReadFile(filepath.Join(dir, recordName))
	if err == nil {
		err = json.Unmarshal(text, &rec)
	}
	if err != nil {
		return Files{}, &Damaged{Dir: dir, Err: err}
	}
	sums, err := digests(ctx, dir)
	if err != nil {
		if ctx.Err() != nil {
			return Files{}, ctx.Err()
		}
		return Files{}, &Damaged{Dir: dir, Err: err}
	}
	if err := compare(sums, rec.Files, p.members); err != nil {
		return Files{}, &Damaged{Dir: dir, Err: err}
	}
	return Files{
		Server: filepath.Join(dir, serverName), ServerDigest: sums[serverName], EngineDigest: FolderDigest(sums),
		ServerSource: p.source, ServerVersion: rec.Version,
	}, nil
}

// compare holds what is there against the record, and the record against the lock.
func compare(have, recorded map[string]string, pinned []pin.File) error {
	want := make(map[string]string, len(recorded))
	for name, sum := range recorded {
		want[name] = sum
	}
	for _, f := range pinned {
		want[f.As] = f.SHA256
	}
	for name, sum := range want {
		if have[name] != sum {
			return fmt.Errorf("%s has SHA-256 %q, expected %s", name, have[name], sum)
		}
	}
	for name := range have {
		if want[name] == "" {
			return fmt.Errorf("%s does not belong there", name)
		}
	}
	if want[serverName] == "" {
		return fmt.Errorf("%s is not in the record", serverName)
	}
	return nil
}
