package traffic

import (
	"net/http"
	"net/url"
	"slices"
	"time"

	"standin/mock/internal/source"
)

// mapping reads a stub mapping as WireMock's recorder writes it: a request pattern whose parts say what was sent, and an answer. A
// pattern that fits many requests (a regular expression, ANY) is no exchange, and a fault.
func (r *reading) mapping(n *source.Node) {
	request, response := n.Get("request"), n.Get("response")
	if !request.Is(source.Object) || !response.Is(source.Object) {
		r.fault(n.Position(), "the mapping has no request or no response")
		return
	}
	x := Exchange{Position: n.Position(), Method: r.method(request), RequestHeader: http.Header{}, HeadersLost: true}
	if x.Method == "" {
		return
	}
	target := request.Get("url").StringOr(request.Get("urlPath").StringOr(""))
	if x.Method == "ANY" || target == "" {
		r.fault(n.Position(), "the mapping fits many requests, so it is no recorded one: it needs a method and a url or urlPath")
		return
	}
	if x.URL = r.address(request.Position(), target); x.URL == nil {
		return
	}
	x.query(request.Get("queryParameters"))
	for _, m := range request.Get("headers").Members() {
		if v := equalTo(m.Value); v != "" {
			x.RequestHeader.Add(m.Name, v)
		}
	}
	x.patterns(request.Get("bodyPatterns").Items())
	x.answer(response)
	r.exchanges = append(r.exchanges, x)
}

// equalTo is the text that a pattern demands as it stands, "" if it fits others, too.
func equalTo(pattern *source.Node) string { return pattern.Get("equalTo").StringOr("") }

// query adds the parameters that a mapping names apart from the path.
func (x *Exchange) query(parameters *source.Node) {
	values := url.Values{}
	for _, m := range parameters.Members() {
		if v := m.Value.Get("equalTo"); v.Is(source.String) {
			values.Add(m.Name, v.Text())
		}
		for _, one := range m.Value.Get("hasExactly").Items() {
			values.Add(m.Name, equalTo(one))
		}
	}
	if len(values) > 0 {
		x.URL.RawQuery = values.Encode()
	}
}

// patterns finds the body among the patterns that it must fit. Where all are partial it was not recorded.
func (x *Exchange) patterns(patterns []*source.Node) {
	for _, p := range patterns {
		kind := ""
		switch {
		case p.Get("equalToJson") != nil:
			v := p.Get("equalToJson")
			if x.RequestBody = []byte(v.Text()); !v.Is(source.String) {
				x.RequestBody = v.AppendJSON(nil)
			}
			kind = "application/json"
		case p.Get("equalToXml").Is(source.String):
			x.RequestBody, kind = []byte(p.Get("equalToXml").Text()), "application/xml"
		case p.Get("equalTo").Is(source.String):
			x.RequestBody = []byte(p.Get("equalTo").Text())
		case p.Get("binaryEqualTo").Is(source.String):
			raw, ok := decode64(p.Get("binaryEqualTo").Text())
			x.RequestBody, x.RequestLost = raw, !ok
		default:
			continue
		}
		if kind != "" && x.RequestHeader.Get("Content-Type") == "" {
			x.RequestHeader.Set("Content-Type", kind)
		}
		return
	}
	x.RequestLost = len(patterns) > 0
}

// answer reads the response of a mapping, or of an event.
func (x *Exchange) answer(response *source.Node) {
	if x.Status = status(response); x.Status == 0 {
		x.Status = http.StatusOK
	}
	x.ResponseHeader = headers(response.Get("headers"))
	switch {
	case response.Get("jsonBody") != nil:
		x.ResponseBody = response.Get("jsonBody").AppendJSON(nil)
	case response.Get("base64Body").Is(source.String):
		raw, ok := decode64(response.Get("base64Body").Text())
		x.ResponseBody, x.ResponseLost = raw, !ok
	case response.Get("body").Is(source.String):
		x.ResponseBody = []byte(response.Get("body").Text())
	case response.Get("bodyAsBase64").Is(source.String):
		raw, ok := decode64(response.Get("bodyAsBase64").Text())
		x.ResponseBody, x.ResponseLost = raw, !ok
	case response.Get("bodyFileName") != nil || response.Get("proxyBaseUrl") != nil || response.Get("fault") != nil:
		x.ResponseLost = true
	}
	if slices.ContainsFunc(response.Get("transformers").Items(), func(t *source.Node) bool { return t.Text() == "response-template" }) {
		x.ResponseLost = true
	}
}

// headers reads the object of names with a value, or several, each.
func headers(n *source.Node) http.Header {
	h := http.Header{}
	for _, m := range n.Members() {
		if m.Value.Is(source.Array) {
			for _, v := range m.Value.Items() {
				h.Add(m.Name, v.Text())
			}
			continue
		}
		if text := m.Value.Text(); text != "" {
			h.Add(m.Name, text)
		}
	}
	return h
}

// event reads a serve event (GET /__admin/requests): what WireMock was asked, and what it answered.
func (r *reading) event(n *source.Node) {
	request := n.Get("request")
	if !request.Is(source.Object) {
		r.fault(n.Position(), "the event has no request")
		return
	}
	x := Exchange{Position: n.Position(), Method: r.method(request), RequestHeader: headers(request.Get("headers"))}
	target := request.Get("url").StringOr(request.Get("absoluteUrl").StringOr(""))
	if x.Method == "" {
		return
	}
	if x.URL = r.address(request.Position(), target); x.URL == nil {
		return
	}
	if at, err := time.Parse(time.RFC3339, request.Get("loggedDateString").StringOr("")); err == nil {
		x.At = at
	}
	if raw, ok := decode64(request.Get("bodyAsBase64").StringOr("")); ok && len(raw) > 0 {
		x.RequestBody = raw
	} else if text := request.Get("body").StringOr(""); text != "" {
		x.RequestBody = []byte(text)
	}
	response := n.Get("response")
	if !slices.ContainsFunc([]string{"body", "bodyAsBase64", "status"}, func(name string) bool { return response.Get(name) != nil }) {
		response = n.Get("responseDefinition")
	}
	x.answer(response)
	r.exchanges = append(r.exchanges, x)
}
