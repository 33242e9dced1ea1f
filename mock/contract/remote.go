package contract

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"
)

// isURL tells whether a document's name is a URL to fetch it from.
func isURL(name string) bool {
	return strings.HasPrefix(name, "http://") || strings.HasPrefix(name, "https://")
}

// patience is the longest time that one file may take to arrive.
const patience = 30 * time.Second

// loadURL is [Load] for a document that is fetched.
func loadURL(ctx context.Context, name string, opts []LoadOption) (*Contract, error) {
	at, err := url.Parse(name)
	if err != nil || at.Host == "" {
		return nil, fmt.Errorf("%q is no URL of a document", name)
	}
	base := path.Base(at.Path)
	if !fs.ValidPath(base) || base == "." || base == "/" {
		base = "openapi"
	}
	r := &remote{ctx: ctx, root: at, base: base, client: &http.Client{Timeout: patience, CheckRedirect: sameHost}}
	folder := *at
	folder.RawQuery, folder.Fragment, folder.User = "", "", nil
	folder.Path = strings.TrimSuffix(path.Dir(at.Path), "/") + "/"
	c, err := load(ctx, newFiles(r, folder.String()), base, opts)
	if err != nil {
		return nil, err
	}
	c.name = name
	return c, nil
}

// sameHost keeps redirects with the host that was asked; what it sends elsewhere is for the user to name.
func sameHost(r *http.Request, via []*http.Request) error {
	if len(via) > 5 {
		return fmt.Errorf("it redirects more than five times")
	}
	if r.URL.Host != via[0].URL.Host || via[0].URL.Scheme == "https" && r.URL.Scheme != "https" {
		return fmt.Errorf("it redirects to %s, another host", r.URL.Host)
	}
	return nil
}

// remote is the folder of a document on another host. Files are fetched when they are opened.
type remote struct {
	ctx    context.Context // of the loading
	root   *url.URL
	base   string // the name of the root document here
	client *http.Client
}

// Open fetches a file.
func (r *remote) Open(name string) (fs.File, error) {
	at := *r.root
	if name != r.base {
		at.RawQuery, at.Fragment = "", ""
		at.Path, at.RawPath = strings.TrimSuffix(path.Dir(at.Path), "/")+"/"+name, ""
	}
	wrong := func(err error) error { return &fs.PathError{Op: "fetch", Path: name, Err: err} }
	text, err := fetch(r.ctx, r.client, at.String())
	if err != nil {
		return nil, wrong(err)
	}
	return memory{name, text}.Open(name)
}

// mostFetched bounds the files that a document has on other hosts.
const mostFetched = 200

// AllowRemote lets references lead to other hosts, by http and https: what they name is fetched when it is needed, up to 200 files of at
// most 64 MiB, each within 30 seconds, and redirects stay on the host that was asked. Without it such references are faults of the document.
func AllowRemote() LoadOption {
	return func(l *loading) error {
		l.remote = true
		return nil
	}
}

// fetcher gets what references on other hosts lead to.
type fetcher struct {
	ctx    context.Context // of the loading
	client *http.Client
	count  int
}

func newFetcher(ctx context.Context) *fetcher {
	return &fetcher{ctx: ctx, client: &http.Client{Timeout: patience, CheckRedirect: sameHost}}
}

// get fetches one file.
func (f *fetcher) get(name string) ([]byte, error) {
	if f.count++; f.count > mostFetched {
		return nil, fmt.Errorf("%s is not fetched: the document has more than %d files on other hosts", name, mostFetched)
	}
	text, err := fetch(f.ctx, f.client, name)
	if err != nil {
		return nil, fmt.Errorf("%s cannot be fetched: %w", name, err)
	}
	return text, nil
}

// fetch gets what is at a URL, and one byte more than is allowed if it is too large.
func fetch(ctx context.Context, client *http.Client, at string) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, at, nil)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Accept", "application/json, application/yaml, text/yaml, */*;q=0.5")
	answer, err := client.Do(request)
	if err != nil {
		if cause, ok := err.(*url.Error); ok { // which repeats the URL
			err = cause.Err
		}
		return nil, err
	}
	defer func() { _ = answer.Body.Close() }()
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the server answers %s", answer.Status)
	}
	return io.ReadAll(io.LimitReader(answer.Body, mostBytes+1))
}
