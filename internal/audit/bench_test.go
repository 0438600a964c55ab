package audit

import (
	"context"
	"testing"
)

func BenchmarkAppend(b *testing.B) {
	l := openLog(b, b.TempDir())
	defer l.Close()
	data := map[string]any{"call": "c-01JD3QZ8V6", "integration": "i-7f3b", "name": "Order bot", "surface": "service", "purpose": "service.order_status", "mode": "enforce",
		"model": map[string]any{"requested": "default", "served": "smollm2-135m-instruct", "digest": "0f6b3a8f0c7d2e5b9a4c1d8e7f6a5b4c3d2e1f0a9b8c7d6e5f4a3b2c1d0e9f8a"}, "masked": map[string]int{"PERSON": 1, "EMAIL": 1}}
	b.SetParallelism(64)
	b.ReportAllocs()
	b.RunParallel(func(p *testing.PB) {
		for p.Next() {
			if _, err := l.Append(context.Background(), "t", "cust:1", data); err != nil {
				b.Fatal(err)
			}
		}
	})
}
