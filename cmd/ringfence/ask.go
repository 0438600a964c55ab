package main

import (
	"context"
	"fmt"
	"io"
	"net/http"

	"ringfence/internal/residency"
)

// localClient reaches this machine only, whatever proxy the shell has set.
var localClient = &http.Client{Transport: &http.Transport{DialContext: new(residency.Dialer).DialContext}}

// ask posts to the gateway that runs on this data directory, as its owner.
func (r running) ask(ctx context.Context, path, contentType string, body io.Reader) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+r.Address+path, body)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", contentType)
	req.Header.Set("Authorization", "Bearer "+r.Owner)
	resp, err := localClient.Do(req)
	if err != nil {
		return nil, fmt.Errorf("no gateway answers at %s; start it with `ringfence up` (%w)", r.Address, err)
	}
	return resp, nil
}
