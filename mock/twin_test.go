package mock_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // what the API signs with
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"standin/mock"
	"standin/mock/contract"
)

// The rows that the tests of the demo's cloud speak of.
const (
	webData, scratch, oldLogs, shared, archive  = "bbb8715571674e3e963379827d0be90a", "70fe413f7a3a417fb4dfc6508068c198", "99aeb54c76a44880b247498cc261df0d", "cc116294c5fc4bc59d5f8f8ebddbf917", "92f181ffc17147eba63d8cac2c82f367"
	webRoot, dbRoot                             = "557b0841d27f46609d45f0b8394586c4", "d74f01099f834c7daa9b0f42e761f45f"
	webVM, dbVM, appVM                          = "01b5bae5f83d48cabd2f05bc69391dcc", "acf99413ef384a5e8669cef0dfcd4787", "9ad3cfe0ecd5409aaa526517342a7b31"
	storageFile, storageCeph                    = "b8e56c47596d492c8d257f3ca167f495", "5979db6d26bf4ff094b244985ac28394"
	offering, nobody                            = "adba86aa585247c396db32e8bafc53fc", "060c60c6bc944eb0a7a85715754b88d9"
	adminDigest                                 = "b109f3bbbc244eb82441917ed06d618b9008dd09b3befd1b5e07394c706a8bb980b1d7785e5976ec049b46df5f1326af5a2ea6d103fd07c95385ffab0cacbc86"
	miaDigest                                   = "56b698defedb5a435b634afe3320bbaf3fdcd920b6c503a446fc7b7a776b298d479d1ba6a8b617808eb0bf579ce9a95d668347bcab7149085ac93cb27995197b"
	admin, webShop                              = "36c27e8ff05c4780bf6d2fa65700f22e", "2d43f7f637e5421fbf65061f833ac900"
	snapshot1, snapshot2, snapshot3, nightlyWeb = "e9eedc0dd0b0452caacd08f90b09c418", "206315a35c4e4de087dbf8105612c3e3", "264da4b9f5e2474b8099e6d62d56b024", "2902791d0aea4527b2617ef3ec004212"
)

// cloud is the demo's cloud with a clock that the test moves, as one client sees it.
type cloud struct {
	*testing.T
	url   string
	token string

	mu  sync.Mutex
	now time.Time
}

// got is an answer.
type got struct {
	status int
	header http.Header
	text   string
	body   map[string]any
}

func newCloud(t *testing.T, more ...mock.Option) *cloud {
	t.Helper()
	c, err := contract.Load(t.Context(), "../openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	k := &cloud{T: t, now: time.Date(2024, 10, 9, 10, 0, 0, 0, time.UTC)}
	s, err := mock.New(c, append([]mock.Option{mock.Fixtures(os.DirFS("../fixtures")), mock.WithClock(k.clock)}, more...)...)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(s)
	t.Cleanup(func() { server.Close(); _ = s.Close() })
	k.url = server.URL + "/zstack/v1"
	k.token = k.logIn("admin", adminDigest)
	return k
}

func (k *cloud) clock() time.Time {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.now
}

func (k *cloud) advance(d time.Duration) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.now = k.now.Add(d)
}

func (k *cloud) logIn(name, digest string) string {
	k.Helper()
	g := k.call("PUT", "/accounts/login", fmt.Sprintf(`{"logInByAccount":{"accountName":%q,"password":%q}}`, name, digest))
	return k.textAt(g, "inventory", "uuid")
}

// call sends a request: headers are NAME: VALUE lines; a body of "" is none.
func (k *cloud) call(method, path, body string, headers ...string) got {
	k.Helper()
	var r io.Reader
	if body != "" {
		r = strings.NewReader(body)
	}
	request, err := http.NewRequestWithContext(k.Context(), method, k.url+path, r)
	if err != nil {
		k.Fatal(err)
	}
	if body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	if k.token != "" {
		request.Header.Set("Authorization", "OAuth "+k.token)
	}
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		name = strings.TrimSuffix(name, ":")
		if request.Header.Del(name); value != "" {
			request.Header.Set(name, value)
		}
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		k.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		k.Fatal(err)
	}
	g := got{status: response.StatusCode, header: response.Header, text: string(text)}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	_ = d.Decode(&g.body)
	if violations := response.Header.Get("Mock-Violations"); violations != "" && !strings.HasSuffix(violations, "response=0") {
		k.Errorf("%s %s: the answer breaks the document: %s\n%s", method, path, response.Header.Get("Mock-Violation"), text)
	}
	return g
}

// job starts a job and polls it to its end.
func (k *cloud) job(method, path, body string, headers ...string) got {
	k.Helper()
	g := k.call(method, path, body, headers...)
	if g.status != 202 {
		k.Fatalf("%s %s is no job: %d %s", method, path, g.status, g.text)
	}
	return k.ended(g)
}

