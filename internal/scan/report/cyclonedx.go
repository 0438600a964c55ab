package report

import (
	"net/url"
	"slices"

	"ringfence/internal/scan/fact"
)

// CycloneDX 1.6, the part of it we use: plugins as components, outside services with the data they get.

type bom struct {
	Format     string         `json:"bomFormat"`
	Spec       string         `json:"specVersion"`
	Version    int            `json:"version"`
	Components []bomComponent `json:"components"`
	Services   []bomService   `json:"services"`
	Depends    []dependency   `json:"dependencies,omitempty"`
}

type bomComponent struct {
	Type    string    `json:"type"`
	Ref     string    `json:"bom-ref"`
	Name    string    `json:"name"`
	Version string    `json:"version,omitempty"`
	PURL    string    `json:"purl"`
	Hashes  []bomHash `json:"hashes,omitempty"`
}

type bomHash struct {
	Alg     string `json:"alg"`
	Content string `json:"content"`
}

type bomService struct {
	Ref       string    `json:"bom-ref"`
	Name      string    `json:"name"`
	Provider  *provider `json:"provider,omitempty"`
	Endpoints []string  `json:"endpoints,omitempty"`
	Boundary  bool      `json:"x-trust-boundary"`
	Data      []bomData `json:"data,omitempty"`
}

type provider struct {
	Name string `json:"name"`
}

type bomData struct {
	Flow           string `json:"flow"`
	Classification string `json:"classification"`
}

type dependency struct {
	Ref string   `json:"ref"`
	On  []string `json:"dependsOn"`
}

func cyclonedx(r *fact.Report) *bom {
	b := &bom{Format: "CycloneDX", Spec: "1.6", Version: 1, Components: []bomComponent{}, Services: []bomService{}}
	for _, c := range r.Components {
		ref := "component:" + c.Slug
		b.Components = append(b.Components, bomComponent{Type: "application", Ref: ref, Name: c.Name, Version: c.Version,
			PURL: "pkg:generic/" + url.PathEscape(c.Slug) + "@" + url.PathEscape(c.Version), Hashes: []bomHash{{"SHA-256", c.Digest}}})
		d := dependency{Ref: ref}
		for _, s := range r.Services {
			if s.Component == c.Slug && s.Class != "own" {
				svc := serviceOf(r, s)
				b.Services = append(b.Services, svc)
				d.On = append(d.On, svc.Ref)
			}
		}
		if len(d.On) > 0 {
			b.Depends = append(b.Depends, d)
		}
	}
	return b
}

func serviceOf(r *fact.Report, s fact.Service) bomService {
	svc := bomService{Ref: "service:" + s.Component + ":" + s.Host, Name: s.Host, Boundary: s.Class != "local"}
	if s.Vendor != "" {
		svc.Provider = &provider{s.Vendor}
	}
	if s.Kind != "sdk" && s.Kind != "core" && s.Class != "configurable" {
		svc.Endpoints = []string{"https://" + s.Host}
	}
	var classes []string
	for _, f := range r.Flows {
		if f.Component == s.Component && f.To == s.Host && !slices.Contains(classes, f.Class) {
			classes = append(classes, f.Class)
			svc.Data = append(svc.Data, bomData{"outbound", f.Class})
		}
	}
	return svc
}
