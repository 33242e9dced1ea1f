package mock

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"standin/mock/contract"
	"standin/mock/internal/amend"
	"standin/mock/internal/journal"
	"standin/mock/internal/record"
	"standin/mock/internal/source"
	"standin/mock/internal/traffic"
)

// recordOptions tell where to keep what is seen of the real server; "" for nowhere.
type recordOptions struct{ fixtures, archive, overlay string }

// RecordFixtures writes what [Upstream] answers as fixtures to dir, an empty or new folder: a mock that is given it answers alike.
// Secrets are masked. The files are whole at any time. Default: nothing is recorded.
func RecordFixtures(dir string) Option {
	return recordOption(func(o *recordOptions) *string { return &o.fixtures }, dir)
}

// RecordArchive writes the exchanges with [Upstream] to a file as HAR 1.2, secrets masked. The file is whole after each exchange.
// Default: none is written.
func RecordArchive(file string) Option {
	return recordOption(func(o *recordOptions) *string { return &o.archive }, file)
}

// RecordOverlay writes an OpenAPI Overlay to a file that makes the document true of what [Upstream] was seen to do: its answers, and
// requests that it accepted. Default: none is written.
func RecordOverlay(file string) Option {
	return recordOption(func(o *recordOptions) *string { return &o.overlay }, file)
}

func recordOption(place func(*recordOptions) *string, name string) Option {
	return optionFunc(func(o *options) error {
		if name == "" {
			return fmt.Errorf("the place to record to has no name")
		}
		*place(&o.upstream.record) = name
		return nil
	})
}

// recorder keeps what is seen of the real server.
type recorder struct {
	options  recordOptions
	fixtures *record.Recorder // nil if none are written
	amender  *amend.Amender   // nil if no overlay is written
	whole    *journal.Journal // cuts nothing

	mu      sync.Mutex
	file    *os.File // of the archive, nil if none is written
	archive *traffic.Archive
	err     error // the first that was met
}

// newRecorder opens what is to be written; nil if nothing is.
func newRecorder(o *options, c *contract.Contract) (*recorder, error) {
	r := &recorder{options: o.upstream.record, whole: journal.New(journal.Limits{Body: 1 << 40})}
	if r.options == (recordOptions{}) {
		return nil, nil
	}
	var err error
	if r.options.overlay != "" {
		var ok bool
		if r.amender, ok = amend.New(c); !ok {
			return nil, fmt.Errorf("an overlay is written for documents of OpenAPI 3, and this one is %s", c.Info().OpenAPI)
		}
		if err := r.writeOverlay(); err != nil {
			return nil, err
		}
	}
	if r.options.archive != "" {
		if r.file, err = os.Create(r.options.archive); err != nil {
			return nil, err
		}
		if r.archive, err = traffic.NewArchive(r.file); err != nil {
			return nil, errors.Join(err, r.file.Close())
		}
	}
	if r.options.fixtures != "" {
		if r.fixtures, err = record.Open(r.options.fixtures); err != nil {
			return nil, errors.Join(err, r.close())
		}
	}
	return r, nil
}

// close ends the files, and gives the first error that was met.
func (r *recorder) close() error {
	if r == nil {
		return nil
	}
	var all []error
	if r.fixtures != nil {
		all = append(all, r.fixtures.Close())
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.file != nil {
		all = append(all, r.file.Close())
		r.file, r.archive = nil, nil
	}
	return errors.Join(append(all, r.err)...)
}

// fail keeps the first error, and logs it.
func (r *recorder) fail(x *exchange, err error) {
	r.mu.Lock()
	first := r.err == nil
	r.err = cmp.Or(r.err, err)
	r.mu.Unlock()
	if first {
		x.server.options.logger.Error("could not record", "why", err)
	}
}

// keep records one exchange, secrets masked, wherever that is wanted.
func (r *recorder) keep(p *passage, rep *reply, took time.Duration) {
	if r == nil {
		return
	}
	x := p.exchange
	seen := r.masked(p, rep, took)
	if err := r.add(seen); err != nil {
		r.fail(x, err)
	}
	if r.fixtures != nil {
		r.keepFixture(x, rep, seen)
	}
	if r.amender != nil && r.amender.See(seenBy(x, rep, !seen.ResponseLost)) {
		if err := r.writeOverlay(); err != nil {
			r.fail(x, err)
		}
		for _, what := range r.amender.Missed() {
			x.server.options.logger.Warn("the overlay cannot mend", "what", what)
		}
	}
}

// add writes the exchange to the archive, if there is one.
func (r *recorder) add(seen *traffic.Exchange) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.archive == nil {
		return nil
	}
	return r.archive.Add(seen)
}

