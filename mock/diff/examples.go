package diff

import (
	"standin/mock/contract"
	"standin/mock/internal/history"
	"standin/mock/schema"
)

// examples finds changed examples of parameters, bodies and answers of operations that both documents have.
func (j *judge) examples() []Row {
	var out []Row
	for _, op := range j.after.contract.Operations() {
		was := j.oldOps[route(op.Method, op.Template)]
		if was == nil {
			continue
		}
		touch := Touch{Operation: op.ID, Method: op.Method, Path: op.Template}
		for _, p := range op.Parameters() {
			for _, q := range was.Parameters() {
				if q.In == p.In && q.Name == p.Name {
					touch.Anchor = "in." + p.In + "." + history.Segment(p.Name)
					out = j.changed(out, q.Examples, p.Examples, Row{
						Section: history.SectionParameter, Text: "of the " + quote(p.In) + " request parameter " + quote(p.Name), Touches: []Touch{touch},
					}, p.Position)
				}
			}
		}
		if now, before := op.RequestBody(), was.RequestBody(); now != nil && before != nil {
			touch.Anchor = "body"
			out = j.ofContent(out, before.Content, now.Content, Row{Section: history.SectionBody, Text: "of the request body", Touches: []Touch{touch}})
		}
		for _, r := range op.Responses().All {
			for _, before := range was.Responses().All {
				if before.Status == r.Status {
					touch.Anchor = history.Segment(r.Status)
					out = j.ofContent(out, before.Content, r.Content, Row{Section: history.SectionResponse, Text: "of the response " + quote(r.Status), Touches: []Touch{touch}})
				}
			}
		}
	}
	return out
}

// ofContent compares the examples of media types that both have.
func (j *judge) ofContent(out []Row, before, after []*contract.MediaType, row Row) []Row {
	for _, m := range after {
		for _, old := range before {
			if old.Range != m.Range || !shows(old) && !shows(m) {
				continue
			}
			own := row
			if len(after) > 1 {
				touch := row.Touches[0]
				touch.Media = m.Range
				own.Touches = []Touch{touch}
			}
			out = j.changed(out, old.Examples, m.Examples, own, m.Position)
		}
	}
	return out
}

// shows tells whether a media type has examples of its own; those of its schema are the schema's.
func shows(m *contract.MediaType) bool {
	return m.Node.Get("example") != nil || m.Node.Get("examples") != nil
}

// changed adds a row for each example that is not what it was. row has the place in words.
func (j *judge) changed(out []Row, before, after []contract.Example, row Row, at contract.Position) []Row {
	row.Level, row.Rule = Info, history.RuleExample
	where := row.Text
	tell := func(what, name string, at contract.Position) {
		row.Text, row.Place = what+" the example "+quote(name)+" "+where, j.after.place(at)
		out = append(out, row)
	}
	old := map[string]contract.Example{}
	for _, e := range before {
		old[e.Name] = e
	}
	for _, e := range after {
		was, had := old[e.Name]
		delete(old, e.Name)
		switch {
		case e.Value == nil:
		case !had:
			tell("added", e.Name, e.Position)
		case was.Value != nil && !schema.Equal(was.Value.Value(), e.Value.Value()):
			tell("changed", e.Name, e.Position)
		}
	}
	for _, e := range before {
		if _, gone := old[e.Name]; gone && e.Value != nil {
			tell("removed", e.Name, at)
		}
	}
	return out
}
