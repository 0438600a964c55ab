package fastcgi_test

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"ringfence/internal/probe/fastcgi"
)

// pool answers with fixed bytes.
type pool struct {
	io.Reader
	got bytes.Buffer
}

func (p *pool) Write(b []byte) (int, error) { return p.got.Write(b) }

func record(kind byte, content string, padding int) string {
	return string([]byte{1, kind, 0, 1, byte(len(content) >> 8), byte(len(content)), byte(padding), 0}) + content + strings.Repeat("\x00", padding)
}

func TestDo(t *testing.T) {
	long := strings.Repeat("x", 70_000)
	p := &pool{Reader: strings.NewReader(record(7, "warned", 2) + record(6, "Content-type: a\r\n\r\nhel", 5) + record(6, "lo", 0) + record(3, "\x00\x00\x00\x00\x00\x00\x00\x00", 0))}
	got, err := fastcgi.Do(p, map[string]string{"SCRIPT_FILENAME": "/x.php", "LONG": strings.Repeat("v", 200)}, long)
	if err != nil || got != (fastcgi.Answer{Body: "hello", Errors: "warned"}) {
		t.Errorf("%+v %v", got, err)
	}
	sent := p.got.String()
	if !strings.Contains(sent, "\x0f\x06SCRIPT_FILENAME/x.php") || !strings.Contains(sent, "\x04\x80\x00\x00\xc8LONGvvv") || strings.Count(sent, "x") < len(long) {
		t.Errorf("%d bytes were sent", len(sent))
	}
	for name, bytes := range map[string]string{
		"nothing": "", "half": record(6, "abc", 0)[:9], "no headers": record(6, "abc", 0) + record(3, "", 0),
		"refused": record(6, "Status: 403 Forbidden\r\n\r\nAccess denied.", 0) + record(3, "", 0),
		"endless": strings.Repeat(record(6, strings.Repeat("a", 60_000), 0), 80),
	} {
		if _, err := fastcgi.Do(&pool{Reader: strings.NewReader(bytes)}, nil, ""); err == nil {
			t.Errorf("%s is an answer", name)
		}
	}
}

func FuzzAnswer(f *testing.F) {
	f.Add([]byte(record(6, "A: b\r\n\r\nx", 3) + record(3, "", 0)))
	f.Add([]byte("\x01\x06"))
	f.Fuzz(func(t *testing.T, b []byte) {
		fastcgi.Do(&pool{Reader: bytes.NewReader(b)}, nil, "")
	})
}