// ended polls a job that was accepted: it is running, and a second later it has ended.
func (k *cloud) ended(g got) got {
	k.Helper()
	path := strings.TrimPrefix(k.textAt(g, "location"), k.url)
	if running := k.call("GET", path, "", "Authorization:"); running.status != 202 || running.text != "{}" {
		k.Errorf("a running job answers %d %s", running.status, running.text)
	}
	k.advance(time.Second)
	return k.call("GET", path, "", "Authorization:")
}

// at is what stands at a path in a body; numbers in the path are indexes.
func (g got) at(path ...any) any {
	var v any = g.body
	for _, step := range path {
		switch step := step.(type) {
		case string:
			object, _ := v.(map[string]any)
			v = object[step]
		case int:
			list, _ := v.([]any)
			if step >= len(list) {
				return nil
			}
			v = list[step]
		}
	}
	return v
}

func (k *cloud) textAt(g got, path ...any) string {
	k.Helper()
	text, ok := g.at(path...).(string)
	if !ok {
		k.Fatalf("no text at %v in %d %s", path, g.status, g.text)
	}
	return text
}

// is demands a value at a path; nil for none.
func (k *cloud) is(g got, want any, path ...any) {
	k.Helper()
	if v := g.at(path...); fmt.Sprint(v) != fmt.Sprint(want) {
		k.Errorf("%v is %v, not %v, in %d %s", path, v, want, g.status, g.text)
	}
}

// fails demands an error of the business.
func (k *cloud) fails(g got, code string) {
	k.Helper()
	if g.status != 503 || g.at("error", "code") != code || g.at("error", "description") == nil {
		k.Errorf("not 503 with %s: %d %s", code, g.status, g.text)
	}
}

// says demands a plain text.
func (k *cloud) says(g got, status int, text string) {
	k.Helper()
	if g.status != status || !strings.Contains(g.text, text) || !strings.HasPrefix(g.header.Get("Content-Type"), "text/plain") {
		k.Errorf("not %d %q as text: %d %s %s", status, text, g.status, g.header.Get("Content-Type"), g.text)
	}
}

// query is the list of a query, by conditions and further parameters.
func (k *cloud) query(path string, conditions ...string) got {
	k.Helper()
	values := url.Values{}
	for _, c := range conditions {
		if name, value, ok := strings.Cut(c, ":"); ok && !strings.ContainsAny(name, "=<>~ ") {
			values.Add(name, value)
		} else {
			values.Add("q", c)
		}
	}
	return k.call("GET", path+"?"+values.Encode(), "")
}

// names demands the names of the rows of a query, in any order.
func (k *cloud) names(g got, want ...string) {
	k.Helper()
	list, _ := g.at("inventories").([]any)
	found := map[string]bool{}
	for i := range list {
		found[fmt.Sprint(g.at("inventories", i, "name"))] = true
	}
	for _, name := range want {
		if !found[name] {
			k.Errorf("%s is not among %v", name, found)
		}
	}
	if len(list) != len(want) || g.status != 200 {
		k.Errorf("%d rows and not %d: %d %v", len(list), len(want), g.status, found)
	}
}

func (k *cloud) newVolume(more string) string {
	k.Helper()
	return k.textAt(k.job("POST", "/volumes/data", `{"params":{"name":"v","diskSize":1073741824`+more+`}}`), "inventory", "uuid")
}

func (k *cloud) snapshot(volume, name string) string {
	k.Helper()
	return k.textAt(k.job("POST", "/volumes/"+volume+"/volume-snapshots", `{"params":{"name":"`+name+`"}}`), "inventory", "uuid")
}

func act(action, members string) string { return `{"` + action + `":{` + members + `}}` }

// signature signs a request as the access-key form does.
func signature(secret, method, date, path string) string {
	m := hmac.New(sha1.New, []byte(secret))
	_, _ = io.WriteString(m, method+"\n"+date+"\n"+path)
	return base64.StdEncoding.EncodeToString(m.Sum(nil))
}

// TestTwin holds the demo's document, its x-mock and its fixtures to the facts of the API that it describes: each case is one sentence
// about that API.
func TestTwin(t *testing.T) {
	for _, section := range []struct {
		name  string
		facts map[string]func(*cloud)
	}{
		{"conventions", conventions}, {"sessions", sessions}, {"jobs", jobFacts}, {"errors", errorFacts}, {"queries", queryFacts}, {"answers", answerFacts},
		{"volumes", volumeFacts}, {"snapshots", snapshotFacts}, {"groups", groupFacts}, {"progress", progressFacts}, {"small", smallFacts},
	} {
		for fact, check := range section.facts {
			t.Run(section.name+"/"+fact, func(t *testing.T) {
				t.Parallel()
				check(newCloud(t))
			})
		}
	}
}
