package portal

import (
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"strconv"
	"strings"
)

// escapePath escapes each segment of a path that holds slashes.
func escapePath(p string) string {
	parts := strings.Split(p, "/")
	for i := range parts {
		parts[i] = url.PathEscape(parts[i])
	}
	return strings.Join(parts, "/")
}

// escapeSegment escapes a text as one segment of a path; dots alone would be taken for a way up.
func escapeSegment(s string) string {
	if strings.Trim(s, ".") == "" {
		return strings.ReplaceAll(s, ".", "%2E")
	}
	return url.PathEscape(s)
}

// shortHash is enough of a hash to tell a few things apart, in hex.
func shortHash(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])[:10]
}

func itoa(n int) string { return strconv.Itoa(n) }

func unescape(s string) (string, error) { return url.PathUnescape(s) }

// url is the address of a page in the reader's language; path is escaped and begins with a slash.
func (v *view) url(path string) string {
	path, fragment, found := strings.Cut(path, "#")
	out := v.site.root + path + v.suffix
	if found {
		out += "#" + fragment
	}
	return out
}

func operationPath(slug string) string { return "/op/" + escapePath(slug) }

func (v *view) operationURL(e *entry) string { return v.url(operationPath(e.slug)) }

func (v *view) categoryURL(k *category) string { return v.url("/category/" + url.PathEscape(k.slug)) }

func schemaPath(name string) string { return "/schema/" + escapeSegment(name) }

func (v *view) schemaLink(name string) *Link { return &Link{Text: name, URL: v.url(schemaPath(name))} }

// resolve gives the page that a link in one of the document's texts means, ok false if it means none: links as other viewers
// write them (#operation/ID, #/operations/ID, #tag/NAME, #/components/schemas/NAME), op:ID, guide:NAME, and links between guides.
func (p *Portal) resolve(link string) (path string, ok bool) {
	text, err := url.PathUnescape(link)
	if err != nil {
		text = link
	}
	for _, form := range []string{"op:", "#operation/", "#/operation/", "#/operations/", "#operations/", "operation/"} {
		if id, found := strings.CutPrefix(text, form); found {
			return p.operationNamed(id)
		}
	}
	for _, form := range []string{"#tag/", "#/tag/", "#/tags/"} {
		if name, found := strings.CutPrefix(text, form); found {
			return p.categoryNamed(name)
		}
	}
	for _, form := range []string{"#/components/schemas/", "#/definitions/", "#schema/", "schema:"} {
		if name, found := strings.CutPrefix(text, form); found && p.outline.schemas[name] {
			return schemaPath(name), true
		}
	}
	text, _, _ = strings.Cut(text, "#")
	name := strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(text, "guide:"), "./"), ".md")
	for _, g := range p.guides {
		if name == g.slug {
			return "/guides/" + url.PathEscape(g.slug), true
		}
	}
	return "", false
}

// operationNamed finds the operation that the end of a link names: TAG/ID or ID.
func (p *Portal) operationNamed(id string) (string, bool) {
	for rest := id; ; {
		if e := p.outline.bySlug[rest]; e != nil {
			return operationPath(e.slug), true
		}
		if to := p.outline.moved[rest]; to != "" {
			return to, true
		}
		_, after, found := strings.Cut(rest, "/")
		if !found {
			return "", false
		}
		rest = after
	}
}

// categoryNamed finds the category, or the operation below it, that a link names: TAG, TAG/operation/ID.
func (p *Portal) categoryNamed(name string) (string, bool) {
	name, id, found := strings.Cut(name, "/operation/")
	if found {
		return p.operationNamed(id)
	}
	for _, k := range p.outline.categories {
		if strings.EqualFold(k.tag, name) || strings.EqualFold(slug(k.tag), slug(name)) {
			return "/category/" + url.PathEscape(k.slug), true
		}
	}
	return "", false
}
