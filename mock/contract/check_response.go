package contract

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"standin/mock/internal/media"
	"standin/mock/internal/param"
	"standin/mock/schema"
)

// CheckResponse gathers everything that an answer breaks: status, headers, media type, body. The body is whole and decoded from
// its Content-Encoding; answers to HEAD have none, and are checked without.
func (o *Operation) CheckResponse(status int, header http.Header, body []byte) []Violation {
	documented := o.Responses()
	r := documented.For(status)
	if r == nil {
		var names []string
		for _, known := range documented.All {
			names = append(names, known.Status)
		}
		return []Violation{{
			Operation: o.ID, In: "status", Keyword: "status", Rule: o.Node().PositionOf("responses"),
			Message: fmt.Sprintf("%d is not documented; %s", status, orNothing(names)),
		}}
	}
	out := r.checkHeaders(header)
	if len(body) > 0 && status != http.StatusNoContent && status != http.StatusNotModified {
		out = append(out, r.checkBody(header.Get("Content-Type"), body)...)
	}
	for i := range out {
		out[i].Operation = o.ID
	}
	return out
}

func orNothing(names []string) string {
	if len(names) == 0 {
		return "nothing is"
	}
	if len(names) == 1 {
		return "only " + names[0] + " is"
	}
	return "only " + strings.Join(names, ", ") + " are"
}

func (r *Response) checkHeaders(header http.Header) []Violation {
	var out []Violation
	for _, p := range r.Headers {
		if p.decode == nil {
			continue
		}
		lines := header[p.Name]
		if p.decode.AcceptHeader(lines) {
			continue
		}
		if len(lines) == 0 {
			if p.Required {
				out = append(out, Violation{
					In: "header", Name: p.Name, Message: "is required, and missing", Keyword: "required", Rule: p.ruleOf("required"),
				})
			}
			continue
		}
		value, _, err := p.decode.Header(lines)
		if err != nil {
			v := Violation{In: "header", Name: p.Name, Message: err.Error(), Keyword: keywordOf(err), Rule: p.Position}
			if at, ok := errors.AsType[*param.Error](err); ok {
				v.Pointer, v.Message = at.Pointer, at.Message
			}
			out = append(out, v)
			continue
		}
		for _, v := range p.decode.Check(value, schema.Options{Direction: schema.Response}) {
			out = append(out, fromSchema(v, "header", p.Name))
		}
	}
	return out
}

func (r *Response) checkBody(contentType string, body []byte) []Violation {
	if len(r.Content) == 0 {
		return nil // no content documented does not forbid a body
	}
	wrong := func(message string) []Violation {
		return []Violation{{In: "body", Message: message, Keyword: "contentType", Rule: r.Position}}
	}
	if contentType == "" {
		return wrong("has no Content-Type; documented is " + ranges(r.Content))
	}
	actual, err := media.Parse(contentType)
	if err != nil {
		return wrong(err.Error())
	}
	i := media.Select(r.types, actual)
	if i < 0 {
		return wrong(fmt.Sprintf("is %s, and only %s is documented", actual, ranges(r.Content)))
	}
	return r.Content[i].check(body, actual, schema.Options{Direction: schema.Response})
}

// Media is the most specific documented kind of body that includes a media type; nil if none does or it cannot be read.
func (r *Response) Media(contentType string) *MediaType {
	actual, err := media.Parse(contentType)
	if err != nil {
		return nil
	}
	if i := media.Select(r.types, actual); i >= 0 {
		return r.Content[i]
	}
	return nil
}

// Encode writes a value of this parameter as its style demands: a segment of a path, "name=value" of a query, the value of a
// header or cookie. An error tells that there is no such text.
func (p *Parameter) Encode(value any) (string, error) {
	if p.decode == nil {
		return "", errors.New("the parameter " + strconv.Quote(p.Name) + " cannot be written")
	}
	return p.decode.Encode(value)
}