// masked is the exchange without its secrets.
func (r *recorder) masked(p *passage, rep *reply, took time.Duration) *traffic.Exchange {
	x := p.exchange
	request, secrets := x.Request(), x.site.secretsOf(x.operation())
	out := &traffic.Exchange{At: p.began, Took: took, Method: request.Method, Status: rep.status}
	target, err := url.Parse(secrets.URL(request.URL, x.found))
	if err != nil {
		target = &url.URL{Path: "/"}
	}
	base, err := url.Parse(x.base())
	if err == nil {
		target.Scheme, target.Host = base.Scheme, base.Host
	}
	out.URL = target
	out.RequestHeader, out.ResponseHeader = secrets.Header(request.Header).Clone(), secrets.Header(rep.header).Clone()
	out.RequestHeader.Set("Host", request.Host)
	body := secrets.Request(r.whole, request.Header.Get("Content-Type"), x.body)
	out.RequestBody, out.RequestLost = body.Bytes, body.Hidden || x.tooLarge || x.unread != ""
	answer := secrets.Response(r.whole, rep.contentType, rep.body)
	out.ResponseBody, out.ResponseLost = answer.Bytes, answer.Hidden || p.partial()
	if len(rep.header["Content-Encoding"]) > 0 && len(rep.body) == 0 && !bodyless(rep.status) {
		out.ResponseLost = true
	}
	for _, name := range []string{"Content-Encoding", "Content-Length"} { // bodies are kept decoded
		out.ResponseHeader.Del(name)
		out.RequestHeader.Del(name)
	}
	return out
}

// partial tells that the answer's body was not seen to its end.
func (p *passage) partial() bool {
	if p.download == nil {
		return false
	}
	_, all := p.download.seen()
	return !all
}

// keepFixture records the answer as a fixture, unless it is only a part, or one that no fixture can give.
func (r *recorder) keepFixture(x *exchange, rep *reply, seen *traffic.Exchange) {
	op := x.operation()
	if op == nil || seen.ResponseLost || seen.RequestLost || rep.status < 200 || rep.status > 599 || x.found.Head ||
		rep.status == http.StatusNotModified || rep.status == http.StatusPartialContent {
		return
	}
	secrets, values := x.site.secretsOf(op), x.given()
	values.Body, values.HasBody = nil, false
	if v, err := source.DecodeJSON(seen.RequestBody, source.Limits{}); err == nil {
		values.Body, values.HasBody = v, true
	}
	header := seen.ResponseHeader.Clone()
	if at := header.Get("Location"); strings.HasPrefix(at, strings.TrimSuffix(x.base(), x.found.Prefix)) {
		if parsed, err := url.Parse(at); err == nil {
			header.Set("Location", parsed.RequestURI())
		}
	}
	kept := &record.Exchange{
		Operation: op, Values: values, Hides: secrets.Hides, Query: x.Request().URL.Query(), Violating: len(x.checked.Violations) > 0,
		Status: rep.status, Header: header, Body: seen.ResponseBody,
		Unchecked: len(rep.violations) == 0 && len(op.CheckResponse(rep.status, seen.ResponseHeader, seen.ResponseBody)) > 0,
	}
	if _, err := r.fixtures.Keep(kept); err != nil {
		r.fail(x, err)
	}
}

// seenBy is the exchange as the amender looks at it: types and names, no values, go into an overlay.
func seenBy(x *exchange, rep *reply, whole bool) *amend.Seen {
	s := &amend.Seen{
		Operation: x.operation(), Method: x.Request().Method, Path: x.path, Accepted: rep.status < 400,
		Request: x.checked.Violations, Status: rep.status, Response: rep.violations,
		RequestType: essence(x.Request().Header.Get("Content-Type")), RequestBody: x.body,
		ResponseType: essence(rep.contentType), ResponseBody: rep.body,
	}
	if s.Operation != nil {
		s.Values = x.given()
	} else {
		for _, prefix := range x.site.contract.Prefixes() {
			if rest, ok := strings.CutPrefix(s.Path, strings.TrimSuffix(prefix, "/")); prefix != "" && ok && strings.HasPrefix(rest, "/") {
				s.Path = rest
				break
			}
		}
	}
	if !whole { // whose shape is not known
		s.ResponseBody = nil
	}
	return s
}

// essence is a media type without its parameters, in lower case.
func essence(contentType string) string {
	out, _, _ := strings.Cut(contentType, ";")
	return strings.ToLower(strings.TrimSpace(out))
}

// writeOverlay writes the overlay as it is by now, so that whoever reads the file sees all of it.
func (r *recorder) writeOverlay() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	text, err := r.amender.Overlay()
	if err != nil || text == nil {
		return err
	}
	temporary := filepath.Join(filepath.Dir(r.options.overlay), "."+filepath.Base(r.options.overlay)+".tmp")
	if err := os.WriteFile(temporary, text, 0o644); err != nil {
		return err
	}
	return os.Rename(temporary, r.options.overlay)
}
