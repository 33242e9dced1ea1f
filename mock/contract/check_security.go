package contract

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
)

// security demands one of the alternatives: each scheme of it present and well formed. Whether a credential is accepted is not
// the document's to say. If none is met, the alternative with the fewest faults is reported.
func (k *checker) security() {
	var nearest []Violation
	for i, requirement := range k.compiled.security {
		var broken []Violation
		for _, s := range requirement {
			if problem := k.credential(s); problem != "" {
				broken = append(broken, Violation{In: "security", Name: s.ID, Message: problem, Keyword: "security", Rule: s.Position})
			}
		}
		if len(broken) == 0 {
			return
		}
		if i == 0 || len(broken) < len(nearest) {
			nearest = broken
		}
	}
	for _, v := range nearest {
		k.add(v)
	}
}

// credential says what is wrong with the credential of a scheme, "" if nothing is.
func (k *checker) credential(s Scheme) string {
	switch s.Type {
	case "apiKey":
		if !k.hasKey(s) {
			return fmt.Sprintf("the %s %s must carry the key, and is missing or empty", s.In, s.Name)
		}
	case "http":
		return authorization(k.request.Header, s.Scheme)
	case "oauth2", "openIdConnect":
		return authorization(k.request.Header, "bearer")
	}
	return ""
}

func (k *checker) hasKey(s Scheme) bool {
	switch s.In {
	case "header":
		for _, line := range k.request.Header[http.CanonicalHeaderKey(s.Name)] {
			if strings.TrimSpace(line) != "" {
				return true
			}
		}
		return false
	case "query":
		if k.query == nil {
			return false
		}
		value, _ := k.query.Get(s.Name)
		return value != ""
	}
	for _, line := range k.request.Header["Cookie"] {
		for pair := range strings.SplitSeq(line, ";") {
			if name, value, _ := strings.Cut(strings.TrimSpace(pair), "="); name == s.Name && value != "" {
				return true
			}
		}
	}
	return false
}

// authorization says what is wrong with the Authorization header for an HTTP scheme (RFC 9110, 11.6.2).
func authorization(h http.Header, scheme string) string {
	line := strings.TrimSpace(h.Get("Authorization"))
	if line == "" {
		return fmt.Sprintf("the header Authorization must carry %s credentials, and is missing", scheme)
	}
	name, rest, _ := strings.Cut(line, " ")
	rest = strings.TrimSpace(rest)
	switch {
	case scheme != "" && !strings.EqualFold(name, scheme):
		return fmt.Sprintf("the header Authorization must be of the scheme %s", scheme)
	case rest == "":
		return "the header Authorization has no credentials after its scheme"
	case scheme == "basic":
		decoded, err := base64.StdEncoding.DecodeString(rest)
		if err != nil || !strings.Contains(string(decoded), ":") {
			return "basic credentials are user:password in Base64 (RFC 7617)"
		}
	case scheme == "bearer" && !token68(rest):
		return "a bearer token has letters, digits and -._~+/ only, with = at its end (RFC 6750, 2.1)"
	}
	return ""
}

// token68 tells whether s is of the token68 syntax of RFC 9110, 11.2.
func token68(s string) bool {
	body := strings.TrimRight(s, "=")
	for i := range len(body) {
		c := body[i]
		if (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && strings.IndexByte("-._~+/", c) < 0 {
			return false
		}
	}
	return body != ""
}
