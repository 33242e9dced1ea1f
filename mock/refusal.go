package mock

import (
	"net/http"
	"strconv"
	"strings"

	"standin/mock/contract"
	"standin/mock/internal/backend"
	"standin/mock/internal/behaviour"
	"standin/mock/internal/expr"
)

// refuse answers every request that breaks the contract, unless handling is lenient.
func refuse(x *exchange) (reply, bool, error) {
	violations := x.checked.Violations
	if len(violations) == 0 || x.lenient() {
		return reply{}, false, nil
	}
	status := refusalStatus(x.operation(), violations)
	p := newProblem(status, "violations", summary(violations))
	p.Violations = violations
	x.server.logRefusal(x.Request(), p)
	if rep, ok, err := declaredRefusal(x); ok || err != nil {
		return rep, ok, err
	}
	if status == http.StatusUnauthorized {
		x.Response().Header()["Www-Authenticate"] = challenges(x.operation(), x.site.contract.Info().Title)
	}
	if x.server.options.errors == Document {
		if rep, ok := documented(x, p); ok {
			return rep, true, nil
		}
	}
	return reply{status: status, contentType: problemType, body: p.json(), source: "refusal"}, true, nil
}

// declaredRefusal refuses as x-mock declares, if it does, and unless refusals are to be problems.
func declaredRefusal(x *exchange) (reply, bool, error) {
	if x.server.options.errors != Document || x.site.behaviour == nil {
		return reply{}, false, nil
	}
	call := x.call()
	var a backend.Answer
	var ok bool
	var err error
	if x.remembers() {
		a, ok, err = x.site.world.Refuse(x.Request().Context(), call, x.checked.Violations)
	} else {
		var told behaviour.Answer
		told, ok, err = x.site.behaviour.Refuse(nil, x.declared(call.Request), x.checked.Violations)
		a = backend.Answer(told)
	}
	if err != nil {
		return reply{}, false, notKept(err)
	}
	rep := reply{status: a.Status, contentType: a.ContentType, header: a.Header, body: a.Body, source: "refusal"}
	if ok {
		rep.violations = x.operation().CheckResponse(a.Status, withType(a.Header, a.ContentType), a.Body)
	}
	return rep, ok, nil
}

// declared is the request as x-mock sees it where nothing is remembered.
func (x *exchange) declared(r expr.Request) *behaviour.Call {
	return &behaviour.Call{Operation: x.operation(), Request: r, Base: x.base(), Now: x.now(), Seed: x.server.options.seed}
}

// declaredUnrouted answers a request that no operation takes as x-mock declares; false if it declares nothing for that.
func (x *exchange) declaredUnrouted(p *problem) bool {
	if x.server.options.errors != Document || x.site.behaviour == nil {
		return false
	}
	a, ok, err := x.site.behaviour.Unrouted(x.declared(expr.RequestOf(x.Request(), nil, nil, nil, nil)), p.Status, p.Detail)
	if !ok || err != nil {
		return false
	}
	x.write(reply{status: a.Status, contentType: a.ContentType, header: a.Header, body: a.Body, source: p.source, refused: p.Detail})
	return true
}

// refusalStatus chooses by the gravest violation: who are you, what did you send, can it be read, is it right. A body that can
// be read and breaks its schema is 422, or what the operation documents in its stead.
func refusalStatus(op *contract.Operation, violations []contract.Violation) int {
	status := http.StatusUnprocessableEntity
	rank := 0
	for _, v := range violations {
		if s, r := statusOf(v); r > rank {
			status, rank = s, r
		}
	}
	if status != http.StatusUnprocessableEntity || op.Responses().Exact[status] != nil {
		return status
	}
	if op.Responses().Exact[http.StatusBadRequest] != nil {
		return http.StatusBadRequest
	}
	return status
}

// statusOf is the status one violation calls for, and its rank among others.
func statusOf(v contract.Violation) (status, rank int) {
	switch {
	case v.In == "security":
		return http.StatusUnauthorized, 4
	case v.In == "body" && v.Keyword == "contentType":
		return http.StatusUnsupportedMediaType, 3
	case v.In != "body" || v.Keyword == "syntax" || v.Keyword == "complexity" || v.Keyword == "requestBody":
		return http.StatusBadRequest, 2
	}
	return http.StatusUnprocessableEntity, 1
}

