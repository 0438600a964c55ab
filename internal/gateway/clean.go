package gateway

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"strconv"
	"sync"

	"ringfence/internal/guard"
)

// clean remembers which texts of a conversation the prompt guard had nothing to say about, and with what score: the
// conversation sends them anew with every turn, and the guard judges each text by itself. It holds no text, only hashes
// under a key of this process, of the text and of all its judgement depends on; a text that was found fault with is
// judged every time. Two generations of texts: when one is full, the older is forgotten.
type clean struct {
	key [32]byte

	mu          sync.Mutex
	scores, old map[cleanKey]float64
}

type cleanKey [16]byte

// cleanTexts bounds one generation: about two megabytes.
const cleanTexts = 1 << 15

func newClean() *clean {
	c := &clean{}
	rand.Read(c.key[:])
	return c
}

func (c *clean) get(key cleanKey) (score float64, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if score, ok = c.scores[key]; ok {
		return score, true
	}
	if score, ok = c.old[key]; ok {
		c.add(key, score)
	}
	return score, ok
}

func (c *clean) put(key cleanKey, score float64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.add(key, score)
}

func (c *clean) add(key cleanKey, score float64) {
	if c.scores == nil || len(c.scores) >= cleanTexts {
		c.scores, c.old = map[cleanKey]float64{}, c.scores
	}
	c.scores[key] = score
}

// keyOf names a text in this conversation, under this policy, from this origin.
func (c *clean) keyOf(t *trip, p guard.Piece) (key cleanKey) {
	h := sha256.New()
	h.Write(c.key[:])
	var b []byte
	for _, part := range []string{strconv.FormatUint(t.policy.number, 10), t.caller.ID, t.caller.Surface, t.subject, t.record.Conversation, string(p.Origin), p.Text} {
		b = append(binary.AppendUvarint(b[:0], uint64(len(part))), part...)
		h.Write(b)
	}
	copy(key[:], h.Sum(nil))
	return key
}

// judgeAll asks the prompt guard about every text, but for those of the conversation that it has judged before and had
// nothing to say about.
func (g *Gateway) judgeAll(t *trip, pieces []guard.Piece) guard.Judgement {
	if t.record.Conversation == "" {
		return t.policy.Guard.Judge(t.caller.Surface, pieces)
	}
	scores := make([]float64, len(pieces))
	keys := make([]cleanKey, len(pieces))
	var unknown []int
	var ask []guard.Piece
	for i, p := range pieces {
		var ok bool
		keys[i] = g.clean.keyOf(t, p)
		if scores[i], ok = g.clean.get(keys[i]); !ok {
			unknown, ask = append(unknown, i), append(ask, p)
		}
	}
	judged := t.policy.Guard.Judge(t.caller.Surface, ask)
	for k, i := range unknown {
		scores[i] = judged.Scores[k]
		if !slices.ContainsFunc(judged.Findings, func(v guard.Verdict) bool { return v.Where == pieces[i].Where }) {
			g.clean.put(keys[i], scores[i])
		}
	}
	judged.Scores = scores
	return judged
}
