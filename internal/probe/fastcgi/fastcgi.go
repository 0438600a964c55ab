// Package fastcgi asks a PHP-FPM pool to run one script.
//
// First step: [Do] on a connection to the pool. Promise: one request, one
// answer of bounded size. Danger: the script runs as the pool's user, with all
// that the pool may do.
package fastcgi

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
)

// The types of records that are used.
const (
	begin  = 1
	end    = 3
	params = 4
	stdin  = 5
	stdout = 6
	stderr = 7
)

const (
	responder  = 1
	id         = 1
	maxContent = 1<<16 - 1
	maxAnswer  = 4 << 20
)

// An Answer is what a script wrote.
type Answer struct {
	Body   string // behind its headers
	Errors string
}

// Do sends one request and reads its answer. The connection is of no use after.
func Do(conn io.ReadWriter, env map[string]string, body string) (Answer, error) {
	w := bufio.NewWriter(conn)
	if err := request(w, env, body); err != nil {
		return Answer{}, err
	}
	out, errs, err := answer(bufio.NewReader(conn))
	if err != nil {
		return Answer{Errors: errs}, err
	}
	head, rest, ok := strings.Cut(out, "\r\n\r\n")
	if !ok {
		return Answer{Errors: errs}, fmt.Errorf("the pool sent no headers: %.200q", out)
	}
	if strings.Contains(head, "Status: 4") || strings.Contains(head, "Status: 5") {
		return Answer{Body: rest, Errors: errs}, fmt.Errorf("the pool did not run the script: %.200s", strings.TrimSpace(rest+" "+errs))
	}
	return Answer{Body: rest, Errors: errs}, nil
}

func request(w *bufio.Writer, env map[string]string, body string) error {
	record(w, begin, []byte{0, responder, 0, 0, 0, 0, 0, 0})
	var pairs []byte
	for name, value := range env {
		pairs = append(length(length(pairs, len(name)), len(value)), name+value...)
	}
	stream(w, params, pairs)
	stream(w, stdin, []byte(body))
	return w.Flush()
}

func length(b []byte, n int) []byte {
	if n < 128 {
		return append(b, byte(n))
	}
	return binary.BigEndian.AppendUint32(b, uint32(n)|1<<31)
}

// stream writes content in records of its kind, and the empty one that ends it.
func stream(w *bufio.Writer, kind byte, content []byte) {
	for len(content) > 0 {
		n := min(len(content), maxContent)
		record(w, kind, content[:n])
		content = content[n:]
	}
	record(w, kind, nil)
}

func record(w *bufio.Writer, kind byte, content []byte) {
	head := []byte{1, kind, 0, id, 0, 0, 0, 0}
	binary.BigEndian.PutUint16(head[4:], uint16(len(content)))
	w.Write(head)
	w.Write(content) // an error stays in w until Flush
}

func answer(r *bufio.Reader) (out, errs string, err error) {
	var texts [2]strings.Builder
	for {
		var head [8]byte
		if _, err := io.ReadFull(r, head[:]); err != nil {
			return "", texts[1].String(), fmt.Errorf("the pool hung up: %w", err)
		}
		content := make([]byte, binary.BigEndian.Uint16(head[4:6]))
		if _, err := io.ReadFull(r, content); err != nil {
			return "", texts[1].String(), fmt.Errorf("the pool hung up: %w", err)
		}
		if _, err := r.Discard(int(head[6])); err != nil {
			return "", texts[1].String(), fmt.Errorf("the pool hung up: %w", err)
		}
		switch head[1] {
		case stdout:
			texts[0].Write(content)
		case stderr:
			texts[1].Write(content)
		case end:
			return texts[0].String(), texts[1].String(), nil
		}
		if texts[0].Len()+texts[1].Len() > maxAnswer {
			return "", "", errors.New("the script wrote more than anybody reads")
		}
	}
}
