package control

import (
	"encoding/base64"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"standin/mock/internal/source"
)

// wireMock makes stubs of a mapping of WireMock, or of all in {"mappings": […]} (https://wiremock.org/docs/stubbing).
func (t *translator) wireMock(root *source.Node) {
	mappings := root.Get("mappings")
	if mappings == nil {
		t.mapping(root, "")
		return
	}
	for i, m := range mappings.Items() {
		t.mapping(m, "/mappings/"+strconv.Itoa(i))
	}
}

// usualPriority is that of mappings that name none; theirs begin with the lowest number.
const usualPriority = 5

func (t *translator) mapping(m *source.Node, pointer string) {
	t.unknown(m, pointer, "id", "uuid", "name", "request", "response", "priority", "persistent", "metadata", "scenarioName", "requiredScenarioState", "newScenarioState", "insertionIndex")
	for _, a := range t.aims(m.Get("request"), pointer+"/request") {
		stub := map[string]any{"operation": a.operation, "validate": false, "priority": -numberOr(m.Get("priority"), usualPriority)}
		if scenario := m.Get("scenarioName").StringOr(""); scenario != "" {
			if state := m.Get("requiredScenarioState").StringOr(""); state != "" {
				a.when["scenario"] = map[string]any{scenario: state}
			}
			if state := m.Get("newScenarioState").StringOr(""); state != "" {
				stub["then"] = map[string]any{"scenario": map[string]any{scenario: state}}
			}
		}
		if len(a.when) > 0 {
			stub["when"] = a.when
		}
		if name := m.Get("name").StringOr(""); name != "" {
			stub["name"] = name
		}
		t.responded(m.Get("response"), stub, pointer+"/response")
		t.templated(m.Get("response"), stub, a, pointer+"/response")
		t.add(stub)
	}
}

func (t *translator) bodyPatterns(n *source.Node, when map[string]any, pointer string) {
	conditions := map[string]any{}
	for i, p := range n.Items() {
		at := pointer + "/" + strconv.Itoa(i)
		switch {
		case p.Get("equalToJson") != nil:
			whole := p.Get("equalToJson").Value()
			if text, isText := whole.(string); isText {
				var err error
				if whole, err = source.DecodeJSON([]byte(text), source.Limits{}); err != nil {
					t.tell("warning", at, "this is no JSON; the pattern is left out")
					continue
				}
			}
			leaves(whole, "", conditions)
		case p.Get("matchesJsonPath") != nil:
			path := p.Get("matchesJsonPath")
			expression := path.StringOr(path.Get("expression").StringOr(""))
			place, ok := pointerOf(expression)
			if !ok {
				t.tell("warning", at, "this JSONPath cannot be said here, only one of names and indexes; the pattern is left out")
				continue
			}
			conditions[place] = map[string]any{"absent": false}
			if path.Is(source.Object) && len(path.Members()) > 1 {
				if test, ok := t.test(path.Without("expression"), at); ok {
					conditions[place] = test
				}
			}
		default:
			t.tell("warning", at, "this pattern of a body cannot be said here and is left out")
		}
	}
	if len(conditions) > 0 {
		when["body"] = conditions
	}
}

// leaves are the scalars of a value as conditions by their JSON Pointers.
func leaves(v any, pointer string, out map[string]any) {
	switch v := v.(type) {
	case map[string]any:
		for name, one := range v {
			leaves(one, pointer+"/"+source.Escape(name), out)
		}
	case []any:
		out[pointer] = map[string]any{"size": len(v)}
		for i, one := range v {
			leaves(one, pointer+"/"+strconv.Itoa(i), out)
		}
	default:
		out[pointer] = v
	}
}

// pointerOf is a JSONPath of names and indexes as a JSON Pointer.
func pointerOf(path string) (string, bool) {
	rest, ok := strings.CutPrefix(path, "$")
	if !ok || strings.ContainsAny(rest, "*?@()'\"") || strings.Contains(rest, "..") {
		return "", false
	}
	rest = strings.NewReplacer("[", ".", "]", "").Replace(rest)
	if rest == "" {
		return "", true
	}
	if rest[0] != '.' {
		return "", false
	}
	return strings.ReplaceAll(rest, ".", "/"), true
}

// responded puts the answer of a mapping into a stub.
func (t *translator) responded(r *source.Node, stub map[string]any, pointer string) {
	t.unknown(r, pointer, "status", "statusMessage", "headers", "body", "jsonBody", "base64Body", "fixedDelayMilliseconds", "delayDistribution", "fault", "transformers")
	respond := map[string]any{"status": numberOr(r.Get("status"), 200)}
	headers, kind := map[string]any{}, ""
	for _, h := range r.Get("headers").Members() {
		value := h.Value.StringOr("")
		if items := h.Value.Items(); len(items) > 0 {
			value = items[0].StringOr("")
		}
		if strings.EqualFold(h.Name, "content-type") {
			kind = value
			headers["Content-Type"] = value
		} else if recorded(h.Name) {
			headers[h.Name] = value
		}
	}
	switch {
	case r.Get("jsonBody") != nil:
		respond["body"] = r.Get("jsonBody").Value()
	case r.Get("base64Body") != nil:
		text, err := base64.StdEncoding.DecodeString(r.Get("base64Body").StringOr(""))
		if err != nil || !utf8.Valid(text) {
			t.tell("warning", pointer+"/base64Body", "a body that is not text cannot be said here and is left out")
		} else {
			respond["body"] = bodyOf(string(text), kind)
		}
	case r.Get("body") != nil:
		respond["body"] = bodyOf(r.Get("body").StringOr(""), kind)
	}
	if text, ok := respond["body"].(string); ok && kind == "" && text != "" { // which is sent as it stands
		headers["Content-Type"] = "text/plain"
	}
	if len(headers) > 0 {
		respond["headers"] = headers
	}
	stub["respond"] = respond
	if ms := numberOr(r.Get("fixedDelayMilliseconds"), 0); ms > 0 {
		stub["delay"] = (time.Duration(ms) * time.Millisecond).String()
	}
	if d := r.Get("delayDistribution"); d.Get("type").StringOr("") == "uniform" {
		stub["delay"] = map[string]any{"uniform": []string{strconv.Itoa(numberOr(d.Get("lower"), 0)) + "ms", strconv.Itoa(numberOr(d.Get("upper"), 0)) + "ms"}}
	} else if d != nil {
		t.tell("warning", pointer+"/delayDistribution", "only a uniform distribution can be said here; it is left out")
	}
	if fault := r.Get("fault").StringOr(""); fault != "" {
		kinds := map[string]string{
			"CONNECTION_RESET_BY_PEER": "reset", "EMPTY_RESPONSE": "empty", "MALFORMED_RESPONSE_CHUNK": "truncate", "RANDOM_DATA_THEN_CLOSE": "garbage",
		}
		if kinds[fault] == "" {
			t.tell("warning", pointer+"/fault", "there is no fault "+fault+" here; it is left out")
		} else {
			stub["fault"] = kinds[fault]
		}
	}
}
