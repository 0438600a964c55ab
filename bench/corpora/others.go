package corpora

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"strings"
)

// multidogo reads chats with one label for each word. Lines whose labels do not match their words are
// skipped, and so are answers without any label: their names were often not labelled.
func multidogo(name, file string) (docs []Doc, err error) {
	for line := range strings.Lines(file) {
		col := strings.Split(strings.TrimRight(line, "\r\n"), "\t")
		if len(col) != 7 {
			continue
		}
		words, tags := strings.Fields(col[4]), strings.Fields(col[5])
		if len(words) != len(tags) || len(words) == 0 || col[6] == "contentonly" && strings.Trim(col[5], "O ") == "" {
			continue
		}
		d := Doc{Source: name, Language: "en"}
		last := ""
		for i, w := range words {
			if i > 0 {
				d.Text += " "
			}
			typ := dogoTypes[tags[i]]
			d.Text += w
			if typ != "" && typ == last {
				d.Spans[len(d.Spans)-1].End = len(d.Text)
			} else if typ != "" {
				d.Spans = append(d.Spans, Span{len(d.Text) - len(w), len(d.Text), typ})
			}
			last = typ
		}
		docs = append(docs, d)
	}
	return docs, nil
}

var dogoTypes = map[string]string{"name": Person, "address": "ADDRESS", "current_city": Place, "arrival_city": Place,
	"departure_city": Place, "company_name": Organisation, "email_address": "EMAIL", "phonenumber": "PHONE",
	"phone_number": "PHONE", "card_number": "CARD"}

// meddocan reads clinical letters with made-up patients; offsets are code points.
func meddocan(name, file string) (docs []Doc, err error) {
	for line := range strings.Lines(file) {
		var in struct {
			Text  string
			Spans []struct {
				Start, End int
				Type       string
			}
		}
		if err := json.Unmarshal([]byte(line), &in); err != nil {
			return nil, err
		}
		d := Doc{Source: name, Language: "es", Text: in.Text}
		points := offsets(in.Text)
		for _, s := range in.Spans {
			d.Spans = append(d.Spans, Span{points[s.Start], points[s.End], meddocanType(s.Type)})
		}
		docs = append(docs, d)
	}
	return docs, nil
}

func meddocanType(t string) string {
	switch {
	case strings.HasPrefix(t, "NOMBRE"):
		return Person
	case t == "TERRITORIO" || t == "PAIS":
		return Place
	case t == "CALLE":
		return "ADDRESS"
	case t == "EDAD_SUJETO_ASISTENCIA":
		return "AGE"
	case t == "FECHAS":
		return "DATE"
	case strings.HasPrefix(t, "ID_"):
		return "ID"
	case t == "HOSPITAL" || t == "INSTITUCION" || t == "CENTRO_SALUD":
		return Organisation
	case t == "CORREO_ELECTRONICO":
		return "EMAIL"
	case t == "NUMERO_TELEFONO" || t == "NUMERO_FAX":
		return "PHONE"
	}
	return t
}

// presidio reads Presidio's synthetic set.
func presidio(name, file string) (docs []Doc, err error) {
	var in []struct {
		FullText string `json:"full_text"`
		Spans    []struct {
			Type  string `json:"entity_type"`
			Start int    `json:"start_position"`
			End   int    `json:"end_position"`
		}
	}
	if err := json.Unmarshal([]byte(file), &in); err != nil {
		return nil, err
	}
	for _, t := range in {
		d := Doc{Source: name, Language: "en", Text: t.FullText}
		points := offsets(t.FullText)
		for _, s := range t.Spans {
			typ := s.Type
			if as, ok := presidioTypes[typ]; ok {
				typ = as
			}
			d.Spans = append(d.Spans, Span{points[s.Start], points[s.End], typ})
		}
		docs = append(docs, d)
	}
	return docs, nil
}

var presidioTypes = map[string]string{"GPE": Place, "ORGANIZATION": Organisation, "STREET_ADDRESS": "ADDRESS",
	"EMAIL_ADDRESS": "EMAIL", "PHONE_NUMBER": "PHONE", "CREDIT_CARD": "CARD", "IBAN_CODE": "IBAN", "IP_ADDRESS": "IP",
	"DATE_TIME": "DATE", "ZIP_CODE": "ADDRESS", "NRP": "GROUP", "DOMAIN_NAME": "URL", "US_SSN": "ID", "US_DRIVER_LICENSE": "ID"}

// benign reads texts with nothing personal: a CSV column or a list of JSON records.
func benignCSV(name, file string) (docs []Doc, err error) {
	rows, err := csv.NewReader(strings.NewReader(file)).ReadAll()
	if err != nil {
		return nil, err
	}
	for _, row := range rows[1:] {
		docs = append(docs, Doc{Source: name, Language: "en", Text: row[0]})
	}
	return docs, nil
}

// bitext reads customers' requests; a named person is not benign.
func bitext(name, file string) (docs []Doc, err error) {
	rows, err := csv.NewReader(strings.NewReader(file)).ReadAll()
	if err != nil {
		return nil, err
	}
	for _, row := range rows[1:] {
		if row[2] != "person_name" && !strings.Contains(row[2], "account") && !strings.Contains(row[0], "@") {
			docs = append(docs, Doc{Source: name, Language: "en", Text: row[0]})
		}
	}
	return docs, nil
}

func prompts(name, file string) (docs []Doc, err error) {
	var in []struct{ Prompt string }
	if err := json.Unmarshal([]byte(file), &in); err != nil {
		return nil, err
	}
	for _, r := range in {
		docs = append(docs, Doc{Source: name, Language: "en", Text: r.Prompt})
	}
	if len(docs) == 0 {
		return nil, errors.New("no prompts")
	}
	return docs, nil
}

// offsets returns the byte at which each code point begins, and the end.
func offsets(s string) []int {
	var out []int
	for i := range s {
		out = append(out, i)
	}
	return append(out, len(s))
}
