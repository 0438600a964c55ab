package report

import (
	"io"
	"ringfence/internal/scan/fact"
)

func HTML(w io.Writer, r *fact.Report) error { return nil }
