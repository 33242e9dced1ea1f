package traffic

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"standin/mock/internal/source"
)

// entry reads an entry of HAR (HTTP Archive 1.2, "entries").
func (r *reading) entry(n *source.Node) {
	request, response := n.Get("request"), n.Get("response")
	if !request.Is(source.Object) {
		r.fault(n.Position(), "the entry has no request")
		return
	}
	x := Exchange{Position: n.Position(), Method: r.method(request), URL: r.address(request.PositionOf("url"), request.Get("url").StringOr(""))}
	if x.Method == "" || x.URL == nil {
		return
	}
	if x.URL.Scheme == "ws" || x.URL.Scheme == "wss" || x.URL.Scheme == "data" {
		return // which are no exchanges of HTTP
	}
	if at, err := time.Parse(time.RFC3339, n.Get("startedDateTime").StringOr("")); err == nil {
		x.At = at
	}
	x.RequestHeader = pairs(request.Get("headers"))
	x.posted(request.Get("postData"))
	if size := request.Get("bodySize").Text(); x.RequestBody == nil && size != "" && size != "0" && size != "-1" {
		x.RequestLost = true
	}
	x.Status = status(response)
	x.ResponseHeader = pairs(response.Get("headers"))
	x.received(response.Get("content"), x.Method != http.MethodHead)
	x.Refused = RefusedBy(x.ResponseHeader.Get("Mock-Source"))
	r.exchanges = append(r.exchanges, x)
}

// pairs reads the list of names and values that HAR has for headers. Those of HTTP/2 that begin with a colon are none.
func pairs(list *source.Node) http.Header {
	h := http.Header{}
	for _, n := range list.Items() {
		name := n.Get("name").StringOr("")
		if name == "" || name[0] == ':' {
			continue
		}
		for value := range strings.SplitSeq(n.Get("value").StringOr(""), "\n") { // as browsers join those of several lines
			h.Add(name, value)
		}
	}
	return h
}

// posted reads what was sent: a text, or the fields of a form.
func (x *Exchange) posted(data *source.Node) {
	if !data.Is(source.Object) {
		return
	}
	if kind := data.Get("mimeType").StringOr(""); kind != "" && x.RequestHeader.Get("Content-Type") == "" {
		x.RequestHeader.Set("Content-Type", kind)
	}
	text := data.Get("text")
	if text.Is(source.String) {
		x.RequestBody = []byte(text.Text())
		if data.Get("encoding").Text() == "base64" {
			raw, ok := decode64(text.Text())
			x.RequestBody, x.RequestLost = raw, !ok
		}
		x.RequestLost = x.RequestLost || data.Get("_cut").True()
		return
	}
	params := data.Get("params").Items()
	if len(params) == 0 {
		return
	}
	if !strings.HasPrefix(strings.ToLower(x.RequestHeader.Get("Content-Type")), "application/x-www-form-urlencoded") {
		x.RequestLost = true
		return
	}
	var fields []string
	for _, p := range params {
		fields = append(fields, url.QueryEscape(p.Get("name").Text())+"="+url.QueryEscape(p.Get("value").Text()))
	}
	x.RequestBody = []byte(strings.Join(fields, "&"))
}

// received reads the content of an answer. Browsers leave the text out of what they do not keep.
func (x *Exchange) received(content *source.Node, body bool) {
	text, size := content.Get("text"), content.Get("size").Text()
	if kind := content.Get("mimeType").StringOr(""); kind != "" && kind != "x-unknown" && x.ResponseHeader.Get("Content-Type") == "" && text != nil {
		x.ResponseHeader.Set("Content-Type", kind)
	}
	if text.Is(source.String) {
		x.ResponseBody = []byte(text.Text())
		if content.Get("encoding").Text() == "base64" {
			raw, ok := decode64(text.Text())
			x.ResponseBody, x.ResponseLost = raw, !ok
		}
		x.ResponseLost = x.ResponseLost || content.Get("_cut").True() || x.short(size)
		return
	}
	x.ResponseLost = body && size != "0" && x.Status != http.StatusNoContent && x.Status != http.StatusNotModified
}

// short tells that the text is not the whole body of a size, in bytes.
func (x *Exchange) short(size string) bool {
	n, err := strconv.Atoi(size)
	return err == nil && len(x.ResponseBody) < n
}

// WriteArchive writes exchanges as HAR 1.2.
func WriteArchive(w io.Writer, exchanges []*Exchange) error {
	text := []byte(archiveHead)
	for i, x := range exchanges {
		if i > 0 {
			text = append(text, ',')
		}
		var err error
		if text, err = AppendEntry(append(text, '\n'), x); err != nil {
			return err
		}
	}
	_, err := w.Write(append(text, archiveEnd...))
	return err
}

// Archive writes exchanges as HAR, so that the file is whole after each one.
type Archive struct {
	out io.WriteSeeker
	end int64
	any bool
}

// What stands around the entries. The creator's version is that of the form in which we write them.
const (
	archiveHead = `{"log":{"version":"1.2","creator":{"name":"standin","version":"1"},"entries":[`
	archiveEnd  = "\n]}}\n"
)

