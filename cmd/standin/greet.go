package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"standin/mock/contract"
)

// greet prints what is served, a curl line that works, and what is wrong with the document.
func (a *app) greet(ctx context.Context, one served, certificate *tls.Certificate) {
	d, server, base := one.document, one.server, one.base
	c := server.Contract()
	info := c.Info()
	if d.demo {
		fmt.Fprintln(a.stdout, "No document was named, so this is the DEMO. Serve your own with: standin openapi.yaml")
	}
	prefix := strings.TrimSuffix(c.Prefixes()[0], "/")
	fmt.Fprintf(a.stdout, "%s %s: %s on %s%s\n", info.Title, info.Version, count(len(c.Operations()), "operation"), base, prefix)
	if docs := server.DocsPath(); docs != "" {
		fmt.Fprintf(a.stdout, "  read it and try it: %s%s/\n", base, docs)
	}
	t := trial{contract: c, base: base, prefix: prefix, client: http.DefaultClient}
	if certificate != nil {
		t.trust(certificate)
		fmt.Fprintf(a.stdout, "  its certificate: SHA-256 %x\n", sha256.Sum256(certificate.Certificate[0]))
	}
	for _, line := range t.lines(ctx) {
		fmt.Fprintln(a.stdout, "  "+line)
	}
	if found := server.Diagnostics(ctx); len(found) > 0 {
		fmt.Fprintf(a.stdout, "%s: %s, the first: %s\n", d.name(), tally(found), worst(found))
		fmt.Fprintf(a.stdout, "  all of them: standin check %s\n", d.path)
	}
}

// worst is the first error, or the first warning where there is none.
func worst(found []contract.Diagnostic) contract.Diagnostic {
	return found[max(0, slices.IndexFunc(found, func(d contract.Diagnostic) bool { return d.Level == contract.Error }))]
}

// trust lets the lines reach a server whose certificate nobody else vouches for.
func (t *trial) trust(certificate *tls.Certificate) {
	pool := x509.NewCertPool()
	if leaf, err := x509.ParseCertificate(certificate.Certificate[0]); err == nil {
		pool.AddCert(leaf)
	}
	t.client = &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}}}
	t.insecure = "-k "
}

// lines gives command lines that answer 2xx as they stand: a login where the document declares one, then a plain request.
func (t *trial) lines(ctx context.Context) []string {
	t.readLogin()
	var lines []string
	if t.login != nil {
		lines = append(lines, t.loginLine())
		if err := t.logIn(ctx); err != nil {
			return lines
		}
	}
	if op := t.pick(); op != nil {
		lines = append(lines, t.line(op))
	}
	return lines
}

// trial composes the first requests that somebody tries.
type trial struct {
	contract     *contract.Contract
	base, prefix string
	client       *http.Client
	insecure     string // the option of curl that accepts any certificate, "" if it is not needed

	login      *contract.Login
	loginBody  []byte
	credential string // the header's value, once logged in
}

// readLogin takes the document's login and the example of its body that works.
func (t *trial) readLogin() {
	login := t.contract.Login()
	if login == nil || login.Operation.RequestBody() == nil {
		return
	}
	for _, m := range login.Operation.RequestBody().Content {
		for _, e := range m.Examples {
			if len(e.Violations) == 0 && e.Value != nil && (t.loginBody == nil || e.Name == login.Example) {
				t.loginBody = e.Value.AppendJSON(nil)
			}
		}
	}
	if t.loginBody != nil {
		t.login = login
	}
}

func (t *trial) loginLine() string {
	return fmt.Sprintf("curl -s %s-X %s %s -H 'Content-Type: application/json' -d %s", t.insecure, t.login.Operation.Method, t.url(t.login.Operation), shellQuote(string(t.loginBody)))
}

