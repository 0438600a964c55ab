// Package report prints a scan's result: for a terminal, as JSON, SARIF, CycloneDX, one HTML page, or a draft
// for the shop's privacy page.
//
// Start with Write and a format name. Every printer is a pure function of the report: the
// same report gives the same bytes. Texts of the scanned tree are strangers' texts; each
// format escapes them in its own way, and the terminal never sees a control character.
package report

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"ringfence/internal/scan/fact"
)

// Formats lists the names Write knows.
var Formats = []string{"text", "json", "sarif", "cyclonedx", "html", "privacy"}

// Write prints a report in the named format.
func Write(w io.Writer, format string, r *fact.Report) error {
	switch format {
	case "text":
		return Text(w, r)
	case "json":
		return JSON(w, r)
	case "sarif":
		return JSON(w, sarif(r))
	case "cyclonedx":
		return JSON(w, cyclonedx(r))
	case "html":
		return HTML(w, r)
	case "privacy":
		return Privacy(w, r)
	}
	return fmt.Errorf("unknown format %q: one of %s", format, strings.Join(Formats, ", "))
}

// JSON writes v indented, one line per value, characters unescaped except those JSON demands.
func JSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	return e.Encode(v)
}
