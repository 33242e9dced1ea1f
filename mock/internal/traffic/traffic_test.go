package traffic_test

import (
	"bytes"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"standin/mock/internal/traffic"
)

const har = `{"log":{"version":"1.2","entries":[
{"startedDateTime":"2024-05-01T10:00:00.5Z","time":12,
 "request":{"method":"post","url":"https://api.example.com/pets?x=1","headers":[{"name":":authority","value":"api"},{"name":"content-type","value":"application/json"}],"postData":{"mimeType":"application/json","text":"{\"a\":1}"}},
 "response":{"status":201,"headers":[{"name":"X-A","value":"1"}],"content":{"size":3,"mimeType":"application/octet-stream","text":"AP8B","encoding":"base64"}}},
{"request":{"method":"GET","url":"https://api.example.com"},"response":{"status":200,"headers":[],"content":{"size":99,"mimeType":"text/html"}}},
{"request":{"method":"GET","url":"wss://api.example.com/live"},"response":{"status":101}},
{"request":{"method":"GET","url":"::"},"response":{"status":200}},
{"request":{"method":"GET","url":"http://x/cancelled"},"response":{"status":0}}]}}`

const mappings = `{"mappings":[
{"request":{"method":"GET","url":"/pets?limit=2"},"response":{"status":200,"jsonBody":[1],"headers":{"Content-Type":"application/json","X-B":["1","2"]}}},
{"request":{"method":"POST","urlPath":"/pets","queryParameters":{"dry":{"equalTo":"true"}},"headers":{"X-T":{"equalTo":"t"}},"bodyPatterns":[{"equalToJson":"{\"a\":1}"}]},"response":{"base64Body":"AP8B"}},
{"request":{"method":"PUT","url":"/pets","bodyPatterns":[{"matchesJsonPath":"$.a"}]},"response":{"status":204,"bodyFileName":"x.json"}},
{"request":{"method":"ANY","urlPattern":"/.*"},"response":{"status":200}}]}`

const events = `{"requests":[{"id":"1","request":{"url":"/pets/7","method":"GET","headers":{"Accept":"*/*"},"loggedDateString":"2024-05-01T10:00:00Z","bodyAsBase64":"e30="},
"responseDefinition":{"status":500},"response":{"status":200,"headers":{"Content-Type":"application/json"},"bodyAsBase64":"W10="}}]}`

// shown writes exchanges on a line each.
func shown(all []traffic.Exchange) string {
	var b strings.Builder
	for _, x := range all {
		b.WriteString(strings.Join([]string{x.Method, x.URL.String(), "req", string(x.RequestBody), "res"}, " "))
		b.WriteString(" " + http.StatusText(x.Status) + " " + strings.ReplaceAll(string(x.ResponseBody), "\x00", "0"))
		if x.RequestLost {
			b.WriteString(" request lost")
		}
		if x.ResponseLost {
			b.WriteString(" response lost")
		}
		b.WriteString("\n")
	}
	return b.String()
}

func TestRead(t *testing.T) {
	lines := strings.ReplaceAll(`{"request":{"method":"GET","url":"http://x/a"},"response":{"status":200,"content":{"size":0}}}

{"request":{"method":"GET","url":"http://x/b"},"response":{"status":404,"content":{"size":2,"text":"no"}}}
{broken
{"a":1}
`, "\r", "")
	for _, c := range []struct {
		name, text, want string
		faults           int
	}{
		{"x.har", har, "POST https://api.example.com/pets?x=1 req {\"a\":1} res Created 0\xff\x01\nGET https://api.example.com/ req  res OK  response lost\nGET http://x/cancelled req  res   response lost\n", 1},
		{"m.json", mappings, "GET /pets?limit=2 req  res OK [1]\nPOST /pets?dry=true req {\"a\":1} res OK 0\xff\x01\nPUT /pets req  res No Content  request lost response lost\n", 1},
		{"e.json", events, "GET /pets/7 req {} res OK []\n", 0},
		{"x.ndjson", lines, "GET http://x/a req  res OK \nGET http://x/b req  res Not Found no\n", 2},
	} {
		got, faults, err := traffic.Read(c.name, []byte(c.text))
		if err != nil || shown(got) != c.want || len(faults) != c.faults {
			t.Errorf("%s: %v\n%s%v\nwant\n%s", c.name, err, shown(got), faults, c.want)
		}
		for _, x := range got {
			if x.Position.File != c.name || x.Position.Line == 0 {
				t.Errorf("%s: an exchange stands at %v", c.name, x.Position)
			}
		}
		for _, f := range faults {
			if f.Position.File != c.name || f.Position.Line == 0 {
				t.Errorf("%s: a fault stands at %v", c.name, f.Position)
			}
		}
	}
}