// logIn does what the line says, to learn the token.
func (t *trial) logIn(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, t.login.Operation.Method, t.url(t.login.Operation), bytes.NewReader(t.loginBody))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	answer, err := t.client.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(io.LimitReader(answer.Body, 1<<20))
	if err != nil {
		return err
	}
	var v any
	if err := json.Unmarshal(text, &v); err != nil {
		return err
	}
	for token := range strings.SplitSeq(strings.TrimPrefix(t.login.Token, "/"), "/") {
		object, _ := v.(map[string]any)
		v = object[token]
	}
	token, ok := v.(string)
	if !ok {
		return fmt.Errorf("the login's answer has no text at %s", t.login.Token)
	}
	t.credential = strings.ReplaceAll(t.login.Format, "{token}", token)
	return nil
}

// pick chooses the operation to try: x-mock.try at the root, else the first GET that needs nothing, else the first whose
// parameters all have examples.
func (t *trial) pick() *contract.Operation {
	if op := t.contract.Operation(t.contract.Root().Get("x-mock").Get("try").Text()); op != nil {
		return op
	}
	var second *contract.Operation
	for _, op := range t.contract.Operations() {
		if op.Method != http.MethodGet || op.Internal() || op.Broken() {
			continue
		}
		required, known := t.needs(op)
		if required == 0 {
			return op
		}
		if second == nil && known == required {
			second = op
		}
	}
	return second
}

// needs counts the required parameters of op, and those of them whose value we know.
func (t *trial) needs(op *contract.Operation) (required, known int) {
	for _, p := range op.Parameters() {
		if !p.Required {
			continue
		}
		required++
		if p.In == "path" || p.In == "query" {
			if _, ok := plain(p); ok {
				known++
			}
		}
	}
	return required, known
}

// plain gives an example of a parameter that is one plain value.
func plain(p *contract.Parameter) (string, bool) {
	for _, e := range p.Examples {
		if e.Value != nil && e.Value.Text() != "" && len(e.Violations) == 0 {
			return e.Value.Text(), true
		}
	}
	if p.Schema == nil {
		return "", false
	}
	if p.Schema.Default != nil && p.Schema.Default.Text() != "" {
		return p.Schema.Default.Text(), true
	}
	if len(p.Schema.Enum) > 0 {
		return fmt.Sprint(p.Schema.Enum[0]), true
	}
	return "", false
}

func (t *trial) line(op *contract.Operation) string {
	line := "curl -s " + t.insecure + shellQuote(t.url(op))
	for _, h := range t.credentials(op) {
		line += " " + h
	}
	return line
}

// url is that of op, with the known values of its required parameters.
func (t *trial) url(op *contract.Operation) string {
	path, query := op.Template, url.Values{}
	for _, p := range op.Parameters() {
		value, ok := plain(p)
		switch {
		case !ok || !p.Required:
		case p.In == "path":
			path = strings.ReplaceAll(path, "{"+p.Name+"}", url.PathEscape(value))
		case p.In == "query":
			query.Set(p.Name, value)
		}
	}
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	return t.base + t.prefix + path
}

// credentials are the options of curl that satisfy the first security alternative.
func (t *trial) credentials(op *contract.Operation) []string {
	alternatives := op.Security()
	if len(alternatives) == 0 {
		return nil
	}
	var out []string
	for _, s := range alternatives[0] {
		switch {
		case t.credential != "" && s.Type == "apiKey" && s.In == "header":
			out = append(out, "-H "+shellQuote(s.Name+": "+t.credential))
		case s.Type == "apiKey" && s.In == "header":
			out = append(out, "-H "+shellQuote(s.Name+": demo"))
		case s.Type == "apiKey" && s.In == "cookie":
			out = append(out, "-b "+shellQuote(s.Name+"=demo"))
		case s.Type == "apiKey" && s.In == "query":
			out = append(out, "-G -d "+shellQuote(s.Name+"=demo"))
		case s.Type == "http" && s.Scheme == "basic":
			out = append(out, "-u demo:demo")
		case t.credential != "":
			out = append(out, "-H "+shellQuote("Authorization: "+t.credential))
		default:
			out = append(out, "-H 'Authorization: Bearer demo'")
		}
	}
	return out
}

// shellQuote writes s as one word of a POSIX shell.
func shellQuote(s string) string {
	if !strings.ContainsAny(s, " \t\n\"'`$&|;<>()*?[]#~=%!{}\\") {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
