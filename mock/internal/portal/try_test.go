package portal

import (
	"context"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"standin/mock/contract"
)

// post sends a form as a page of ours does; header pairs are names and values.
func post(t testing.TB, h http.Handler, target string, form url.Values, header ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, target, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// form gives an operation's form as it stands, with changes in pairs of field and value; "-" as value leaves a field out.
func formOf(p *Portal, id string, changes ...string) (*view, *entry, posted) {
	e := p.outline.byID[id]
	v := p.tryView(httptest.NewRequest(http.MethodPost, "/docs/try/"+id, nil), "/try/"+e.slug)
	f := posted{Values: v.prefilled(e, -1, "")}
	for i := 0; i+1 < len(changes); i += 2 {
		f.Set(changes[i], changes[i+1])
		if changes[i+1] == "-" {
			f.Del(changes[i])
		}
	}
	return v, e, f
}

const styles = `
openapi: 3.1.0
info: {title: T, version: "1"}
paths:
  /plain/{id}/{label}/{matrix}/{list}:
    get:
      operationId: params
      parameters:
        - {name: id, in: path, required: true, schema: {type: integer}, example: 7}
        - {name: label, in: path, required: true, style: label, explode: true, schema: {type: array, items: {type: string}}, example: [a, b]}
        - {name: matrix, in: path, required: true, style: matrix, schema: {type: string}, example: x y}
        - {name: list, in: path, required: true, schema: {type: array, items: {type: integer}}, example: [1, 2]}
        - {name: q, in: query, schema: {type: string}, example: "a&b"}
        - {name: many, in: query, schema: {type: array, items: {type: string}}, example: [a, b]}
        - {name: piped, in: query, style: pipeDelimited, explode: false, schema: {type: array, items: {type: string}}, example: [a, b]}
        - {name: deep, in: query, style: deepObject, schema: {type: object, properties: {a: {type: integer}}}, example: {a: 1}}
        - {name: flag, in: query, schema: {type: boolean}}
        - {name: kind, in: query, schema: {type: string, enum: [small, large]}}
        - {name: json, in: query, content: {application/json: {schema: {type: object}}}, example: {k: v}}
        - {name: X-Head, in: header, schema: {type: array, items: {type: string}}, example: [h, i]}
        - {name: crumb, in: cookie, schema: {type: string}, example: c}
      responses: {"204": {description: d}}
  /json:
    post:
      operationId: json
      requestBody: {required: true, content: {application/json: {schema: {type: object, required: [a], properties: {a: {type: integer}}}, example: {a: 1}}}}
      responses: {"204": {description: d}}
  /form:
    post:
      operationId: form
      requestBody:
        required: true
        content:
          application/x-www-form-urlencoded:
            schema: {type: object, required: [name], properties: {name: {type: string}, tags: {type: array, items: {type: string}}, on: {type: boolean}}}
            example: {name: n, tags: [x, y]}
      responses: {"204": {description: d}}
  /multi:
    post:
      operationId: multi
      requestBody:
        required: true
        content:
          multipart/form-data:
            schema: {type: object, required: [title, file], properties: {title: {type: string}, meta: {type: object}, file: {type: string, format: binary}}}
            example: {title: t, meta: {k: 1}, file: x}
      responses: {"204": {description: d}}
  /text:
    post:
      operationId: text
      requestBody: {content: {text/plain: {schema: {type: string}, example: hello}}}
      responses: {"204": {description: d}}
  /bytes:
    put:
      operationId: bytes
      requestBody: {required: true, content: {application/octet-stream: {schema: {type: string, format: binary}}}}
      responses: {"204": {description: d}}
`

func TestFormBecomesRequest(t *testing.T) {
	p := portalOf(t, parse(t, styles))
	const path = "/plain/7/.a.b/;matrix=x%20y/1,2"
	const separator = "standin-5b0e8d7a1c94"
	tests := []struct {
		name, id string
		changes  []string
		target   string
		header   map[string]string
		body     string
	}{
		{"as it stands", "params", nil, path, nil, ""},
		{"query text", "params", []string{"on:in.query.q", "1"}, path + "?q=a%26b", nil, ""},
		{"own text", "params", []string{"on:in.query.q", "1", "in.query.q", "é"}, path + "?q=%C3%A9", nil, ""},
		{"exploded list", "params", []string{"on:in.query.many", "1", "in.query.many", "x\r\ny z"}, path + "?many=x&many=y%20z", nil, ""},
		{"list as JSON", "params", []string{"on:in.query.many", "1", "in.query.many", `["x\ny"]`}, path + "?many=x%0Ay", nil, ""},
		{"pipes", "params", []string{"on:in.query.piped", "1"}, path + "?piped=a%7Cb", nil, ""},
		{"deep object", "params", []string{"on:in.query.deep", "1", "in.query.deep", `{"a": 2}`}, path + "?deep%5Ba%5D=2", nil, ""},
		{"boolean", "params", []string{"in.query.flag", "=false"}, path + "?flag=false", nil, ""},
		{"enum", "params", []string{"in.query.kind", "=large"}, path + "?kind=large", nil, ""},
		{"content", "params", []string{"on:in.query.json", "1"}, path + "?json=%7B%22k%22%3A%22v%22%7D", nil, ""},
		{"header", "params", []string{"on:in.header.X-Head", "1"}, path, map[string]string{"X-Head": "h,i"}, ""},
		{"header without line ends", "params", []string{"on:in.header.X-Head", "1", "in.header.X-Head", "a\r\nEvil: 1"}, path, map[string]string{"X-Head": "a,Evil: 1", "Evil": ""}, ""},
		{"cookie", "params", []string{"on:in.cookie.crumb", "1"}, path, map[string]string{"Cookie": "crumb=c"}, ""},
		{"wrong text is sent as it stands", "params", []string{"in.path.id", "no/number"}, "/plain/no%2Fnumber/.a.b/;matrix=x%20y/1,2", nil, ""},
		{"preferences", "params", []string{"code", "204", "example", `a "b"`, "dynamic", "1", "delay", "5ms"}, path,
			map[string]string{"Mock-Prefer": `code=204, example="a \"b\"", dynamic=true, delay=5ms`}, ""},
		{"JSON", "json", []string{"body", "{\r\n\"a\": 1}"}, "/json", map[string]string{"Content-Type": "application/json"}, "{\n\"a\": 1}"},
		{"form", "form", nil, "/form", map[string]string{"Content-Type": "application/x-www-form-urlencoded"}, "name=n&tags=x&tags=y"},
		{"form, less", "form", []string{"on:body:tags", "-", "body:on", "=true"}, "/form", nil, "name=n&on=true"},
		{"multipart", "multi", nil, "/multi", map[string]string{"Content-Type": "multipart/form-data; boundary=" + separator},
			"--" + separator + "\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nt\r\n" +
				"--" + separator + "\r\nContent-Disposition: form-data; name=\"meta\"\r\nContent-Type: application/json\r\n\r\n{\"k\":1}\r\n" +
				"--" + separator + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"sample.txt\"\r\nContent-Type: application/octet-stream\r\n\r\nsample\n\r\n" +
				"--" + separator + "--\r\n"},
		{"optional body stays away", "text", nil, "/text", map[string]string{"Content-Type": ""}, ""},
		{"text", "text", []string{"on:body", "1"}, "/text", map[string]string{"Content-Type": "text/plain"}, "hello"},
		{"bytes", "bytes", nil, "/bytes", map[string]string{"Content-Type": "application/octet-stream"}, sampleFile},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			v, e, f := formOf(p, test.id, test.changes...)
			got := v.assemble(e, f)
			if got.target != test.target || string(got.body) != test.body {
				t.Errorf("got %s %q, want %s %q", got.target, got.body, test.target, test.body)
			}
			for name, want := range test.header {
				if value := got.header.Get(name); value != want {
					t.Errorf("%s is %q, want %q", name, value, want)
				}
			}
		})
	}
}

