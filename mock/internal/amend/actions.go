package amend

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"standin/mock/contract"
)

// quoted writes a name as a selector of JSONPath (RFC 9535, 2.3.1.1).
func quoted(name string) string {
	return "['" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(name) + "']"
}

func update(target string, value any) any { return map[string]any{"target": target, "update": value} }

func remove(target string) any { return map[string]any{"target": target, "remove": true} }

// actions are the changes to one operation.
func (a *Amender) actions(m *amended) []any {
	path := "$.paths" + quoted(m.path)
	target := path + quoted(strings.ToLower(m.method))
	if m.operation == nil {
		responses := map[string]any{}
		for key, w := range m.responses {
			responses[key] = a.newAnswer(key, w)
		}
		return []any{update("$.paths", map[string]any{m.path: map[string]any{strings.ToLower(m.method): map[string]any{
			"summary": "Seen, and not described yet", "responses": responses,
		}}})}
	}
	var out []any
	for _, key := range slices.Sorted(maps.Keys(m.responses)) {
		w := m.responses[key]
		if w.fresh {
			out = append(out, update(target, map[string]any{"responses": map[string]any{key: a.newAnswer(key, w)}}))
			continue
		}
		r := documentedAs(m.operation, key)
		if r == nil {
			continue
		}
		value := object(r.Node)
		a.widen(value, w)
		loosen(value, m.headers[key], r)
		out = append(out, remove(target+".responses"+quoted(key)), update(target, map[string]any{"responses": map[string]any{key: value}}))
	}
	out = append(out, a.bodyActions(m, target)...)
	out = append(out, a.parameterActions(m, target)...)
	if m.open {
		out = append(out, openActions(a.contract, m.operation, target)...)
	}
	return out
}

func documentedAs(op *contract.Operation, key string) *contract.Response {
	for _, r := range op.Responses().All {
		if r.Status == key {
			return r
		}
	}
	return nil
}

// object is a node as plain values that may be changed.
func object(n *contract.Node) map[string]any {
	if v, ok := n.Value().(map[string]any); ok {
		return v
	}
	return map[string]any{}
}

// member is an object within an object, made where it is missing.
func member(of map[string]any, name string) map[string]any {
	if v, ok := of[name].(map[string]any); ok {
		return v
	}
	v := map[string]any{}
	of[name] = v
	return v
}

// newAnswer is an answer that the document lacks.
func (a *Amender) newAnswer(key string, w *widened) map[string]any {
	out := map[string]any{"description": "Seen, and not described yet (" + key + ")"}
	if len(w.media) > 0 {
		a.widen(out, w)
	}
	return out
}

// widen puts the values seen into the content of a body: the documented schema, or that of the values.
func (a *Amender) widen(body map[string]any, w *widened) {
	if len(w.media) == 0 {
		return
	}
	content := member(body, "content")
	for kind, seen := range w.media {
		key, entry := documentedKind(content, kind)
		schema, has := entry["schema"]
		switch {
		case seen == nil:
			delete(entry, "schema")
			delete(entry, "itemSchema")
		case has:
			entry["schema"] = map[string]any{"anyOf": []any{schema, seen.schema(a.old)}}
		default:
			entry["schema"] = seen.schema(a.old)
		}
		content[key] = entry
	}
}

// documentedKind finds the entry of a media type as the document has it, by range too; a new one if it has none.
func documentedKind(content map[string]any, kind string) (key string, entry map[string]any) {
	major, _, _ := strings.Cut(kind, "/")
	for _, known := range slices.Sorted(maps.Keys(content)) {
		plain, _, _ := strings.Cut(strings.ToLower(known), ";")
		if strings.TrimSpace(plain) == kind {
			return known, member(content, known)
		}
	}
	for _, name := range []string{major + "/*", "*/*"} {
		if _, ok := content[name]; ok {
			return name, member(content, name)
		}
	}
	return kind, map[string]any{}
}

// loosen takes from headers what answers did not keep.
func loosen(response map[string]any, names map[string]bool, r *contract.Response) {
	headers := member(response, "headers")
	for written := range headers {
		for _, p := range r.Headers {
			if names[p.Name] && strings.EqualFold(written, p.Name) {
				headers[written] = map[string]any{"description": p.Description, "schema": map[string]any{}}
			}
		}
	}
	if len(headers) == 0 {
		delete(response, "headers")
	}
}

func (a *Amender) bodyActions(m *amended, target string) []any {
	if m.body == nil && !m.bodyNeeded {
		return nil
	}
	node := m.operation.Node().Get("requestBody")
	if ref := node.Get("$ref").Text(); ref != "" {
		pointer, inside := strings.CutPrefix(ref, "#")
		if node = a.contract.At(pointer); !inside || !a.own(node) {
			return nil
		}
	}
	value := object(node)
	if m.bodyNeeded {
		value["required"] = false
	}
	if m.body != nil {
		a.widen(value, m.body)
	}
	return []any{remove(target + ".requestBody"), update(target, map[string]any{"requestBody": value})}
}

