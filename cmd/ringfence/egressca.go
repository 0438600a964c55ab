package main

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"ringfence/internal/config"
	"ringfence/internal/egress/ca"
)

// ca shows, exports and replaces the store's own authority.
func (r egressRun) ca(what string) int {
	dir := egressCADir(r.data)
	c, err := config.Load(r.config)
	if err != nil {
		return r.failed(exitNotFine, err)
	}
	known, err := openCatalogue(c, r.data)
	if err != nil {
		return r.failed(exitNotFine, err)
	}
	switch what {
	case "show":
		err = r.caShow(dir)
	case "export":
		err = r.caExport(dir, authorityNames(c, known))
	case "rotate":
		err = r.caRotate(dir, authorityNames(c, known))
	default:
		return r.failed(exitUsage, fmt.Errorf("there is no `egress ca %s`; it is show, export or rotate", what))
	}
	if err != nil {
		return r.failed(exitNotFine, err)
	}
	return exitFine
}

func (r egressRun) caShow(dir string) error {
	s, err := ca.Look(dir)
	if err != nil {
		return err
	}
	type shown struct {
		Subject string    `json:"subject"`
		SHA256  string    `json:"sha256"`
		Until   time.Time `json:"until"`
		Names   []string  `json:"names"`
		State   string    `json:"state"`
	}
	list := []shown{}
	for i, cert := range []*x509.Certificate{s.Current, s.Next} {
		if cert != nil {
			list = append(list, shown{cert.Subject.CommonName, fmt.Sprintf("%x", sha256.Sum256(cert.Raw)), cert.NotAfter, cert.PermittedDNSDomains,
				[]string{"in use", "next: export it to all clients, then `ringfence egress ca rotate --finish`"}[i]})
		}
	}
	if r.asJSON {
		printJSON(r.stdout, list)
		return nil
	}
	for _, a := range list {
		fmt.Fprintf(r.stdout, "%s\n  state   %s\n  sha256  %s\n  until   %s\n  may vouch for %d names and what is below them, and for no address:\n    %s\n",
			a.Subject, a.State, a.SHA256, a.Until.UTC().Format(time.DateOnly), len(a.Names), strings.Join(a.Names, "\n    "))
	}
	return nil
}

// caExport writes what clients must trust. It makes the authority if there is
// none yet, so that clients can be prepared before anything is intercepted.
func (r egressRun) caExport(dir string, names []string) error {
	if _, err := ca.Look(dir); errors.Is(err, ca.ErrNone) {
		if err := openData(r.data); err != nil {
			return err
		}
		if _, err := ca.Open(dir, names); err != nil {
			return err
		}
	}
	s, err := ca.Look(dir)
	if err != nil {
		return err
	}
	bundle := s.Bundle()
	if r.roots != "" {
		roots, err := os.ReadFile(r.roots)
		if err != nil {
			return err
		}
		if !bytes.Contains(roots, []byte("BEGIN CERTIFICATE")) {
			return fmt.Errorf("%s holds no certificates (PEM)", r.roots)
		}
		bundle = append(append(bytes.TrimRight(roots, "\n"), '\n'), bundle...)
	}
	if r.out == "" {
		_, err := r.stdout.Write(bundle)
		return err
	}
	if err := os.WriteFile(r.out, bundle, 0o644); err != nil {
		return err
	}
	fmt.Fprintf(r.stdout, caHints, r.out)
	return nil
}

const caHints = `Wrote %[1]s. Where to name it:

  WordPress  add_filter( 'http_request_args', function ( $args ) {
                 $args['sslcertificates'] = '%[1]s'; return $args; } );
             (an mu-plugin; the file must also hold the public authorities: --roots)
  PHP        curl.cainfo = %[1]s
             openssl.cafile = %[1]s                       (also with --roots)
  Node       NODE_EXTRA_CA_CERTS=%[1]s
  Python     SSL_CERT_FILE=%[1]s   REQUESTS_CA_BUNDLE=%[1]s   (also with --roots)

Give it to the store's programs only, not to a browser or the whole system.
`

func (r egressRun) caRotate(dir string, names []string) error {
	if r.finish {
		if err := ca.Finish(dir); err != nil {
			return err
		}
		fmt.Fprintln(r.stdout, "The next authority is in use; the key of the old one is gone. A running proxy takes it within seconds.")
		return nil
	}
	if err := ca.Rotate(dir, names); err != nil {
		return err
	}
	fmt.Fprintf(r.stdout, "Made the next authority. It is not in use yet:\n  1. ringfence egress ca export --out %s     (holds both)\n  2. give that file to all clients\n  3. ringfence egress ca rotate --finish\n",
		cmp.Or(r.out, "ringfence-ca.pem"))
	return nil
}