// summary tells all violations in one sentence or two.
func summary(violations []contract.Violation) string {
	const most = 3
	var b strings.Builder
	if len(violations) == 1 {
		b.WriteString("The request breaks the contract: ")
	} else {
		b.WriteString("The request breaks the contract in " + strconv.Itoa(len(violations)) + " places: ")
	}
	for i, v := range violations {
		if i == most {
			b.WriteString("; and " + strconv.Itoa(len(violations)-most) + " more")
			break
		}
		if i > 0 {
			b.WriteString("; ")
		}
		b.WriteString(describe(v))
	}
	return b.String()
}

// challenges are the WWW-Authenticate values for what the operation demands (RFC 9110, 11.6.1).
func challenges(op *contract.Operation, realm string) []string {
	var out []string
	seen := map[string]bool{}
	for _, requirement := range op.Security() {
		for _, scheme := range requirement {
			c := challenge(scheme, realm)
			if !seen[c] {
				seen[c] = true
				out = append(out, c)
			}
		}
	}
	return out
}

func challenge(s contract.Scheme, realm string) string {
	name := "Bearer"
	switch {
	case s.Type == "http" && s.Scheme != "":
		name = strings.ToUpper(s.Scheme[:1]) + s.Scheme[1:]
	case s.Type == "apiKey":
		return `ApiKey realm="` + quotable(realm) + `", in="` + quotable(s.In) + `", name="` + quotable(s.Name) + `"`
	case s.Type == "mutualTLS":
		name = "Mutual"
	}
	return name + ` realm="` + quotable(realm) + `"`
}

// logRefusal writes the one line that a person at the terminal reads.
func (s *Server) logRefusal(r *http.Request, p *problem) {
	args := []any{"request", r.Method + " " + r.URL.Path, "status", p.Status}
	if len(p.Violations) == 0 {
		s.options.logger.Warn("refused", append(args, "why", p.Detail)...)
		return
	}
	v := p.Violations[0]
	args = append(args, "violation", describe(v), "rule", v.Rule.String())
	if more := len(p.Violations) - 1; more > 0 {
		args = append(args, "more", more)
	}
	s.options.logger.Warn("refused", args...)
}

// notFound is the answer to a path that the document does not have, with what comes near.
func (x *exchange) notFound() error {
	r := x.Request()
	c := x.site.contract
	p := newProblem(http.StatusNotFound, "no-such-path", "the document has no path "+clip(strings.Replace(r.URL.EscapedPath(), x.before, "", 1), 200)+".")
	p.source = "unrouted"
	p.Nearest = c.Nearest(x.path, 3)
	if hint := x.withoutPrefix(); hint != "" {
		p.Detail += " Did you mean " + hint + "?"
		if prefixes := nonEmpty(c.Prefixes()); len(prefixes) > 0 {
			p.Detail += " Operations answer below " + join(prefixes) + ", or with no prefix at all."
		}
	} else if len(p.Nearest) > 0 {
		p.Detail += " The nearest are " + join(p.Nearest) + "."
	}
	x.server.logRefusal(r, p)
	if x.declaredUnrouted(p) {
		return nil
	}
	return p
}

// withoutPrefix drops leading segments until the rest is a path of the document; "" if that leads nowhere.
func (x *exchange) withoutPrefix() string {
	if base := x.server.options.basePath; base != "" {
		if found := x.site.contract.Find(x.Request().Method, x.path); found.Allow != nil {
			return base + x.path
		}
	}
	rest := x.path
	for range 4 {
		i := strings.IndexByte(strings.TrimPrefix(rest, "/"), '/')
		if i < 0 {
			return ""
		}
		rest = strings.TrimPrefix(rest, "/")[i:]
		if found := x.site.contract.Find(x.Request().Method, rest); found.Allow != nil {
			return x.server.options.basePath + rest
		}
	}
	return ""
}

func nonEmpty(names []string) []string {
	var out []string
	for _, n := range names {
		if n != "" {
			out = append(out, n)
		}
	}
	return out
}
