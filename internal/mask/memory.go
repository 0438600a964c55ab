package mask

import (
	"crypto/sha256"
	"encoding/binary"
	"hash/maphash"
	"sync"
)

// A conversation sends its earlier messages anew with every turn. A vault that is kept remembers what was masked in the
// texts it has seen, so that a text is looked through once and not in every turn. What it remembers stands under a hash of
// the text, keyed with the vault's own key, and of all else that the findings depend on: the rules and settings, what was
// asked for, for whom, everything known of people in the request, and the state of the store's index. It keeps where
// placeholders stand and which, no text. It lives and ends with the vault, and is never put on the shelf.
//
// The text is prepared, checked and written anew each time; only looking for what is to be masked in it is not repeated.

// memory holds two generations of texts: when one is full, the older is forgotten.
type memory struct {
	mu         sync.Mutex
	texts, old map[memoryKey]*outcome
	held       int // cuts of texts
}

type memoryKey [16]byte

// outcome is what hiding a text did.
type outcome struct {
	cuts  []cut
	flags []cut // Article 9
}

// Bounds of one generation.
const (
	rememberedTexts = 512
	rememberedCuts  = 1024
)

// get returns what is remembered of a text, nil for nothing.
func (m *memory) get(key memoryKey) *outcome {
	m.mu.Lock()
	defer m.mu.Unlock()
	h := m.texts[key]
	if h == nil {
		if h = m.old[key]; h != nil {
			m.add(key, h)
		}
	}
	return h
}

func (m *memory) put(key memoryKey, h *outcome) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.add(key, h)
}

func (m *memory) add(key memoryKey, h *outcome) {
	if m.texts == nil || len(m.texts) >= rememberedTexts || m.held >= rememberedCuts {
		m.texts, m.old, m.held = map[memoryKey]*outcome{}, m.texts, 0
	}
	m.texts[key] = h
	m.held += len(h.cuts) + len(h.flags)
}

// purpose is what a text was looked through for.
type purpose byte

const (
	toStudy purpose = iota
	toHide
	toHideJSON
)

// remembers says whether what this pass does is remembered. What an outside detector says is asked anew each time.
func (p *Pass) remembers() bool { return p.vault.memory != nil && p.masker.options.Outside == nil }

// memoryKey names a text and all that its findings depend on.
func (p *Pass) memoryKey(text string, why purpose) (key memoryKey) {
	h := sha256.New()
	h.Write(p.vault.key[:])
	var b [8*5 + 2]byte
	binary.LittleEndian.PutUint64(b[0:], p.masker.number)
	binary.LittleEndian.PutUint64(b[8:], p.version)
	b[40] = byte(why)
	if why != toStudy {
		binary.LittleEndian.PutUint64(b[16:], p.people.sum())
		binary.LittleEndian.PutUint64(b[24:], p.owned)
		binary.LittleEndian.PutUint64(b[32:], p.policySum())
		if p.operator {
			b[41] = 1
		}
	}
	h.Write(b[:])
	h.Write(binary.AppendUvarint(nil, uint64(len(p.subject))))
	h.Write([]byte(p.subject))
	h.Write([]byte(text))
	copy(key[:], h.Sum(nil))
	return key
}

// sums are keyed: nobody outside this process can make two different things have one.
var sumSeed = maphash.MakeSeed()

// policySum is a hash of what is done with each type.
func (p *Pass) policySum() (sum uint64) {
	for t, a := range p.policy {
		sum += maphash.Comparable(sumSeed, [2]string{string(t), string(a)})
	}
	return sum
}

// ownSum is a hash of whose one value is.
func ownSum(id identity, owner string) uint64 {
	return maphash.Comparable(sumSeed, [3]string{string(id.typ), id.key, owner})
}

// sum is a hash of all that is known of people, in whatever order it became known.
func (pe *people) sum() uint64 {
	if pe.summed {
		return pe.total
	}
	sum := uint64(pe.count)
	for node, l := range pe.leaves {
		if l != nil {
			sum += maphash.Comparable(sumSeed, struct {
				path uint64
				literal
			}{pe.paths[node], *l})
		}
	}
	for digits, key := range pe.phones {
		sum += maphash.Comparable(sumSeed, [2]string{digits, key})
	}
	for _, secret := range pe.secrets {
		sum += maphash.String(sumSeed, secret)
	}
	pe.summed, pe.total = true, sum
	return sum
}

// again does with a text what was done before. It notes what looking through it would have noted.
func (p *Pass) again(text string, done *outcome) (Text, error) {
	p.outsideErr, p.flags = nil, append(p.flags[:0], done.flags...)
	for _, f := range done.flags {
		p.count(f.rule)
	}
	for _, c := range done.cuts {
		p.own(identity{c.typ, c.key}, c.owner)
	}
	masked, err := p.replace(text, done.cuts)
	if err != nil {
		return Text{}, err
	}
	p.keep(text, done.cuts)
	return Text{masked}, nil
}

// remember keeps what was done with a text, unless there is something in it that can be said only once: of a value that
// is forgotten at once nothing is kept, not even by whom it is, and a coarser value has no place of its own.
func (p *Pass) remember(key memoryKey) {
	if p.coarser {
		return
	}
	h := &outcome{cuts: make([]cut, len(p.cuts)), flags: append([]cut(nil), p.flags...)}
	for i, c := range p.cuts {
		if p.actionOf(c.typ) == Irreversible || p.vault.once(c.typ) {
			if c.owner != "" {
				return
			}
			c.key = ""
		}
		h.cuts[i] = c
	}
	p.vault.memory.put(key, h)
}

// learntNothing says whether a text was studied in this conversation, under the same circumstances, and had nothing to learn.
func (p *Pass) learntNothing(text string) bool {
	return p.remembers() && p.vault.memory.get(p.memoryKey(text, toStudy)) != nil
}

// noteStudied notes that a text was studied, and whether there was anything to learn.
func (p *Pass) noteStudied(text string, learnt bool) {
	if !p.remembers() {
		return
	}
	if p.studied == nil {
		p.studied = map[string]bool{}
	}
	p.studied[text] = true
	if !learnt {
		p.vault.memory.put(p.memoryKey(text, toStudy), &outcome{})
	}
}
