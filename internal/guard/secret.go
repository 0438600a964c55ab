package guard

import (
	"bytes"
	"slices"
	"strings"
)

// secretShape is a key by its looks: a prefix, then characters of a set.
type secretShape struct {
	id, prefix string
	set        string // see inSet
	min        int    // characters after the prefix that make it a secret
	until      string // instead of min: the secret is known when this follows
}

// secretShapes are prefixes that vendors publish so that leaks can be found.
var secretShapes = []secretShape{
	{"secret.openai", "sk-", "word", 20, ""},
	{"secret.stripe", "sk_live_", "word", 16, ""},
	{"secret.stripe", "rk_live_", "word", 16, ""},
	{"secret.stripe", "whsec_", "word", 24, ""},
	{"secret.aws", "AKIA", "upper", 16, ""},
	{"secret.aws", "ASIA", "upper", 16, ""},
	{"secret.woocommerce", "ck_", "hex", 32, ""},
	{"secret.woocommerce", "cs_", "hex", 32, ""},
	{"secret.ringfence", "rf_", "word", 20, ""},
	{"secret.github", "ghp_", "word", 30, ""},
	{"secret.github", "gho_", "word", 30, ""},
	{"secret.github", "github_pat_", "word", 22, ""},
	{"secret.gitlab", "glpat-", "word", 20, ""},
	{"secret.google", "AIza", "word", 35, ""},
	{"secret.slack", "xoxb-", "word", 20, ""},
	{"secret.slack", "xoxp-", "word", 20, ""},
	{"secret.sendgrid", "SG.", "word", 22, ""},
	{"secret.huggingface", "hf_", "word", 30, ""},
	{"secret.jwt", "eyJ", "word.", 0, ".eyJ"},
	{"secret.pem", "-----BEGIN ", "upper ", 0, "PRIVATE KEY-----"},
}

// prefixes finds the beginnings of all shapes.
var prefixes = func() *literals {
	var words []string
	for _, s := range secretShapes {
		words = append(words, s.prefix)
	}
	return newLiterals(words)
}()

// minDigits keeps words with hyphens apart from keys; only sets that words are
// written in need it.
const minDigits = 2

// secrets looks for keys in an answer. What follows a prefix waits until it is
// too short to be a key, or is one.
type secrets struct {
	state uint16
	prev  [16]byte // the bytes before the current one, newest last
	open  []candidate
	since int    // characters since a tag
	token []byte // the word under way
	from  int    // where it starts
}

type candidate struct {
	shape  *secretShape
	start  int // first byte after the prefix
	digits int
	turns  int // from a small letter to a capital or back
	body   []byte
}

func (s *secrets) see(r rune, start, end int) *Verdict {
	c := byte(0)
	if r < 0x80 {
		c = byte(r)
	}
	v := s.extend(c)
	if inSet(&disguised, c) {
		if len(s.token) == 0 {
			s.from = start
		}
		if len(s.token) < MaxHold {
			s.token = append(s.token, c)
		}
	} else {
		if v == nil {
			v = s.disguised()
		}
		s.token = s.token[:0]
	}
	s.state = prefixes.step(s.state, c)
	for _, id := range prefixes.ends[s.state] {
		shape := &secretShapes[id]
		if before := s.prev[len(s.prev)-len(shape.prefix)]; shape.prefix[0] == '-' || !alphanumeric(before) || s.since+1 == len(shape.prefix) {
			s.open = append(s.open, candidate{shape: shape, start: end})
		}
	}
	s.since++
	copy(s.prev[:], s.prev[1:])
	s.prev[len(s.prev)-1] = c
	return v
}

// extend shows c to every candidate and drops those it ends.
func (s *secrets) extend(c byte) (v *Verdict) {
	kept := s.open[:0]
	for _, k := range s.open {
		if len(k.body) >= MaxHold || !inSet(k.shape, c) {
			continue
		}
		k.add(c)
		if k.secret() {
			v = &Verdict{Action: Block, Reason: "secret_leak", Rule: k.shape.id, Score: 1}
			continue
		}
		kept = append(kept, k)
	}
	s.open = kept
	return v
}

