package contract

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"standin/mock/internal/source"
)

// Expression is a text with runtime expressions of OpenAPI in it (3.1, 4.8.20.4): "{$request.body#/callbackUrl}?id={$response.body#/id}",
// or one that is nothing but such an expression.
type Expression struct {
	text  string
	parts []expressionPart
}

// expressionPart is text as it stands, or what an expression leads to.
type expressionPart struct {
	literal string
	// of is url, method, statusCode, request or response; "" for a literal. in is header, query, path or body.
	of, in string
	// name is that of the header or parameter, or the JSON Pointer into a body.
	name string
}

// Outcome is an exchange that expressions lead into.
type Outcome struct {
	Request *Request
	// Values are the decoded inputs of the request.
	Values Values
	// Method is the request's; Base is the URL in front of the path of the request, "" for none.
	Method, Base string
	Status       int
	Header       http.Header
	// Body is the answer's as a value, nil for none.
	Body any
}

// ParseExpression reads a text with runtime expressions.
func ParseExpression(text string) (*Expression, error) {
	e := &Expression{text: text}
	if strings.HasPrefix(text, "$") {
		part, err := parseRuntime(text)
		e.parts = append(e.parts, part)
		return e, err
	}
	for rest := text; rest != ""; {
		before, after, found := strings.Cut(rest, "{$")
		if before != "" {
			e.parts = append(e.parts, expressionPart{literal: before})
		}
		if !found {
			break
		}
		inner, tail, closed := strings.Cut(after, "}")
		if !closed {
			return nil, fmt.Errorf("the expression %q is not closed", "{$"+after)
		}
		part, err := parseRuntime("$" + inner)
		if err != nil {
			return nil, err
		}
		e.parts, rest = append(e.parts, part), tail
	}
	return e, nil
}

// parseRuntime reads one runtime expression.
func parseRuntime(text string) (expressionPart, error) {
	switch text {
	case "$url", "$method", "$statusCode":
		return expressionPart{of: text[1:]}, nil
	}
	of, rest, _ := strings.Cut(text[1:], ".")
	in, name, named := strings.Cut(rest, ".")
	body, pointer, pointed := strings.Cut(rest, "#")
	switch {
	case of != "request" && of != "response":
	case body == "body" && (!pointed || pointer == "" || pointer[0] == '/'):
		return expressionPart{of: of, in: "body", name: pointer}, nil
	case named && name != "" && (in == "header" || of == "request" && (in == "query" || in == "path")):
		return expressionPart{of: of, in: in, name: name}, nil
	}
	return expressionPart{}, fmt.Errorf("%q is no runtime expression; one looks like $request.body#/callbackUrl, $request.query.url or $response.header.Location", text)
}

// String is the text as written, "" for nil.
func (e *Expression) String() string {
	if e == nil {
		return ""
	}
	return e.text
}

// In gives the text with the values of an exchange; ok is false where an expression leads to nothing, or to what is no text. What stands
// behind a question mark is encoded as queries are.
func (e *Expression) In(o *Outcome) (text string, ok bool) {
	var b strings.Builder
	inQuery := false
	for _, p := range e.parts {
		value, ok := p.literal, true
		if p.of != "" {
			value, ok = p.value(o)
		}
		switch {
		case !ok:
			return "", false
		case inQuery && p.of != "":
			value = url.QueryEscape(value)
		}
		b.WriteString(value)
		inQuery = inQuery || strings.Contains(value, "?")
	}
	return b.String(), true
}

// value is what the expression leads to.
func (p expressionPart) value(o *Outcome) (string, bool) {
	switch p.of {
	case "url":
		return o.Base + o.Request.URL.RequestURI(), true
	case "method":
		return o.Method, true
	case "statusCode":
		return strconv.Itoa(o.Status), true
	case "response":
		if p.in == "header" {
			return firstOf(o.Header[http.CanonicalHeaderKey(p.name)])
		}
		return inside(o.Body, p.name)
	}
	switch p.in {
	case "header":
		return firstOf(o.Request.Header[http.CanonicalHeaderKey(p.name)])
	case "query":
		return firstOf(o.Request.URL.Query()[p.name])
	case "path":
		return scalar(o.Values.Path[p.name])
	}
	return inside(o.Values.Body, p.name)
}

func firstOf(values []string) (string, bool) {
	if len(values) == 0 || values[0] == "" {
		return "", false
	}
	return values[0], true
}

// inside is the scalar at a JSON Pointer (RFC 6901) of a value.
func inside(v any, pointer string) (string, bool) {
	if pointer == "" {
		return scalar(v)
	}
	for token := range strings.SplitSeq(pointer[1:], "/") {
		switch t := v.(type) {
		case map[string]any:
			v = t[source.Unescape(token)]
		case []any:
			i, err := strconv.Atoi(token)
			if err != nil || i < 0 || i >= len(t) {
				return "", false
			}
			v = t[i]
		default:
			return "", false
		}
	}
	return scalar(v)
}

func scalar(v any) (string, bool) {
	switch t := v.(type) {
	case string:
		return t, t != ""
	case json.Number:
		return t.String(), true
	case bool:
		return strconv.FormatBool(t), true
	}
	return "", false
}
