package scan

import (
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"errors"
	"strconv"
	"strings"

	"ringfence/internal/scan/fact"
)

// Sums are the digests a publisher gives for the files of one component and version. They come from
// a file the user supplies: WordPress publishes them for itself and for the plugins of its directory.
type Sums struct {
	Slug    string // "" for WordPress itself
	Version string
	Files   map[string][]string // path inside the component, md5 in hex; some files have several
}

// ReadSums reads one published list, of WordPress or of a plugin.
func ReadSums(raw []byte) (*Sums, error) {
	var doc struct {
		Checksums json.RawMessage
		Plugin    string
		Version   string
		Files     map[string]struct{ MD5 json.RawMessage }
	}
	if err := json.Unmarshal(raw, &doc); err != nil {
		return nil, errors.New("not a list of checksums: " + err.Error())
	}
	s := &Sums{Slug: doc.Plugin, Version: doc.Version, Files: map[string][]string{}}
	for path, f := range doc.Files {
		s.Files[path] = oneOrMore(f.MD5)
	}
	var flat map[string]json.RawMessage
	json.Unmarshal(doc.Checksums, &flat) // absent in lists of plugins
	for path, sum := range flat {
		s.Files[path] = oneOrMore(sum)
	}
	if len(s.Files) == 0 {
		return nil, errors.New("no checksums in it (WordPress' and the plugin directory's lists are known)")
	}
	return s, nil
}

func oneOrMore(raw json.RawMessage) []string {
	var one string
	if json.Unmarshal(raw, &one) == nil {
		return []string{one}
	}
	var list []string
	json.Unmarshal(raw, &list) // anything else matches no file
	return list
}

func md5Hex(b []byte) string {
	sum := md5.Sum(b)
	return hex.EncodeToString(sum[:])
}

// findModified reports code files that differ from what their publisher lists for the same version,
// and code that the publisher never shipped.
func findModified(j *judge) {
	for _, s := range j.sums {
		if j.unit.Kind == "core" != (s.Slug == "") || s.Slug != "" && (s.Slug != j.unit.Slug || s.Version != j.unit.Version) {
			continue
		}
		f := j.newFinding("modified-file", fact.Place{File: j.unit.Path, Line: 1}, nil, 0)
		for _, src := range j.unit.files {
			if src.md5 == "" {
				continue
			}
			path := src.path
			if s.Slug != "" {
				path = strings.TrimPrefix(path, j.unit.Path+"/")
			}
			want, listed := s.Files[path]
			switch {
			case !listed:
				f.Path = append(f.Path, fact.Step{Place: fact.Place{File: src.path, Line: 1}, What: "is not among the files its publisher lists"})
			case !contains(want, src.md5):
				f.Path = append(f.Path, fact.Step{Place: fact.Place{File: src.path, Line: 1}, What: "differs from what its publisher lists"})
			}
		}
		if len(f.Path) == 0 {
			continue
		}
		f.Place = f.Path[0].Place
		f.Title = strconv.Itoa(len(f.Path)) + " files of " + j.unit.Name + " are not as published"
		f.Path = f.Path[:min(len(f.Path), 20)]
		j.add(f)
	}
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if strings.EqualFold(x, s) {
			return true
		}
	}
	return false
}

// findVulnerable reports versions that a list supplied by the user names as vulnerable.
func findVulnerable(j *judge) {
	for _, e := range j.known {
		f := j.newFinding("known-vulnerability", fact.Place{File: j.unit.Path, Line: 1}, nil, 0)
		f.Title = e.Title + " (" + e.ID + ")"
		f.Conditions = "this shop has version " + j.unit.Version
		if e.Fixed != "" {
			f.Conditions += "; fixed in " + e.Fixed
		}
		if j.unit.AI {
			f.Level = "high" // what it sends to AI, a stranger may now direct
		}
		j.add(f, e.ID, e.Title)
	}
}
