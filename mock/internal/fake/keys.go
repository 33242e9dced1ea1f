package fake

import (
	"encoding/json"
	"slices"

	"standin/mock/internal/source"
	"standin/mock/schema"
)

// invent makes the name of a property that nobody named: by a pattern, by propertyNames, or freely.
func (m *members) invent(d *dice, try int) (string, *Unsatisfiable) {
	var rules []*schema.Schema
	var patterns []*schema.Schema
	for _, part := range m.shape.parts {
		if part.PropertyNames != nil && !slices.Contains(rules, part.PropertyNames) {
			rules = append(rules, part.PropertyNames)
		}
		if part.PatternProperties != nil {
			patterns = append(patterns, part)
		}
	}
	if len(patterns) > 0 && try%3 != 2 {
		part := patterns[try%len(patterns)]
		p := part.PatternProperties[try/3%len(part.PatternProperties)]
		if name, ok := p.Pattern.Sample(d.IntN, 1, -1); ok && (len(rules) == 0 || m.forbids(name, nil) == "") {
			return name, nil
		}
	}
	if len(rules) > 0 {
		at := &place{up: m.at, name: "key", token: "", depth: m.at.depth + 1, index: try, seed: d.Uint64()}
		text := blank()
		text.Types = schema.StringType
		v, err := m.node(append(rules, text), at)
		if err != nil {
			return "", err
		}
		name, _ := v.(string)
		return name, nil
	}
	return freeKey(m.at.name, d, try), nil
}

// freeKey is a name that looks right in a map called so.
func freeKey(name string, d *dice, try int) string {
	keys := []string{"primary", "secondary", "standard", "express", "archive", "preview", "mobile", "desktop", "internal", "public"}
	switch n := splitName(name); {
	case n.any("labels", "label", "tags", "tag", "metadata", "annotations", "attributes", "properties"):
		keys = []string{"team", "environment", "region", "tier", "owner", "release", "purpose", "source"}
	case n.any("headers", "header"):
		keys = []string{"x-request-id", "cache-control", "x-client", "accept-language"}
	case n.any("languages", "translations", "locales", "locale", "i18n"):
		keys = []string{"en", "de", "fr", "es", "it", "sv", "ja", "pt"}
	case n.any("stock", "counts", "status", "statuses", "state", "states"):
		keys = []string{"available", "pending", "sold", "reserved", "returned"}
	case n.any("env", "environment", "variables", "vars"):
		keys = []string{"LOG_LEVEL", "REGION", "CACHE_URL", "MODE", "PORT"}
	case n.any("errors", "error", "fields", "violations"):
		keys = []string{"name", "email", "quantity", "date"}
	}
	key := keys[(try+d.IntN(len(keys)))%len(keys)]
	if try > 2*len(keys) {
		key += sprintf("%d", try)
	}
	return key
}

// canonical is a text that equal values share.
func canonical(v any) string { return string(appendCanonical(nil, v)) }

func appendCanonical(b []byte, v any) []byte {
	switch v := v.(type) {
	case string:
		return source.AppendString(b, v)
	case bool:
		if v {
			return append(b, "true"...)
		}
		return append(b, "false"...)
	case json.Number:
		if n, err := schema.ParseNumber(string(v)); err == nil {
			return append(b, decimalText(n.Rat())...)
		}
		return append(b, v...)
	case []any:
		b = append(b, '[')
		for _, item := range v {
			b = append(appendCanonical(b, item), ',')
		}
		return append(b, ']')
	case map[string]any:
		names := make([]string, 0, len(v))
		for name := range v {
			names = append(names, name)
		}
		slices.Sort(names)
		b = append(b, '{')
		for _, name := range names {
			b = append(source.AppendString(b, name), ':')
			b = append(appendCanonical(b, v[name]), ',')
		}
		return append(b, '}')
	}
	return append(b, "null"...)
}

// keeps tells whether a scalar keeps what the shape says of its type; containers are left to the check.
func (sh *shape) keeps(v any) bool {
	switch v := v.(type) {
	case string:
		return sh.matchesText(v)
	case json.Number:
		n, err := schema.ParseNumber(string(v))
		return err == nil && sh.holds(n.Rat())
	}
	return true
}
