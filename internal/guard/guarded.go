package guard

import (
	"crypto/sha256"
	_ "embed"
	"fmt"
	"maps"
	"strings"
	"sync"
)

// span is a range of bytes.
type span struct{ start, end int }

//go:embed cues.txt
var cuesText string

// cues are the rules that tell a guarded sentence. A sentence without any is a
// fact of the store, which customers are to be told.
var cues = sync.OnceValue(func() *rules {
	r, err := compile(cuesText)
	if err != nil {
		panic(fmt.Errorf("cues.txt: %w", err)) // a fault of the build
	}
	return r
})

// guardedSpans returns the sentences of a system text that instruct the model
// or keep something back.
func guardedSpans(system string) (out []span) {
	start := 0
	for start < len(system) {
		end := sentenceEnd(system, start)
		if len(newMatcher(cues()).sequences(tokens(system[start:end], nil))) > 0 {
			out = append(out, span{start, end})
		}
		start = end
	}
	return out
}

// sentenceEnd returns where the sentence that begins at start ends. A line
// break ends one only before an empty line or an item of a list.
func sentenceEnd(s string, start int) int {
	for i := start; i < len(s); i++ {
		switch s[i] {
		case '.', '!', '?':
			if spaceAt(s, i+1) {
				return i + 1
			}
		case '\n':
			if next := strings.TrimLeft(s[i+1:], " \t"); next == "" || strings.IndexByte("\n-*#•>0123456789", next[0]) >= 0 {
				return i + 1
			}
		}
	}
	return len(s)
}

// proses returns the parts of a system text between lines of data. Data stands
// there so that customers are told it.
func proses(system string) (out []string) {
	var b strings.Builder
	for line := range strings.SplitAfterSeq(system, "\n") {
		if !isData(line) {
			b.WriteString(line)
			continue
		}
		out = append(out, b.String())
		b.Reset()
	}
	return append(out, b.String())
}

// isData reports whether a line is JSON.
func isData(line string) bool {
	line = strings.TrimSpace(line)
	return line != "" && (line[0] == '{' || line[0] == '[') && strings.Contains(line, "\":")
}

// indexes keeps the indexes of the system texts seen last: a store has few, and
// every call of it brings one.
type indexes struct {
	mu   sync.Mutex
	kept map[[sha256.Size]byte][3]*index
}

// maxIndexes bounds the cache.
const maxIndexes = 64

// get returns the indexes of system, forwards, backwards and by distances, or nils if there is
// nothing to leak.
func (c *indexes) get(system []string, k int) [3]*index {
	h := sha256.New()
	for _, s := range system {
		h.Write([]byte(s))
		h.Write([]byte{0xFF}) // no UTF-8 text has this byte
	}
	var key [sha256.Size]byte
	h.Sum(key[:0])
	c.mu.Lock()
	x, ok := c.kept[key]
	c.mu.Unlock()
	if ok {
		return x
	}
	if x[0] = newIndex(system, k, false); x[0] != nil {
		x[1], x[2] = x[0].backwards(), newIndex(system, k, true)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.kept == nil {
		c.kept = map[[sha256.Size]byte][3]*index{}
	}
	for old := range maps.Keys(c.kept) {
		if len(c.kept) < maxIndexes {
			break
		}
		delete(c.kept, old)
	}
	c.kept[key] = x
	return x
}
