package diff

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"standin/mock/contract"
	"standin/mock/internal/coverage"
	"standin/mock/internal/traffic"
)

// Recorded is a file of a client's recorded exchanges: HAR, lines of its entries or of the journal, or what WireMock recorded or served.
type Recorded struct {
	// Name stands in messages.
	Name string
	Text []byte
}

// Noticed is the report without the rows that the client whose traffic was recorded would not notice, and how many those are. A change
// of an operation that was not asked is none; one of a request counts if a recorded request would now be refused, or sent what is gone;
// one of an answer if a recorded answer had the status and the property. What cannot be told counts.
func (r *Report) Noticed(ctx context.Context, old, new Document, files ...Recorded) (noticed *Report, others int, err error) {
	before, err := open(ctx, old)
	if err != nil {
		return nil, 0, err
	}
	after, err := open(ctx, new)
	if err != nil {
		return nil, 0, err
	}
	c := &client{before: before.contract, after: after.contract, used: coverage.Of(before.contract), refused: map[string][]contract.Violation{}}
	for _, f := range files {
		exchanges, _, err := traffic.Read(f.Name, f.Text)
		if err != nil {
			return nil, 0, fmt.Errorf("%s: %w", f.Name, err)
		}
		for i := range exchanges {
			if err := ctx.Err(); err != nil {
				return nil, 0, err
			}
			c.see(&exchanges[i])
		}
	}
	out := *r
	out.Rows = nil
	for i := range r.Rows {
		if c.notices(&r.Rows[i]) {
			out.Rows = append(out.Rows, r.Rows[i])
		} else {
			others++
		}
	}
	return &out, others, nil
}

// client is what is known of a client by its traffic.
type client struct {
	before, after *contract.Contract
	used          *coverage.Coverage
	// refused are, by operation, what recorded requests break of the new document and not of the old one.
	refused map[string][]contract.Violation
}

// see notes what an exchange uses, and what is wrong with its request by now.
func (c *client) see(x *traffic.Exchange) {
	found := c.before.Find(x.Method, x.URL.EscapedPath()).With(x.URL.RawQuery)
	op := found.Operation
	if op == nil {
		return
	}
	broken := c.used.SeeRecorded(found, x)
	now := c.after.Find(x.Method, x.URL.EscapedPath()).With(x.URL.RawQuery)
	if now.Operation == nil || len(c.refused[op.ID]) > 10_000 {
		return
	}
	request := contract.Request{Found: now, URL: x.URL, Header: x.RequestHeader, Body: x.RequestBody}
	for _, v := range now.Operation.CheckRequest(&request).Violations {
		if !slices.ContainsFunc(broken, func(o contract.Violation) bool {
			return o.In == v.In && o.Name == v.Name && o.Pointer == v.Pointer && o.Keyword == v.Keyword
		}) {
			c.refused[op.ID] = append(c.refused[op.ID], v)
		}
	}
}

// notices tells whether the client would notice a change.
func (c *client) notices(row *Row) bool {
	if len(row.Touches) == 0 {
		return row.Level > Info
	}
	for _, t := range row.Touches {
		id := t.Operation
		if t.Former != "" {
			id = t.Former
		}
		if op := c.before.Operation(id); op == nil { // whose id is new
			if op = c.before.Operation(t.Method + " " + t.Path); op != nil {
				id = op.ID
			}
		}
		if c.used.Used(id, "") && c.concerns(row, id) {
			return true
		}
	}
	return false
}

// concerns tells whether a change of an operation that the client uses is about something that it uses.
func (c *client) concerns(row *Row, id string) bool {
	names := codes(row.Text)
	switch row.Section {
	case "parameter":
		return c.parameter(row, id, names)
	case "body":
		return c.body(row, id, names)
	case "response":
		return c.response(row, id, names)
	}
	return true
}

var code = regexp.MustCompile("`([^`]*)`")

// codes are the names that a text quotes.
func codes(text string) []string {
	var out []string
	for _, m := range code.FindAllStringSubmatch(text, -1) {
		out = append(out, m[1])
	}
	return out
}

// gone tells of a part that the new document does not have any more.
func gone(rule string) bool {
	return strings.HasSuffix(rule, "-removed") && !strings.Contains(rule, "enum-value") && !strings.Contains(rule, "default")
}

// parameter: one that is gone counts if it was sent, any other change if it refuses what was sent.
func (c *client) parameter(row *Row, id string, names []string) bool {
	for _, in := range []string{"path", "query", "header", "cookie"} {
		if !slices.Contains(names, in) {
			continue
		}
		for _, name := range names {
			if gone(row.Rule) && c.used.Used(id, in+" "+name) {
				return true
			}
			if slices.ContainsFunc(c.refused[id], func(v contract.Violation) bool { return v.In == in && v.Name == name }) {
				return true
			}
		}
		return false
	}
	return len(c.refused[id]) > 0
}

// body: a property that is gone counts if it was sent, any other change if it refuses what was sent.
func (c *client) body(row *Row, id string, names []string) bool {
	for _, name := range names {
		path := steps(name)
		if len(path) == 0 {
			continue
		}
		if gone(row.Rule) && c.uses(id, "request ", path) {
			return true
		}
		leaf := path[len(path)-1]
		if slices.ContainsFunc(c.refused[id], func(v contract.Violation) bool {
			at := steps(v.Pointer)
			return v.In == "body" && (len(at) > 0 && at[len(at)-1] == leaf || v.Keyword == "required" && strings.Contains(v.Message, strconv.Quote(leaf)))
		}) {
			return true
		}
	}
	return len(names) == 0 && slices.ContainsFunc(c.refused[id], func(v contract.Violation) bool { return v.In == "body" })
}

// response: a change of a status counts if it was answered, one of a property if an answer had it.
func (c *client) response(row *Row, id string, names []string) bool {
	status, told := "", false
	for _, name := range names {
		if r := c.before.Operation(id).Responses(); statusKey(name) && slices.ContainsFunc(r.All, func(one *contract.Response) bool { return one.Status == name }) {
			status, told = name, true
			break
		}
	}
	if told && !c.used.Used(id, "status "+status) {
		return false
	}
	if !strings.Contains(row.Rule, "property") || strings.HasSuffix(row.Rule, "-added") && !strings.Contains(row.Rule, "enum-value") {
		return told || row.Level > Info
	}
	return slices.ContainsFunc(names, func(name string) bool {
		path := steps(name)
		return len(path) > 0 && c.uses(id, strings.TrimSpace("response "+status)+" ", path)
	})
}

func statusKey(s string) bool {
	return s == "default" || len(s) == 3 && s[0] >= '1' && s[0] <= '5'
}

// uses tells whether a property was used; how lists stand in its path does not matter.
func (c *client) uses(id, side string, path []string) bool {
	return slices.ContainsFunc(c.used.Parts(id), func(part string) bool {
		if !strings.HasPrefix(part, strings.TrimSuffix(side, " ")) || strings.Contains(part, " = ") {
			return false
		}
		at := steps(part[strings.LastIndexByte(part, ' ')+1:])
		return slices.Equal(at, path)
	})
}

// steps are the names of a path to a property, without the steps into lists.
func steps(path string) []string {
	return slices.DeleteFunc(strings.FieldsFunc(path, func(r rune) bool { return r == '/' || r == '.' }), func(s string) bool {
		return s == "-" || s == "[]"
	})
}
