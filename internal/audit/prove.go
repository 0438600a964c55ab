package audit

import (
	"context"

	"golang.org/x/mod/sumdb/note"

	"ringfence/proof"
)

// Prove returns the receipt (a c2sp.org/tlog-proof text) of the entry at index. When no checkpoint covers
// the entry yet it publishes one at once.
func (l *Log) Prove(ctx context.Context, index int64) (string, error) {
	l.mu.Lock()
	size, published := l.edge.size, l.published
	l.mu.Unlock()
	if index < 0 || index >= size {
		return "", noEntry(size, index)
	}
	if index >= published {
		if err := l.publishNow(ctx); err != nil {
			return "", err
		}
	}
	return prove(l.disk, l.key, index)
}

// prove makes the receipt from the published files.
func prove(d disk, key note.Verifier, index int64) (string, error) {
	tiles, err := proof.OpenTiles(d, key)
	if err != nil {
		return "", err
	}
	return receiptText(tiles, index)
}

func receiptText(tiles *proof.Tiles, index int64) (string, error) {
	receipt, err := tiles.Receipt(index)
	if err != nil {
		return "", err
	}
	return receipt.String(), nil
}

func (l *Log) publishNow(ctx context.Context) error {
	done := make(chan error, 1)
	select {
	case l.wanted <- done:
	case <-l.stop:
		return errClosed
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}
