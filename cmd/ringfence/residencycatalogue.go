package main

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"ringfence/internal/config"
	"ringfence/internal/residency/catalogue"
)

// catalogueVerb is "ringfence residency catalogue".
func catalogueVerb(verb, what, key string, p *place, stdout, stderr io.Writer) int {
	var err error
	switch verb {
	case "verify", "use":
		err = catalogueTake(what, p, verb == "use", stdout)
	case "sign":
		err = catalogueSign(what, key, stdout)
	case "key":
		err = catalogueKey(what, key, stdout)
	default:
		fmt.Fprintf(stderr, "ringfence residency catalogue: there is no %q; there are verify, use, sign and key\n", verb)
		return exitUsage
	}
	if err != nil {
		fmt.Fprintln(stderr, "ringfence residency catalogue:", err)
		return exitNotFine
	}
	return exitFine
}

// catalogueTake checks a signed catalogue, and with use puts it in the data
// directory.
func catalogueTake(file string, p *place, use bool, stdout io.Writer) error {
	c, err := config.Load(p.config)
	if err != nil {
		return err
	}
	trusted, err := catalogueKeys(c)
	if err != nil {
		return err
	}
	signed, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	next, err := catalogue.Open(signed, trusted)
	if err != nil {
		return fmt.Errorf("%w; keys that are trusted stand in residency.catalogue_keys", err)
	}
	inUse, err := openCatalogue(c, p.data)
	if err != nil {
		return err
	}
	if _, err := inUse.Newer(next); err != nil {
		return err
	}
	fmt.Fprintf(stdout, "serial %d, newer than %d in use: %d hosts, %d resolvers\n", next.Serial, inUse.Serial, len(next.Services()), len(next.Resolvers()))
	if !use {
		return nil
	}
	if err := openData(p.data); err != nil {
		return err
	}
	if err := replaceFile(catalogueFile(p.data), signed); err != nil {
		return err
	}
	fmt.Fprintln(stdout, "in use from the next start on")
	return nil
}

func catalogueSign(file, key string, stdout io.Writer) error {
	if key == "" {
		return errors.New("needs --key FILE, as made by: ringfence residency catalogue key NAME --key FILE")
	}
	secret, err := os.ReadFile(key)
	if err != nil {
		return err
	}
	signer, err := note.NewSigner(strings.TrimSpace(string(secret)))
	if err != nil {
		return fmt.Errorf("%s: %w", key, err)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	signed, err := catalogue.Sign(text, signer)
	if err != nil {
		return err
	}
	_, err = stdout.Write(signed)
	return err
}

// catalogueKey writes a new private key, and prints the public one.
func catalogueKey(name, file string, stdout io.Writer) error {
	if file == "" {
		return errors.New("needs --key FILE, where the private key is written")
	}
	secret, public, err := note.GenerateKey(rand.Reader, name)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(f, secret)
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	fmt.Fprintf(stdout, "%s\n", public)
	return nil
}

// replaceFile writes a file whole, or leaves the old one.
func replaceFile(name string, content []byte) error {
	f, err := os.CreateTemp(filepath.Dir(name), filepath.Base(name)+".*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(content)
	err = errors.Join(err, f.Sync(), f.Close())
	if err != nil {
		return err
	}
	return os.Rename(f.Name(), name)
}
