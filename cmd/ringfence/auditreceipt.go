package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"ringfence/internal/audit"
	"ringfence/proof"
)

// receiptReport is what `audit verify --receipt` and `audit prove --json` print.
type receiptReport struct {
	Verdict audit.Verdict `json:"verdict"`
	Problem string        `json:"problem,omitempty"`
	Origin  string        `json:"origin,omitempty"`
	Size    int64         `json:"size,omitempty"`
	Index   int64         `json:"index"`
	Entry   *proof.Entry  `json:"entry,omitempty"`
	Receipt string        `json:"receipt,omitempty"`
}

func (r auditRun) verifyReceipt() int {
	keyFile := r.key
	if keyFile == "" {
		keyFile = filepath.Join(r.dir, "key.pub")
	}
	key, err := readKeyFile(keyFile)
	if errors.Is(err, os.ErrNotExist) && r.key == "" {
		err = errors.New("name the file with the log's public key: --key FILE")
	}
	if err != nil {
		return r.failed(exitUsage, err)
	}
	text, err := os.ReadFile(r.receipt)
	if err != nil {
		return r.failed(exitIncomplete, err)
	}
	report := checkReceipt(string(text), key)
	if r.asJSON {
		if code := printJSON(r.stdout, report); code != exitFine {
			return code
		}
	} else {
		tellReceipt(r.stdout, report)
	}
	if report.Verdict != audit.OK {
		return exitNotFine
	}
	return exitFine
}

// checkReceipt does what any auditor can do, with package proof alone.
func checkReceipt(text, vkey string) receiptReport {
	key, err := proof.ParseKey(vkey)
	if err != nil {
		return receiptReport{Verdict: audit.Invalid, Problem: err.Error()}
	}
	receipt, err := proof.ParseReceipt([]byte(text))
	if err != nil {
		return receiptReport{Verdict: audit.Invalid, Problem: err.Error()}
	}
	checked, err := receipt.Verify(key)
	if err != nil {
		return receiptReport{Verdict: audit.Invalid, Problem: err.Error(), Index: receipt.Index}
	}
	return receiptReport{Verdict: audit.OK, Origin: checked.Head.Origin, Size: checked.Head.Size, Index: checked.Index, Entry: &checked.Entry}
}

func tellReceipt(w io.Writer, r receiptReport) {
	if r.Verdict != audit.OK {
		fmt.Fprintf(w, "%s: %s\n", r.Verdict, strings.TrimPrefix(r.Problem, "proof: "))
		return
	}
	fmt.Fprintf(w, "OK: the entry is number %d of the %d that %s signed\n", r.Index, r.Size, r.Origin)
	fmt.Fprintf(w, "  %s\n", entryLine(r.Index, *r.Entry))
}

// prove prints one entry's receipt, after checking it as a stranger would.
func (r auditRun) prove(word string) int {
	index, err := strconv.ParseInt(word, 10, 64)
	if err != nil {
		return r.failed(exitUsage, fmt.Errorf("%q is not the index of an entry; `ringfence audit tail` shows them", word))
	}
	reader, err := audit.OpenReader(r.dir)
	if err != nil {
		return r.failed(exitIncomplete, err)
	}
	receipt, err := reader.Prove(r.ctx, index)
	if err != nil {
		return r.failed(proveCode(err), err)
	}
	report := checkReceipt(receipt, reader.PublicKey())
	if report.Verdict != audit.OK {
		return r.failed(exitNotFine, errors.New(report.Problem))
	}
	if r.out != "" {
		if err := os.WriteFile(r.out, []byte(receipt), 0o644); err != nil {
			return r.failed(exitIncomplete, err)
		}
	}
	switch {
	case r.asJSON:
		report.Receipt = receipt
		return printJSON(r.stdout, report)
	case r.out != "":
		fmt.Fprintf(r.stdout, "The receipt of entry %d is in %s. Anybody who has key.pub can check it:\n  ringfence audit verify --receipt %s --key key.pub\n", index, r.out, r.out)
	default:
		fmt.Fprint(r.stdout, receipt)
	}
	return exitFine
}

// proveCode tells "there is no such entry" and "the log is damaged" from "could not look".
func proveCode(err error) int {
	var known *audit.Error
	if errors.As(err, &known) && known.Code != audit.CodeNoEntry {
		return exitIncomplete
	}
	return exitNotFine
}
