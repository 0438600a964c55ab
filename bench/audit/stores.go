package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"time"

	"ringfence/internal/audit"
	"ringfence/proof"
)

// origin names the logs of this program.
const origin = "bench.example/audit"

// store is what is measured: append returns when the entry is durable.
type store interface {
	append(call proof.Call) error
	Close() error
}

// ours is the audit log.
type ours struct{ *audit.Log }

func openOurs(dir string) (store, error) {
	l, err := audit.Open(audit.Options{Dir: filepath.Join(dir, "audit"), Origin: origin})
	return ours{l}, err
}

func (o ours) append(call proof.Call) error {
	_, err := o.Append(context.Background(), proof.TypeIntent, "cust:8f3a", call)
	return err
}

// plain is the least that is honest: one JSON line per entry and one fdatasync per batch of those that
// wait. No tree, no signature, no canonical form, no checksum.
type plain struct {
	file  *os.File
	queue chan line
	ended chan struct{}
	next  atomic.Int64
}

type line struct {
	text []byte
	done chan error
}

func openPlain(dir string) (store, error) {
	f, err := os.Create(filepath.Join(dir, "plain.jsonl"))
	p := &plain{file: f, queue: make(chan line, 1024), ended: make(chan struct{})}
	go p.commit()
	return p, err
}

func (p *plain) append(call proof.Call) error {
	data, err := json.Marshal(call)
	if err != nil {
		return err
	}
	text, err := json.Marshal(proof.Entry{
		SpecVersion: "1.0", ID: strconv.FormatInt(p.next.Add(1), 36), Source: origin,
		Type: proof.TypeIntent, Subject: "cust:8f3a", Time: time.Now().UTC(), Data: data,
	})
	if err != nil {
		return err
	}
	l := line{append(text, '\n'), make(chan error, 1)}
	p.queue <- l
	return <-l.done
}

func (p *plain) commit() {
	defer close(p.ended)
	for first := range p.queue {
		batch := []line{first}
		for more := true; more; {
			select {
			case l, open := <-p.queue:
				if more = open; open {
					batch = append(batch, l)
				}
			default:
				more = false
			}
		}
		var text []byte
		for _, l := range batch {
			text = append(text, l.text...)
		}
		_, err := p.file.Write(text)
		if err == nil {
			err = datasync(p.file)
		}
		for _, l := range batch {
			l.done <- err
		}
	}
}

func (p *plain) Close() error {
	close(p.queue)
	<-p.ended
	return p.file.Close()
}

// sampleCall is an entry of ordinary size.
func sampleCall() proof.Call {
	return proof.Call{
		Call: "c-01JD3QZ8V6", Integration: "i-7f3b", Name: "Order bot", Surface: "service", Purpose: "service.order_status",
		Mode: "enforce", Conversation: "conv:51b2c7", Dialect: "openai.chat",
		Model:            proof.Model{Requested: "default", Served: "smollm2-135m-instruct", Digest: "0f6b3a8f0c7d2e5b9a4c1d8e7f6a5b4c3d2e1f0a9b8c7d6e5f4a3b2c1d0e9f8a"},
		Engine:           proof.Engine{Driver: "llama.cpp", Zone: "local"},
		Masked:           map[string]int{"PERSON": 1, "EMAIL": 1, "PHONE": 1, "IBAN": 1},
		PromptCommitment: "5d41402abc4b2a76b9719d911017c592aa0f3c6d7e8b9a1b2c3d4e5f60718293",
	}
}
