package verify_test

import (
	"testing"

	"standin/mock/verify"
)

// BenchmarkRun asks the servers written by hand all there is to ask, over loopback: s/100op is the time that a hundred operations take.
func BenchmarkRun(b *testing.B) {
	operations, requests := 0, 0
	for b.Loop() {
		for _, s := range services() {
			report := asked(b, s, fault{}, verify.Options{Seed: 1})
			operations += len(report.Operations)
			requests += report.Cases
		}
	}
	b.ReportMetric(100*b.Elapsed().Seconds()/float64(operations), "s/100op")
	b.ReportMetric(float64(requests)/b.Elapsed().Seconds(), "requests/s")
	b.ReportMetric(0, "ns/op")
}
