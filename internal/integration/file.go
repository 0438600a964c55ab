package integration

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"syscall"
	"time"
)

// The key file is one JSON document:
//
//	{"version": 1, "integrations": [{"id": "...", "name": "...", ..., "secret_sha256": "..."}]}
//
// It may be read and edited by hand; what is not understood is refused.
const (
	fileVersion = 1
	maxFile     = 16 << 20 // bytes; some 30,000 integrations
)

type document struct {
	Version      int      `json:"version"`
	Integrations []record `json:"integrations"`
}

// record is an integration as stored: with the digest of its secret.
type record struct {
	Integration
	Secret digest `json:"secret_sha256"`
}

// FileError says where the key file is not as it must be. Line and Column count
// from 1 and are 0 when the trouble has no place in the text.
type FileError struct {
	Path         string
	Line, Column int
	Reason       string
}

func (e *FileError) Error() string {
	at := e.Path
	if e.Line > 0 {
		at = fmt.Sprintf("%s:%d:%d", e.Path, e.Line, e.Column)
	}
	return at + ": " + e.Reason
}

// stamp tells one state of a file from another. A replaced file has a new inode,
// so a change within one clock tick is seen too.
type stamp struct {
	modified time.Time
	size     int64
	inode    uint64
}

func stampOf(fi os.FileInfo) stamp {
	s := stamp{modified: fi.ModTime(), size: fi.Size()}
	if st, ok := fi.Sys().(*syscall.Stat_t); ok {
		s.inode = st.Ino
	}
	return s
}

// readFile reads and checks the whole file. A file that does not exist is an empty
// document: a fresh store has no integrations.
func readFile(path string) (document, stamp, error) {
	f, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return document{Version: fileVersion}, stamp{}, nil
	}
	if err != nil {
		return document{}, stamp{}, err
	}
	defer f.Close()
	fi, err := f.Stat()
	if err != nil {
		return document{}, stamp{}, err
	}
	if !fi.Mode().IsRegular() {
		return document{}, stampOf(fi), &FileError{Path: path, Reason: "is not a regular file"}
	}
	raw, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return document{}, stampOf(fi), err
	}
	doc, err := decode(path, raw)
	return doc, stampOf(fi), err
}

// decode turns the bytes of a key file into checked records.
func decode(path string, raw []byte) (document, error) {
	if len(raw) > maxFile {
		return document{}, &FileError{Path: path, Reason: fmt.Sprintf("is larger than %d bytes", maxFile)}
	}
	var doc document
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&doc); err != nil {
		return document{}, placed(path, raw, err, dec.InputOffset())
	}
	if _, err := dec.Token(); err != io.EOF {
		return document{}, placed(path, raw, errors.New("something follows the JSON document"), dec.InputOffset())
	}
	if doc.Version != fileVersion {
		reason := fmt.Sprintf("version is %d, this program reads version %d", doc.Version, fileVersion)
		return document{}, &FileError{Path: path, Reason: reason}
	}
	if err := doc.check(); err != nil {
		return document{}, &FileError{Path: path, Reason: err.Error()}
	}
	return doc, nil
}

// check applies the rules that concern one record, then those among records.
func (d document) check() error {
	ids, names := map[string]int{}, map[string]int{}
	for n, r := range d.Integrations {
		if err := r.check(); err != nil {
			return fmt.Errorf("integrations[%d].%v", n, err)
		}
		if r.Secret == (digest{}) {
			return fmt.Errorf("integrations[%d].secret_sha256: is missing", n)
		}
		if first, taken := ids[r.ID]; taken {
			return fmt.Errorf("integrations[%d].id: %q is already used by integrations[%d]", n, r.ID, first)
		}
		ids[r.ID] = n
		if r.Revoked != nil {
			continue
		}
		if first, taken := names[r.Name]; taken {
			return fmt.Errorf("integrations[%d].name: %q is already used by integrations[%d]", n, r.Name, first)
		}
		names[r.Name] = n
	}
	return nil
}

// placed turns an error of encoding/json into one with line and column.
func placed(path string, raw []byte, err error, offset int64) error {
	var syntax *json.SyntaxError
	var typ *json.UnmarshalTypeError
	reason := strings.TrimPrefix(err.Error(), "json: ")
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		offset, reason = int64(len(raw)), "the file ends in the middle of the JSON document"
	case errors.As(err, &syntax):
		offset = syntax.Offset
	case errors.As(err, &typ):
		offset, reason = typ.Offset, fmt.Sprintf("%s cannot be: %s", strings.Replace(typ.Field, ".Integration.", ".", 1), typ.Value)
	}
	before := raw[:min(max(offset, 0), int64(len(raw)))]
	line := bytes.Count(before, []byte("\n")) + 1
	column := len(before) - (bytes.LastIndexByte(before, '\n') + 1)
	return &FileError{Path: path, Line: line, Column: max(column, 1), Reason: reason}
}
