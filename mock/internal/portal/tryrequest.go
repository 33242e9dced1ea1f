package portal

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"slices"
	"strings"

	"standin/mock/contract"
	"standin/mock/internal/media"
	"standin/mock/internal/sample"
	"standin/mock/schema"
)

// trial is a request as a form has it.
type trial struct {
	method string
	// target is path and query, below the site's base.
	target string
	header http.Header
	body   []byte
	// sent are the body's arguments for curl.
	sent []string
	// faults tell what could not be written as the document demands, and was sent as it stands.
	faults []string
}

// posted is a form that was sent.
type posted struct {
	url.Values
	files map[string][]*multipart.FileHeader
}

func (f posted) sends(field string, required bool) bool {
	return required || f.Get(onField+field) != ""
}

// text is that of a field with the line ends of the document; a select has no text until something is chosen.
func (f posted) text(field, kind string, required bool) (text string, ok bool) {
	if kind == "select" {
		return strings.CutPrefix(f.Get(field), "=")
	}
	if !f.sends(field, required) {
		return "", false
	}
	return strings.ReplaceAll(f.Get(field), "\r\n", "\n"), f.Has(field)
}

// assemble makes the request of a form, without credentials.
func (v *view) assemble(e *entry, f posted) *trial {
	t := &trial{method: e.op.Method, header: http.Header{}}
	path, _, _ := strings.Cut(e.operationalPath, "#")
	var query, cookies []string
	for _, p := range e.op.Parameters() {
		field := parameterField(p)
		kind := kindOf(shapeOf(p.Schema))
		text, ok := f.text(field, kind, p.Required)
		if !ok && p.In != "path" {
			continue
		}
		encoded := t.encode(p, text, kind)
		switch p.In {
		case "path":
			path = strings.ReplaceAll(path, "{"+p.Name+"}", encoded)
		case "query":
			query = append(query, encoded)
		case "header":
			t.header.Set(p.Name, fieldValue(encoded))
		case "cookie":
			cookies = append(cookies, fieldValue(encoded))
		}
	}
	if len(cookies) > 0 {
		t.header.Set("Cookie", strings.Join(cookies, "; "))
	}
	t.target = path
	if len(query) > 0 {
		t.ask(strings.Join(query, "&"))
	}
	if prefer := preferOf(f); prefer != "" {
		t.header.Set("Mock-Prefer", prefer)
	}
	t.fill(v, e, f)
	return t
}

// ask adds pairs to the query.
func (t *trial) ask(pairs string) {
	between := "?"
	if strings.Contains(t.target, "?") {
		between = "&"
	}
	t.target += between + pairs
}

// fieldValue is a text as the value of a header: without the signs that cannot stand there (RFC 9110, 5.5).
func fieldValue(text string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' || r == 0x7f {
			return -1
		}
		return r
	}, text))
}

// encode writes the text of a field as the style of its parameter demands; what has no such form is sent as it stands.
func (t *trial) encode(p *contract.Parameter, text, kind string) string {
	sh := shapeOf(p.Schema)
	candidates := readings(text, kind, sh)
	if chosen := firstValid(candidates, schemasOf(p.Schema)); chosen != nil {
		candidates = append([]any{chosen}, candidates...)
	}
	var problem error
	for _, value := range candidates {
		encoded, err := p.Encode(value)
		if err == nil {
			return encoded
		}
		if problem == nil {
			problem = err
		}
	}
	if text != "" || p.In == "path" {
		t.faults = append(t.faults, p.Name+": "+problem.Error())
	}
	switch p.In {
	case "path":
		return url.PathEscape(text)
	case "query":
		return url.QueryEscape(p.Name) + "=" + url.QueryEscape(text)
	case "cookie":
		return p.Name + "=" + url.QueryEscape(text)
	}
	return text
}

func schemasOf(s *schema.Schema) []*schema.Schema {
	if s == nil {
		return nil
	}
	return []*schema.Schema{s}
}

// preferOf is what the form asks of the mock itself, "" for nothing.
func preferOf(f posted) string {
	var out []string
	add := func(key, value string) {
		if value != "" {
			out = append(out, key+"="+preferValue(value))
		}
	}
	add("code", f.Get("code"))
	add("example", f.Get("example"))
	if f.Get("dynamic") != "" {
		out = append(out, "dynamic=true")
	}
	add("delay", f.Get("delay"))
	return strings.Join(out, ", ")
}

// preferValue writes a value as a token or a quoted-string (RFC 9110, 5.6).
func preferValue(s string) string {
	plain := !strings.ContainsFunc(s, func(r rune) bool {
		return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune("-._~!#$&'*+^`|", r))
	})
	if plain {
		return s
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(fieldValue(s)) + `"`
}

