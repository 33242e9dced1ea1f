package portal

import (
	"bytes"
	"encoding/json"
	"io"
	"mime"
	"mime/multipart"
	"net/textproto"
	"net/url"
	"slices"
	"strings"

	"standin/mock/contract"
	"standin/mock/internal/media"
	"standin/mock/internal/sample"
)

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
