package audit

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

const (
	keyName    = "key"     // the private key, mode 0600
	pubKeyName = "key.pub" // what to hand to auditors
)

// logKey is a log's identity: the key that signs its checkpoints and the name that goes with it.
type logKey struct {
	note.Signer
	public string // in the form proof.ParseKey reads
}

func createKey(d disk, origin string) (logKey, error) {
	private, _, err := note.GenerateKey(rand.Reader, origin)
	if err != nil {
		return logKey{}, err
	}
	key, err := parseKey(private + "\n")
	if err != nil {
		return logKey{}, &Error{CodeOriginDiffers, fmt.Sprintf("%q cannot name a log; use something like shop.example/audit, without spaces and plus signs", origin), nil}
	}
	if err := replace(d, keyName, []byte(private+"\n")); err != nil {
		return logKey{}, err
	}
	return key, d.SyncDir(".")
}

// loadKey reads the private key and makes sure that the public one stands beside it.
func loadKey(d disk) (logKey, error) {
	text, err := fs.ReadFile(d, keyName)
	if err != nil {
		return logKey{}, err
	}
	key, err := parseKey(string(text))
	if err != nil {
		return logKey{}, &Error{CodeKeyDamaged, "the audit log's key file is damaged; restore it from a backup", err}
	}
	public, err := fs.ReadFile(d, pubKeyName)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		err = replace(d, pubKeyName, []byte(key.public+"\n"))
	case err == nil && string(public) != key.public+"\n":
		err = &Error{CodeKeyDamaged, "key.pub does not belong to key; restore whichever was changed", nil}
	}
	return key, err
}

// parseKey reads the private key: PRIVATE+KEY+name+id+base64 and a line break, in that one spelling.
func parseKey(text string) (logKey, error) {
	private, ok := strings.CutSuffix(text, "\n")
	signer, err := note.NewSigner(private)
	parts := strings.SplitN(private, "+", 5)
	if !ok || err != nil || len(parts) != 5 {
		return logKey{}, errors.New("not a private key of a log")
	}
	seed, err := base64.StdEncoding.Strict().DecodeString(parts[4])
	if err != nil || len(seed) != 1+ed25519.SeedSize || parts[3] != fmt.Sprintf("%08x", signer.KeyHash()) {
		return logKey{}, errors.New("not spelled as a private key should be")
	}
	pub := ed25519.NewKeyFromSeed(seed[1:]).Public().(ed25519.PublicKey)
	public, err := note.NewEd25519VerifierKey(signer.Name(), pub)
	return logKey{signer, public}, err
}

// newOrigin names a log that nobody named.
func newOrigin() string { return "ringfence.local/" + strings.ToLower(rand.Text()[:12]) }