// NewArchive begins an archive in an empty file.
func NewArchive(out io.WriteSeeker) (*Archive, error) {
	_, err := io.WriteString(out, archiveHead+archiveEnd)
	return &Archive{out: out, end: int64(len(archiveHead))}, err
}

// Add writes one exchange.
func (a *Archive) Add(x *Exchange) error {
	text, err := AppendEntry(nil, x)
	if err != nil {
		return err
	}
	piece := append([]byte("\n"), text...)
	if a.any {
		piece = append([]byte(","), piece...)
	}
	if _, err := a.out.Seek(a.end, io.SeekStart); err != nil {
		return err
	}
	if _, err := a.out.Write(append(piece, archiveEnd...)); err != nil {
		return err
	}
	a.any = true
	a.end += int64(len(piece))
	return nil
}

type harPair struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

type harBody struct {
	MimeType string `json:"mimeType"`
	Text     string `json:"text"`
	Encoding string `json:"encoding,omitempty"`
	Cut      bool   `json:"_cut,omitempty"` // Text is not all of it
}

type harContent struct {
	Size     int    `json:"size"`
	MimeType string `json:"mimeType"`
	Text     string `json:"text,omitempty"`
	Encoding string `json:"encoding,omitempty"`
	Cut      bool   `json:"_cut,omitempty"` // Text is not all of it
}

type harRequest struct {
	Method      string    `json:"method"`
	URL         string    `json:"url"`
	HTTPVersion string    `json:"httpVersion"`
	Cookies     []harPair `json:"cookies"`
	Headers     []harPair `json:"headers"`
	Query       []harPair `json:"queryString"`
	Body        *harBody  `json:"postData,omitempty"`
	HeadersSize int       `json:"headersSize"`
	BodySize    int       `json:"bodySize"`
}

type harResponse struct {
	Status      int        `json:"status"`
	StatusText  string     `json:"statusText"`
	HTTPVersion string     `json:"httpVersion"`
	Cookies     []harPair  `json:"cookies"`
	Headers     []harPair  `json:"headers"`
	Content     harContent `json:"content"`
	RedirectURL string     `json:"redirectURL"`
	HeadersSize int        `json:"headersSize"`
	BodySize    int        `json:"bodySize"`
}

type harTimings struct {
	Send    float64 `json:"send"`
	Wait    float64 `json:"wait"`
	Receive float64 `json:"receive"`
}

type harEntry struct {
	Started  string      `json:"startedDateTime"`
	Time     float64     `json:"time"`
	Request  harRequest  `json:"request"`
	Response harResponse `json:"response"`
	Cache    struct{}    `json:"cache"`
	Timings  harTimings  `json:"timings"`
	Comment  string      `json:"comment,omitempty"`
}

// AppendEntry appends an exchange as one entry of HAR, on one line.
func AppendEntry(b []byte, x *Exchange) ([]byte, error) {
	took := float64(x.Took.Microseconds()) / 1000
	e := harEntry{
		Started: x.At.UTC().Format(time.RFC3339Nano), Time: took, Timings: harTimings{Wait: took}, Comment: x.Comment,
		Request: harRequest{
			Method: x.Method, URL: x.URL.String(), HTTPVersion: "HTTP/1.1", Cookies: []harPair{}, Headers: harPairs(x.RequestHeader), Query: []harPair{},
			HeadersSize: -1, BodySize: max(len(x.RequestBody), x.RequestSize),
		},
		Response: harResponse{
			Status: x.Status, StatusText: http.StatusText(x.Status), HTTPVersion: "HTTP/1.1", Cookies: []harPair{}, Headers: harPairs(x.ResponseHeader),
			Content:     harContent{Size: max(len(x.ResponseBody), x.ResponseSize), MimeType: x.ResponseHeader.Get("Content-Type"), Cut: x.ResponseLost},
			RedirectURL: x.ResponseHeader.Get("Location"), HeadersSize: -1, BodySize: -1,
		},
	}
	for name, values := range x.URL.Query() {
		for _, v := range values {
			e.Request.Query = append(e.Request.Query, harPair{name, v})
		}
	}
	slices.SortStableFunc(e.Request.Query, func(a, b harPair) int { return strings.Compare(a.Name, b.Name) })
	if len(x.RequestBody) > 0 || x.RequestLost {
		e.Request.Body = &harBody{MimeType: x.RequestHeader.Get("Content-Type"), Cut: x.RequestLost}
		e.Request.Body.Text, e.Request.Body.Encoding = harText(x.RequestBody)
	}
	e.Response.Content.Text, e.Response.Content.Encoding = harText(x.ResponseBody)
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(e); err != nil {
		return b, err
	}
	return append(b, bytes.TrimSpace(out.Bytes())...), nil
}

// harText writes a body as text, or in base64 where it is none.
func harText(body []byte) (text, encoding string) {
	if printable(body) {
		return string(body), ""
	}
	return base64.StdEncoding.EncodeToString(body), "base64"
}

func harPairs(h http.Header) []harPair {
	out := []harPair{}
	for name, values := range h {
		for _, v := range values {
			out = append(out, harPair{name, v})
		}
	}
	slices.SortStableFunc(out, func(a, b harPair) int { return strings.Compare(a.Name, b.Name) })
	return out
}
