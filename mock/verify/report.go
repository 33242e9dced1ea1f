package verify

import (
	"net/http"
	"time"

	"standin/mock/contract"
	"standin/mock/internal/coverage"
)

// Report is what a run has found.
type Report struct {
	Target string `json:"target"`
	Seed   uint64 `json:"seed"`
	// Findings happen every time, Flaky ones do not; the gravest first.
	Findings []Finding `json:"findings"`
	Flaky    []Finding `json:"flaky,omitempty"`
	// Operations are how each fared, in the order of the document.
	Operations []Tally `json:"operations"`
	// Cases is how many requests were judged. NotRun tells in words what was left out, and why.
	Cases  int      `json:"cases"`
	NotRun []string `json:"notRun,omitempty"`
	// Coverage is how much of the document's operations, statuses, parameters, properties and enums the requests and answers had.
	Coverage map[string]Share `json:"coverage,omitempty"`
	// Took is how long it all took.
	Took time.Duration `json:"took"`
}

// Tally is how one operation fared.
type Tally struct {
	Operation string `json:"operation"`
	Method    string `json:"method"`
	Path      string `json:"path"`
	Cases     int    `json:"cases"`
	// Seen are the statuses that were answered, Documented those that the document has.
	Seen       []int    `json:"seen"`
	Documented []string `json:"documented"`
	// Unseen are the parts of the operation that no request and no answer had, such as "query limit" or "response 200 /name".
	Unseen []string `json:"unseen,omitempty"`
	// Skipped tells why it was not asked, "" if it was.
	Skipped string `json:"skipped,omitempty"`
}

// Share is how much of something was seen.
type Share struct {
	Seen  int `json:"seen"`
	Total int `json:"total"`
}

// see notes what an exchange had of the document.
func (r *run) see(op *contract.Operation, request *http.Request, body []byte, a answer) {
	if request.Method != op.Method {
		return
	}
	found := r.find(request)
	if found.Operation != op {
		return
	}
	checked := op.CheckRequest(&contract.Request{Found: found, URL: request.URL, Header: request.Header, Body: body})
	seen := &coverage.Seen{Operation: op, Values: checked.Values(), Status: a.status}
	seen.SetBody(a.body)
	r.used.See(seen)
}

// tellCoverage tells what was seen.
func (r *run) tellCoverage(report *Report) {
	used := r.used.Report()
	report.Coverage = map[string]Share{}
	for kind, share := range used.Shares {
		report.Coverage[string(kind)] = Share{share.Used, share.Total}
	}
	unseen := map[string][]string{}
	for _, line := range used.Operations {
		unseen[line.Operation] = line.Unused
	}
	for i := range report.Operations {
		report.Operations[i].Unseen = unseen[report.Operations[i].Operation]
	}
}
