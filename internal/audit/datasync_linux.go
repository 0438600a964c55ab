package audit

import (
	"os"
	"syscall"
)

// dataFile syncs with fdatasync: the size and the data, not the times.
type dataFile struct{ *os.File }

func (f dataFile) Sync() error {
	for {
		if err := syscall.Fdatasync(int(f.Fd())); err != syscall.EINTR {
			return os.NewSyscallError("fdatasync", err)
		}
	}
}
