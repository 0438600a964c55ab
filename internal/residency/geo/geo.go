// Package geo reads the geo databases (MaxMind DB files) that an operator
// supplies. None comes with Ringfence.
//
// First step: [New], then [Database.Look]; call [Database.Refresh] now and then
// to take a new file. Promise: a file is taken whole, with the checksum beside
// it, or the old one stays; where it is broken it says nothing. Danger: a
// database tells where an address is registered or was last seen, not where data
// is processed, and for anycast addresses it tells nothing.
package geo

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/netip"
	"os"
	"strings"
	"sync/atomic"
	"time"

	"github.com/oschwald/maxminddb-golang/v2"

	"ringfence/internal/residency/zone"
)

// maxFile bounds a database; it is held in memory.
const maxFile = 1 << 30

// Options name a database. Path is needed.
type Options struct {
	Path   string        // of the .mmdb file; its checksum stands in Path.sha256
	MaxAge time.Duration // from then on it says nothing; 0 is 30 days
	Now    func() time.Time
}

// A Database is one file, or none while there is no usable one.
type Database struct {
	o  Options
	at atomic.Pointer[loaded]
}

type loaded struct {
	reader *maxminddb.Reader
	built  time.Time
	file   stamp
}

// stamp tells whether a file was changed.
type stamp struct {
	size     int64
	modified time.Time
	sum      string
}

// New returns a database without a file; Refresh takes one.
func New(o Options) *Database {
	if o.MaxAge == 0 {
		o.MaxAge = 30 * 24 * time.Hour
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Database{o: o}
}

// Refresh takes the file if it changed, and says whether it did. With an error
// the old one stays, until it is too old.
func (d *Database) Refresh() (bool, error) {
	info, err := os.Stat(d.o.Path)
	if err != nil {
		return false, err
	}
	sum, err := d.checksum()
	if err != nil {
		return false, err
	}
	now := stamp{info.Size(), info.ModTime(), sum}
	if old := d.at.Load(); old != nil && old.file == now {
		return false, nil
	}
	next, err := load(d.o.Path, sum)
	if err != nil {
		return false, fmt.Errorf("%s: %w", d.o.Path, err)
	}
	next.file = now
	d.at.Store(next)
	return true, nil
}

// checksum reads the first word of the file beside the database, as sha256sum
// writes it.
func (d *Database) checksum() (string, error) {
	name := d.o.Path + ".sha256"
	b, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("%s is missing; whoever brings the database writes it: sha256sum FILE > FILE.sha256", name)
	}
	if err != nil {
		return "", err
	}
	word, _, _ := strings.Cut(strings.TrimSpace(string(b)), " ")
	if len(word) != 2*sha256.Size {
		return "", fmt.Errorf("%s holds no SHA-256", name)
	}
	return strings.ToLower(word), nil
}

func load(path, sum string) (*loaded, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return nil, err
	}
	if len(b) > maxFile {
		return nil, errors.New("the file is larger than 1 GiB")
	}
	if got := sha256.Sum256(b); hex.EncodeToString(got[:]) != sum {
		return nil, errors.New("the file does not have its checksum; it is half written, or was changed")
	}
	return open(b)
}

// open reads the bytes of a database. They are not walked once in whole: a tree
// that leads back into itself would never end. A lookup is bounded, and a broken
// place that it meets says nothing.
func open(b []byte) (*loaded, error) {
	r, err := maxminddb.OpenBytes(b)
	if err != nil {
		return nil, err
	}
	return &loaded{reader: r, built: r.Metadata.BuildTime()}, nil
}

// State says how far a database can be believed.
type State string

// The states of a database.
const (
	Fresh  State = "fresh"
	Stale  State = "stale"  // older than MaxAge, or from the future: it says nothing
	Absent State = "absent" // no usable file
)

// State returns the state, and when the database was built.
func (d *Database) State() (State, time.Time) {
	l := d.at.Load()
	if l == nil {
		return Absent, time.Time{}
	}
	if age := d.o.Now().Sub(l.built); age > d.o.MaxAge || age < -24*time.Hour {
		return Stale, l.built
	}
	return Fresh, l.built
}

// Sum is the checksum of the file in use, or "": two databases with one sum are
// one.
func (d *Database) Sum() string {
	if l := d.at.Load(); l != nil {
		return l.file.sum
	}
	return ""
}

// An Answer is what a database knows of an address. Zero fields it does not.
type Answer struct {
	Place zone.Place
	ASN   uint32 // of the network's operator
}

// Look returns what a fresh database knows.
func (d *Database) Look(a netip.Addr) Answer {
	l := d.at.Load()
	if state, _ := d.State(); state != Fresh || l == nil {
		return Answer{}
	}
	return l.look(a)
}

func (l *loaded) look(a netip.Addr) Answer {
	var out Answer
	found := l.reader.Lookup(a)
	if found.Err() != nil || !found.Found() {
		return out
	}
	var code string
	if found.DecodePath(&code, "country", "iso_code") != nil || code == "" {
		if found.DecodePath(&code, "country_code") != nil {
			code = ""
		}
	}
	out.Place, _ = zone.Country(code)
	if found.DecodePath(&out.ASN, "autonomous_system_number") != nil {
		out.ASN = 0
	}
	return out
}
