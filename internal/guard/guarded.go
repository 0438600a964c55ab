package guard

import (
	"crypto/sha256"
	"maps"
	"strings"
	"sync"
)

// span is a range of bytes.
type span struct{ start, end int }

// cues are words of sentences that instruct the model or keep something from
// the customer. A sentence without any is a fact of the store, which customers
// are to be told.
var cues = func() map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(`
		you your yourself assistant bot ai must never always do don dont not respond reply answer answers
		instruction instructions rule rules prompt system role task persona tone polite confidential secret
		internal reveal disclose mention share ignore refuse if when user users
		du dein deine deiner sie ihre assistent assistentin niemals nie immer nicht antworte antworten anweisung
		anweisungen regel regeln rolle aufgabe vertraulich geheim intern verrate nenne wenn nutzer
		tu vous ton ta votre assistante jamais toujours ne pas réponds répondez consigne consignes règle règles
		rôle tâche confidentiel interne révèle si utilisateur
		je jij jouw u uw nooit altijd niet antwoord instructie instructies regels rol taak vertrouwelijk als gebruiker
		eres tus usted asistente nunca siempre no responde instrucciones reglas tarea confidencial secreto usuario
		sei tuo tua assistente mai sempre non rispondi istruzioni regole ruolo compito riservato segreto utente
		jesteś twoje twój asystentem asystent nigdy zawsze nie odpowiadaj instrukcje zasady rola zadanie poufne tajne
		din dina ditt assistent aldrig alltid inte svara instruktioner regler roll uppgift konfidentiellt hemlig`) {
		m[folded(w)] = true
	}
	return m
}()

// guardedSpans returns the sentences of a system text that hold a cue.
func guardedSpans(system string) (out []span) {
	start := 0
	for start < len(system) {
		end := sentenceEnd(system, start)
		for _, t := range tokens(system[start:end]) {
			if cues[string(t.word)] {
				out = append(out, span{start, end})
				break
			}
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
	kept map[[sha256.Size]byte]*index
}

// maxIndexes bounds the cache.
const maxIndexes = 64

// get returns the index of system, or nil if there is nothing to leak.
func (c *indexes) get(system []string, k int) *index {
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
	x = newIndex(system, k)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.kept == nil {
		c.kept = map[[sha256.Size]byte]*index{}
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
