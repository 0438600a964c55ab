package model

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"ringfence/internal/model/pin"
)

// digests returns the SHA-256 of every file in dir but the record, by name.
func digests(ctx context.Context, dir string) (map[string]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	sums := make(map[string]string, len(entries))
	for _, entry := range entries {
		if entry.Name() == recordName {
			continue
		}
		if !entry.Type().IsRegular() {
			return nil, fmt.Errorf("%s is not a regular file", entry.Name())
		}
		sum, err := pin.Sum(ctx, filepath.Join(dir, entry.Name()), nil)
		if err != nil {
			return nil, err
		}
		sums[entry.Name()] = sum
	}
	return sums, nil
}

// FolderDigest is one digest for a folder of files: the SHA-256 of the lines
// "SHA256  NAME\n", sorted by name, as printed by `sha256sum *` in that folder.
func FolderDigest(sums map[string]string) string {
	lines := make([]string, 0, len(sums))
	for name, sum := range sums {
		lines = append(lines, name+"\x00"+sum)
	}
	slices.Sort(lines)
	hash := sha256.New()
	for _, line := range lines {
		name, sum, _ := strings.Cut(line, "\x00")
		fmt.Fprintf(hash, "%s  %s\n", sum, name)
	}
	return hex.EncodeToString(hash.Sum(nil))
}

// digestOf is a SHA-256 over parts, each with its length.
func digestOf(parts ...string) string {
	hash := sha256.New()
	for _, part := range parts {
		fmt.Fprintf(hash, "%d:%s", len(part), part)
	}
	return hex.EncodeToString(hash.Sum(nil))
}

// syncDir makes a rename durable. It is best effort: some file systems refuse it.
func syncDir(dir string) {
	if d, err := os.Open(dir); err == nil {
		_ = d.Sync()
		d.Close()
	}
}