// TestWrongFiles: what is no recorded traffic is told with its place, and nothing breaks.
func TestWrongFiles(t *testing.T) {
	for name, text := range map[string]string{
		"empty.har": "", "text.har": "hello", "yaml.har": "a: 1", "cut.har": har[:200], "object.json": "{}", "list.json": "[1]", "number.json": "7",
		"entries.har": `{"log":{"entries":{}}}`, "openapi.json": `{"openapi":"3.0.0","paths":{}}`, "binary.har": "\x00\x01\xff", "deep.har": strings.Repeat("[", 1000),
	} {
		if got, _, err := traffic.Read(name, []byte(text)); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
	odd := `{"log":{"entries":[1,{},{"request":{}},{"request":{"method":7,"url":"http://x"}},{"request":{"method":"GET","url":7}},{"request":{"method":"GET"}}]}}`
	if got, faults, err := traffic.Read("odd.har", []byte(odd)); err != nil || len(got) != 0 || len(faults) != 7 {
		t.Error(got, faults, err)
	}
}

// TestArchive: what is written can be read again, after each exchange.
func TestArchive(t *testing.T) {
	name := filepath.Join(t.TempDir(), "x.har")
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	a, err := traffic.NewArchive(f)
	if err != nil {
		t.Fatal(err)
	}
	u, _ := url.Parse("http://localhost/a?b=<c>&b=d")
	for n := range 3 {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		got, faults, err := traffic.Read(name, text)
		if err != nil || len(got) != n || len(faults) > 0 {
			t.Fatal(n, got, faults, err)
		}
		if n > 0 && (string(got[n-1].ResponseBody) != "\x00\xff" || string(got[n-1].RequestBody) != "<é>" || got[n-1].URL.String() != u.String()) {
			t.Errorf("%+v", got[n-1])
		}
		err = a.Add(&traffic.Exchange{
			At: time.Unix(0, 0), Took: time.Millisecond, Method: "POST", URL: u, RequestHeader: http.Header{"A": {"b", "c"}}, RequestBody: []byte("<é>"),
			Status: 200, ResponseHeader: http.Header{"Content-Type": {"application/octet-stream"}}, ResponseBody: []byte{0, 0xff},
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, seed := range []string{har, mappings, events, "{\"request\":{\"method\":\"GET\",\"url\":\"http://x\"},\"response\":{}}\n{}"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		all, _, err := traffic.Read("x.har", text)
		if err != nil {
			return
		}
		for i := range all {
			x := &all[i]
			if x.Method == "" || x.URL == nil {
				t.Fatalf("%+v", x)
			}
			line, err := traffic.AppendEntry(nil, x)
			if err != nil || bytes.ContainsRune(line, '\n') {
				continue // a time that cannot be written
			}
			if _, _, err := traffic.Read("again.ndjson", append(line, '\n')); err != nil && x.URL.Host != "" {
				t.Fatalf("%s: %v", line, err)
			}
		}
	})
}

func TestJournalLines(t *testing.T) {
	lines := `{"id":"1","at":"2024-05-01T10:00:00Z","took":1,"method":"POST","url":"/pets?x=1","status":201,"source":"state","valid":true,"request":{"headers":{"A":["b"]},"body":"{}","size":2},"response":{"headers":{},"base64":"AP8=","size":2}}
{"id":"2","method":"GET","url":"/pets","status":422,"source":"refusal","request":{"headers":{},"size":9,"cut":true},"response":{"headers":{},"size":0}}
`
	got, faults, err := traffic.Read("j.ndjson", []byte(lines))
	if err != nil || len(faults) > 0 || len(got) != 2 {
		t.Fatal(got, faults, err)
	}
	if x := got[0]; x.URL.String() != "/pets?x=1" || string(x.RequestBody) != "{}" || string(x.ResponseBody) != "\x00\xff" || x.Refused || x.RequestHeader.Get("A") != "b" {
		t.Errorf("%+v", x)
	}
	if x := got[1]; !x.Refused || !x.RequestLost || x.Position.Line != 2 {
		t.Errorf("%+v", x)
	}
}
