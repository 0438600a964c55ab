package model

import (
	"encoding/json"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// stamp is how a file looked when its SHA-256 was taken. The change time is part
// of it because, unlike the modification time, no ordinary call can set it back.
type stamp struct {
	Size     int64  `json:"size"`
	Device   uint64 `json:"device"`
	Inode    uint64 `json:"inode"`
	Modified int64  `json:"modified"` // nanoseconds since 1970
	Changed  int64  `json:"changed"`
	SHA256   string `json:"sha256"`
}

// alwaysRead is the size up to which a file is read at each start, stamp or not:
// about a second on a slow machine.
const alwaysRead = 512 << 20

// maxStamps bounds the file; who switches between more models reads some again.
const maxStamps = 64

func look(path string) (stamp, error) {
	var st unix.Stat_t
	if err := unix.Stat(path, &st); err != nil {
		return stamp{}, &os.PathError{Op: "stat", Path: path, Err: err}
	}
	return stamp{
		Size: st.Size, Device: uint64(st.Dev), Inode: st.Ino, Modified: st.Mtim.Nano(), Changed: st.Ctim.Nano(),
	}, nil
}

func (r *room) stampFile() string { return filepath.Join(r.o.Dir, "models", "read.json") }

// remembered returns the digest taken when the file last looked exactly like
// this, or "" when it must be read.
func (r *room) remembered(path string, now stamp) string {
	if r.o.Verify || now.Size <= r.always {
		return ""
	}
	then := r.stamps()[path]
	now.SHA256 = then.SHA256
	if then != now {
		return ""
	}
	return then.SHA256
}

func (r *room) stamps() map[string]stamp {
	all := map[string]stamp{}
	if text, err := os.ReadFile(r.stampFile()); err == nil {
		_ = json.Unmarshal(text, &all) // an unreadable file only means reading models again
	}
	return all
}

// remember writes a stamp down. It is best effort: without it, or in a
// read-only folder, the model is read again at the next start.
func (r *room) remember(path string, now stamp, sum string) {
	if now.Size <= r.always || !r.bring {
		return
	}
	all := r.stamps()
	if len(all) >= maxStamps {
		clear(all)
	}
	now.SHA256 = sum
	all[path] = now
	text, err := json.MarshalIndent(all, "", "  ")
	if err != nil || os.MkdirAll(filepath.Dir(r.stampFile()), 0o755) != nil {
		return
	}
	part := r.stampFile() + ".part"
	if os.WriteFile(part, text, 0o644) == nil {
		_ = os.Rename(part, r.stampFile())
	}
}
