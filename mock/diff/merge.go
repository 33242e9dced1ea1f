package diff

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/oasdiff/oasdiff/checker"

	"standin/mock/contract"
	"standin/mock/internal/history"
)

// merger brings the sightings of one edit together.
type merger struct {
	judge  *judge
	keys   []string
	groups map[string]*group
}

// group is one edit.
type group struct {
	sightings []sighting
}

func (m *merger) add(s sighting) {
	key := m.key(&s)
	g := m.groups[key]
	if g == nil {
		g = &group{}
		m.groups[key] = g
		m.keys = append(m.keys, key)
	}
	g.sightings = append(g.sightings, s)
}

// key is the same for sightings of the same edit: of the same thing at the same place of the document, which many operations may
// refer to. Where the place is not known, it is the place in the operation, whatever the media type.
func (m *merger) key(s *sighting) string {
	parts := []string{s.aim.edit}
	if s.found && s.at.node != nil && s.at.node.Position().Line > 0 {
		p := s.at.node.Position()
		parts = append(parts, strconv.FormatBool(s.gone), p.File, strconv.Itoa(p.Line), strconv.Itoa(p.Col))
	} else {
		parts = append(parts, s.touch.Method, s.touch.Path, s.arg(s.aim.in), s.arg(s.aim.name), s.arg(s.aim.status), s.way)
	}
	if s.aim.many {
		for i, a := range s.change.GetArgs() {
			if i != s.aim.property && (i != s.aim.status || !s.found) {
				parts = append(parts, fmt.Sprint(a))
			}
		}
	}
	if !s.has {
		parts = append(parts, s.change.GetSection(), s.change.GetId(), fmt.Sprint(s.change.GetArgs()...))
	}
	return strings.Join(parts, "\x00")
}

func (m *merger) rows() []Row {
	rows := make([]Row, 0, len(m.keys))
	for _, key := range m.keys {
		rows = append(rows, m.judge.row(m.groups[key]))
	}
	return rows
}

// rank is the place of a sighting's operation in the document.
func (j *judge) rank(s sighting) int {
	if i, ok := j.order[s.touch.Operation]; ok {
		return i
	}
	return len(j.order)
}

// row makes one row of an edit. Its level is the gravest that any operation sees, and its words are those of that.
func (j *judge) row(g *group) Row {
	slices.SortStableFunc(g.sightings, func(a, b sighting) int { return j.rank(a) - j.rank(b) })
	worst := g.sightings[0]
	for _, s := range g.sightings[1:] {
		if s.change.GetLevel() > worst.change.GetLevel() {
			worst = s
		}
	}
	row := Row{
		Level: level(worst.change.GetLevel()), Rule: worst.change.GetId(), Section: worst.aim.section,
		Schema: worst.at.name, Comment: comment(worst.change.GetComment(j.localize)),
	}
	if !worst.gone {
		row.Pointer = worst.at.pointer
	}
	row.Place = j.place(worst)
	row.Touches = touches(g.sightings)
	row.Text = j.text(worst, statuses(g.sightings))
	return row
}

func level(l checker.Level) Level {
	switch {
	case l >= checker.ERR:
		return Breaking
	case l >= checker.WARN:
		return Warning
	}
	return Info
}

// place is where to look in the new document: at the property, at what held it, or else at the operation.
func (j *judge) place(s sighting) string {
	switch {
	case s.found && !s.gone && s.at.node != nil:
		return j.after.place(s.at.node.Position())
	case s.near.node != nil:
		return j.after.place(s.near.node.Position())
	}
	if op := j.newOps[route(s.touch.Method, s.touch.Path)]; op != nil && s.has {
		return j.after.place(op.Position)
	}
	return ""
}

// touches are the operations of the sightings, each once: with the anchor that goes deepest.
func touches(list []sighting) []Touch {
	var out []Touch
	for _, s := range list {
		if !s.has {
			continue
		}
		i := slices.IndexFunc(out, func(t Touch) bool { return t.Operation == s.touch.Operation })
		if i < 0 {
			out = append(out, s.touch)
		} else if out[i].Anchor == "" {
			out[i].Anchor, out[i].Media = s.touch.Anchor, s.touch.Media
		}
	}
	slices.SortStableFunc(out, func(a, b Touch) int {
		switch {
		case a.Removed == b.Removed:
			return 0
		case a.Removed:
			return 1
		}
		return -1
	})
	return out
}

// statuses are those of all sightings, as they come.
func statuses(list []sighting) []string {
	var out []string
	for _, s := range list {
		if status := s.arg(s.aim.status); status != "" && !slices.Contains(out, status) {
			out = append(out, status)
		}
	}
	return out
}

