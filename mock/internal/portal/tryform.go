package portal

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"

	"standin/mock/contract"
	"standin/mock/internal/fake"
	"standin/mock/internal/media"
	"standin/mock/internal/sample"
	"standin/mock/internal/source"
	"standin/mock/schema"
)

// The names of the form's fields. Those of parameters are their anchors ("in.query.limit"), those of a form's properties begin with
// bodyField; a field that is optional has a box named onField + NAME beside it, and is sent only if that is ticked.
const (
	onField     = "on:"
	bodyField   = "body:"
	loginField  = "login:"
	secretField = "secret:"
	textField   = "body"  // the whole body as text
	fileField   = "file"  // the whole body as a file
	mediaField  = "media" // index of the documented media type
	fillField   = "fill"  // what to fill the form with: "required", "all", "example:NAME"
	shownField  = "shown" // "text" tells that a body of fields is written as one text
)

// What a form may be filled with beside examples.
const (
	fillRequired = "required"
	fillAll      = "all"
	fillExample  = "example:"
)

// Control is one field of the form.
type Control struct {
	// ID is the element's; Field is the name that is sent, On that of the box that switches it on, "" if it needs none.
	ID, Field, On string
	Ticked        bool
	Label, Type   string
	// Kind is text, lines (one item each), json, select or file.
	Kind, Value string
	Options     []Option
	Required    bool
	Anchor      string // on the operation's page
	Hint        string
	Rows        int
}

// kindOf tells by which kind of control values of the schemas are best entered.
func kindOf(sh *shape) string {
	types := sh.types &^ schema.NullType
	switch {
	case len(allowed(sh)) > 0 || types == schema.BooleanType:
		return "select"
	case isFile(sh):
		return "file"
	case sh.isList():
		items := shapeOf(sh.items()...)
		if !holdsContainers(items) && !isFile(items) {
			return "lines"
		}
		if isFile(items) {
			return "file"
		}
		return "json"
	case types != 0 && types&(schema.ArrayType|schema.ObjectType) != 0, types == 0 && len(sh.properties) > 0:
		return "json"
	}
	return "text"
}

func holdsContainers(sh *shape) bool {
	return sh.types&(schema.ArrayType|schema.ObjectType) != 0 || sh.types == 0 && (len(sh.properties) > 0 || sh.isList() || len(sh.groups) > 0)
}

// isFile tells that values are bytes, not text (OpenAPI 3.1, 4.8.14.2; 2.0: type file).
func isFile(sh *shape) bool {
	return sh.any(func(s *schema.Schema) bool {
		return s.Format == "binary" || s.Node.Get("type").Text() == "file" || s.ContentMediaType != "" && s.ContentEncoding == ""
	})
}

// mostChoices bounds the list of a select; longer ones are typed.
const mostChoices = 200

// allowed are the scalars that an enumeration allows, nil if there is none.
func allowed(sh *shape) []any {
	for _, s := range sh.parts {
		values := s.Enum
		if s.HasConst {
			values = []any{s.Const}
		}
		if len(values) > 0 && len(values) <= mostChoices && !slices.ContainsFunc(values, isNested) {
			return values
		}
	}
	return nil
}

func isNested(v any) bool {
	switch v.(type) {
	case map[string]any, []any:
		return true
	}
	return false
}

// fieldText writes a value for a field of some kind; readings reads it back.
func fieldText(value any, kind string) string {
	switch v := value.(type) {
	case string:
		if kind != "json" {
			return v
		}
	case []any:
		if text, ok := linesOf(v); ok && kind == "lines" {
			return text
		}
	}
	text, err := json.Marshal(value)
	if err != nil {
		return ""
	}
	if kind == "json" {
		text, _ = legible(text, "application/json")
	}
	return string(text)
}

// linesOf writes a list as lines; ok is false where that would not read back the same.
func linesOf(list []any) (text string, ok bool) {
	lines := make([]string, len(list))
	for i, item := range list {
		lines[i] = fieldText(item, "text")
		if lines[i] == "" || strings.ContainsAny(lines[i], "\r\n") || lines[i][0] == '[' {
			return "", false
		}
	}
	return strings.Join(lines, "\n"), len(lines) > 0
}

