package integration

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"errors"
	"regexp"
	"strings"
)

// A key reads rf_<id>_<secret>: a fixed prefix that secret scanners can match, the
// public id of the integration, and 43 letters and digits that carry 256 bits.
const (
	prefix    = "rf_"
	idLen     = 8
	secretLen = 43
	keyLen    = len(prefix) + idLen + 1 + secretLen
	alphabet  = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
)

var (
	idPattern     = regexp.MustCompile(`^[a-z2-7]{8}$`)
	secretPattern = regexp.MustCompile(`^[0-9A-Za-z]{43}$`)
)

// What Lookup answers when a key is not valid. The first two must look the same
// to a caller; they are apart for logs and for the owner of the store.
var (
	ErrUnknownKey = errors.New("integration: no integration has this key")
	ErrRevokedKey = errors.New("integration: this key was revoked")
	ErrNoKey      = errors.New("integration: not a Ringfence key (rf_...)")
)

// digest is the SHA-256 of a secret. A slow password hash would add nothing: a
// secret has 256 random bits, so nobody can try them out, and it would put tens of
// milliseconds on every call.
type digest [sha256.Size]byte

func digestOf(secret string) digest { return sha256.Sum256([]byte(secret)) }

// MarshalText writes d as 64 hex digits.
func (d digest) MarshalText() ([]byte, error) { return hex.AppendEncode(nil, d[:]), nil }

// UnmarshalText accepts exactly 64 hex digits that are not all zero.
func (d *digest) UnmarshalText(b []byte) error {
	raw, err := hex.DecodeString(string(b))
	if err != nil || len(raw) != len(d) {
		return errors.New("secret_sha256 must be 64 hex digits")
	}
	copy(d[:], raw)
	return nil
}

// parseKey splits what a caller presented.
func parseKey(key string) (id, secret string, err error) {
	rest, ok := strings.CutPrefix(key, prefix)
	if !ok || len(key) != keyLen || rest[idLen] != '_' {
		return "", "", ErrNoKey
	}
	id, secret = rest[:idLen], rest[idLen+1:]
	if !idPattern.MatchString(id) || !secretPattern.MatchString(secret) {
		return "", "", ErrNoKey
	}
	return id, secret, nil
}

func formatKey(id, secret string) string { return prefix + id + "_" + secret }

// newID returns 40 random bits as 8 lower-case base32 characters.
func newID() string {
	var b [5]byte
	rand.Read(b[:]) // never fails: crypto/rand ends the program instead
	return strings.ToLower(base32.StdEncoding.EncodeToString(b[:]))
}

// newSecret returns 43 evenly drawn letters and digits: no character that breaks a
// double click or needs quoting in a shell.
func newSecret() string {
	out := make([]byte, 0, secretLen)
	var b [64]byte
	for len(out) < secretLen {
		rand.Read(b[:])
		for _, c := range b {
			// 248 is the largest multiple of 62 below 256: above it the draw
			// would favour the first characters.
			if c < 248 && len(out) < secretLen {
				out = append(out, alphabet[int(c)%len(alphabet)])
			}
		}
	}
	return string(out)
}