// text is the change in words. Properties are named as readers know them: from their shared schema on (Pet.tags[].name), or from
// the body.
func (j *judge) text(s sighting, statuses []string) string {
	args := slices.Clone(s.change.GetArgs())
	for i, a := range args {
		switch i {
		case s.aim.property:
			args[i] = quote(s.property())
		case s.aim.status:
			args[i] = quoteAll(statuses)
		default:
			args[i] = quoteArg(a)
		}
	}
	text := j.localize(s.change.GetId(), args...)
	if api, ok := s.change.(checker.ApiChange); ok {
		if details := strings.TrimSpace(mediaDetail.ReplaceAllString(api.Details, "")); details != "" {
			text += " " + details
		}
	}
	if s.at.name != "" && s.aim.property < 0 {
		text += " (schema " + quote(s.at.name) + ")"
	}
	return strings.Join(strings.Fields(text), " ")
}

// property is the name of the property that a change is about.
func (s *sighting) property() string {
	if inner := s.at.name + s.at.inner; s.found && inner != "" {
		return strings.TrimPrefix(inner, ".")
	}
	return s.way
}

// longestValue bounds values in texts, in bytes.
const longestValue = 160

// quote puts code between backticks, on one line.
func quote(s string) string {
	s = strings.Join(strings.Fields(strings.ReplaceAll(s, "`", "'")), " ")
	if len(s) > longestValue {
		s = strings.ToValidUTF8(s[:longestValue], "") + "…"
	}
	return "`" + s + "`"
}

func quoteAll(list []string) string {
	quoted := make([]string, len(list))
	for i, s := range list {
		quoted[i] = quote(s)
	}
	return strings.Join(quoted, ", ")
}

// quoteArg writes an argument of a message.
func quoteArg(arg any) string {
	switch v := arg.(type) {
	case nil:
		return "nothing"
	case []string:
		return quoteAll(v)
	case float64:
		return quote(strconv.FormatFloat(v, 'f', -1, 64))
	}
	return quote(fmt.Sprint(arg))
}

// advice matches sentences that speak of the options of another program.
var advice = regexp.MustCompile(`[^.]*--severity-levels[^.]*\.?`)

func comment(text string) string {
	return strings.TrimSpace(advice.ReplaceAllString(text, ""))
}

// wording finds changed summaries and descriptions of operations and parameters.
func (j *judge) wording() []Row {
	var out []Row
	seen := map[string]int{} // parameters that many operations refer to: the row's index
	for _, op := range j.after.contract.Operations() {
		was := j.oldOps[route(op.Method, op.Template)]
		if was == nil {
			continue
		}
		touch := Touch{Operation: op.ID, Method: op.Method, Path: op.Template}
		row := Row{Level: Info, Section: history.SectionOperation, Touches: []Touch{touch}}
		if a, b := was.Node().Get("summary").Text(), op.Node().Get("summary").Text(); reworded(a, b) {
			row.Rule, row.Text = history.RuleSummary, fromTo("the summary", a, b)
			row.Place = j.after.place(op.Node().PositionOf("summary"))
			out = append(out, row)
		}
		if reworded(was.Node().Get("description").Text(), op.Node().Get("description").Text()) {
			row.Rule, row.Text = history.RuleDescription, "changed the description"
			row.Place = j.after.place(op.Node().PositionOf("description"))
			out = append(out, row)
		}
		out = j.parameterWording(out, seen, op, was)
	}
	return out
}

func (j *judge) parameterWording(out []Row, seen map[string]int, op, was *contract.Operation) []Row {
	for _, p := range op.Parameters() {
		i := slices.IndexFunc(was.Parameters(), func(q *contract.Parameter) bool { return q.In == p.In && q.Name == p.Name })
		if i < 0 || !reworded(was.Parameters()[i].Description, p.Description) {
			continue
		}
		touch := Touch{Operation: op.ID, Method: op.Method, Path: op.Template, Anchor: "in." + p.In + "." + history.Segment(p.Name)}
		place := j.after.place(p.Node.PositionOf("description"))
		if at, ok := seen[place]; ok && place != "" {
			out[at].Touches = append(out[at].Touches, touch)
			continue
		}
		seen[place] = len(out)
		out = append(out, Row{
			Level: Info, Rule: history.RuleDescription, Section: history.SectionParameter, Place: place,
			Text:    "changed the description of the " + quote(p.In) + " request parameter " + quote(p.Name),
			Touches: []Touch{touch},
		})
	}
	return out
}

// reworded tells whether a text says something else; white space is no matter. A text where there was none is no news of the API.
func reworded(a, b string) bool {
	before, after := strings.Fields(a), strings.Fields(b)
	return len(before) > 0 && !slices.Equal(before, after)
}

func fromTo(what, a, b string) string {
	if b == "" {
		return "removed " + what + " " + quote(a)
	}
	return "changed " + what + " from " + quote(a) + " to " + quote(b)
}
