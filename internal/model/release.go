package model

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"

	"ringfence/internal/model/fetch"
	"ringfence/internal/model/unpack"
)

// released is the engine as its makers release it, pinned as a whole archive. It
// is the last resort: it holds everything our own front leaves out, and it comes
// from a host that no mirror setting of a package client covers.
func (r *room) released(p fetch.Package) pinned {
	return pinned{
		source:    Released,
		dir:       r.engineDir(p.SHA256),
		downloads: []string{filepath.Join(r.packages(), p.File)},
		possible:  func(context.Context) error { return nil },
		fill: func(ctx context.Context, _, out string, held *os.File) (record, error) {
			file, err := p.Fetch(ctx, r.fetching("fetch engine release", held))
			if err != nil {
				return record{}, fmt.Errorf("in place of all that: %w", err)
			}
			if err := unpack.Flat(ctx, file, p.Folder, out, partOfEngine.MatchString); err != nil {
				return record{}, err
			}
			if !exists(filepath.Join(out, serverName)) {
				return record{}, errors.New("the release archive holds no " + serverName)
			}
			return record{Archive: p.SHA256}, nil
		},
	}
}

// partOfEngine accepts the server, the libraries and the licence: not the other
// tools of a release.
var partOfEngine = regexp.MustCompile(`^(llama-server|lib[A-Za-z0-9_.+-]+\.so[0-9.]*|LICENSE[A-Za-z0-9_.-]*)$`)
