package mock

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"standin/mock/contract"
	"standin/mock/internal/source"
	"standin/mock/internal/traffic"
)

// Traffic is recorded exchanges as a contract judges them.
type Traffic struct {
	// Exchanges is how many were judged, Foreign how many are of other hosts, and Unjudged how many bodies were not recorded.
	Exchanges, Foreign, Unjudged int
	// Operations counts the exchanges by operation id.
	Operations map[string]int
	Findings   []TrafficFinding
}

// TrafficFinding is what one recorded exchange breaks.
type TrafficFinding struct {
	// Position is where the exchange begins in its file.
	Position contract.Position
	Level    contract.Level
	// Operation is the operation's id, "" if none takes the request.
	Operation string
	// Side is request or response; "" where the exchange could not be read.
	Side string
	// Exchange tells which it is: "GET /pets/7 → 200".
	Exchange string
	// Violation is what is broken; its Rule is where the document says so.
	Violation contract.Violation
}

// String tells the finding in one line, without its place.
func (f TrafficFinding) String() string {
	if f.Side == "" {
		return f.Violation.Message
	}
	out := f.Exchange + ": the " + f.Side + " breaks the document: " + describe(f.Violation)
	if f.Violation.Rule.Line > 0 {
		out += " (" + f.Violation.Rule.String() + ")"
	}
	return out
}

// CheckTraffic judges a file of recorded exchanges: HAR, lines of HAR entries, or what WireMock recorded or served. Exchanges with
// hosts that no operation's path was asked of are foreign, as a browser's archive has them. What was not recorded, or is masked, is not
// judged. An error means that the file is of no kind we know.
func CheckTraffic(ctx context.Context, c *contract.Contract, name string, text []byte) (*Traffic, error) {
	exchanges, faults, err := traffic.Read(name, text)
	if err != nil {
		return nil, err
	}
	out := &Traffic{Operations: map[string]int{}}
	for _, f := range faults {
		out.Findings = append(out.Findings, TrafficFinding{
			Position: f.Position, Level: contract.Warning, Violation: contract.Violation{Message: f.Message, Keyword: "traffic"},
		})
	}
	hosts := map[string]bool{"": true}
	found := make([]contract.Found, len(exchanges))
	for i := range exchanges {
		found[i] = findRecorded(c, &exchanges[i])
		if found[i].Operation != nil {
			hosts[exchanges[i].URL.Host] = true
		}
	}
	for i := range exchanges {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		x := &exchanges[i]
		switch {
		case found[i].Operation != nil:
			out.judge(x, found[i])
		case !hosts[x.URL.Host]:
			out.Foreign++
		case x.Method != "OPTIONS":
			out.unrouted(c, x, found[i].Allow)
		}
	}
	return out, nil
}

func findRecorded(c *contract.Contract, x *traffic.Exchange) contract.Found {
	return c.Find(x.Method, x.URL.EscapedPath()).With(x.URL.RawQuery)
}

// line names an exchange.
func line(x *traffic.Exchange) string {
	out := clip(x.Method+" "+x.URL.EscapedPath(), 200)
	if x.Status == 0 {
		return out + " → no answer"
	}
	return out + " → " + strconv.Itoa(x.Status)
}

func (t *Traffic) unrouted(c *contract.Contract, x *traffic.Exchange, allow []string) {
	t.Exchanges++
	message := "no operation of the document takes it"
	if len(allow) > 0 {
		message += "; this path takes " + join(allow)
	}
	t.Findings = append(t.Findings, TrafficFinding{
		Position: x.Position, Level: contract.Warning, Side: "request", Exchange: line(x),
		Violation: contract.Violation{In: "path", Keyword: "undocumented", Message: message, Rule: c.Root().PositionOf("paths")},
	})
}

// judge holds one exchange to its operation.
func (t *Traffic) judge(x *traffic.Exchange, found contract.Found) {
	op := found.Operation
	t.Exchanges++
	t.Operations[op.ID]++
	request := contract.Request{Found: found, URL: x.URL, Header: x.RequestHeader, Body: x.RequestBody}
	checked := op.CheckRequest(&request)
	for _, v := range checked.Violations {
		if x.RequestLost && v.In == "body" || x.HeadersLost && (v.In == "header" || v.In == "cookie" || v.In == "security") ||
			maskedAt(v, x.URL, x.RequestHeader[v.Name], x.RequestBody) {
			continue
		}
		t.add(x, "request", v)
	}
	if x.RequestLost {
		t.Unjudged++
	}
	if x.Status == 0 || x.Refused {
		return
	}
	body := x.ResponseBody
	if x.ResponseLost || found.Head {
		body = nil
	}
	if x.ResponseLost {
		t.Unjudged++
	}
	for _, v := range op.CheckResponse(x.Status, x.ResponseHeader, body) {
		if !maskedAt(v, nil, x.ResponseHeader[v.Name], body) {
			t.add(x, "response", v)
		}
	}
}

func (t *Traffic) add(x *traffic.Exchange, side string, v contract.Violation) {
	level := contract.Error
	if v.In == "security" { // which browsers and recorders leave out of what they keep
		level = contract.Warning
	}
	t.Findings = append(t.Findings, TrafficFinding{
		Position: x.Position, Level: level, Operation: v.Operation, Side: side, Exchange: line(x), Violation: v,
	})
}

// maskedAt tells that a violation is about a value that was masked, which says nothing of the value that was sent.
func maskedAt(v contract.Violation, u *url.URL, header []string, body []byte) bool {
	switch v.In {
	case "header":
		return slices.ContainsFunc(header, func(s string) bool { return strings.Contains(s, traffic.Mask) })
	case "query":
		return u != nil && slices.Contains(u.Query()[v.Name], traffic.Mask)
	case "path":
		return u != nil && strings.Contains(u.Path, "/"+traffic.Mask)
	case "body":
		value, err := source.DecodeJSON(body, source.Limits{})
		return err == nil && valueAt(value, v.Pointer) == traffic.Mask
	}
	return false
}

// valueAt follows a JSON Pointer; nil if it leads nowhere.
func valueAt(v any, pointer string) any {
	for token := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		if pointer == "" {
			return v
		}
		switch c := v.(type) {
		case map[string]any:
			v = c[source.Unescape(token)]
		case []any:
			i, err := strconv.Atoi(token)
			if err != nil || i < 0 || i >= len(c) {
				return nil
			}
			v = c[i]
		default:
			return nil
		}
	}
	return v
}
