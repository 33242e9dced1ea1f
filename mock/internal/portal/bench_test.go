package portal

import (
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// BenchmarkColdPages renders every operation and shared structure of real documents once, each for the first time, and tells the
// slowest of them: a page may take 30 ms once the document is compiled, which a server does in the background.
func BenchmarkColdPages(b *testing.B) {
	for _, name := range corpus(b) {
		b.Run(filepath.Base(name), func(b *testing.B) {
			c := load(b, name)
			c.Wait(b.Context())
			var times []time.Duration
			worst := ""
			for b.Loop() {
				p := portalOf(b, c)
				p.hooks()
				p.uses()
				var paths []string
				for _, e := range p.outline.entries {
					paths = append(paths, operationPath(e.slug))
				}
				for _, name := range p.outline.schemaNames {
					paths = append(paths, schemaPath(name))
				}
				for _, path := range paths {
					begin := time.Now()
					get(b, p, "/docs"+path)
					took := time.Since(begin)
					if len(times) == 0 || took > slices.Max(times) {
						worst = path
					}
					times = append(times, took)
				}
			}
			slices.Sort(times)
			b.ReportMetric(float64(times[len(times)/2].Microseconds())/1000, "ms-median")
			b.ReportMetric(float64(times[len(times)*95/100].Microseconds())/1000, "ms-p95")
			b.ReportMetric(float64(times[len(times)-1].Microseconds())/1000, "ms-worst")
			b.Log(worst)
		})
	}
}

// BenchmarkWarmPage serves a page that is kept.
func BenchmarkWarmPage(b *testing.B) {
	p := demoPortal(b)
	get(b, p, "/docs/op/QueryVolumeSnapshot")
	for b.Loop() {
		get(b, p, "/docs/op/QueryVolumeSnapshot", "Accept-Encoding", "gzip")
	}
}

// BenchmarkSearch searches the largest document of the corpus.
func BenchmarkSearch(b *testing.B) {
	var p *Portal
	for _, name := range corpus(b) {
		if filepath.Base(name) == "kubernetes-v2.json" {
			p = portalOf(b, load(b, name))
		}
	}
	p.search()
	for b.Loop() {
		p.search().search("list namespaced pod")
	}
}
