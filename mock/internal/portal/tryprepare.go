package portal

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"standin/mock/contract"
)

// preparation is a request that is ready to be sent or shown.
type preparation struct {
	Curl   string     `json:"curl"`
	HAR    harRequest `json:"har"`
	Faults []string   `json:"faults"`
}

// harRequest is a request as HTTP Archive 1.2 has it.
type harRequest struct {
	Method      string    `json:"method"`
	URL         string    `json:"url"`
	HTTPVersion string    `json:"httpVersion"`
	Headers     []harPair `json:"headers"`
	QueryString []harPair `json:"queryString"`
	Cookies     []harPair `json:"cookies"`
	PostData    *harBody  `json:"postData,omitempty"`
	HeadersSize int       `json:"headersSize"`
	BodySize    int       `json:"bodySize"`
}

type harPair struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// harBody is the body of a request. Encoding "base64" tells of bytes that are no text; HAR knows it for answers only.
type harBody struct {
	MimeType string `json:"mimeType"`
	Text     string `json:"text"`
	Encoding string `json:"encoding,omitempty"`
}

// writePrepared answers with the request of a form instead of sending it. With ?secrets it has the form's credentials in it, for the
// script to send it elsewhere; else placeholders stand for them.
func (p *Portal) writePrepared(w http.ResponseWriter, r *http.Request, v *view, e *entry, f posted) {
	text, err := json.Marshal(v.prepared(e, f, r.URL.Query().Has("secrets")))
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "no-store")
	_, _ = w.Write(text)
}

// prepared writes the request of a form as curl and HAR, with what could not be written as the document demands.
func (v *view) prepared(e *entry, f posted, secrets bool) preparation {
	t := v.assemble(e, f)
	origin, base := v.tryOrigin(), strings.TrimSuffix(v.site.root, v.site.site.Prefix)
	if host := v.realHost(e, f.Get("host")); host != "" {
		origin, base = host, ""
		t.target = v.relative(t.target)
		t.header.Del("Mock-Prefer")
	}
	plain := *t
	plain.header = t.header.Clone()
	t.authorize(v, e.op, func(s contract.Scheme) string {
		if secrets {
			return f.Get(secretField + s.ID)
		}
		return v.placeholder(s)
	})
	headers, query := v.credentials(e.op)
	if len(query) > 0 {
		plain.ask(strings.Join(query, "&"))
	}
	line := append([]string{"curl -X " + t.method + " " + quoted(origin+base+plain.target)}, headers...)
	for _, h := range headerLines(plain.header) {
		switch {
		case h.Text == "Content-Type" && strings.HasPrefix(h.Note, "multipart/"):
		case h.Text == "Cookie":
			line = append(line, "-b "+quoted(h.Note))
		default:
			line = append(line, "-H "+quoted(h.Text+": "+h.Note))
		}
	}
	out := preparation{Curl: joined(append(line, t.sent...)), HAR: t.har(origin + base), Faults: t.faults}
	if out.Faults == nil {
		out.Faults = []string{}
	}
	return out
}

// placeholder stands for a secret.
func (v *view) placeholder(s contract.Scheme) string {
	if s.Type == "http" && s.Scheme == "basic" {
		return "{user}:{password}"
	}
	return v.secret(s)
}

// tryOrigin is where the reader reaches the mock.
func (v *view) tryOrigin() string {
	switch {
	case v.site.origin != "":
		return v.site.origin
	case v.request == nil || v.request.Host == "":
		return "http://{host}"
	case v.request.TLS != nil:
		return "https://" + v.request.Host
	}
	return "http://" + v.request.Host
}

// har writes the trial as a request of an archive.
func (t *trial) har(base string) harRequest {
	out := harRequest{
		Method: t.method, URL: base + t.target, HTTPVersion: "HTTP/1.1", Headers: []harPair{}, QueryString: []harPair{}, Cookies: []harPair{},
		HeadersSize: -1, BodySize: len(t.body),
	}
	for _, h := range headerLines(t.header) {
		if h.Text == "Cookie" {
			for pair := range strings.SplitSeq(h.Note, "; ") {
				name, value, _ := strings.Cut(pair, "=")
				out.Cookies = append(out.Cookies, harPair{name, value})
			}
			continue
		}
		out.Headers = append(out.Headers, harPair{h.Text, h.Note})
	}
	if at, query, found := strings.Cut(out.URL, "?"); found {
		out.URL = at
		for pair := range strings.SplitSeq(query, "&") {
			name, value, _ := strings.Cut(pair, "=")
			out.QueryString = append(out.QueryString, harPair{unescaped(name), unescaped(value)})
		}
	}
	if len(t.body) > 0 {
		out.PostData = &harBody{MimeType: t.header.Get("Content-Type"), Text: string(t.body)}
		if !utf8.Valid(t.body) {
			out.PostData.Text, out.PostData.Encoding = base64.StdEncoding.EncodeToString(t.body), "base64"
		}
	}
	return out
}

