// Package detector asks a detector of personal data that somebody else runs, over HTTP.
//
// First step: [New] with its address and the way to reach it; the result is a [mask.Outside].
//
// Promise: one request a text, answered in time and whole, or an error; no redirect is followed. Danger: it is told the
// text before masking, so whoever runs it sees everything. The way to reach it must lead inside the store's own walls.
package detector

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"ringfence/internal/mask"
)

// Timeout of one question when Options has none.
const Timeout = 2 * time.Second

// Options say where the detector is.
type Options struct {
	// Address is where texts are sent, as in http://127.0.0.1:3000/analyze.
	Address string
	// Dial reaches it, and nothing it should not.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
	// Timeout of one question, 0 for Timeout.
	Timeout time.Duration
	// Least is how sure the detector must be, 0 to 1.
	Least float64
}

// Detector asks; it is safe for concurrent use.
type Detector struct {
	address string
	least   float64
	client  http.Client
}

// New returns a detector.
func New(o Options) *Detector {
	if o.Timeout == 0 {
		o.Timeout = Timeout
	}
	return &Detector{address: o.Address, least: o.Least, client: http.Client{
		Timeout:       o.Timeout,
		Transport:     &http.Transport{DialContext: o.Dial, MaxIdleConnsPerHost: 16, MaxResponseHeaderBytes: 1 << 16},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// question is what is sent, and answer what comes back: a list, as Presidio's analyzer has it.
type question struct {
	Text     string `json:"text"`
	Language string `json:"language"`
}

type answer struct {
	Start int     `json:"start"`
	End   int     `json:"end"`
	Type  string  `json:"entity_type"`
	Score float64 `json:"score"`
}

// Spans asks about a text.
func (d *Detector) Spans(text string) ([]mask.OutsideSpan, error) {
	body, err := json.Marshal(question{text, "en"})
	if err != nil {
		return nil, err
	}
	resp, err := d.client.Post(d.address, "application/json", bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the detector answered %s", resp.Status)
	}
	limit := int64(1<<20 + 64*len(text))
	raw, err := io.ReadAll(io.LimitReader(resp.Body, limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(raw)) > limit {
		return nil, fmt.Errorf("the detector's answer has more than %d bytes", limit)
	}
	return d.read(raw)
}

// read takes the answer apart.
func (d *Detector) read(raw []byte) ([]mask.OutsideSpan, error) {
	var said []answer
	if err := json.Unmarshal(raw, &said); err != nil {
		return nil, fmt.Errorf("the detector's answer is no list of findings: %w", err)
	}
	if said == nil {
		return nil, fmt.Errorf("the detector's answer is no list of findings")
	}
	spans := make([]mask.OutsideSpan, 0, len(said))
	for _, a := range said {
		if a.Score >= d.least {
			spans = append(spans, mask.OutsideSpan{Start: a.Start, End: a.End, Type: typeOf(a.Type), Score: a.Score})
		}
	}
	return spans, nil
}

// typeOf translates the names that common detectors use; others are taken as they are, and what mask has no such type for
// becomes SENSITIVE there.
func typeOf(name string) mask.Type {
	if t, ok := types[name]; ok {
		return t
	}
	return mask.Type(name)
}

var types = map[string]mask.Type{
	"PER": mask.PERSON, "NAME": mask.PERSON, "LOCATION": mask.PLACE, "LOC": mask.PLACE, "GPE": mask.PLACE, "STREET_ADDRESS": mask.ADDRESS,
	"ORGANIZATION": mask.COMPANY, "ORG": mask.COMPANY, "NRP": mask.GROUP, "NORP": mask.GROUP, "DATE_TIME": mask.DATE,
	"EMAIL_ADDRESS": mask.EMAIL, "PHONE_NUMBER": mask.PHONE, "CREDIT_CARD": mask.CARD, "IBAN_CODE": mask.IBAN, "IP_ADDRESS": mask.IP,
	"DOMAIN_NAME": mask.URL, "US_SSN": mask.ID, "US_PASSPORT": mask.ID, "US_DRIVER_LICENSE": mask.ID, "US_BANK_NUMBER": mask.ACCOUNT,
	"UK_NHS": mask.ID, "ES_NIF": mask.ID, "IT_FISCAL_CODE": mask.ID, "PL_PESEL": mask.ID, "FI_PERSONAL_IDENTITY_CODE": mask.ID,
	"MEDICAL_LICENSE": mask.ID, "CRYPTO": mask.ACCOUNT, "PASSWORD": mask.SECRET,
}
