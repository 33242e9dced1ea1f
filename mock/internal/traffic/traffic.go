// Package traffic reads and writes recorded exchanges in the files of other tools.
//
// [Read] takes HAR 1.2, lines of JSON with a HAR entry or an exchange of our own journal each, mappings that WireMock recorded, and the events that WireMock served;
// what a file is, its text tells. [Archive] writes HAR.
package traffic

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"standin/mock/internal/source"
)

// Mask stands where a secret was.
const Mask = "***"

// Exchange is one request with its answer.
type Exchange struct {
	// Position is where the exchange begins in its file; the zero one where it was not read.
	Position source.Position
	// At is when the request arrived, zero if that is not known, and Took the time until its answer.
	At   time.Time
	Took time.Duration

	Method        string
	URL           *url.URL
	RequestHeader http.Header
	// RequestBody is decoded from its Content-Encoding, as HAR has it; nil for none. RequestLost tells that it was not recorded.
	RequestBody []byte
	RequestLost bool
	// RequestSize is that of the whole body in bytes where RequestBody is not all of it, else 0; so is ResponseSize.
	RequestSize, ResponseSize int
	// HeadersLost tells that the request's headers were not recorded, or only some.
	HeadersLost bool

	// Status is 0 where there was no answer.
	Status         int
	ResponseHeader http.Header
	// ResponseBody is decoded from its Content-Encoding; nil for none. ResponseLost tells that it was not recorded, or only in part.
	ResponseBody []byte
	ResponseLost bool
	// Comment is what an archive says beside the exchange; "" for nothing.
	Comment string
	// Refused tells that a mock refused the request, so that the answer is none of the API's.
	Refused bool
}

// Fault is what keeps one exchange of a file from being read.
type Fault struct {
	Position source.Position
	Message  string
}

func (f Fault) Error() string { return f.Position.String() + ": " + f.Message }

// reading is one file being read.
type reading struct {
	exchanges []Exchange
	faults    []Fault
}

// mostFaults bounds what is told of one file.
const mostFaults = 100

func (r *reading) fault(at source.Position, format string, args ...any) {
	if len(r.faults) < mostFaults {
		r.faults = append(r.faults, Fault{at, fmt.Sprintf(format, args...)})
	}
}

// Read reads a file of exchanges, in their order. One wrong exchange does not cost the others: it is a fault. An error, with its
// place, means that the text is of no kind we know.
func Read(name string, text []byte) ([]Exchange, []Fault, error) {
	text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
	r := &reading{}
	root, err := source.Parse(name, text, source.Limits{Values: 50_000_000})
	if err == nil && len(bytes.TrimSpace(text)) > 0 {
		if r.whole(root) {
			return r.exchanges, r.faults, nil
		}
		return nil, nil, unknown(root.Position())
	}
	if lines := bytes.Split(text, []byte("\n")); len(lines) > 1 {
		if first := firstLine(lines); first != nil {
			if _, wrong := source.DecodeJSON(first, source.Limits{}); wrong == nil {
				return r.lines(name, lines)
			}
		}
	}
	if err == nil {
		err = &source.Error{Position: source.Position{File: name, Line: 1, Col: 1}, Message: "there is nothing in it"}
	}
	return nil, nil, fmt.Errorf("this is no recorded traffic: %w", err)
}

func unknown(at source.Position) error {
	return &source.Error{
		Position: at, Message: "this is no recorded traffic: neither HAR (log.entries), nor lines of its entries or of the journal, nor WireMock's mappings or requests",
	}
}

func firstLine(lines [][]byte) []byte {
	for _, line := range lines {
		if line = bytes.TrimSpace(line); len(line) > 0 {
			return line
		}
	}
	return nil
}

