package behaviour

import (
	"fmt"
	"net/http"
	"strings"

	"standin/mock/contract"
	"standin/mock/internal/expr"
	"standin/mock/internal/media"
	"standin/mock/internal/sample"
	"standin/mock/internal/source"
	"standin/mock/schema"
)

// outcome is an answer, or an error, as it is declared.
type outcome struct {
	// status is 0 where the operation's own is meant.
	status  int
	kind    string // the media type, "" for the one that the operation documents
	headers *expr.Template
	body    *expr.Template
	hasBody bool
}

// told is an answer made of an outcome, as it is kept until it is asked for.
type told struct {
	Status int            `json:"status,omitempty"`
	Kind   string         `json:"kind,omitempty"`
	Header map[string]any `json:"header,omitempty"`
	Body   any            `json:"body,omitempty"`
	// Failed tells that an operation has failed with it.
	Failed bool `json:"failed,omitempty"`
}

// fill makes the answer. with are further names, which hold for it alone.
func (o *outcome) fill(r *run, with map[string]any) (*told, error) {
	before := make(map[string]any, len(with))
	for name, v := range with {
		before[name] = r.scope.Value(name)
		r.scope.Set(name, v)
	}
	defer func() {
		for name, v := range before {
			r.scope.Set(name, v)
		}
	}()
	out := &told{Status: o.status, Kind: o.kind}
	if o.headers != nil {
		v, err := o.headers.Fill(r.scope)
		if err != nil {
			return nil, err
		}
		out.Header, _ = withoutNulls(v).(map[string]any)
	}
	if o.hasBody {
		v, err := o.body.Fill(r.scope)
		if err != nil {
			return nil, err
		}
		out.Body = shown(v)
	}
	return out, nil
}

// told is the answer that a failure gives.
func (f *Failure) told(r *run) (*told, error) {
	out, err := f.outcome.fill(r, f.with)
	if err == nil {
		out.Failed = true
	}
	return out, err
}

// body is what the failure's answer says.
func (f *Failure) body(r *run) (any, error) {
	out, err := f.told(r)
	if err != nil {
		return nil, err
	}
	return out.Body, nil
}

// Answer is what the server would have said. Header and Body must not be changed.
type Answer struct {
	Status      int
	ContentType string
	Header      http.Header
	Body        []byte
}

// write makes an answer of what is told: its status is the operation's own where none is declared, its media type the documented one.
func (b *Behaviour) write(op *contract.Operation, t *told) (Answer, error) {
	a := Answer{Status: t.Status, ContentType: t.Kind}
	if a.Status == 0 {
		a.Status = successOf(op)
	}
	for name, v := range t.Header {
		text, ok := v.(string)
		if !ok {
			text = fmt.Sprint(v)
		}
		if strings.ContainsAny(text, "\r\n\x00") {
			return a, fmt.Errorf("the header %s has more than one line", name)
		}
		if a.Header == nil {
			a.Header = http.Header{}
		}
		a.Header.Set(name, text)
	}
	if t.Body == nil {
		a.ContentType = ""
		return a, nil
	}
	documented := documentedMedia(op, a.Status, a.ContentType)
	if a.ContentType == "" {
		a.ContentType = "application/json"
		if documented != nil {
			a.ContentType = sample.ContentType(documented)
		}
	}
	kind, err := media.Parse(a.ContentType)
	if err != nil {
		return a, err
	}
	if kind.IsJSON() {
		var s *schema.Schema
		if documented != nil {
			s = documented.Schema
		}
		a.Body, _, _ = sample.AppendJSON(nil, t.Body, s, nil)
		if b.kind != "" && strings.EqualFold(a.ContentType, "application/json") {
			a.ContentType = b.kind
		}
		return a, nil
	}
	text, _, _ := sample.AppendJSON(nil, t.Body, nil, nil)
	n, err := source.Parse("answer.json", text, source.Limits{})
	if err != nil {
		return a, err
	}
	a.Body = sample.Body(n, kind, documented)
	a.ContentType = media.Bounded(a.ContentType, a.Body)
	return a, nil
}

// documentedMedia is what a document says of a body: the one of a media type, else the JSON one, else the first.
func documentedMedia(op *contract.Operation, status int, kind string) *contract.MediaType {
	if op == nil {
		return nil
	}
	r := op.Responses().For(status)
	if r == nil {
		return nil
	}
	if kind != "" {
		return r.Media(kind)
	}
	for _, m := range r.Content {
		if t, err := media.Parse(m.Range); err == nil && t.IsJSON() {
			return m
		}
	}
	if len(r.Content) > 0 {
		return r.Content[0]
	}
	return nil
}

// successOf is the first documented 2xx of an operation, else 200.
func successOf(op *contract.Operation) int {
	if op == nil {
		return http.StatusOK
	}
	for _, r := range op.Responses().All {
		if status := sample.Status(r); status/100 == 2 {
			return status
		}
	}
	return http.StatusOK
}
