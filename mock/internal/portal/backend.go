package portal

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Backend is what the absent server holds for a reader, and what he may do to it.
type Backend interface {
	// Held is what there is; collection is the path of the one whose rows are shown, "" for none.
	Held(ctx context.Context, collection string) (Held, error)
	// Do does what a form asks for: advance, freeze, release, scenario, pin, unpin or reset.
	Do(ctx context.Context, what string, form url.Values) error
}

// Held is what a sandbox holds.
type Held struct {
	Sandbox string
	// Now is the time there; Frozen tells that it stands still, Own that it is not the machine's.
	Now         time.Time
	Frozen, Own bool
	Collections []HeldCollection
	// Rows are those of the collection that is shown, as JSON, of Total.
	Rows      []string
	Total     int
	Scenarios []HeldScenario
	Stubs     []HeldStub
}

// HeldCollection is rows of one kind.
type HeldCollection struct {
	Path string
	Rows int
}

// HeldScenario is where a scenario stands.
type HeldScenario struct {
	Name, State string
	States      []string
}

// HeldStub is an answer set at run time.
type HeldStub struct{ ID, Text string }

// backendPage is the model of the page.
type backendModel struct {
	*view
	Absent     bool
	Held       Held
	Tables     []Table
	Shown      string // the collection whose rows are shown
	Action     string
	Operations []Option
	Sandboxes  []Option
	Fault      string
}

// backend is what the reader may see; nil if nothing is there for him.
func (v *view) backend() Backend {
	if v.site.site.Backend == nil {
		return nil
	}
	return v.site.site.Backend(v.reader())
}

func backendPage(v *view) *content { return v.backendContent("") }

// backendContent is the page, with what went wrong with the last form.
func (v *view) backendContent(fault string) *content {
	v.Title, v.Section = v.T("backend"), "backend"
	v.Crumbs = []Link{{v.T("home"), v.Home()}, {v.T("backend"), v.url("/backend")}}
	m := &backendModel{view: v, Action: v.url("/backend"), Shown: v.query.Get("collection"), Fault: fault}
	out := &content{template: "backend", model: m, live: true}
	b := v.backend()
	if b == nil {
		m.Absent = true
		return out
	}
	held, err := b.Held(v.request.Context(), m.Shown)
	if err != nil {
		m.Fault, m.Shown = strings.TrimSpace(m.Fault+" "+err.Error()), ""
	}
	m.Held, m.Sandboxes = held, v.sandboxes(held.Sandbox)
	for _, c := range held.Collections {
		m.Tables = append(m.Tables, Table{Link{c.Path, v.backendURL(c.Path) + "#rows"}, c.Rows, c.Path == m.Shown})
	}
	for _, e := range v.outline().entries {
		m.Operations = append(m.Operations, Option{e.op.ID, e.id, false})
	}
	return out
}

// Table is a collection in the list of all.
type Table struct {
	Link
	Rows    int
	Current bool
}

// backendURL is that of the page, in the sandbox that is shown, with the rows of a collection.
func (v *view) backendURL(collection string) string {
	query := url.Values{}
	for name, value := range map[string]string{"collection": collection, "sandbox": v.query.Get("sandbox")} {
		if value != "" {
			query.Set(name, value)
		}
	}
	at := v.url("/backend")
	switch {
	case len(query) == 0:
		return at
	case v.explicit:
		return at + "&" + query.Encode()
	}
	return at + "?" + query.Encode()
}

// serveBackend answers a form of the page; done tells that it did.
func (p *Portal) serveBackend(w http.ResponseWriter, r *http.Request, path string) (done bool) {
	if path != "/backend" {
		return false
	}
	if r.Method != http.MethodPost {
		// With no-referrer a form without script would be sent with "Origin: null" (Fetch, 3.2).
		w.Header().Set("Referrer-Policy", "same-origin")
		return false
	}
	v := p.tryView(r, path)
	f, status := p.readForm(w, r)
	if chosen := f.Get("sandbox"); chosen != "" {
		v.query.Set("sandbox", chosen)
	}
	b := v.backend()
	switch {
	case status != 0:
		http.Error(w, http.StatusText(status), status)
	case b == nil:
		http.Error(w, http.StatusText(http.StatusForbidden), http.StatusForbidden)
	default:
		if err := b.Do(r.Context(), f.Get("do"), f.Values); err != nil {
			c := v.backendContent(err.Error())
			c.status = http.StatusUnprocessableEntity
			p.writeTry(w, r, v, c, false)
			return true
		}
		w.Header().Set("Location", v.backendURL(""))
		w.WriteHeader(http.StatusSeeOther)
	}
	return true
}