// readings are the values that the text of a field may mean, the likeliest first; the caller takes the first that fits.
func readings(text, kind string, sh *shape) []any {
	parsed, err := source.DecodeJSON([]byte(text), source.Limits{})
	isJSON := err == nil
	switch {
	case kind == "lines":
		if list, ok := parsed.([]any); ok && isJSON {
			return []any{list}
		}
		return []any{itemsOf(text, shapeOf(sh.items()...))}
	case kind == "json" && isJSON:
		return []any{parsed, text}
	case isJSON && !isNested(parsed):
		if _, isText := parsed.(string); !isText {
			return []any{parsed, text}
		}
	case isJSON && holdsContainers(sh):
		return []any{parsed, text}
	}
	return []any{text}
}

// itemsOf reads one item a line.
func itemsOf(text string, sh *shape) []any {
	list := []any{}
	for line := range strings.SplitSeq(strings.ReplaceAll(text, "\r\n", "\n"), "\n") {
		if line == "" {
			continue
		}
		candidates := readings(line, "text", sh)
		list = append(list, firstValid(candidates, sh.parts))
	}
	return list
}

// firstValid is the first candidate that all schemas allow, else the first.
func firstValid(candidates []any, schemas []*schema.Schema) any {
	for _, value := range candidates {
		if !slices.ContainsFunc(schemas, func(s *schema.Schema) bool { return !s.Valid(value, schema.Request) }) {
			return value
		}
	}
	return candidates[0]
}

// prefilled are the fields of a form that works as it stands: required parameters filled and sent, optional ones filled and off.
func (v *view) prefilled(e *entry, mediaAt int, fill string) url.Values {
	in := url.Values{}
	for _, p := range e.op.Parameters() {
		if p.Node.Get("x-internal").True() {
			continue
		}
		v.prefillParameter(in, p, fill == fillAll)
	}
	if b := e.op.RequestBody(); b != nil && len(b.Content) > 0 {
		v.prefillBody(in, b, mediaAt, fill)
	}
	return in
}

func (v *view) prefillParameter(in url.Values, p *contract.Parameter, all bool) {
	field := parameterField(p)
	kind := kindOf(shapeOf(p.Schema))
	value, _, ok := v.exampleOf(p)
	switch {
	case !ok:
	case kind == "select" && (p.Required || all):
		in.Set(field, "="+fieldText(value, kind))
	case kind != "select":
		in.Set(field, fieldText(value, kind))
		if all {
			in.Set(onField+field, "1")
		}
	}
}

func parameterField(p *contract.Parameter) string { return "in." + p.In + "." + segment(p.Name) }

func (v *view) prefillBody(in url.Values, b *contract.RequestBody, mediaAt int, fill string) {
	if mediaAt < 0 || mediaAt >= len(b.Content) {
		best, _ := preferred(b.Content)
		mediaAt = slices.Index(b.Content, best)
	}
	in.Set(mediaField, itoa(mediaAt))
	m := b.Content[mediaAt]
	value, name, ok := v.bodyValue(m, fill)
	if fill != "" {
		in.Set(fillField, fill)
	} else if name != "" {
		in.Set(fillField, fillExample+name)
	}
	if !ok {
		return
	}
	if fields := fieldsOf(m); fields != nil && covers(fields, value) {
		v.prefillFields(in, fields, value.(map[string]any), shapeOf(m.Schema).required)
		return
	}
	in.Set(shownField, "text")
	if kind, err := media.Parse(sample.ContentType(m)); err == nil && isBinary(kind) && name == "" {
		return // nobody types bytes: a file stands for them
	}
	in.Set(textField, v.bodyText(m, value, name))
}

func (v *view) prefillFields(in url.Values, fields []property, value map[string]any, required map[string]bool) {
	for _, q := range fields {
		kind := kindOf(shapeOf(q.schemas...))
		given, present := value[q.name]
		switch {
		case !present || kind == "file":
		case kind == "select":
			in.Set(bodyField+q.name, "="+fieldText(given, kind))
		default:
			in.Set(bodyField+q.name, fieldText(given, kind))
		}
		if present && !required[q.name] {
			in.Set(onField+bodyField+q.name, "1")
		}
	}
}

