package contract

import (
	"strconv"
	"strings"

	"standin/mock/internal/media"
	"standin/mock/internal/source"
)

// PartEncoding is what the document says of a part of a multipart body: of those of one property (OpenAPI 3.1, 4.8.15), or of those at
// a place in the list (OpenAPI 3.2, prefixEncoding and itemEncoding).
type PartEncoding struct {
	// ContentType is as documented: media ranges, separated by commas; "" if nothing is said.
	ContentType string
	// Between is what stands between the elements of a list in one part (style with explode: false); "" where each has its own part.
	Between string
	Headers []*Parameter

	types    []media.Type // that a part may have; none for any
	position Position
}

// Part is what the document says of the parts of a property, or of the nth part where the body is a list; nil if it says nothing, or
// the body is not multipart.
func (t *MediaType) Part(property string, n int) *PartEncoding {
	switch {
	case t.parts == nil:
		return nil
	case t.parts.listed:
		return t.parts.encodingAt(n)
	}
	return t.parts.encodings[property]
}

// PartsListed tells whether the parts of a multipart body are the elements of a list, and not the properties of an object.
func (t *MediaType) PartsListed() bool { return t.parts != nil && t.parts.listed }

// compileParts compiles how a multipart body is written.
func (c *Contract) compileParts(s spot, t *MediaType) *parts {
	out := newParts(t.parsed, t.Schema, t.Items, s.Position())
	out.encodings = map[string]*PartEncoding{}
	list := c.member(s, "encoding", source.Object)
	for _, m := range list.Members() {
		if e := c.partEncoding(m, list.file, "encoding of"); e != nil {
			out.encodings[m.Name] = e
		}
	}
	prefix := c.member(s, "prefixEncoding", source.Array)
	for i, n := range prefix.Items() {
		out.prefix = append(out.prefix, c.partEncoding(source.NewMember(strconv.Itoa(i), n), prefix.file, "prefixEncoding"))
	}
	if n := s.Get("itemEncoding"); n != nil {
		out.rest = c.partEncoding(source.NewMember("itemEncoding", n), s.file, "value of")
	}
	if out.listed && len(out.encodings) > 0 {
		c.warn(s.PositionOf("encoding"), "media-type", "encoding is about properties, and the parts of this body are a list: itemEncoding and prefixEncoding are about those")
	}
	return out
}

// partEncoding compiles one Encoding Object (OpenAPI 3.1, 4.8.15); nil if it is none.
func (c *Contract) partEncoding(m source.Member, file, what string) *PartEncoding {
	at := c.entry(m, file, what)
	if at.Node == nil {
		return nil
	}
	e := &PartEncoding{position: m.Position(), ContentType: at.Get("contentType").Text()}
	if style := at.Get("style").Text(); style != "" && !at.Get("explode").True() && (at.Get("explode") != nil || style != "form") {
		e.Between = map[string]string{"form": ",", "spaceDelimited": " ", "pipeDelimited": "|"}[style]
	}
	for one := range strings.SplitSeq(e.ContentType, ",") {
		if strings.TrimSpace(one) == "" {
			continue
		}
		t, err := media.Parse(strings.TrimSpace(one))
		if err != nil {
			c.fault(at.PositionOf("contentType"), "media-type", err.Error()+"; it is passed over")
			continue
		}
		e.types = append(e.types, t)
	}
	headers := c.member(at, "headers", source.Object)
	for _, h := range headers.Members() {
		if strings.EqualFold(h.Name, "Content-Type") {
			continue // which contentType tells (OpenAPI 3.1, 4.8.15.1)
		}
		if p := c.header(h, c.entry(h, headers.file, "header")); p != nil {
			e.Headers = append(e.Headers, p)
		}
	}
	return e
}
