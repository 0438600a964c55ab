package scan

import (
	"crypto/sha256"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"ringfence/internal/scan/fact"
)

// Limits on what is read. Larger files are accounted for, not opened.
const (
	maxPHP   = 8 << 20  // data flow; larger PHP files get the string scan only
	maxRead  = 64 << 20 // any file
	maxFiles = 400_000
)

// source is one file of the tree.
type source struct {
	path   string // slash-separated, relative to the root
	kind   string // php, js, other
	size   int64
	digest [32]byte
	md5    string // only when published checksums are at hand
	status string // "", partly or skipped
	reason string
	opened bool // its content was asked for
	test   bool // test code: read for coverage, never a finding
}

func (s *source) note(status, reason string) {
	if s.status == "" || status == "skipped" {
		s.status, s.reason = status, reason
	}
}

// tree is every file below a directory, sorted by path.
type tree struct {
	root  string
	fsys  fs.FS
	files []*source
	sums  bool // published checksums are at hand: md5 is needed too
}

// walk lists the tree without following links out of it or around in it.
func walk(root string) (*tree, error) {
	info, err := os.Stat(root)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return nil, errors.New("not a directory")
	}
	t := &tree{root: root, fsys: os.DirFS(root)}
	err = fs.WalkDir(t.fsys, ".", func(path string, d fs.DirEntry, err error) error {
		if len(t.files) >= maxFiles {
			return errTooMany
		}
		switch {
		case err != nil:
			t.files = append(t.files, &source{path: path, kind: "other", status: "skipped", reason: "unreadable: " + reasonOf(err)})
			if d != nil && d.IsDir() {
				return fs.SkipDir
			}
		case d.IsDir():
			if skippedDir[d.Name()] && path != "." {
				t.files = append(t.files, &source{path: path + "/", kind: "other", status: "skipped", reason: "directory of a tool, no code of the shop"})
				return fs.SkipDir
			}
		case d.Type()&fs.ModeSymlink != 0:
			t.files = append(t.files, &source{path: path, kind: "other", status: "skipped", reason: "symbolic link, not followed"})
		case !d.Type().IsRegular():
			t.files = append(t.files, &source{path: path, kind: "other", status: "skipped", reason: "no regular file"})
		default:
			t.files = append(t.files, classify(path, d))
		}
		return nil
	})
	sort.Slice(t.files, func(i, j int) bool { return t.files[i].path < t.files[j].path })
	return t, err
}

var errTooMany = errors.New("more than 400,000 files: scan the parts one by one")

var skippedDir = map[string]bool{".git": true, ".svn": true, ".hg": true, "node_modules": true}

func reasonOf(err error) string {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return pe.Err.Error()
	}
	return err.Error()
}

func classify(path string, d fs.DirEntry) *source {
	s := &source{path: path, kind: "other"}
	if info, err := d.Info(); err == nil {
		s.size = info.Size()
	}
	switch ext := strings.ToLower(filepath.Ext(path)); ext {
	case ".php", ".phtml", ".inc", ".php5", ".php7", ".php8", ".phps":
		s.kind = "php"
	case ".js", ".mjs", ".cjs", ".jsx", ".ts", ".tsx", ".vue":
		s.kind = "js"
	case ".zip", ".gz", ".tgz", ".bz2", ".xz", ".rar", ".7z", ".phar", ".tar":
		s.note("skipped", "archive, not opened")
	default:
		if s.path == "composer.json" || strings.HasSuffix(path, "/composer.json") || strings.HasSuffix(path, "/style.css") || path == "style.css" {
			s.kind = "meta"
		} else {
			s.note("skipped", "no code")
		}
	}
	s.test = testPath(path)
	return s
}

// testPath tells files that exist for tests: what they name is not what the shop runs.
func testPath(path string) bool {
	for _, part := range strings.Split(strings.ToLower(path), "/") {
		switch part {
		case "test", "tests", "__tests__", "phpunit", "cypress", "e2e", "fixtures", "__mocks__", "spec", "specs", ".github":
			return true
		}
	}
	base := strings.ToLower(filepath.Base(path))
	return strings.HasSuffix(base, "test.php") && len(base) > 8 || strings.Contains(base, ".test.") || strings.Contains(base, ".spec.")
}

// read returns a file's content; "" with a note when it cannot or should not be read.
func (t *tree) read(s *source) string {
	if s.size > maxRead {
		s.note("skipped", "larger than 64 MB")
		return ""
	}
	f, err := t.fsys.Open(s.path)
	if err != nil {
		s.note("skipped", "unreadable: "+reasonOf(err))
		return ""
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxRead))
	if err != nil {
		s.note("skipped", "unreadable: "+reasonOf(err))
		return ""
	}
	s.digest = sha256.Sum256(b)
	if t.sums {
		s.md5 = md5Hex(b)
	}
	if binary(b) {
		s.note("skipped", "binary content")
		return ""
	}
	return string(b)
}

// binary tells content that is no text: a NUL byte near the start.
func binary(b []byte) bool {
	for _, c := range b[:min(len(b), 8000)] {
		if c == 0 {
			return true
		}
	}
	return false
}

// coverage accounts for every file.
func (t *tree) coverage() fact.Coverage {
	var c fact.Coverage
	for _, s := range t.files {
		c.Files++
		switch s.status {
		case "":
			c.Analysed++
		case "partly":
			c.Partly++
		default:
			c.Skipped++
		}
		switch {
		case s.status == "skipped":
		case s.kind == "php":
			c.PHPBytes += s.size
		case s.kind == "js":
			c.JSBytes += s.size
		}
		if s.status != "" && s.reason != "no code" {
			c.Notes = append(c.Notes, fact.FileNote{File: s.path, Status: s.status, Reason: s.reason})
		}
	}
	return c
}