// fieldsOf are the properties of a body that is a form, nil for any other body.
func fieldsOf(m *contract.MediaType) []property {
	t, err := media.Parse(m.Range)
	if err != nil || m.Schema == nil || !t.IsForm() && !t.IsMultipart() {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(shapeOf(m.Schema).properties), func(q property) bool {
		return slices.ContainsFunc(q.schemas, internal) || shapeOf(q.schemas...).any(func(s *schema.Schema) bool { return s.ReadOnly })
	})
}

// covers tells that an object has no members but the fields.
func covers(fields []property, value any) bool {
	object, ok := value.(map[string]any)
	if !ok || len(fields) == 0 {
		return false
	}
	for name := range object {
		if !slices.ContainsFunc(fields, func(q property) bool { return q.name == name }) {
			return false
		}
	}
	return true
}

// bodyValue is the value of a body: the named or the first valid example, or one that is made.
func (v *view) bodyValue(m *contract.MediaType, fill string) (value any, name string, ok bool) {
	wanted, named := strings.CutPrefix(fill, fillExample)
	if fill == "" || named {
		for _, e := range m.Examples {
			if e.Value != nil && (named && e.Name == wanted || !named && len(e.Violations) == 0) {
				return e.Value.Value(), e.Name, true
			}
		}
	}
	if m.Schema == nil {
		return nil, "", false
	}
	value, err := v.site.fake.Value(m.Schema, fake.Options{Seed: v.site.site.Seed, Direction: schema.Request})
	if err != nil {
		return nil, "", false
	}
	if fill == fillRequired {
		value = pared(value, []*schema.Schema{m.Schema}, m.Schema)
	}
	if fill == fillAll {
		value = v.complete(value, m.Schema)
	}
	return value, "", true
}

// pared leaves out what an object need not have, as far as the whole stays valid.
func pared(value any, schemas []*schema.Schema, whole *schema.Schema) any {
	object, ok := value.(map[string]any)
	if !ok {
		return value
	}
	sh := shapeOf(schemas...)
	out := map[string]any{}
	for name, member := range object {
		if sh.required[name] {
			out[name] = member
			for _, q := range sh.properties {
				if q.name == name {
					out[name] = pared(member, q.schemas, nil)
				}
			}
		}
	}
	if whole != nil && !whole.Valid(out, schema.Request) {
		return value
	}
	return out
}

// complete adds the properties that an object lacks, each as far as the whole stays valid.
func (v *view) complete(value any, s *schema.Schema) any {
	object, ok := value.(map[string]any)
	if !ok {
		return value
	}
	for _, q := range shapeOf(s).properties {
		if _, has := object[q.name]; has || slices.ContainsFunc(q.schemas, internal) {
			continue
		}
		made, err := v.site.fake.Value(q.schemas[0], fake.Options{Seed: v.site.site.Seed, Direction: schema.Request, Name: q.name})
		if err != nil {
			continue
		}
		object[q.name] = made
		if !s.Valid(object, schema.Request) {
			delete(object, q.name)
		}
	}
	return object
}

// bodyText writes a body as text of its media type.
func (v *view) bodyText(m *contract.MediaType, value any, name string) string {
	kind, err := media.Parse(sample.ContentType(m))
	if err != nil {
		return ""
	}
	if text, isText := value.(string); isText && !kind.IsJSON() {
		return text
	}
	written := written(m, name)
	if written == nil {
		if written, err = json.Marshal(value); err != nil {
			return ""
		}
	}
	written = v.site.conceal(written, m.Schema)
	if !kind.IsJSON() && !kind.IsForm() && !kind.IsMultipart() {
		if n, err := source.Parse("body.json", written, source.Limits{}); err == nil {
			return string(sample.Body(n, kind, m))
		}
	}
	text, _ := legible(written, "application/json")
	return string(text)
}
