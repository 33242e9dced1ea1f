package verify_test

import (
	"encoding/json"
	"math/big"
	"net/mail"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// rule is what a server written by hand knows of a value. It knows nothing of documents and their schemas.
type rule struct {
	kind      string // text, integer, number, flag, list, object
	low, high string // bounds of a number, or of the length of a text or a list; "" for none
	step      string
	pattern   *regexp.Regexp
	form      func(string) bool
	members   []string
	null      bool
	unique    bool
	items     *rule
	fields    map[string]*rule
	must      []string
	closed    bool
}

func text(low, high string) *rule    { return &rule{kind: "text", low: low, high: high} }
func integer(low, high string) *rule { return &rule{kind: "integer", low: low, high: high} }
func number(low, high string) *rule  { return &rule{kind: "number", low: low, high: high} }
func flag() *rule                    { return &rule{kind: "flag"} }
func matching(p string) *rule        { return &rule{kind: "text", pattern: regexp.MustCompile(p)} }
func oneOf(members ...string) *rule  { return &rule{kind: "text", members: members} }
func listOf(items *rule, low, high string) *rule {
	return &rule{kind: "list", items: items, low: low, high: high}
}

func object(must []string, fields map[string]*rule) *rule {
	return &rule{kind: "object", must: must, fields: fields}
}

func (r *rule) orNull() *rule          { r.null = true; return r }
func (r *rule) alone() *rule           { r.closed = true; return r }
func (r *rule) distinct() *rule        { r.unique = true; return r }
func (r *rule) by(step string) *rule   { r.step = step; return r }
func (r *rule) with(p string) *rule    { r.pattern = regexp.MustCompile(p); return r }
func formed(f func(string) bool) *rule { return &rule{kind: "text", form: f} }

func isEmail(s string) bool {
	a, err := mail.ParseAddress(s)
	return err == nil && a.Address == s
}

func isDate(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}

var uuids = regexp.MustCompile(`^[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$`)

// wrong tells whether a value at a place breaks the rule; lax names what the server forgets to look at, as "/name maxLength".
func (r *rule) wrong(v any, at string, lax string) bool {
	forgets := func(word string) bool { return lax == strings.TrimSpace(at+" "+word) }
	if r.kind == "author" { // a name, or an object with one
		name, isText := v.(string)
		o, _ := v.(map[string]any)
		_, named := o["name"].(string)
		return !(isText && name != "" || named)
	}
	if v == nil {
		return !r.null && !forgets("null") && !forgets("type")
	}
	switch v := v.(type) {
	case string:
		return r.wrongText(v, forgets)
	case json.Number:
		return r.wrongNumber(v, forgets)
	case bool:
		return r.kind != "flag" && !forgets("type")
	case []any:
		return r.wrongList(v, at, lax)
	case map[string]any:
		return r.wrongObject(v, at, lax)
	}
	return true
}

func (r *rule) wrongText(v string, forgets func(string) bool) bool {
	if r.kind != "text" {
		return !forgets("type")
	}
	length := json.Number(strconv.Itoa(len([]rune(v))))
	return r.low != "" && less(length, r.low) && !forgets("minLength") || r.high != "" && less(json.Number(r.high), string(length)) && !forgets("maxLength") ||
		r.pattern != nil && !r.pattern.MatchString(v) && !forgets("pattern") || r.form != nil && !r.form(v) && !forgets("format") ||
		r.members != nil && !slices.Contains(r.members, v) && !forgets("enum")
}

func (r *rule) wrongNumber(v json.Number, forgets func(string) bool) bool {
	n, ok := new(big.Rat).SetString(v.String())
	if r.kind != "integer" && r.kind != "number" || r.kind == "integer" && ok && !n.IsInt() {
		return !forgets("type")
	}
	if r.step != "" && ok && !forgets("multipleOf") {
		step, _ := new(big.Rat).SetString(r.step)
		if !new(big.Rat).Quo(n, step).IsInt() {
			return true
		}
	}
	return r.low != "" && less(v, r.low) && !forgets("minimum") || r.high != "" && less(json.Number(r.high), v.String()) && !forgets("maximum")
}

func (r *rule) wrongList(v []any, at, lax string) bool {
	forgets := func(word string) bool { return lax == strings.TrimSpace(at+" "+word) }
	if r.kind != "list" {
		return !forgets("type")
	}
	length := json.Number(strconv.Itoa(len(v)))
	if r.low != "" && less(length, r.low) && !forgets("minItems") || r.high != "" && less(json.Number(r.high), string(length)) && !forgets("maxItems") {
		return true
	}
	seen := map[string]bool{}
	for _, one := range v {
		if r.items.wrong(one, at+"/*", lax) {
			return true
		}
		text, _ := json.Marshal(one)
		if r.unique && seen[string(text)] && !forgets("uniqueItems") {
			return true
		}
		seen[string(text)] = true
	}
	return false
}

func (r *rule) wrongObject(v map[string]any, at, lax string) bool {
	forgets := func(word string) bool { return lax == strings.TrimSpace(at+" "+word) }
	if r.kind != "object" {
		return !forgets("type")
	}
	for _, name := range r.must {
		if _, there := v[name]; !there && lax != at+"/"+name+" required" {
			return true
		}
	}
	if r.low == "1" && len(v) == 0 {
		return true
	}
	for name, one := range v {
		known := r.fields[name]
		if known == nil && r.closed && !forgets("additionalProperties") || known != nil && known.wrong(one, at+"/"+name, lax) {
			return true
		}
	}
	return false
}

func less(a json.Number, b string) bool {
	x, okX := new(big.Rat).SetString(a.String())
	y, okY := new(big.Rat).SetString(b)
	return okX && okY && x.Cmp(y) < 0
}
