package control

import (
	"strings"

	"standin/mock/internal/media"
)

// form is one of the forms that an answer has.
type form struct{ name, contentType string }

// form is the form of an answer that a request asks for: by the query parameter format, else by Accept, else the first one.
func (c *Call) form(forms []form) form {
	named := c.Text("format")
	offers := make([]media.Type, len(forms))
	for i, one := range forms {
		if one.name == named {
			return one
		}
		offers[i], _ = media.Parse(one.contentType) // which are well formed
	}
	if i, ok := media.Negotiate(strings.Join(c.Request.Header.Values("Accept"), ", "), offers); ok {
		return forms[i]
	}
	return forms[0]
}
