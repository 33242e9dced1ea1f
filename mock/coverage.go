package mock

import (
	"context"
	"fmt"
	"io"
	"strings"

	"standin/mock/contract"
	"standin/mock/internal/coverage"
	"standin/mock/internal/source"
	"standin/mock/internal/traffic"
)

// Coverage tells which operations, statuses, parameters, properties and members of enumerations of a contract recorded exchanges used.
type Coverage struct{ used *coverage.Coverage }

// CoverageFormats are those that [Coverage.Write] knows: text, json, junit and sarif.
func CoverageFormats() []string { return coverage.Formats() }

// NewCoverage begins with nothing used of c.
func NewCoverage(c *contract.Contract) *Coverage { return &Coverage{coverage.Of(c)} }

// AddTraffic notes what a file of recorded exchanges used, see [CheckTraffic] for the kinds of files.
func (k *Coverage) AddTraffic(ctx context.Context, c *contract.Contract, name string, text []byte) error {
	exchanges, _, err := traffic.Read(name, text)
	if err != nil {
		return err
	}
	for i := range exchanges {
		if err := ctx.Err(); err != nil {
			return err
		}
		k.add(c, &exchanges[i])
	}
	return nil
}

func (k *Coverage) add(c *contract.Contract, x *traffic.Exchange) {
	found := findRecorded(c, x)
	if found.Operation == nil {
		return
	}
	request := contract.Request{Found: found, URL: x.URL, Header: x.RequestHeader, Body: x.RequestBody}
	checked := found.Operation.CheckRequest(&request)
	seen := &coverage.Seen{Operation: found.Operation, Values: checked.Values(), Status: x.Status}
	if x.Refused {
		seen.Status = 0
	}
	if v, err := source.DecodeJSON(x.ResponseBody, source.Limits{}); err == nil && !x.ResponseLost {
		seen.Body, seen.HasBody = v, true
	}
	k.used.See(seen)
}

// Write writes what was used and what was not in one of [CoverageFormats]. least are the least percentages, as "80" for operations or
// "operations=100,statuses=50"; "" for none. kept tells whether they are reached.
func (k *Coverage) Write(w io.Writer, format, least string) (kept bool, err error) {
	t := coverage.Thresholds{}
	if least != "" {
		var ok bool
		if t, ok = coverage.ParseThresholds(least); !ok {
			var kinds []string
			for _, kind := range coverage.Kinds() {
				kinds = append(kinds, string(kind))
			}
			return false, fmt.Errorf("thresholds look like 80, or operations=100,statuses=50 (of %s), not %q", strings.Join(kinds, ", "), least)
		}
	}
	r := k.used.Report()
	return len(r.Missed(t)) == 0, coverage.Write(w, format, r, t)
}
