package config

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Bytes is a size. In the file it is a number of bytes or a number with KiB, MiB,
// GiB or TiB.
type Bytes int64

// Units of Bytes.
const (
	KiB Bytes = 1 << (10 * (iota + 1))
	MiB
	GiB
	TiB
)

var byteUnits = []struct {
	name string
	size Bytes
}{{"TiB", TiB}, {"GiB", GiB}, {"MiB", MiB}, {"KiB", KiB}}

// String is the shortest form that parses to the same size.
func (b Bytes) String() string {
	for _, u := range byteUnits {
		if b != 0 && b%u.size == 0 {
			return strconv.FormatInt(int64(b/u.size), 10) + u.name
		}
	}
	return strconv.FormatInt(int64(b), 10)
}

func parseBytes(s string) (Bytes, error) {
	size := Bytes(1)
	for _, u := range byteUnits {
		if rest, ok := strings.CutSuffix(s, u.name); ok {
			s, size = strings.TrimSpace(rest), u.size
			break
		}
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 0 || n > int64(1<<62)/int64(size) {
		return 0, errors.New("must be a size, as in 4MiB")
	}
	return Bytes(n) * size, nil
}

func parseDuration(s string) (time.Duration, error) {
	d, err := time.ParseDuration(s)
	if err != nil {
		if _, plain := strconv.ParseFloat(s, 64); plain == nil {
			return 0, fmt.Errorf("has no unit; write %[1]ss or %[1]sm", s)
		}
		return 0, errors.New("must be a duration, as in 30s, 5m or 1h30m")
	}
	return d, nil
}

// formatDuration is Duration.String without the zeros at the end: 5m, not 5m0s.
func formatDuration(d time.Duration) string {
	s := d.String()
	for _, zero := range []string{"m0s", "h0m"} {
		if strings.HasSuffix(s, zero) {
			s = s[:len(s)-2]
		}
	}
	return s
}
