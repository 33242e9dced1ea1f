package portal

import (
	"embed"
	"fmt"
	"html/template"
	"mime"
	"net/http"
	"path"
	"regexp"
	"strconv"
	"strings"
	texttemplate "text/template"
	"unicode"
)

// What pages are written with. web/dist is built from web/src and committed, so that a build of this module needs no npm.
//
//go:embed templates/*.html templates/*.md
var templates embed.FS

//go:embed web/dist
var dist embed.FS

// Looks are how a portal looks beside its usual looks.
type Looks struct {
	// Logo is an image: SVG, PNG, JPEG, GIF or WebP. Default: none, the title stands alone.
	Logo []byte
	// Accent is the colour of links and buttons, as #rgb or #rrggbb. Where it would be hard to read it is made darker or lighter.
	Accent string
	// Footer are links below every page.
	Footer []FooterLink
}

// FooterLink is a link below every page; URL begins with http:, https:, mailto: or a slash.
type FooterLink struct {
	Text string
	URL  string
}

// asset is a file that pages load. Its path holds a hash of its bytes, so it never changes.
type asset struct {
	path string // below the prefix, "" if there is none
	file *rendered
}

func (a asset) url(root string) string {
	if a.path == "" {
		return ""
	}
	return root + a.path
}

type assets struct {
	*packer
	style, script, theme, icon, looks, logo asset
	byPath                                  map[string]*rendered
}

func newAssets(looks Looks, k *packer) (*assets, error) {
	a := &assets{packer: k, byPath: map[string]*rendered{}}
	for name, to := range map[string]*asset{"portal.css": &a.style, "portal.js": &a.script, "theme.js": &a.theme, "icon.svg": &a.icon} {
		body, err := dist.ReadFile("web/dist/" + name)
		if err != nil {
			return nil, err
		}
		*to = a.add(name, body)
	}
	if looks.Accent != "" {
		rules, err := accentRules(looks.Accent)
		if err != nil {
			return nil, err
		}
		a.looks = a.add("looks.css", []byte(rules))
	}
	if len(looks.Logo) > 0 {
		kind, err := imageKind(looks.Logo)
		if err != nil {
			return nil, err
		}
		a.logo = a.add("logo."+kind, looks.Logo)
		a.icon = a.logo
	}
	for _, link := range looks.Footer {
		if !regexp.MustCompile(`^(https?:|mailto:|/)`).MatchString(link.URL) {
			return nil, fmt.Errorf("the footer's link %q must begin with http:, https:, mailto: or a slash", link.URL)
		}
	}
	return a, nil
}

func (a *assets) add(name string, body []byte) asset {
	ext := path.Ext(name)
	at := asset{path: "/assets/" + strings.TrimSuffix(name, ext) + "." + shortHash(body) + ext, file: a.pack(body, mimeType(ext))}
	a.byPath[at.path] = at.file
	return at
}

// mimeType is the media type of our own files; the machine's tables are not asked.
func mimeType(ext string) string {
	switch ext {
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	}
	return mime.TypeByExtension(ext)
}

// imageKind tells the kind of an image by its first bytes.
func imageKind(image []byte) (string, error) {
	switch kind := http.DetectContentType(image); kind {
	case "image/png", "image/jpeg", "image/gif", "image/webp":
		return strings.TrimPrefix(kind, "image/"), nil
	}
	if strings.Contains(string(image[:min(len(image), 2048)]), "<svg") {
		return "svg", nil
	}
	return "", fmt.Errorf("the logo must be an SVG, PNG, JPEG, GIF or WebP image")
}

// parseTemplates reads the templates of pages and of their twins, once for each language.
func parseTemplates() (map[string]*template.Template, map[string]*texttemplate.Template, error) {
	pages, twins := map[string]*template.Template{}, map[string]*texttemplate.Template{}
	for _, lang := range languages {
		t := func(key string, args ...any) string { return word(lang, key, args...) }
		funcs := map[string]any{
			"t": t, "short": oneLine, "method": methodClass, "breakable": breakable, "segment": segment,
			"count": func(rows []*Row) string { return countWord(lang, len(rows)) },
		}
		page, err := template.New("").Funcs(funcs).ParseFS(templates, "templates/*.html")
		if err != nil {
			return nil, nil, err
		}
		for name, f := range twinFuncs() {
			funcs[name] = f
		}
		twin, err := texttemplate.New("").Funcs(funcs).ParseFS(templates, "templates/*.md")
		if err != nil {
			return nil, nil, err
		}
		pages[lang], twins[lang] = page, twin
	}
	return pages, twins, nil
}

// breakable writes a name that lines may break within, between its words.
func breakable(name string) template.HTML {
	var b strings.Builder
	last := ' '
	for _, r := range oneLine(name, 80) {
		if unicode.IsUpper(r) && unicode.IsLower(last) || strings.ContainsRune("./_-", last) {
			b.WriteString("<wbr>")
		}
		b.WriteString(template.HTMLEscapeString(string(r)))
		last = r
	}
	return template.HTML(b.String())
}

func countWord(lang string, n int) string {
	if n == 1 {
		return word(lang, "field")
	}
	return word(lang, "fields", n)
}

// accentRules are the style rules for an accent colour that can be read on light and on dark ground.
func accentRules(colour string) (string, error) {
	digits, ok := strings.CutPrefix(colour, "#")
	if len(digits) == 3 {
		digits = string([]byte{digits[0], digits[0], digits[1], digits[1], digits[2], digits[2]})
	}
	n, err := strconv.ParseUint(digits, 16, 32)
	if !ok || err != nil || len(digits) != 6 {
		return "", fmt.Errorf("the accent colour is #rgb or #rrggbb, not %q", colour)
	}
	c := rgb{float64(n>>16&255) / 255, float64(n>>8&255) / 255, float64(n&255) / 255}
	light, dark := c.against(rgb{0.96, 0.97, 0.98}, rgb{}), c.against(rgb{0.09, 0.11, 0.15}, rgb{1, 1, 1})
	return fmt.Sprintf(":root{--accent:light-dark(%s,%s)}\n", light, dark), nil
}
