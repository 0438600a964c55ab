package mask

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"strconv"
	"sync"
)

// VaultOptions bound a vault and say what it may give back. The zero value is ready to use.
type VaultOptions struct {
	// MaxValues bounds the values of a conversation, every written form counted. Default 10,000.
	MaxValues int
	// MaxBytes bounds the bytes kept for them. Default 4 MiB.
	MaxBytes int
	// Once overrides, per type, whether values are forgotten at once, so that restoring gives a neutral
	// word. Default: true for SECRET and CARD, false for all others. LITERAL is always kept.
	Once map[Type]bool
}

// A Vault holds the placeholders of one conversation: which value each stands for, in every form it was
// written. Safe for concurrent use. It is bounded: full, it refuses.
type Vault struct {
	options VaultOptions
	key     [32]byte // of identities of values that are not kept
	linkKey [32]byte // of links

	mu     sync.RWMutex
	values map[identity]*value
	marks  map[Type][]*value // by number, from 1
	links  map[uint64]struct{}
	count  int // forms and links
	bytes  int

	changes int // forms and links ever added
}

// identity is a value apart from how it is written.
type identity struct {
	typ Type
	key string
}

// value is one value and its number. Forms are the ways it was written: the first has no letter in its
// placeholder, the second has B.
type value struct {
	identity
	n     int
	once  bool
	owner string // the customer it belongs to, "" if that is not known, Several if it is not one
	forms []form
}

// form is one way a value was written.
type form struct {
	raw   string // as it stood in the text
	clean string // without the escapes around it (JSON, HTML, percent); mostly the same
}

// maxForms keeps form letters to one: B to Z after none.
const maxForms = 25

// NewVault returns the empty vault of a new conversation.
func NewVault(o VaultOptions) *Vault {
	if o.MaxValues <= 0 {
		o.MaxValues = 10_000
	}
	if o.MaxBytes <= 0 {
		o.MaxBytes = 4 << 20
	}
	v := &Vault{options: o, values: map[identity]*value{},
		marks: map[Type][]*value{}, links: map[uint64]struct{}{}}
	rand.Read(v.key[:])
	rand.Read(v.linkKey[:])
	return v
}

// placeholder returns the placeholder of a value as it is written here, a new one if need be. A value whose owner
// was known stays its owner's.
func (v *Vault) placeholder(id identity, f form, owner string, once bool) (string, error) {
	once = (once || v.once(id.typ)) && id.typ != LITERAL
	if once {
		id.key, f = v.blind(id), form{}
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	val := v.values[id]
	if val != nil && val.formOf(f) < 0 && len(val.forms) >= maxForms {
		// A value written in very many ways goes on under more numbers: still never shared.
		id.key += "\x00" + f.raw
		val = v.values[id]
	}
	if val != nil && owner != "" && val.owner != owner {
		if val.owner != "" {
			owner = Several
		}
		val.owner = owner
		v.changes++
	}
	if val != nil {
		if i := val.formOf(f); i >= 0 {
			return val.mark(i), nil
		}
	}
	if !v.room(len(id.key) + len(f.raw) + len(f.clean)) {
		return "", ErrVaultFull
	}
	if val == nil {
		val = &value{identity: id, n: len(v.marks[id.typ]) + 1, once: once, owner: owner}
		v.values[id] = val
		v.marks[id.typ] = append(v.marks[id.typ], val)
	}
	val.forms = append(val.forms, f)
	return val.mark(len(val.forms) - 1), nil
}

// room counts a form or a link of this size, if there is room for it.
func (v *Vault) room(size int) bool {
	if v.count >= v.options.MaxValues || v.bytes+size > v.options.MaxBytes {
		return false
	}
	v.count++
	v.changes++
	v.bytes += size
	return true
}

// once says whether values of a type are forgotten at once.
func (v *Vault) once(t Type) bool {
	if t == LITERAL {
		return false
	}
	if once, ok := v.options.Once[t]; ok {
		return once
	}
	return kindOf[t].once
}

// blind names a value that is not kept: equal values meet, nobody can read them here.
func (v *Vault) blind(id identity) string {
	h := hmac.New(sha256.New, v.key[:])
	h.Write([]byte(id.typ + "\x00"))
	h.Write([]byte(id.key))
	return string(h.Sum(nil))
}

func (val *value) formOf(f form) int {
	for i := range val.forms {
		if val.forms[i] == f {
			return i
		}
	}
	return -1
}

// mark returns the placeholder of a form.
func (val *value) mark(form int) string {
	b := make([]byte, 0, 24)
	b = append(b, '[')
	b = append(b, val.typ...)
	b = append(b, '_')
	b = strconv.AppendInt(b, int64(val.n), 10)
	if form > 0 {
		b = append(b, byte('A'+form))
	}
	return string(append(b, ']'))
}

// lookup finds a value by its number, nil if there is none.
func (v *Vault) lookup(t Type, n int) *value {
	v.mu.RLock()
	defer v.mu.RUnlock()
	if all := v.marks[t]; n >= 1 && n <= len(all) {
		val := *all[n-1] // forms may grow meanwhile; those seen now stay
		return &val
	}
	return nil
}

// unique finds the only value whose number begins with these digits (none: any number), nil if there are
// none or several.
func (v *Vault) unique(t Type, digits string) *value {
	v.mu.RLock()
	defer v.mu.RUnlock()
	var found *value
	for i, val := range v.marks[t] {
		if s := strconv.Itoa(i + 1); len(s) < len(digits) || s[:len(digits)] != digits {
			continue
		}
		if found != nil {
			return nil
		}
		found = val
	}
	if found == nil {
		return nil
	}
	val := *found
	return &val
}

// known calls yield with every form of every value that is kept, of types that are found by their words.
func (v *Vault) known(yield func(id identity, written string)) {
	v.mu.RLock()
	defer v.mu.RUnlock()
	for _, t := range []Type{PERSON, ADDRESS, COMPANY} {
		for _, val := range v.marks[t] {
			if val.once {
				continue
			}
			for _, f := range val.forms {
				yield(val.identity, f.clean)
			}
		}
	}
}

// link remembers that the masker itself put a placeholder behind this beginning of a URL.
func (v *Vault) link(sum uint64) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if _, ok := v.links[sum]; ok {
		return nil
	}
	if !v.room(16) {
		return ErrVaultFull
	}
	v.links[sum] = struct{}{}
	return nil
}

// linked says whether the masker put a placeholder behind this beginning of a URL.
func (v *Vault) linked(sum uint64) bool {
	v.mu.RLock()
	defer v.mu.RUnlock()
	_, ok := v.links[sum]
	return ok
}
