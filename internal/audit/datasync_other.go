//go:build !linux

package audit

import "os"

// dataFile syncs with the system's fsync (F_FULLFSYNC on macOS).
type dataFile struct{ *os.File }
