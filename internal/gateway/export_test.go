package gateway

import "ringfence/internal/gateway/dialect"

// Served is a route, for tests that walk all of them.
type Served struct {
	Dialect dialect.Dialect
	Paths   []string
}

// Routes returns what is served.
func Routes() []Served {
	var all []Served
	for _, r := range routes {
		all = append(all, Served{r.dialect, r.paths})
	}
	return all
}

// Absent returns the paths of what no engine does, by code.
func Absent() map[string][]string {
	all := map[string][]string{}
	for _, a := range absent {
		all[a.code] = a.paths
	}
	return all
}