// parameterActions write the parameters of the operation anew; one of the path item is overruled by one of the operation.
func (a *Amender) parameterActions(m *amended, target string) []any {
	if len(m.parameters)+len(m.optional) == 0 {
		return nil
	}
	var list []any
	amendedHere := map[string]bool{}
	for _, p := range m.operation.Parameters() {
		key := p.In + " " + p.Name
		seen, wider := m.parameters[key]
		if !wider && !m.optional[key] {
			continue
		}
		value := object(p.Node)
		if m.optional[key] && p.In != "path" {
			value["required"] = false
		}
		if wider {
			a.widenParameter(value, seen)
		}
		list = append(list, value)
		amendedHere[key] = true
	}
	declared := m.operation.Node().Get("parameters")
	for _, n := range declared.Items() {
		named := n
		if ref := n.Get("$ref").Text(); ref != "" {
			named = a.contract.At(strings.TrimPrefix(ref, "#"))
		}
		if !amendedHere[named.Get("in").Text()+" "+named.Get("name").Text()] {
			list = append(list, n.Value())
		}
	}
	out := []any{update(target, map[string]any{"parameters": list})}
	if declared != nil {
		out = append([]any{remove(target + ".parameters")}, out...)
	}
	return out
}

func (a *Amender) widenParameter(value map[string]any, seen *shape) {
	holder := value
	if content, ok := value["content"].(map[string]any); ok {
		for kind := range content {
			holder = member(content, kind)
		}
	}
	if schema, has := holder["schema"]; has {
		holder["schema"] = map[string]any{"anyOf": []any{schema, seen.schema(a.old)}}
	}
}

// openActions make credentials optional.
func openActions(c *contract.Contract, op *contract.Operation, target string) []any {
	own := op.Node().Get("security")
	list := own
	if list == nil {
		list = c.Root().Get("security")
	}
	alternatives, _ := list.Value().([]any)
	out := []any{update(target, map[string]any{"security": append(alternatives, map[string]any{})})}
	if own != nil {
		out = append([]any{remove(target + ".security")}, out...)
	}
	return out
}

// shape is what values have in common, and what not.
type shape struct {
	types      map[string]bool
	properties map[string]*shape
	items      *shape
	deep       bool // deeper values were not looked at
}

// Bounds of a shape.
const (
	deepest        = 20
	mostProperties = 500
)

// add widens the shape by a value; it tells whether that was new.
func (s *shape) add(v any, depth int) bool {
	if depth > deepest {
		changed := !s.deep
		s.deep = true
		return changed
	}
	kind := kindOf(v)
	changed := !s.types[kind]
	if s.types == nil {
		s.types = map[string]bool{}
	}
	s.types[kind] = true
	switch v := v.(type) {
	case map[string]any:
		if s.properties == nil {
			s.properties = map[string]*shape{}
		}
		for name, x := range v {
			p := s.properties[name]
			if p == nil {
				if len(s.properties) == mostProperties {
					continue
				}
				p, changed = &shape{}, true
				s.properties[name] = p
			}
			changed = p.add(x, depth+1) || changed
		}
	case []any:
		if s.items == nil {
			s.items, changed = &shape{}, true
		}
		for _, x := range v {
			changed = s.items.add(x, depth+1) || changed
		}
	}
	return changed
}

func kindOf(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case string:
		return "string"
	case []any:
		return "array"
	case map[string]any:
		return "object"
	case json.Number:
		if _, err := strconv.ParseInt(v.String(), 10, 64); err == nil {
			return "integer"
		}
	}
	return "number"
}

// schema is a JSON Schema that all the values fit; old asks for that of OpenAPI 3.0, where null is no type.
func (s *shape) schema(old bool) map[string]any {
	kinds := slices.Sorted(maps.Keys(s.types))
	if s.types["number"] {
		kinds = slices.DeleteFunc(kinds, func(k string) bool { return k == "integer" })
	}
	if s.deep || len(kinds) == 0 {
		return map[string]any{}
	}
	nullable := old && s.types["null"]
	if nullable {
		kinds = slices.DeleteFunc(kinds, func(k string) bool { return k == "null" })
		if len(kinds) == 0 {
			return map[string]any{}
		}
	}
	var all []any
	for _, kind := range kinds {
		all = append(all, s.of(kind, old, nullable))
	}
	if len(all) == 1 {
		return all[0].(map[string]any)
	}
	return map[string]any{"anyOf": all}
}

func (s *shape) of(kind string, old, nullable bool) map[string]any {
	out := map[string]any{"type": kind}
	if nullable {
		out["nullable"] = true
	}
	switch kind {
	case "object":
		properties := map[string]any{}
		for name, p := range s.properties {
			properties[name] = p.schema(old)
		}
		if len(properties) > 0 {
			out["properties"] = properties
		}
	case "array":
		out["items"] = s.items.schema(old)
	}
	return out
}