// TestFormsOfDocuments posts the form of every operation as it stands: the request keeps the contract, and the page can be written.
func TestFormsOfDocuments(t *testing.T) {
	for _, name := range corpus(t) {
		t.Run(filepath.Base(name), func(t *testing.T) {
			t.Parallel()
			c, err := contract.Load(context.Background(), name)
			if err != nil {
				t.Skip(err)
			}
			sweepForms(t, c)
		})
	}
	t.Run("demo", func(t *testing.T) { sweepForms(t, load(t, demo)) })
}

func bareTemplate(e *entry) string {
	path, _, _ := strings.Cut(e.op.Template, "#")
	path, _, _ = strings.Cut(path, "?")
	return e.op.Method + " " + path
}

// mostForms bounds the operations of one document that are tried.
const mostForms = 150

func sweepForms(t *testing.T, c *contract.Contract) {
	empty := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "{}") })
	p := portalOf(t, c, func(s *Site) { s.API = empty })
	shared := map[string]int{} // documents that tell operations apart by more than a path
	for _, e := range p.outline.entries {
		shared[bareTemplate(e)]++
	}
	most := mostForms
	if testing.Short() {
		most = 15
	}
	step := max(1, len(p.outline.entries)/most)
	for i := 0; i < len(p.outline.entries); i += step {
		e := p.outline.entries[i]
		v := p.tryView(httptest.NewRequest(http.MethodPost, p.root+"/try/"+escapePath(e.slug), nil), "/try/"+e.slug)
		f := posted{Values: v.prefilled(e, -1, "")}
		for _, alternative := range e.op.Security() {
			for _, s := range alternative {
				f.Set(secretField+s.ID, "user:password")
				if s.Type != "http" || s.Scheme != "basic" {
					f.Set(secretField+s.ID, "token")
				}
			}
		}
		a := v.send(e, f)
		for _, x := range a.Request {
			t.Errorf("%s: %s %s: %s (%s) faults %v", e.id, a.Target, x.Where, x.Message, x.Rule, v.assemble(e, f).faults)
		}
		if a.Unrouted || a.Elsewhere != nil && shared[bareTemplate(e)] == 1 {
			t.Errorf("%s: %s leads elsewhere", e.id, a.Target)
		}
		w := post(t, p, p.root+"/try/"+escapePath(e.slug), f.Values)
		if w.Code != http.StatusOK {
			t.Fatalf("%s: posting answers %d: %s", e.id, w.Code, w.Body)
		}
		for _, fault := range checkMarkup(w.Body.String()).faults {
			t.Errorf("%s: %s", e.id, fault)
		}
	}
}

