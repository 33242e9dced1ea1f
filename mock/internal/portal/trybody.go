package portal

import (
	"io"
	"mime/multipart"
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
		contentType = t.multipart(m, kind, fields, f, text)
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

// multipart writes a body of parts as the document says, and gives its Content-Type.
func (t *trial) multipart(m *contract.MediaType, kind media.Type, fields []property, f posted, text string) string {
	if fields == nil {
		t.parts(m, firstValid(readings(text, "json", &shape{}), nil))
	}
	required := shapeOf(m.Schema).required
	for _, q := range fields {
		sh := shapeOf(q.schemas...)
		kind := kindOf(sh)
		if kind == "file" {
			t.files(m, q.name, required[q.name], f)
		} else if text, ok := f.text(bodyField+q.name, kind, required[q.name]); ok {
			t.parts(m, map[string]any{q.name: firstValid(readings(text, kind, sh), q.schemas)})
		}
	}
	body, err := sample.JoinParts(kind, t.joined)
	if err != nil {
		t.faults = append(t.faults, err.Error())
	}
	t.body = body
	return media.Bounded(kind.String(), body)
}

// parts adds the parts of a value, and says how curl sends them.
func (t *trial) parts(m *contract.MediaType, value any) {
	parts, err := sample.Parts(value, m, 0)
	if err != nil && value != nil {
		t.faults = append(t.faults, err.Error())
	}
	t.joined = append(t.joined, parts...)
	for _, p := range parts {
		said := p.Name + "=" + string(p.Body)
		if p.Filename != "" {
			said = p.Name + "=@" + p.Filename
		}
		if p.ContentType != "" {
			said += ";type=" + p.ContentType
		}
		t.sent = append(t.sent, "-F "+quoted(said))
	}
}

// files adds the files of one field; a required one that nobody chose is a small sample.
func (t *trial) files(m *contract.MediaType, name string, required bool, f posted) {
	chosen := slices.DeleteFunc(slices.Clone(f.files[bodyField+name]), func(h *multipart.FileHeader) bool { return h.Filename == "" })
	for _, file := range chosen {
		t.file(m, name, file.Filename, readFile(file))
	}
	if len(chosen) == 0 && f.sends(bodyField+name, required) {
		t.file(m, name, "sample.txt", []byte(sampleFile))
	}
}

func (t *trial) file(m *contract.MediaType, name, filename string, content []byte) {
	p := sample.Part{Name: name, Filename: filename, ContentType: sample.FileType(m, name), Body: content}
	t.joined = append(t.joined, p)
	t.sent = append(t.sent, "-F "+quoted(name+"=@"+filename+";type="+p.ContentType))
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