// fill writes the body.
func (t *trial) fill(v *view, e *entry, f posted) {
	m := mediaOf(e.op, f)
	if m == nil || !f.sends(textField, e.op.RequestBody().Required) {
		return
	}
	contentType := sample.ContentType(m)
	kind, err := media.Parse(contentType)
	if err != nil {
		return
	}
	fields := fieldsOf(m)
	if f.Get(shownField) == "text" {
		fields = nil
	}
	switch text := strings.ReplaceAll(f.Get(textField), "\r\n", "\n"); {
	case kind.IsMultipart():
		contentType = t.multipart(fields, shapeOf(m.Schema).required, f, text)
	case kind.IsForm():
		t.form(m, fields, f, text)
	case len(f.files[fileField]) > 0 && f.files[fileField][0].Size > 0:
		t.body = readFile(f.files[fileField][0])
		t.sent = []string{"--data-binary " + quoted("@"+f.files[fileField][0].Filename)}
	case isBinary(kind) && text == "":
		t.body = []byte(sampleFile)
		t.sent = []string{"--data-binary " + quoted("@sample.bin")}
	default:
		t.body = []byte(text)
		t.sent = []string{dataFlag(kind) + quoted(text)}
		if kind.IsJSON() && strings.TrimSpace(text) == "" {
			t.body = nil
		}
	}
	if len(t.body) > 0 || kind.IsForm() {
		t.header.Set("Content-Type", contentType)
	}
}

func dataFlag(kind media.Type) string {
	if kind.IsJSON() || kind.IsForm() {
		return "-d "
	}
	return "--data-binary "
}

// isBinary tells that bodies of a type are bytes that nobody types.
func isBinary(t media.Type) bool {
	return !t.IsJSON() && !t.IsForm() && !t.IsMultipart() && !t.IsText() && !t.IsXML()
}

// sampleFile stands for a file where none was chosen.
const sampleFile = "sample\n"

// mediaOf is the documented body that the form chose, nil if there is none.
func mediaOf(op *contract.Operation, f posted) *contract.MediaType {
	b := op.RequestBody()
	if b == nil || len(b.Content) == 0 {
		return nil
	}
	for i, m := range b.Content {
		if f.Get(mediaField) == itoa(i) {
			return m
		}
	}
	m, _ := preferred(b.Content)
	return m
}

// form writes application/x-www-form-urlencoded from fields, or from a text that is JSON.
func (t *trial) form(m *contract.MediaType, fields []property, f posted, text string) {
	var value any
	if fields == nil {
		value = firstValid(readings(text, "json", shapeOf(m.Schema)), nil)
	} else {
		value = objectOf(fields, shapeOf(m.Schema).required, f)
	}
	encoded, err := m.EncodeForm(value)
	if err != nil {
		t.faults = append(t.faults, err.Error())
		encoded = plainForm(value)
	}
	t.body = []byte(encoded)
	t.sent = []string{"-d " + quoted(encoded)}
}

// plainForm is a form without regard to what the document says of it.
func plainForm(value any) string {
	object, ok := value.(map[string]any)
	if !ok {
		return fieldText(value, "text")
	}
	pairs := url.Values{}
	for name, member := range object {
		pairs.Set(name, fieldText(member, "text"))
	}
	return pairs.Encode()
}

// objectOf gathers the fields that are sent.
func objectOf(fields []property, required map[string]bool, f posted) map[string]any {
	out := map[string]any{}
	for _, q := range fields {
		sh := shapeOf(q.schemas...)
		kind := kindOf(sh)
		if text, ok := f.text(bodyField+q.name, kind, required[q.name]); ok {
			out[q.name] = firstValid(readings(text, kind, sh), q.schemas)
		}
	}
	return out
}

// boundary separates the parts of a body. It is fixed, so that the same form is the same request; no part that is typed or chosen is
// likely to hold it, and one that does is the sender's own.
const boundary = "standin-7d1f0c5e2b9a4863"

// multipart writes multipart/form-data (RFC 7578) and gives its Content-Type.
func (t *trial) multipart(fields []property, required map[string]bool, f posted, text string) string {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	_ = w.SetBoundary(boundary) // which is well formed
	if fields == nil {
		if object, ok := firstValid(readings(text, "json", &shape{}), nil).(map[string]any); ok {
			for _, name := range sortedNames(object) {
				t.part(w, name, object[name])
			}
		}
	}
	for _, q := range fields {
		sh := shapeOf(q.schemas...)
		kind := kindOf(sh)
		if kind == "file" {
			t.files(w, q.name, required[q.name], f)
		} else if text, ok := f.text(bodyField+q.name, kind, required[q.name]); ok {
			t.part(w, q.name, firstValid(readings(text, kind, sh), q.schemas))
		}
	}
	_ = w.Close()
	t.body = b.Bytes()
	return "multipart/form-data; boundary=" + boundary
}