func TestForeignFormsAreRefused(t *testing.T) {
	called := false
	p := demoPortal(t, func(s *Site) {
		s.API = http.HandlerFunc(func(http.ResponseWriter, *http.Request) { called = true })
	})
	for _, test := range []struct {
		header []string
		want   int
	}{
		{nil, 200},
		{[]string{"Origin", "http://example.com"}, 200}, // the host of httptest's requests
		{[]string{"Origin", "http://evil.example"}, 403},
		{[]string{"Origin", "null"}, 403},
		{[]string{"Sec-Fetch-Site", "cross-site"}, 403},
		{[]string{"Sec-Fetch-Site", "same-origin", "Origin", "null"}, 200},
	} {
		called = false
		w := post(t, p, "/docs/try/QueryVolumeSnapshot", url.Values{}, test.header...)
		if w.Code != test.want || called != (test.want == 200) {
			t.Errorf("%v: %d, called %v", test.header, w.Code, called)
		}
		for _, fault := range checkMarkup(w.Body.String()).faults {
			t.Errorf("%v: %s", test.header, fault)
		}
	}
	if w := post(t, p, "/docs/try/QueryVolumeSnapshot", url.Values{"body": {strings.Repeat("x", mostForm+1)}}); w.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("a large form: %d", w.Code)
	}
	if w := post(t, p, "/docs/try/nobody", url.Values{}); w.Code != http.StatusMethodNotAllowed {
		t.Errorf("an unknown operation: %d", w.Code)
	}
}

func TestAnswersAreTextOnly(t *testing.T) {
	const evil = `<script>alert(1)</script><img src=x onerror=alert(2)>`
	p := portalOf(t, parse(t, styles), func(s *Site) {
		s.API = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			h := w.Header()
			h.Set("Content-Type", "text/html")
			h.Set("Mock-Source", evil)
			h.Set("Mock-Exchange", "javascript:alert(3)")
			h.Set("Preference-Applied", evil)
			h.Set("X-Evil", evil)
			_, _ = w.Write(append(body, evil...))
		})
	})
	w := post(t, p, "/docs/try/text", url.Values{"on:body": {"1"}, "body": {evil + "</textarea>" + evil}, "delay": {`"><script>`}, "do": {evil}})
	page := w.Body.String()
	if strings.Contains(page, "<script>alert") || strings.Contains(page, "<img src=x") || strings.Contains(page, `href="javascript:`) {
		t.Errorf("the page holds what was sent: %s", page)
	}
	for _, fault := range checkMarkup(page).faults {
		t.Error(fault)
	}
}

func TestBinaryAnswerIsALink(t *testing.T) {
	p := portalOf(t, parse(t, styles), func(s *Site) {
		s.API = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "image/png")
			_, _ = w.Write([]byte{0x89, 'P', 'N', 'G', 0xff})
		})
	})
	page := post(t, p, "/docs/try/text", url.Values{}).Body.String()
	if !strings.Contains(page, `href="data:application/octet-stream;base64,iVBORw=="`) && !strings.Contains(page, "base64,iVBOR") || !strings.Contains(page, `download="answer.png"`) {
		t.Error("there is no link to the bytes")
	}
}

func TestLongAnswerIsBounded(t *testing.T) {
	p := portalOf(t, parse(t, styles), func(s *Site) {
		s.API = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			for range 20 {
				_, _ = w.Write(make([]byte, 1<<20))
			}
		})
	})
	w := post(t, p, "/docs/try/text", url.Values{})
	if w.Code != 200 || w.Body.Len() > 400_000 {
		t.Errorf("%d, %d bytes", w.Code, w.Body.Len())
	}
}

// TestHostileFields posts every field of a form with every hostile value: the page is written, and nothing panics.
func TestHostileFields(t *testing.T) {
	p := demoPortal(t, func(s *Site) { s.API = http.NotFoundHandler() })
	v, e, f := formOf(p, "QueryVolumeSnapshot")
	hostile := []string{"", "\x00", "\xff\xfe", "../../etc/passwd", "{}", "[[[[", strings.Repeat("[", 100_000), "null", "\u202e", "%zz", "a\r\nb: c"}
	fields := append(slices.Collect(maps.Keys(f.Values)), "media", "code", "example", "delay", "follow", "do", "answer.status", "host")
	for _, field := range fields {
		for _, value := range hostile {
			changed := url.Values{}
			maps.Copy(changed, f.Values)
			changed.Set(field, value)
			for _, does := range []string{"send", "fill", "login", "logout", "follow"} {
				if field != "do" {
					changed.Set("do", does)
				}
				if v.act("try", e, posted{Values: changed}) == nil {
					t.Fatalf("%s=%q", field, value)
				}
			}
		}
	}
}