// whole reads a text that is one JSON value; false if it is of no known kind.
func (r *reading) whole(root *source.Node) bool {
	switch {
	case root.Get("log").Get("entries").Is(source.Array):
		for _, entry := range root.Get("log").Get("entries").Items() {
			r.entry(entry)
		}
	case root.Get("mappings").Is(source.Array):
		for _, mapping := range root.Get("mappings").Items() {
			r.mapping(mapping)
		}
	case root.Get("requests").Is(source.Array):
		for _, event := range root.Get("requests").Items() {
			r.event(event)
		}
	case root.Get("serveEvents").Is(source.Array):
		for _, event := range root.Get("serveEvents").Items() {
			r.event(event)
		}
	case root.Get("method").Is(source.String) && root.Get("url").Is(source.String) && root.Get("request").Get("headers").Is(source.Object):
		r.record(root)
	case root.Get("request").Is(source.Object) && root.Get("responseDefinition").Is(source.Object):
		r.event(root)
	case root.Get("request").Get("url").Is(source.String) && root.Get("response").Is(source.Object) && isURL(root.Get("request").Get("url").Text()):
		r.entry(root)
	case root.Get("request").Is(source.Object) && root.Get("response").Is(source.Object):
		r.mapping(root)
	case root.Is(source.Array) && len(root.Items()) > 0:
		return r.list(root)
	default:
		return false
	}
	return true
}

// list reads a plain list of exchanges.
func (r *reading) list(root *source.Node) bool {
	for _, item := range root.Items() {
		if !item.Get("request").Is(source.Object) || !r.whole(item) {
			return false
		}
	}
	return true
}

func isURL(text string) bool {
	return strings.HasPrefix(text, "http://") || strings.HasPrefix(text, "https://")
}

// lines reads a text with an exchange on each line.
func (r *reading) lines(name string, lines [][]byte) ([]Exchange, []Fault, error) {
	for i, line := range lines {
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		at := source.Position{File: name, Line: i + 1, Col: 1}
		root, err := source.Parse("line.json", line, source.Limits{})
		if err != nil {
			r.fault(at, "this line is no JSON: %v", err)
			continue
		}
		before := len(r.exchanges)
		faults := len(r.faults)
		if !root.Is(source.Object) || !r.whole(root) {
			r.fault(at, "this line is no exchange: it needs a request and a response, as an entry of HAR has them")
			continue
		}
		for k := before; k < len(r.exchanges); k++ {
			r.exchanges[k].Position = at
		}
		for k := faults; k < len(r.faults); k++ {
			r.faults[k].Position = at
		}
	}
	return r.exchanges, r.faults, nil
}

// address reads the target of a request.
func (r *reading) address(at source.Position, text string) *url.URL {
	u, err := url.Parse(text)
	if err != nil || text == "" || u.Opaque != "" || u.Path != "" && !strings.HasPrefix(u.Path, "/") {
		r.fault(at, "the URL %q cannot be read", clip(text))
		return nil
	}
	if u.Path == "" {
		u.Path = "/"
	}
	return u
}

// method reads the method of a request, "" with a fault if it is none.
func (r *reading) method(n *source.Node) string {
	text := n.Get("method").StringOr("")
	if text == "" || strings.ContainsAny(text, " \t\r\n") {
		r.fault(n.Position(), "the request has no method")
		return ""
	}
	return strings.ToUpper(text)
}

// status reads the status of an answer; 0 tells of none.
func status(n *source.Node) int {
	code, err := strconv.Atoi(n.Get("status").Text())
	if err != nil || code < 100 || code > 999 {
		return 0
	}
	return code
}

func decode64(text string) ([]byte, bool) {
	raw, err := base64.StdEncoding.DecodeString(strings.Map(func(c rune) rune {
		if c == '\n' || c == '\r' || c == ' ' {
			return -1
		}
		return c
	}, text))
	return raw, err == nil
}

func clip(s string) string {
	const most = 100
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}

// printable tells that a body can stand in JSON as text.
func printable(body []byte) bool { return utf8.Valid(body) }