func (k *candidate) secret() bool {
	if k.shape.until != "" {
		return strings.HasSuffix(string(k.body), k.shape.until)
	}
	return len(k.body) >= k.shape.min && (k.digits >= minDigits || k.turns >= minTurns || k.shape.set != "word")
}

// add takes the next character of what may be a key.
func (k *candidate) add(c byte) {
	if '0' <= c && c <= '9' {
		k.digits++
	}
	if n := len(k.body); n > 0 && letterByte(c) && letterByte(k.body[n-1]) && (c^k.body[n-1])&0x20 != 0 {
		k.turns++
	}
	k.body = append(k.body, c)
}

// minTurns is how often a key without figures changes its case.
const minTurns = 6

func (s *secrets) hold() int {
	at := free
	if len(s.token) >= minTurned { // a key that is disguised shows at its end
		at = s.from
	}
	for _, k := range s.open {
		at = min(at, k.start)
	}
	return at
}

// inSet reports whether c may be part of a secret of this shape.
func inSet(s *secretShape, c byte) bool {
	switch s.set {
	case "hex":
		return '0' <= c && c <= '9' || 'a' <= c && c <= 'f'
	case "upper":
		return '0' <= c && c <= '9' || 'A' <= c && c <= 'Z'
	case "upper ":
		return 'A' <= c && c <= 'Z' || c == ' ' || c == '-'
	case "word.":
		return alphanumeric(c) || c == '_' || c == '-' || c == '.'
	}
	return alphanumeric(c) || c == '_' || c == '-'
}

// minTurned are the characters of a word that is looked at for a disguised key.
const minTurned = 20

// disguised stands for the characters any key is written in.
var disguised = secretShape{set: "word."}

// disguised looks at a word that has ended: is it a key backwards, or with its
// letters turned?
func (s *secrets) disguised() *Verdict {
	if len(s.token) < minTurned || !bytes.ContainsAny(s.token, "0123456789") {
		return nil
	}
	for i := range secretShapes { // in another case it is half a key
		shape := secretShapes[i]
		if shape.prefix = strings.ToLower(shape.prefix); (len(shape.prefix) >= 4 && shape.set == "word" || shape.set == "hex") && keyOf(&shape, string(bytes.ToLower(s.token))) {
			return &Verdict{Action: Block, Reason: "secret_leak", Rule: shape.id + "/case", Score: 1}
		}
	}
	turned := slices.Clone(s.token)
	slices.Reverse(turned)
	for n := range 26 {
		if n > 0 {
			turned = turnAll(s.token, byte(n))
		}
		if id := keyIn(string(turned)); id != "" {
			return &Verdict{Action: Block, Reason: "secret_leak", Rule: id + "/turned", Score: 1}
		}
	}
	return nil
}

// turnAll is Caesar's cipher.
func turnAll(s []byte, n byte) []byte {
	out := slices.Clone(s)
	for i, c := range out {
		switch {
		case 'a' <= c && c <= 'z':
			out[i] = 'a' + (c-'a'+n)%26
		case 'A' <= c && c <= 'Z':
			out[i] = 'A' + (c-'A'+n)%26
		}
	}
	return out
}

// keyIn returns the rule for a key that begins in a word, or "".
func keyIn(word string) string {
	for i := range secretShapes {
		if shape := &secretShapes[i]; shape.until == "" && len(shape.prefix) >= 4 && keyOf(shape, word) {
			return shape.id
		}
	}
	return ""
}

// keyOf reports whether a key of a shape begins in a word.
func keyOf(shape *secretShape, word string) bool {
	at := strings.Index(word, shape.prefix)
	if at < 0 || at > 0 && alphanumeric(word[at-1]) {
		return false
	}
	k := candidate{shape: shape}
	for _, c := range []byte(word[at+len(shape.prefix):]) {
		if !inSet(shape, c) {
			break
		}
		k.add(c)
	}
	return k.secret()
}
