package portal

import (
	"crypto/rand"
	"net/http"
	"strings"
)

// readerCookie holds the sandbox of a reader, and nothing else.
const readerCookie = "standin_docs"

// ownPrefix begins the names of sandboxes that pages give to their readers; nobody guesses what follows.
const ownPrefix = "docs-"

// Reader is who looks at a page that is made for him.
type Reader struct {
	Request *http.Request
	// Own is the sandbox that he tries operations in, "" before he has.
	Own string
	// Chosen is the one that he asks to see, "" if he does not ask.
	Chosen string
}

// reader is who asks for this page.
func (v *view) reader() Reader {
	return Reader{Request: v.request, Own: v.own(), Chosen: v.query.Get("sandbox")}
}

// own is the reader's sandbox, "" if he has none yet.
func (v *view) own() string {
	if v.sandbox != "" || v.request == nil {
		return v.sandbox
	}
	c, err := v.request.Cookie(readerCookie)
	if err != nil || len(c.Value) > 64 || !strings.HasPrefix(c.Value, ownPrefix) ||
		strings.Trim(c.Value[len(ownPrefix):], "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") != "" {
		return ""
	}
	return c.Value
}

// settle gives the reader a sandbox of his own when he tries something for the first time. Pages of another origin, whose cookies do not
// come with their forms, share the one that everybody is in.
func (v *view) settle(w http.ResponseWriter) {
	if v.site.site.Enter == nil {
		return
	}
	if v.sandbox = v.own(); v.sandbox != "" {
		return
	}
	if from := v.request.Header.Get("Sec-Fetch-Site"); from != "" && from != "same-origin" && from != "none" {
		return
	}
	v.sandbox = ownPrefix + rand.Text()
	http.SetCookie(w, &http.Cookie{
		Name: readerCookie, Value: v.sandbox, Path: v.site.root, HttpOnly: true, SameSite: http.SameSiteLaxMode,
		Secure: v.request.TLS != nil || strings.HasPrefix(v.site.origin, "https:"),
	})
}

// sandboxes are what the reader may choose to see; none if he may see only his own.
func (v *view) sandboxes(shown string) []Option {
	if v.site.site.Sandboxes == nil {
		return nil
	}
	var out []Option
	for _, id := range v.site.site.Sandboxes(v.reader()) {
		text := id
		if id == v.own() {
			text = v.T("sandbox.own")
		}
		out = append(out, Option{id, text, id == shown})
	}
	if len(out) < 2 {
		return nil
	}
	return out
}
