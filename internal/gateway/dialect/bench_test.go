package dialect_test

import (
	"encoding/json"
	"io"
	"os"
	"testing"
	"time"

	"ringfence/internal/gateway/dialect"
	"ringfence/internal/gateway/dialect/gemini"
)

// BenchmarkDecode reads the first sample of each dialect's fields, which has
// nearly all of them.
func BenchmarkDecode(b *testing.B) {
	for _, d := range all {
		if _, again := d.(gemini.Stream); again {
			continue // the same bodies
		}
		b.Run(d.Name(), func(b *testing.B) {
			raw, err := os.ReadFile("../../../testdata/dialects/fields/" + d.Name() + ".json")
			if err != nil {
				b.Fatal(err)
			}
			var samples []struct{ Body json.RawMessage }
			if err := json.Unmarshal(raw, &samples); err != nil {
				b.Fatal(err)
			}
			body := []byte(samples[0].Body)
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := d.Decode(dialect.Request{Body: body, Model: "small", Limits: limits}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkStream writes 66 pieces of text and the end, as a stream of 68
// events of an engine makes them.
func BenchmarkStream(b *testing.B) {
	for _, d := range all {
		s, ok := d.(dialect.Streamer)
		if !ok {
			continue
		}
		b.Run(d.Name(), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				w := s.Stream(io.Discard, dialect.Head{ID: "c", Created: time.Unix(7, 0), Model: "small"})
				for range 66 {
					w.Event(dialect.Event{Text: "piece "})
				}
				w.Event(dialect.Event{Finish: "stop"})
				w.Close(&dialect.Usage{Prompt: 1, Completion: 66})
			}
		})
	}
}
