package portal

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"standin/mock/contract"
	"standin/mock/internal/history"
	"standin/mock/internal/journal"
	"standin/mock/internal/source"
)

// epoch is when everything happens in tests.
var epoch = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func libraryPortal(t testing.TB, change ...func(*Site)) *Portal {
	return portalOf(t, load(t, library), change...)
}

func TestCaching(t *testing.T) {
	p := libraryPortal(t)
	plain := get(t, p, "/docs/op/listBooks")
	packed := get(t, p, "/docs/op/listBooks", "Accept-Encoding", "br, gzip;q=0.5")
	if plain.Header().Get("Content-Encoding") != "" || packed.Header().Get("Content-Encoding") != "gzip" {
		t.Error("the wrong page is compressed")
	}
	z, err := gzip.NewReader(packed.Body)
	if err != nil {
		t.Fatal(err)
	}
	unpacked, err := io.ReadAll(z)
	if err != nil || !bytes.Equal(unpacked, plain.Body.Bytes()) {
		t.Error("both forms are not the same page", err)
	}
	tag := plain.Header().Get("ETag")
	if tag == "" || tag == packed.Header().Get("ETag") {
		t.Errorf("tags %s and %s", tag, packed.Header().Get("ETag"))
	}
	for _, given := range []string{tag, "W/" + tag, `"x", ` + tag, "*"} {
		if w := get(t, p, "/docs/op/listBooks", "If-None-Match", given); w.Code != http.StatusNotModified || w.Body.Len() > 0 {
			t.Errorf("If-None-Match %s: %d with %d bytes", given, w.Code, w.Body.Len())
		}
	}
	if w := get(t, p, "/docs/op/listBooks", "If-None-Match", packed.Header().Get("ETag")); w.Code != http.StatusOK {
		t.Errorf("the tag of another form: %d", w.Code)
	}
	if w := get(t, p, "/docs/op/listBooks", "Accept-Encoding", "gzip;q=0"); w.Header().Get("Content-Encoding") != "" {
		t.Error("compressed against the client's will")
	}
	if again := get(t, portalOf(t, load(t, library)), "/docs/op/listBooks"); again.Header().Get("ETag") != tag {
		t.Error("another portal of the same document gives other bytes")
	}
	if w := get(t, p, "/docs/journal"); w.Header().Get("Cache-Control") != "no-store" || w.Header().Get("ETag") != "" {
		t.Error("the journal is kept:", w.Header())
	}
}

func TestHistoryThatComesLater(t *testing.T) {
	var known *history.History
	p := libraryPortal(t, func(s *Site) { s.History = func() *history.History { return known } })
	if body := page(t, p, "/docs/op/listBooks"); !strings.Contains(body, "no change history records yet") {
		t.Error("a history out of nowhere")
	}
	known, _ = history.Read(os.DirFS("testdata"), "changes.json")
	if body := page(t, p, "/docs/op/listBooks"); !strings.Contains(body, "became required") || !strings.Contains(body, `href="/docs/op/listBooks#in.query.genre"`) {
		t.Error("the history does not show")
	}
	crawl(t, p, true)
	if w := get(t, p, "/docs/op/burnBook"); w.Code != http.StatusGone || !strings.Contains(w.Body.String(), "removed in 2.1.0") {
		t.Errorf("a removed operation: %d", w.Code)
	}
	for query, want := range map[string]int{"": 3, "level=breaking": 2, "level=error": 2, "level=warning": 1, "level=x": 3, "category=books": 2, "category=none": 0} {
		if got := strings.Count(page(t, p, "/docs/changes?"+query), `<li id="c-`); got != want {
			t.Errorf("changes with %q: %d, not %d", query, got, want)
		}
	}
	var feed struct {
		Entries []struct {
			Updated string `xml:"updated"`
			Content string `xml:"content"`
		} `xml:"entry"`
	}
	if err := xml.Unmarshal(get(t, p, "/docs/changes.atom").Body.Bytes(), &feed); err != nil || len(feed.Entries) != 1 || feed.Entries[0].Updated != "2026-03-01T00:00:00Z" {
		t.Errorf("the feed: %v %+v", err, feed)
	}
}

