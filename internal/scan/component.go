package scan

import (
	"crypto/sha256"
	"encoding/hex"
	"path"
	"regexp"
	"slices"
	"sort"
	"strings"

	"ringfence/internal/scan/fact"
)

// unit is a component with its files.
type unit struct {
	fact.Component
	files   []*source
	purpose string // what its header says it does
}

// header is the comment WordPress reads at the top of a plugin or theme.
type header map[string]string

var headerLine = regexp.MustCompile(`(?im)^(?:[ \t]*<\?php)?[ \t/*#@]*(Plugin Name|Theme Name|Description|Version|Author|Requires PHP|Requires at least|License|Text Domain):[ \t]*(.+?)[ \t]*(?:\*/)?\r?$`)

// readHeader reads the first 8 kB, as WordPress does.
func readHeader(text string) header {
	h := header{}
	if !strings.Contains(text, "Name:") && !strings.Contains(text, "Version:") {
		return h // nearly all files
	}
	for _, m := range headerLine.FindAllStringSubmatch(text[:min(len(text), 8<<10)], -1) {
		if k := strings.ToLower(m[1]); h[k] == "" {
			h[k] = m[2]
		}
	}
	return h
}

// units divides the tree into plugins, themes and the rest.
func (t *tree) units() []*unit {
	roots := t.roots()
	byPath := map[string]*unit{}
	for _, s := range t.files {
		u := t.home(s, roots, byPath)
		u.files = append(u.files, s)
	}
	list := make([]*unit, 0, len(byPath))
	for _, u := range byPath {
		if u.usable() {
			list = append(list, u)
		}
	}
	sort.Slice(list, func(i, j int) bool { return list[i].Path+"\x00"+list[i].Kind < list[j].Path+"\x00"+list[j].Kind })
	uniqueSlugs(list)
	return list
}

// uniqueSlugs keeps the names of components apart.
func uniqueSlugs(list []*unit) {
	seen := map[string]bool{}
	for _, u := range list {
		if seen[u.Slug] {
			u.Slug = u.Path
		}
		seen[u.Slug] = true
	}
}

func (u *unit) usable() bool {
	return slices.ContainsFunc(u.files, func(s *source) bool { return s.kind != "other" })
}

// roots finds the directories and single files that carry a plugin or theme header. The
// outermost wins: a library bundled with a plugin belongs to the plugin.
func (t *tree) roots() map[string]*unit {
	found := map[string]*unit{}
	for _, s := range t.files {
		if s.status == "skipped" || s.test || s.size > maxPHP || wordPressOwn(s.path) {
			continue
		}
		isTheme := path.Base(s.path) == "style.css"
		if s.kind != "php" && !isTheme {
			continue
		}
		h := readHeader(t.head(s))
		dir := path.Dir(s.path)
		parent := path.Base(path.Dir(dir))
		switch {
		case isTheme && h["theme name"] != "":
			found[dir] = newUnit("theme", dir, h)
		case s.kind == "php" && h["plugin name"] != "":
			at, kind := dir, "plugin"
			if path.Base(dir) == "plugins" || path.Base(dir) == "mu-plugins" { // a plugin of one file
				at = s.path
			}
			if path.Base(dir) == "mu-plugins" || parent == "mu-plugins" {
				kind = "mu-plugin"
			}
			if found[at] == nil {
				found[at] = newUnit(kind, at, h)
			}
		case path.Base(dir) == "mu-plugins" && s.kind == "php":
			found[s.path] = newUnit("mu-plugin", s.path, h)
		case path.Base(dir) == "wp-content" && dropIns[path.Base(s.path)]:
			found[s.path] = newUnit("drop-in", s.path, h)
		}
	}
	return found
}

// dropIns are the files of wp-content that WordPress loads by name.
var dropIns = map[string]bool{"advanced-cache.php": true, "object-cache.php": true, "db.php": true, "db-error.php": true,
	"maintenance.php": true, "sunrise.php": true, "fatal-error-handler.php": true, "install.php": true}

// head reads the start of a file.
func (t *tree) head(s *source) string {
	f, err := t.fsys.Open(s.path)
	if err != nil {
		return ""
	}
	defer f.Close()
	buf := make([]byte, 8<<10)
	n, _ := f.Read(buf)
	return string(buf[:n])
}

func newUnit(kind, at string, h header) *unit {
	u := &unit{}
	u.Kind, u.Path = kind, at
	u.Slug = strings.TrimSuffix(path.Base(at), ".php")
	u.Name = h["plugin name"]
	if kind == "theme" {
		u.Name = h["theme name"]
	}
	if u.Slug == "." || u.Slug == "" {
		u.Slug = strings.ToLower(strings.ReplaceAll(h["text domain"], " ", "-"))
		if u.Slug == "" {
			u.Slug = strings.Join(strings.Fields(strings.ToLower(u.Name)), "-")
		}
	}
	if u.Name == "" {
		u.Name = u.Slug
	}
	u.purpose = h["description"]
	u.Version, u.Author, u.RequiresPHP, u.RequiresWP, u.License = h["version"], h["author"], h["requires php"], h["requires at least"], h["license"]
	return u
}

// home finds the component of a file.
func (t *tree) home(s *source, roots, byPath map[string]*unit) *unit {
	var best *unit
	for at := s.path; at != "." && at != ""; at = path.Dir(at) {
		if u := roots[at]; u != nil {
			best = u // the outermost wins
		}
	}
	if u := roots["."]; u != nil {
		best = u
	}
	if best == nil {
		best = looseUnit(s.path)
	}
	if byPath[best.Path+"\x00"+best.Kind] == nil {
		byPath[best.Path+"\x00"+best.Kind] = best
	}
	return byPath[best.Path+"\x00"+best.Kind]
}

// wordPressOwn tells WordPress' own folders, at the top of a tree or of a site inside it. A comment there shows what a
// plugin's header looks like; it is none.
func wordPressOwn(p string) bool {
	p = "/" + p
	return strings.Contains(p, "/wp-admin/") || strings.Contains(p, "/wp-includes/")
}

// looseUnit is the component of files that carry no header.
func looseUnit(p string) *unit {
	u := &unit{}
	u.Kind, u.Slug, u.Name, u.Path = "files", "files", "other files", "."
	if wordPressOwn(p) {
		u.Kind, u.Slug, u.Name = "core", "wordpress", "WordPress"
	}
	if i := strings.Index(p, "wp-content/"); i >= 0 {
		rest := strings.SplitN(p[i+len("wp-content/"):], "/", 3)
		if len(rest) == 3 {
			u.Path = p[:i] + "wp-content/" + rest[0] + "/" + rest[1]
			u.Slug, u.Name = rest[1], rest[1]
		}
	}
	return u
}

// digest is a checksum of the component as a whole.
func (u *unit) digest() string {
	h := sha256.New()
	for _, s := range u.files {
		h.Write([]byte(s.path + "\n"))
		h.Write(s.digest[:])
	}
	return hex.EncodeToString(h.Sum(nil))
}