// part writes one value: a list as parts of the same name, an object as JSON (OpenAPI 3.1, 4.8.14.4).
func (t *trial) part(w *multipart.Writer, name string, value any) {
	list, isList := value.([]any)
	_, isObject := value.(map[string]any)
	switch {
	case isList && !slices.ContainsFunc(list, isNested):
		for _, item := range list {
			t.part(w, name, item)
		}
	case isList || isObject:
		text, _ := json.Marshal(value)
		h := textproto.MIMEHeader{}
		h.Set("Content-Disposition", mime.FormatMediaType("form-data", map[string]string{"name": name}))
		h.Set("Content-Type", "application/json")
		if p, err := w.CreatePart(h); err == nil {
			_, _ = p.Write(text)
		}
		t.sent = append(t.sent, "-F "+quoted(name+"="+string(text)+";type=application/json"))
	default:
		text := fieldText(value, "text")
		_ = w.WriteField(name, text)
		t.sent = append(t.sent, "-F "+quoted(name+"="+text))
	}
}

// files writes the files of one field; a required one that nobody chose is a small sample.
func (t *trial) files(w *multipart.Writer, name string, required bool, f posted) {
	chosen := slices.DeleteFunc(slices.Clone(f.files[bodyField+name]), func(h *multipart.FileHeader) bool { return h.Filename == "" })
	for _, file := range chosen {
		if p, err := w.CreateFormFile(name, file.Filename); err == nil {
			_, _ = p.Write(readFile(file))
		}
		t.sent = append(t.sent, "-F "+quoted(name+"=@"+file.Filename))
	}
	if len(chosen) == 0 && f.sends(bodyField+name, required) {
		if p, err := w.CreateFormFile(name, "sample.txt"); err == nil {
			_, _ = io.WriteString(p, sampleFile)
		}
		t.sent = append(t.sent, "-F "+quoted(name+"=@sample.txt"))
	}
}

// readFile is the content of an uploaded file, which the form's limit bounds.
func readFile(h *multipart.FileHeader) []byte {
	file, err := h.Open()
	if err != nil {
		return nil
	}
	defer func() { _ = file.Close() }()
	body, _ := io.ReadAll(file)
	return body
}

func sortedNames(object map[string]any) []string {
	names := make([]string, 0, len(object))
	for name := range object {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// authorize adds credentials: the first alternative of the operation's security that is complete, else all that are known.
func (t *trial) authorize(v *view, op *contract.Operation, secret func(contract.Scheme) string) {
	var chosen contract.Requirement
	for _, alternative := range op.Security() {
		complete := !slices.ContainsFunc(alternative, func(s contract.Scheme) bool { return secret(s) == "" && s.Type != "mutualTLS" })
		if complete {
			chosen = alternative
			break
		}
		chosen = append(chosen, alternative...)
	}
	for _, s := range chosen {
		if value := secret(s); value != "" {
			t.credential(s, v.credentialOf(s, value))
		}
	}
}

// credential puts a credential where its scheme has it, unless a parameter of that name is there already.
func (t *trial) credential(s contract.Scheme, value string) {
	switch {
	case s.Type == "mutualTLS":
	case s.Type == "apiKey" && s.In == "query":
		if _, query, _ := strings.Cut(t.target, "?"); !strings.Contains("&"+query, "&"+url.QueryEscape(s.Name)+"=") {
			t.ask(url.QueryEscape(s.Name) + "=" + url.QueryEscape(value))
		}
	case s.Type == "apiKey" && s.In == "cookie":
		pair := s.Name + "=" + fieldValue(value)
		if have := t.header.Get("Cookie"); have != "" {
			pair = have + "; " + pair
		}
		t.header.Set("Cookie", pair)
	case s.Type == "apiKey":
		if t.header.Get(s.Name) == "" {
			t.header.Set(s.Name, fieldValue(value))
		}
	default:
		t.header.Set("Authorization", fieldValue(value))
	}
}

// credentialOf is a secret as it is sent: in the login's format, or behind the name of its HTTP scheme.
func (v *view) credentialOf(s contract.Scheme, secret string) string {
	if login := v.site.site.Contract.Login(); login != nil && (login.Scheme == "" || login.Scheme == s.ID) {
		before, _, _ := strings.Cut(login.Format, "{token}")
		if before != "" && strings.HasPrefix(secret, before) {
			return secret
		}
		return strings.ReplaceAll(login.Format, "{token}", secret)
	}
	scheme := "bearer"
	switch {
	case s.Type == "apiKey":
		return secret
	case s.Type == "http" && s.Scheme != "":
		scheme = s.Scheme
	}
	if name, _, found := strings.Cut(secret, " "); found && strings.EqualFold(name, scheme) {
		return secret
	}
	if scheme == "basic" {
		secret = base64.StdEncoding.EncodeToString([]byte(secret))
	}
	return strings.ToUpper(scheme[:1]) + scheme[1:] + " " + secret
}

// request is the trial as an HTTP request, at an origin and below a base path.
func (t *trial) request(origin, base string) (*http.Request, error) {
	r, err := http.NewRequest(t.method, origin+base+t.target, bytes.NewReader(t.body))
	if err != nil {
		return nil, fmt.Errorf("%s %s cannot be asked for: %w", t.method, oneLine(t.target, 200), err)
	}
	r.Header = t.header.Clone()
	r.RequestURI = r.URL.RequestURI()
	return r, nil
}
