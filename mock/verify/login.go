package verify

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"standin/mock/contract"
	"standin/mock/internal/source"
)

// keys are the credentials of a run: what was given for a security scheme, and what a login gives.
type keys struct {
	mu    sync.Mutex
	of    map[string]string // by id of the scheme
	login *login
}

// login is how a credential is got.
type login struct {
	operation *contract.Operation
	logout    *contract.Operation
	draft     *draft
	token     string // JSON Pointer of the answer
	scheme    string // "" for every one
	format    string
}

// loginOf is the document's login, as its root says in x-mock.login; nil if there is none, or if its request cannot be made.
func (r *run) loginOf() *login {
	l := r.contract.Login()
	if l == nil || r.skipsLogin(l) {
		return nil
	}
	d, err := r.draftOf(l.Operation, 0, false)
	if err != nil {
		return nil
	}
	if d.media != nil {
		for _, x := range d.media.Examples {
			if x.Name == l.Example && x.Value != nil && len(x.Violations) == 0 {
				d.body, d.has = x.Value.Value(), true
			}
		}
	}
	return &login{operation: l.Operation, logout: l.Logout, draft: d, token: l.Token, scheme: l.Scheme, format: l.Format}
}

// skipsLogin tells that nobody needs to log in, as all operations that want the login's credential are given one.
func (r *run) skipsLogin(l *contract.Login) bool {
	for _, op := range r.contract.Operations() {
		for _, s := range slices.Concat(op.Security()...) {
			if (l.Scheme == "" || s.ID == l.Scheme) && !r.knows(s) {
				return false
			}
		}
	}
	return true
}

// logIn gets a credential, and keeps it.
func (r *run) logIn(ctx context.Context) error {
	l := r.keys.login
	if l == nil {
		return nil
	}
	a, _, _, sent, err := r.sendOnce(ctx, l.draft)
	switch {
	case err != nil:
		return fmt.Errorf("logging in with %s: %w", l.operation.ID, err)
	case !sent:
		return fmt.Errorf("logging in with %s: its request cannot be written", l.operation.ID)
	case a.status/100 != 2:
		return fmt.Errorf("logging in with %s: it is answered %d %s; say another login in the setup file, or false for none", l.operation.ID, a.status, line(a.body))
	}
	token, err := textAt(a.body, l.token)
	if err != nil {
		return fmt.Errorf("logging in with %s: %w", l.operation.ID, err)
	}
	r.keys.mu.Lock()
	r.keys.of[l.scheme] = strings.ReplaceAll(l.format, "{token}", token)
	r.keys.mu.Unlock()
	return nil
}

// line is the beginning of a text on one line.
func line(text []byte) string {
	out := strings.Join(strings.Fields(excerpt(text)), " ")
	return strings.ToValidUTF8(out[:min(len(out), 200)], "")
}

// textAt is the text or the number at a JSON Pointer (RFC 6901) of a JSON text.
func textAt(text []byte, pointer string) (string, error) {
	v, err := source.DecodeJSON(text, source.Limits{})
	if err != nil {
		return "", fmt.Errorf("its answer is no JSON: %w", err)
	}
	switch v := valueAt(v, pointer).(type) {
	case string:
		return v, nil
	case json.Number:
		return v.String(), nil
	}
	return "", fmt.Errorf("its answer has no text at %s", pointer)
}

// key is the credential that is known for a scheme. Of a login the format is applied already: whole tells that.
func (k *keys) key(id string) (value string, whole, known bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if v, ok := k.of[id]; ok {
		return v, k.login != nil && k.login.scheme == id, true
	}
	if k.login != nil && k.login.scheme == "" {
		v, ok := k.of[""]
		return v, true, ok
	}
	return "", false, false
}

// requirement is the alternative of an operation's security that is met: the first one whose credentials are all known, else the first.
func (r *run) requirement(op *contract.Operation) contract.Requirement {
	alternatives := op.Security()
	if len(alternatives) == 0 {
		return nil
	}
	for _, one := range alternatives {
		if !slices.ContainsFunc(one, func(s contract.Scheme) bool { return !r.knows(s) }) && len(one) > 0 {
			return one
		}
	}
	return alternatives[0]
}

