package llama

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"sync"
	"sync/atomic"
)

const (
	maxLine  = 1 << 10 // bytes kept of a line
	keptRows = 40      // lines kept in memory
	maxFile  = 1 << 20 // bytes of the log file before it becomes log.1
)

// A journal takes the server's output line by line, keeps the last lines for
// a status, and all of them in a file that is turned over once.
type journal struct {
	path string

	// serving is set while the server gets prompts: then lines are redacted.
	// Before that they cannot hold any, and tell why a server does not start.
	serving atomic.Bool

	mu   sync.Mutex
	file *os.File
	size int
	part []byte // of a line that is not complete
	rows []string
}

func openJournal(path string) (*journal, error) {
	j := &journal{path: path}
	return j, j.open()
}

func (j *journal) open() error {
	f, err := os.OpenFile(j.path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("the engine's log cannot be written: %w", err)
	}
	info, err := f.Stat()
	if err != nil {
		return err
	}
	j.file, j.size = f, int(info.Size())
	return nil
}

// Write never fails: a server must not stop because its log is full.
func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for rest := p; len(rest) > 0; {
		line, after, complete := bytes.Cut(rest, []byte("\n"))
		j.part = append(j.part, line[:min(len(line), maxLine-len(j.part))]...)
		if complete {
			j.take(string(bytes.ToValidUTF8(j.part, []byte("?"))))
			j.part = j.part[:0]
		}
		rest = after
	}
	return len(p), nil
}

// note adds a line of our own.
func (j *journal) note(format string, args ...any) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.add("ringfence: " + fmt.Sprintf(format, args...))
}

func (j *journal) take(row string) {
	if j.serving.Load() {
		row = redact(row)
	}
	j.add(row)
}

func (j *journal) add(row string) {
	if len(j.rows) == keptRows {
		j.rows = slices.Delete(j.rows, 0, 1)
	}
	j.rows = append(j.rows, row)
	if j.size > maxFile {
		j.turnOver()
	}
	if j.file != nil {
		n, _ := fmt.Fprintln(j.file, row) // a full disk must not stop the server
		j.size += n
	}
}

func (j *journal) turnOver() {
	j.file.Close()
	j.file, j.size = nil, 0
	if os.Rename(j.path, j.path+".1") == nil {
		_ = j.open() // without a file the last lines are still in memory
	}
}

// last returns the last lines, oldest first.
func (j *journal) last() []string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return slices.Clone(j.rows)
}

func (j *journal) close() {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.file != nil {
		j.file.Close()
	}
	j.file = nil
}