func TestHeaders(t *testing.T) {
	p := libraryPortal(t)
	for _, path := range []string{"/docs/", "/docs/nope", "/docs/openapi.json", "/docs/op/listBooks.md", "/docs/example/listBooks/0"} {
		h := get(t, p, path).Header()
		if csp := h.Get("Content-Security-Policy"); !strings.HasPrefix(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") {
			t.Errorf("%s has the policy %q", path, csp)
		}
		if h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Referrer-Policy") != "no-referrer" || len(h["Set-Cookie"]) > 0 {
			t.Errorf("%s: %v", path, h)
		}
	}
	for _, method := range []string{http.MethodPost, http.MethodDelete} {
		w := httptest.NewRecorder()
		p.ServeHTTP(w, httptest.NewRequest(method, "/docs/op/listBooks", nil))
		if w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") == "" {
			t.Errorf("%s answers %d", method, w.Code)
		}
	}
	w := httptest.NewRecorder()
	p.ServeHTTP(w, httptest.NewRequest(http.MethodHead, "/docs/op/listBooks", nil))
	if w.Code != http.StatusOK || w.Body.Len() > 0 {
		t.Errorf("HEAD answers %d with %d bytes", w.Code, w.Body.Len())
	}
}

func TestWhereThePortalStands(t *testing.T) {
	p := libraryPortal(t, func(s *Site) { s.Prefix, s.Base, s.Public = "/__mock/docs", "/api", "https://mock.example.com/team/" })
	w := get(t, p, "/api/__mock/docs/op/listBooks")
	body := w.Body.String()
	for _, want := range []string{
		`href="/team/api/__mock/docs/category/books"`, `href="https://mock.example.com/team/api/__mock/docs/op/listBooks"`,
		`https://mock.example.com/team/api/api/v2/books`,
	} {
		if !strings.Contains(body, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	if w := get(t, p, "/api/__mock/docs"); w.Header().Get("Location") != "/team/api/__mock/docs/" {
		t.Errorf("redirects to %q", w.Header().Get("Location"))
	}
	if w := get(t, p, "/docs/"); w.Code != http.StatusNotFound {
		t.Errorf("another path answers %d", w.Code)
	}
	body = get(t, p, "/api/__mock/docs/op/listBooks?lang=zh-CN").Body.String()
	if !strings.Contains(body, `<html lang="zh-CN">`) || !strings.Contains(body, `href="/team/api/__mock/docs/category/books?lang=zh-CN"`) {
		t.Error("the language that was asked for does not stay")
	}
}

func TestMoves(t *testing.T) {
	p := libraryPortal(t)
	for path, want := range map[string]string{
		"/docs/op/addBook":                        "308 /docs/op/createBook",
		"/docs/op/lendBook":                       "308 /docs/op/createBook#action.lend",
		"/docs/search?q=listBooks":                "302 /docs/op/listBooks",
		"/docs/search?q=lendBook":                 "302 /docs/op/createBook#action.lend",
		"/docs/search?q=get+/books":               "302 /docs/op/listBooks",
		"/docs/search?q=POST+/api/v2/books":       "302 /docs/op/createBook",
		"/docs/search?q=/shelves/7":               "302 /docs/op/get-shelves-by-shelf",
		"/docs/search?q=/import":                  "302 /docs/op/import.books",
		"/docs/search?q=hiddenOperation":          "200 ",
		"/docs/search?q=/hidden":                  "200 ",
		"/docs/search?q=GET+/shelves/7&lang=zh":   "302 /docs/op/get-shelves-by-shelf?lang=zh-CN",
		"/docs/op/GET%20%2Fshelves%2F%7Bshelf%7D": "404 ",
	} {
		w := get(t, p, path)
		if got := fmt.Sprintf("%d %s", w.Code, w.Header().Get("Location")); got != want {
			t.Errorf("%s: %s, not %s", path, got, want)
		}
	}
}

func TestMarkdownByAccept(t *testing.T) {
	p := libraryPortal(t)
	for accept, want := range map[string]string{
		"text/markdown": "text/markdown; charset=utf-8", "text/html, text/markdown;q=0.5": "text/html; charset=utf-8",
		"*/*": "text/html; charset=utf-8", "text/markdown, text/html;q=0.9": "text/markdown; charset=utf-8",
	} {
		w := get(t, p, "/docs/op/listBooks", "Accept", accept)
		if got := w.Header().Get("Content-Type"); got != want || !strings.Contains(w.Header().Get("Vary"), "Accept,") {
			t.Errorf("Accept %s gives %s, Vary %s", accept, got, w.Header().Get("Vary"))
		}
	}
}

// TestInternalAppearsNowhere reads every page and file of a document with hidden parts.
func TestInternalAppearsNowhere(t *testing.T) {
	p := libraryPortal(t)
	c := &crawler{portal: p, pages: map[string]markup{}, anchors: map[string]map[string]string{}}
	c.want("/docs/", "")
	for _, file := range []string{"openapi.json", "openapi.yaml", "search.json", "llms.txt", "search?q=hidden", "search?q=secret"} {
		c.want("/docs/"+file, "")
	}
	for i := 0; i < 100; i++ {
		c.want("/docs/example/listBooks/"+itoa(i%5), "")
	}
	seen := 0
	for len(c.queue) > 0 {
		path := c.queue[0]
		c.queue = c.queue[1:]
		body := get(t, p, path).Body.String()
		seen++
		if strings.HasPrefix(path, "/docs/assets/") { // which know nothing of the document
			continue
		}
		for _, word := range []string{"hiddenOperation", "hiddenHook", "hiddenDetail", "secretShelf", "Nobody sees this", `"trace"`, "/hidden", "x-internal", "x-mock"} {
			if strings.Contains(body, word) {
				t.Errorf("%s shows %s", path, word)
			}
		}
		for _, link := range checkMarkup(body).links {
			if strings.HasPrefix(link, "/docs/") {
				c.want(link, path)
			}
		}
	}
	if seen < 30 {
		t.Errorf("only %d pages were read", seen)
	}
}

func TestPublishedDocument(t *testing.T) {
	for _, name := range append([]string{library, demo}, corpusOrNone(t)...) {
		c := load(t, name)
		p := portalOf(t, c)
		var fromJSON, fromYAML *source.Node
		var err error
		if fromJSON, err = source.Parse("openapi.json", get(t, p, "/docs/openapi.json").Body.Bytes(), source.Limits{}); err != nil {
			t.Fatal(name, err)
		}
		if fromYAML, err = source.Parse("openapi.yaml", get(t, p, "/docs/openapi.yaml").Body.Bytes(), source.Limits{}); err != nil {
			t.Fatal(name, err)
		}
		if !bytes.Equal(fromJSON.AppendJSON(nil), fromYAML.AppendJSON(nil)) {
			t.Errorf("%s: YAML and JSON are not the same document", name)
		}
		again, err := contract.Parse(t.Context(), "openapi.json", fromJSON.AppendJSON(nil))
		if err != nil {
			t.Fatal(name, err)
		}
		visible := 0
		for _, op := range c.Operations() {
			if !op.Internal() {
				visible++
			}
		}
		if got := len(again.Operations()); got != visible {
			t.Errorf("%s: %d operations were published, not %d", name, got, visible)
		}
	}
}

// corpusOrNone lists the real documents that are small, or none where there is no corpus.
func corpusOrNone(t testing.TB) []string {
	if os.Getenv("STANDIN_SHARED") == "" {
		return nil
	}
	var out []string
	for _, name := range corpus(t) {
		if at, err := os.Stat(name); err == nil && at.Size() < 1<<20 {
			out = append(out, name)
		}
	}
	return out
}

func TestSearch(t *testing.T) {
	p := demoPortal(t)
	for query, want := range map[string]string{
		"query snapshot": "QueryVolumeSnapshot", "快照 树": "QueryVolumeSnapshotTree", "groupUuid": "VolumeSnapshot.groupUuid",
		"lastopdate": "Volume.lastOpDate", "snapshotgroup": "QueryVolumeSnapshotGroup", "revert": "RevertVolumeFromSnapshot",
	} {
		hits := p.search().search(query)
		found := false
		for _, h := range hits[:min(8, len(hits))] {
			found = found || h.title == want
		}
		if !found {
			t.Errorf("%q does not find %s among the first 8 of %d", query, want, len(hits))
		}
	}
	for _, query := range []string{"", "   ", "!!!", "nosuchwordanywhere", "\xff"} {
		if hits := p.search().search(query); len(hits) > 0 {
			t.Errorf("%.20q finds %d things", query, len(hits))
		}
	}
	var list []map[string]string
	if err := json.Unmarshal(get(t, p, "/docs/search.json").Body.Bytes(), &list); err != nil || len(list) < 100 {
		t.Fatal(err, len(list))
	}
	for _, item := range list {
		path, _, _ := strings.Cut(item["url"], "#")
		if w := get(t, p, path); w.Code != http.StatusOK {
			t.Fatalf("search.json names %s, which answers %d", item["url"], w.Code)
		}
	}
}

func TestJournal(t *testing.T) {
	j := journal.New(journal.Limits{Body: 100})
	for i, status := range []int{200, 404} {
		x := j.Open(epoch, "GET", "/api/v2/books?genre=novel")
		x.Operation, x.Status, x.Source = "listBooks", status, "example"
		x.RequestHeader = http.Header{"X-Key": {"***"}}
		x.RequestBody, x.ResponseBody = j.Cut([]byte("it's\xff"), false), j.Cut(bytes.Repeat([]byte("x"), 300*i), false)
		if i == 1 {
			x.Request = []contract.Violation{{In: "query", Name: "genre", Message: "must be one of …"}}
			x.Response = []contract.Violation{{In: "body", Pointer: "/0/title", Message: "must be a string"}}
		}
		j.Close(x, epoch.Add(time.Millisecond))
	}
	j.Open(epoch, "POST", "/elsewhere")
	p := libraryPortal(t, func(s *Site) { s.Journal = func(Reader) Journal { return seenJournal{j} } })
	for query, want := range map[string]int{"": 3, "status=404": 1, "status=4xx": 1, "status=x": 3, "contract=broken": 1, "operation=listBooks": 2, "operation=createBook": 0} {
		if got := strings.Count(page(t, p, "/docs/journal?"+query), "<tr>") - 1; max(got, 0) != want {
			t.Errorf("the journal with %q lists %d, not %d", query, got, want)
		}
	}
	body := page(t, p, "/docs/journal/2")
	for _, want := range []string{"2 violations", `href="/docs/op/listBooks#in.query.genre"`, `href="/docs/op/listBooks#4XX.title"`, "100 B of 300 B", "X-Key: ***", "binary"} {
		if !strings.Contains(body, want) {
			t.Errorf("the exchange lacks %s", want)
		}
	}
	page(t, p, "/docs/journal/3")
	if w := get(t, p, "/docs/journal/99"); w.Code != http.StatusNotFound {
		t.Errorf("an exchange that is not there answers %d", w.Code)
	}
	away := libraryPortal(t, func(s *Site) { s.Journal = func(Reader) Journal { return awayJournal{} } })
	for _, path := range []string{"/docs/journal", "/docs/journal/1"} {
		if w := get(t, away, path); w.Code != http.StatusServiceUnavailable || !strings.Contains(w.Body.String(), "cannot be reached now") {
			t.Errorf("%s of a journal that is away answers %d: %s", path, w.Code, w.Body)
		}
	}
	if body := page(t, libraryPortal(t), "/docs/journal"); !strings.Contains(body, "keeps no journal") {
		t.Error("the page does not say that there is no journal")
	}
}

// TestExamplesAreWhatTheMockSends compares the bytes behind each example with the sampler's.
func TestExamplesAreWhatTheMockSends(t *testing.T) {
	p := libraryPortal(t)
	op := p.site.Contract.Operation("get-shelves") // there is none of that name
	if op != nil {
		t.Fatal("the library has changed")
	}
	want := `[{"isbn":"9780000000001","title":"One","kind":"print","pages":10},{"isbn":"9780000000002","title":"Two","kind":"audio","minutes":90}]`
	if got := get(t, p, "/docs/example/listBooks/0"); got.Body.String() != want || got.Header().Get("Content-Type") != "text/plain; charset=utf-8" {
		t.Errorf("got %s %s", got.Header().Get("Content-Type"), got.Body)
	}
}

// seenJournal is a journal that one sandbox has.
// awayJournal cannot be reached.
type awayJournal struct{ seenJournal }

func (awayJournal) List(journal.Filter) ([]*journal.Exchange, error) {
	return nil, errors.ErrUnsupported
}

func (awayJournal) Get(string) (*journal.Exchange, bool, error) {
	return nil, false, errors.ErrUnsupported
}

type seenJournal struct{ *journal.Journal }

func (j seenJournal) List(f journal.Filter) ([]*journal.Exchange, error) {
	seen, err := j.Look(context.Background())
	return seen.List(f), err
}

func (j seenJournal) Get(id string) (*journal.Exchange, bool, error) {
	return j.Journal.Get(context.Background(), id)
}

func (seenJournal) Sandbox() string { return "default" }

func (seenJournal) Fixture(x *journal.Exchange) ([]byte, error) {
	return []byte("{\"operation\": \"" + x.Operation + "\"}"), nil
}
