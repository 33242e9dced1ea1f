package portal

import (
	"strings"

	"standin/mock/schema"
)

// anchors are all places on an operation's page that a violation may be about.
func (v *view) anchors(e *entry) map[string]bool {
	own := *v
	o := &operation{view: &own, Entry: e}
	o.inputs(&tree{view: &own, page: own.operationURL(e), back: "x", direction: schema.Request})
	o.answers(&tree{view: &own, page: own.operationURL(e), back: "x", direction: schema.Response})
	out := map[string]bool{"inputs": true, "responses": true}
	var walk func(rows []*Row)
	walk = func(rows []*Row) {
		for _, r := range rows {
			if r != nil {
				out[r.ID] = true
				walk(r.Children)
			}
		}
	}
	for _, g := range o.Parameters {
		out["in."+g.In] = true
		walk(g.Rows)
	}
	if o.Body != nil {
		out["body"] = true
		for _, s := range o.Body.Structures {
			walk([]*Row{s.Root})
		}
	}
	for _, r := range o.Responses {
		out[r.ID] = true
		walk(r.Headers)
		for _, s := range r.Structures {
			walk([]*Row{s.Root})
		}
	}
	return out
}

// standing is the longest beginning of an anchor that a page has, "" if it has none.
func standing(anchor string, anchors map[string]bool) string {
	for anchor != "" && !anchors[anchor] {
		i := strings.LastIndexByte(anchor, '.')
		if i < 0 {
			return ""
		}
		anchor = anchor[:i]
	}
	return anchor
}