// knows tells whether the run was given a credential of a scheme.
func (r *run) knows(s contract.Scheme) bool {
	_, _, known := r.keys.key(s.ID)
	return known || r.Header.Get(carrier(s)) != ""
}

// carrier is the header that carries a scheme's credential, "" if none does.
func carrier(s contract.Scheme) string {
	switch {
	case s.Type == "apiKey" && s.In == "header":
		return s.Name
	case s.Type == "apiKey" && s.In == "cookie":
		return "Cookie"
	case s.Type == "apiKey", s.Type == "mutualTLS":
		return ""
	}
	return "Authorization"
}

// authorize adds what was given for every request, and for the rest a credential in the form that the operation asks for; public drafts
// get none, those of wrong credentials ones that nobody gave out.
func (r *run) authorize(request *http.Request, d *draft) {
	required := r.requirement(d.op)
	if !d.public {
		for _, s := range required {
			value, whole, known := r.keys.key(s.ID)
			if !known {
				value = "standin"
			}
			if d.wrong {
				value = turned(value)
			}
			credential(request, s, value, whole)
		}
	}
	for name, values := range r.Header {
		carries := slices.ContainsFunc(d.op.Security(), func(q contract.Requirement) bool {
			return slices.ContainsFunc(q, func(s contract.Scheme) bool { return strings.EqualFold(carrier(s), name) })
		})
		switch {
		case !carries || !d.public && !d.wrong:
			request.Header[name] = values
		case d.wrong:
			request.Header.Set(name, turned(values[0]))
		}
	}
}

// turned is a credential of the same form that is another one: the last word with each digit and letter moved by one, so that what was
// hexadecimal still is.
func turned(value string) string {
	at := strings.LastIndexAny(value, " =") + 1
	if at == len(value) {
		at = 0
	}
	return value[:at] + strings.Map(func(c rune) rune {
		for _, circle := range []string{"0123456789", "abcdef", "ghijklmnopqrstuvwxyz", "ABCDEF", "GHIJKLMNOPQRSTUVWXYZ"} {
			if i := strings.IndexRune(circle, c); i >= 0 {
				return rune(circle[(i+1)%len(circle)])
			}
		}
		return c
	}, value[at:])
}

// credential puts a credential where its scheme has it. whole tells that it is all of what is sent, such as "Bearer TOKEN".
func credential(request *http.Request, s contract.Scheme, value string, whole bool) {
	switch {
	case s.Type == "apiKey" && s.In == "cookie":
		request.AddCookie(&http.Cookie{Name: s.Name, Value: value})
	case s.Type == "apiKey" && s.In == "query":
		pair := url.QueryEscape(s.Name) + "=" + url.QueryEscape(value)
		if request.URL.RawQuery != "" { // which stays as it is written: commas may separate
			pair = "&" + pair
		}
		request.URL.RawQuery += pair
	case s.Type == "apiKey", whole && s.Type != "mutualTLS":
		request.Header.Set(carrier(s), value)
	case s.Type == "http" && s.Scheme == "basic":
		name, password, _ := strings.Cut(value, ":")
		request.SetBasicAuth(name, password)
	case s.Type == "http" && s.Scheme == "digest":
		request.Header.Set("Authorization", `Digest username="`+value+`"`)
	case s.Type != "mutualTLS":
		request.Header.Set("Authorization", "Bearer "+value)
	}
}

// send sends a draft, and logs in once more where the credential of the login has ended.
func (r *run) send(ctx context.Context, d *draft) (a answer, request *http.Request, body []byte, sent bool, err error) {
	a, request, body, sent, err = r.sendOnce(ctx, d)
	if err != nil || !sent || a.status != http.StatusUnauthorized || r.keys.login == nil || d.public || d.wrong || d.op == r.keys.login.operation {
		return a, request, body, sent, err
	}
	if r.logIn(ctx) != nil {
		return a, request, body, sent, err
	}
	return r.sendOnce(ctx, d)
}
