package mask

import "strings"

// Tables hold store data by column: a header of field names, and rows. CSV with any separator, spreadsheets
// pasted as text, Markdown.

// cell is a part of a line, in offsets of the text, without the quotes and spaces around it.
type cell struct{ start, end int }

// maxCells bounds the columns of a table.
const maxCells = 128

// eachCell calls yield for the cells of every column whose header names a field, and for the second cell of
// lines with two whose first does.
func eachCell(s string, yield func(f field, start, end int)) {
	var header []field
	var sep byte
	var buf [16]cell
	cells := buf[:0]
	for at := 0; at < len(s); {
		end := len(s)
		if k := strings.IndexByte(s[at:], '\n'); k >= 0 {
			end = at + k
		}
		line := s[at:end]
		if header != nil {
			cells = split(s, at, end, sep, cells[:0])
			if len(cells) == len(header) {
				row(s, header, cells, yield)
				at = end + 1
				continue
			}
			header = nil
		}
		if sep = separator(line); sep != 0 {
			cells = split(s, at, end, sep, cells[:0])
			header = headerOf(s, cells)
			if f, ok := pairOf(s, cells, sep); ok && header == nil {
				yield(f, cells[1].start, cells[1].end)
			}
		}
		at = end + 1
	}
}

// separator returns what divides the cells of a line, 0 if it is no line of a table.
func separator(line string) byte {
	for _, sep := range []byte("\t|;,") {
		if strings.IndexByte(line, sep) >= 0 {
			return sep
		}
	}
	return 0
}

// split divides s[at:end] into cells; nil if there are too many.
func split(s string, at, end int, sep byte, cells []cell) []cell {
	for start := at; start <= end; {
		stop := start
		for quoted := false; stop < end && (quoted || s[stop] != sep); stop++ {
			if s[stop] == '"' {
				quoted = !quoted
			}
		}
		c := cell{start, stop}
		for c.start < c.end && strings.IndexByte(" \"'*\r", s[c.start]) >= 0 {
			c.start++
		}
		for c.end > c.start && strings.IndexByte(" \"'*\r", s[c.end-1]) >= 0 {
			c.end--
		}
		if len(cells) == maxCells {
			return cells[:0]
		}
		cells = append(cells, c)
		start = stop + 1
	}
	if sep == '|' && len(cells) > 2 && cells[0].start >= cells[0].end && cells[len(cells)-1].start >= cells[len(cells)-1].end {
		return cells[1 : len(cells)-1] // | a | b |
	}
	return cells
}

// headerOf returns the fields that the cells name, nil if it is no header: two at least must be known, and all
// be as short as names are.
func headerOf(s string, cells []cell) []field {
	known, words := 0, 0
	for _, c := range cells {
		name := s[c.start:c.end]
		if len(name) > maxFieldName || strings.Count(name, " ") > 2 || strings.ContainsAny(name, "@{}?!") {
			return nil
		}
		switch f, ok := columnOf(name); {
		case ok && f.named:
			words++
		case ok:
			known++
		}
	}
	if known < 2 && (known < 1 || words < 1 || len(cells) < 3) {
		return nil
	}
	header := make([]field, 0, len(cells))
	for _, c := range cells {
		f, _ := columnOf(s[c.start:c.end])
		header = append(header, f)
	}
	return header
}

// columnOf returns the field that the name of a column means: id and number are columns of any table.
func columnOf(name string) (f field, ok bool) {
	if f, ok = fieldOf(name); f.record || f.data {
		return field{}, false
	}
	return f, ok
}

// row yields the cells of one line under a header.
func row(s string, header []field, cells []cell, yield func(f field, start, end int)) {
	for i, f := range header {
		if f.typ != "" && acceptsCell(s, f, cells[i]) {
			yield(f, cells[i].start, cells[i].end)
		}
	}
}

// pairOf reads | Name | Anna Muster |.
func pairOf(s string, cells []cell, sep byte) (f field, ok bool) {
	if len(cells) != 2 || sep != '|' && sep != '\t' {
		return f, false
	}
	f, ok = fieldOf(strings.TrimRight(s[cells[0].start:cells[0].end], ": "))
	return f, ok && !f.record && !f.data && acceptsCell(s, f, cells[1])
}

// acceptsCell says whether a cell can be what its header says.
func acceptsCell(s string, f field, c cell) bool {
	if c.start >= c.end || c.end-c.start > maxFieldValue || isNothing(s[c.start:c.end]) {
		return false
	}
	value := s[c.start:c.end]
	if f.typ == SECRET {
		return f.acceptsSecret(value, true, true)
	}
	if f.named {
		return looksNamed(value)
	}
	return letters(value)+countDigits(value) > 0
}