func unescaped(s string) string {
	if text, err := url.QueryUnescape(s); err == nil {
		return text
	}
	return s
}

// realHosts are the absolute servers of an operation: its own, else those of its path, else the document's. Variables have their
// defaults (OpenAPI 3.1, 4.8.5).
func (v *view) realHosts(e *entry) []string { return v.site.realHosts(e) }

func (p *Portal) realHosts(e *entry) []string {
	root := p.site.Contract.Root()
	nodes := e.op.Node().Get("servers").Items()
	if len(nodes) == 0 {
		nodes = root.Get("paths").Get(e.op.Template).Get("servers").Items()
	}
	if len(nodes) == 0 {
		nodes = root.Get("servers").Items()
	}
	var out []string
	add := func(text string) {
		u, err := url.Parse(strings.TrimSuffix(text, "/"))
		if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.User != nil || u.RawQuery != "" || u.Fragment != "" || !plainHost(u.Host) {
			return
		}
		if host := u.Scheme + "://" + u.Host + u.EscapedPath(); !slices.Contains(out, host) && len(out) < 10 {
			out = append(out, host)
		}
	}
	for _, n := range nodes {
		text := n.Get("url").Text()
		for _, m := range n.Get("variables").Members() {
			text = strings.ReplaceAll(text, "{"+m.Name+"}", m.Value.Get("default").Text())
		}
		add(text)
	}
	if host := root.Get("host").Text(); host != "" {
		for _, scheme := range root.Get("schemes").Items() {
			add(scheme.Text() + "://" + host + root.Get("basePath").Text())
		}
	}
	return out
}

// plainHost tells that a host can stand in a policy as it is: letters, digits, dots, dashes, and a port.
func plainHost(host string) bool {
	return host != "" && !strings.ContainsFunc(host, func(r rune) bool {
		return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune(".-:", r))
	})
}

// realHost is the documented server of that URL, "" for the mock.
func (v *view) realHost(e *entry, wanted string) string {
	if wanted != "" && slices.Contains(v.realHosts(e), wanted) {
		return wanted
	}
	return ""
}

// relative is a target without the server's path in front, which a real host brings along itself.
func (v *view) relative(target string) string {
	prefix := v.outline().prefix
	if rest, found := strings.CutPrefix(target, prefix); found && strings.HasPrefix(rest, "/") {
		return rest
	}
	return target
}

// policyOf is the policy of the page at a path: pages that can try an operation may also connect to its documented servers.
func (p *Portal) policyOf(path string) string {
	kind, slug, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	if kind != "op" && kind != "try" || p.site.API == nil {
		return policy
	}
	name, err := url.PathUnescape(slug)
	e := p.outline.bySlug[name]
	if err != nil || e == nil {
		return policy
	}
	sources := "'self'"
	for _, host := range p.realHosts(e) {
		if u, err := url.Parse(host); err == nil {
			sources += " " + u.Scheme + "://" + u.Host
		}
	}
	return strings.Replace(policy, "connect-src 'self'", "connect-src "+sources, 1)
}

// checkForeign judges an answer that the browser had from a real host: the form with the fields answer.status, answer.header (one
// "Name: value" a line), answer.body (Base64) and answer.took (milliseconds).
func (v *view) checkForeign(e *entry, f posted) *tryAnswer {
	t := v.assemble(e, f)
	t.header.Del("Mock-Prefer")
	t.authorize(v, e.op, func(s contract.Scheme) string { return f.Get(secretField + s.ID) })
	status, err := strconv.Atoi(f.Get("answer.status"))
	if err != nil || status < 100 || status > 599 {
		return &tryAnswer{Failed: v.T("try.foreign.answer")}
	}
	body, err := base64.StdEncoding.DecodeString(f.Get("answer.body"))
	if err != nil {
		return &tryAnswer{Failed: v.T("try.foreign.answer")}
	}
	header := http.Header{}
	for line := range strings.SplitSeq(f.Get("answer.header"), "\n") {
		if name, value, found := strings.Cut(strings.TrimSpace(line), ":"); found {
			header.Add(name, strings.TrimSpace(value))
		}
	}
	took, _ := strconv.Atoi(f.Get("answer.took"))
	a := v.judged(e, t, &outcome{status: status, header: header, body: body, size: len(body), took: time.Duration(took) * time.Millisecond})
	a.Foreign, a.Source, a.Exchange, a.Follow = true, f.Get("host"), "", ""
	// A browser shows a script only the headers that the host exposes (Fetch, 3.3.2).
	a.Response = slices.DeleteFunc(a.Response, func(x Violation) bool { return x.hidden })
	a.ResponseKept = len(a.Response) == 0
	return a
}
