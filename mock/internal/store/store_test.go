package store_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"standin/mock/internal/store"
)

func openMemory(_ testing.TB, l store.Limits, now func() time.Time) store.Store {
	return store.NewMemory(l, now)
}

func TestMemory(t *testing.T) { suite(t, openMemory) }

func BenchmarkStore(b *testing.B) {
	for name, open := range map[string]opener{"memory": openMemory, "file": openFile} {
		for _, size := range []int{1_000, 100_000} {
			s := open(b, store.Limits{}, nil)
			for from := 0; from < size; from += 1000 {
				err := s.Update(b.Context(), "a", func(tx store.Tx) error {
					for i := from; i < from+1000; i++ {
						if err := tx.Put("r", fmt.Sprintf("%08d", i), []byte(strings.Repeat("x", 200))); err != nil {
							return err
						}
					}
					return nil
				})
				if err != nil {
					b.Fatal(err)
				}
			}
			b.Run(fmt.Sprintf("%s/%d/range100", name, size), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					n := 0
					_ = s.View(b.Context(), "a", func(r store.Reader) error {
						return r.Range("r", "", "00000500", func(string, []byte) bool { n++; return n < 100 })
					})
				}
			})
			b.Run(fmt.Sprintf("%s/%d/get", name, size), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					_ = s.View(b.Context(), "a", func(r store.Reader) error {
						_, _, err := r.Get("r", "00000600")
						return err
					})
				}
			})
			b.Run(fmt.Sprintf("%s/%d/put", name, size), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					_ = s.Update(b.Context(), "a", func(tx store.Tx) error { return tx.Put("r", "00000700", []byte("y")) })
				}
			})
		}
	}
}

// BenchmarkSandboxes tells what a sandbox with one small row costs.
func BenchmarkSandboxes(b *testing.B) {
	before, after := runtime.MemStats{}, runtime.MemStats{}
	runtime.GC()
	runtime.ReadMemStats(&before)
	s, n := openMemory(b, store.Limits{Sandboxes: 1 << 30}, nil), 0
	for b.Loop() {
		id := fmt.Sprintf("s%08d", n)
		n++
		if err := s.Update(b.Context(), id, func(tx store.Tx) error { return tx.Put("r", "own", []byte("row")) }); err != nil {
			b.Fatal(err)
		}
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/float64(n), "B/sandbox")
	runtime.KeepAlive(s)
}

// BenchmarkWriters tells how many transactions a second eight writers get kept.
func BenchmarkWriters(b *testing.B) {
	for name, open := range map[string]opener{"memory": openMemory, "file": openFile} {
		b.Run(name, func(b *testing.B) {
			s := open(b, store.Limits{}, nil)
			b.SetParallelism(4)
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					if err := s.Update(b.Context(), "a", func(tx store.Tx) error { return tx.Put("r", "own", []byte("row")) }); err != nil {
						b.Error(err)
					}
				}
			})
		})
	}
}
