package requests

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Document is what is written: the requests of a document, and where to send them.
type Document struct {
	Title, Version string
	// Base is the URL in front of every target, without a slash at its end.
	Base      string
	Requests  []Request
	Variables []Variable
}

// Formats are those of [Write].
func Formats() []string { return []string{"http", "curl", "k6", "postman"} }

// Write writes the requests in a format.
func Write(w io.Writer, format string, d *Document) error {
	var text string
	switch format {
	case "http":
		text = d.http()
	case "curl":
		text = d.curl()
	case "k6":
		text = d.k6()
	case "postman":
		text = d.postman()
	default:
		return fmt.Errorf("the format is http, curl, k6 or postman, not %q", format)
	}
	_, err := io.WriteString(w, text)
	return err
}

// spell writes a text with variables: plain parts as literal writes them, variables as variable does.
func spell(text string, literal, variable func(string) string) string {
	var b strings.Builder
	for i, part := range strings.Split(text, "\x00") {
		if i%2 == 1 {
			b.WriteString(variable(part))
		} else if part != "" {
			b.WriteString(literal(part))
		}
	}
	return b.String()
}

func same(s string) string   { return s }
func braces(s string) string { return "{{" + s + "}}" }

// oneLine keeps a text from ending a comment.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// http writes the format of the HTTP clients of editors: requests between lines of ###, variables in braces.
func (d *Document) http() string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s %s\n# Variables in braces are set here, or in the environment of the editor.\n@BASE_URL = %s\n", oneLine(d.Title), oneLine(d.Version), d.Base)
	for _, v := range d.Variables {
		fmt.Fprintf(&b, "# @%s = %s\n", v.Name, v.About)
	}
	for i := range d.Requests {
		r := &d.Requests[i]
		fmt.Fprintf(&b, "\n### %s\n", oneLine(r.Title()))
		switch {
		case r.Failed != "":
			fmt.Fprintf(&b, "# no valid request could be made: %s\n", oneLine(r.Failed))
			continue
		case !writable(r.Body):
			b.WriteString("# its body is no text, which a file of this format cannot hold\n")
			continue
		}
		fmt.Fprintf(&b, "%s {{BASE_URL}}%s\n", r.Operation.Method, spell(r.Target, same, braces))
		for _, h := range r.Header {
			fmt.Fprintf(&b, "%s: %s\n", h.Name, spell(h.Value, same, braces))
		}
		if len(r.Body) > 0 {
			b.WriteString("\n" + string(r.Body) + "\n")
		}
	}
	return b.String()
}

// writable tells that a body can stand in a file of requests: it is text, and no line of it separates requests.
func writable(body []byte) bool {
	return utf8.Valid(body) && !strings.Contains("\n"+string(body), "\n###")
}

// shell quotes a text as one word of a POSIX shell.
func shell(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }

// curl writes a script for a POSIX shell. It tells each answer's status, and ends with 1 if one was 400 or above.
func (d *Document) curl() string {
	var b strings.Builder
	fmt.Fprintf(&b, "#!/bin/sh\n# %s %s: BASE_URL=… sh this.sh\n", oneLine(d.Title), oneLine(d.Version))
	fmt.Fprintf(&b, "BASE_URL=${BASE_URL:-%s}\n", shell(d.Base))
	for _, v := range d.Variables {
		fmt.Fprintf(&b, ": \"${%s:?%s is needed}\"\n", v.Name, strings.NewReplacer("`", "", "$", "", `"`, "", `\`, "", "}", "").Replace(oneLine(v.About)))
	}
	b.WriteString(`failed=0
send() {
	name=$1; shift
	status=$(curl -sS -o /dev/null -w '%{http_code}' "$@") || status=000
	echo "$status $name"
	case $status in [123]??) ;; *) failed=1 ;; esac
}
`)
	for i := range d.Requests {
		r := &d.Requests[i]
		b.WriteString("\n")
		if r.Failed != "" {
			fmt.Fprintf(&b, "# %s: no valid request could be made: %s\n", oneLine(r.Title()), oneLine(r.Failed))
			continue
		}
		line := []string{"send " + shell(r.Title()) + " -X " + r.Operation.Method + ` "$BASE_URL"` + spell(r.Target, shell, shellVariable)}
		if r.Operation.Method == "HEAD" {
			line[0] = "send " + shell(r.Title()) + ` -I "$BASE_URL"` + spell(r.Target, shell, shellVariable)
		}
		for _, h := range r.Header {
			line = append(line, "-H "+spell(h.Name+": "+h.Value, shell, shellVariable))
		}
		switch {
		case len(r.Body) == 0:
		case utf8.Valid(r.Body):
			line = append(line, "--data-raw "+shell(string(r.Body)))
		default:
			line = append(line, "--data-binary @-")
			line[0] = "printf %s " + shell(base64.StdEncoding.EncodeToString(r.Body)) + " | base64 -d | " + line[0]
		}
		b.WriteString(strings.Join(line, " \\\n\t") + "\n")
	}
	b.WriteString("\nexit $failed\n")
	return b.String()
}

func shellVariable(name string) string { return `"$` + name + `"` }

// script quotes a text as a string of JavaScript.
func script(s string) string {
	text, err := json.Marshal(s)
	if err != nil {
		return `""`
	}
	return string(text)
}

// k6 writes a script for k6: each request with a check that it was not refused.
func (d *Document) k6() string {
	var b strings.Builder
	fmt.Fprintf(&b, "// %s %s: k6 run -e BASE_URL=… this.js\nimport http from 'k6/http';\nimport encoding from 'k6/encoding';\nimport { check } from 'k6';\n\n", oneLine(d.Title), oneLine(d.Version))
	fmt.Fprintf(&b, "const base = __ENV.BASE_URL || %s;\n", script(d.Base))
	b.WriteString("const requests = [\n")
	for i := range d.Requests {
		r := &d.Requests[i]
		if r.Failed != "" {
			fmt.Fprintf(&b, "  // %s: no valid request could be made: %s\n", oneLine(r.Title()), oneLine(r.Failed))
			continue
		}
		body := "null"
		switch {
		case len(r.Body) == 0:
		case utf8.Valid(r.Body):
			body = script(string(r.Body))
		default:
			body = "encoding.b64decode(" + script(base64.StdEncoding.EncodeToString(r.Body)) + ")"
		}
		fmt.Fprintf(&b, "  { name: %s, method: %s, target: %s, body: %s, headers: {", script(r.Title()), script(r.Operation.Method), expression(r.Target), body)
		for n, h := range r.Header {
			if n > 0 {
				b.WriteString(",")
			}
			fmt.Fprintf(&b, " %s: %s", script(h.Name), expression(h.Value))
		}
		b.WriteString(" } },\n")
	}
	b.WriteString(`];

export default function () {
  for (const r of requests) {
    const answer = http.request(r.method, base + r.target, r.body, { headers: r.headers, tags: { name: r.name } });
    check(answer, { [r.name + ' is answered']: (a) => a.status > 0 && a.status < 400 });
  }
}
`)
	return b.String()
}

// expression writes a text with variables as an expression of JavaScript.
func expression(text string) string {
	var parts []string
	for i, part := range strings.Split(text, "\x00") {
		if i%2 == 1 {
			parts = append(parts, "__ENV."+part)
		} else if part != "" || i == 0 && !strings.Contains(text, "\x00") {
			parts = append(parts, script(part))
		}
	}
	return strings.Join(parts, " + ")
}

type postmanItem struct {
	Name        string           `json:"name"`
	Description string           `json:"description,omitempty"`
	Item        []postmanItem    `json:"item,omitempty"`
	Request     *postmanRequest  `json:"request,omitempty"`
	Event       []map[string]any `json:"event,omitempty"`
}

type postmanRequest struct {
	Method string         `json:"method"`
	Header []postmanPair  `json:"header"`
	Body   map[string]any `json:"body,omitempty"`
	URL    map[string]any `json:"url"`
}

type postmanPair struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

// postman writes a collection of version 2.1, a folder for each tag.
func (d *Document) postman() string {
	root := map[string]any{
		"info": map[string]any{
			"name": strings.TrimSpace(d.Title + " " + d.Version), "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json",
		},
	}
	variables := []postmanPair{{"BASE_URL", d.Base}}
	for _, v := range d.Variables {
		variables = append(variables, postmanPair{v.Name, ""})
	}
	root["variable"] = variables
	var items []postmanItem
	folders := map[string]int{}
	for i := range d.Requests {
		r := &d.Requests[i]
		if r.Failed != "" || !utf8.Valid(r.Body) {
			continue
		}
		one := r.postman()
		if tags := r.Operation.Tags(); len(tags) > 0 {
			at, ok := folders[tags[0]]
			if !ok {
				at = len(items)
				folders[tags[0]] = at
				items = append(items, postmanItem{Name: tags[0]})
			}
			items[at].Item = append(items[at].Item, one)
			continue
		}
		items = append(items, one)
	}
	root["item"] = items
	text, err := json.MarshalIndent(root, "", "  ")
	if err != nil {
		return ""
	}
	return string(text) + "\n"
}

func (r *Request) postman() postmanItem {
	target := spell(r.Target, same, braces)
	path, query, _ := strings.Cut(target, "?")
	address := map[string]any{"raw": "{{BASE_URL}}" + target, "host": []string{"{{BASE_URL}}"}, "path": strings.Split(strings.TrimPrefix(path, "/"), "/")}
	if query != "" {
		var pairs []postmanPair
		for pair := range strings.SplitSeq(query, "&") {
			key, value, _ := strings.Cut(pair, "=")
			pairs = append(pairs, postmanPair{key, value})
		}
		address["query"] = pairs
	}
	out := &postmanRequest{Method: r.Operation.Method, Header: []postmanPair{}, URL: address}
	language := "text"
	for _, h := range r.Header {
		out.Header = append(out.Header, postmanPair{h.Name, spell(h.Value, same, braces)})
		if strings.EqualFold(h.Name, "Content-Type") && strings.Contains(h.Value, "json") {
			language = "json"
		}
	}
	if len(r.Body) > 0 {
		out.Body = map[string]any{"mode": "raw", "raw": string(r.Body), "options": map[string]any{"raw": map[string]any{"language": language}}}
	}
	return postmanItem{Name: r.Title(), Description: r.Operation.Summary(), Request: out, Event: []map[string]any{{
		"listen": "test",
		"script": map[string]any{"type": "text/javascript", "exec": []string{
			"pm.test('is answered', () => pm.expect(pm.response.code).to.be.below(" + strconv.Itoa(400) + "));",
		}},
	}}}
}
