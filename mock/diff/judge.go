package diff

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/oasdiff/oasdiff/checker"

	"standin/mock/contract"
	"standin/mock/internal/history"
	"standin/mock/internal/source"
	"standin/mock/schema"
)

// judge turns what the checks found into rows.
type judge struct {
	before, after *side
	localize      checker.Localizer
	aims          *aims
	order         map[string]int // of operations, by id: those of the new document first
	newOps        map[string]*contract.Operation
	oldOps        map[string]*contract.Operation
}

func newJudge(before, after *side) *judge {
	localize := localizer()
	j := &judge{before: before, after: after, localize: localize, aims: newAims(localize), order: map[string]int{}}
	j.newOps, j.oldOps = routes(after.contract), routes(before.contract)
	for _, c := range []*contract.Contract{after.contract, before.contract} {
		for _, op := range c.Operations() {
			if _, ok := j.order[op.ID]; !ok {
				j.order[op.ID] = len(j.order)
			}
		}
	}
	return j
}

// localizer writes oasdiff's English, with our word for what it calls an API or an endpoint.
func localizer() checker.Localizer {
	theirs := checker.NewDefaultLocalizer()
	return func(key string, args ...any) string {
		switch key {
		case checker.EndpointAddedId:
			return "added the operation"
		case checker.EndpointDeprecatedId:
			return "deprecated the operation"
		case checker.EndpointReactivatedId:
			return "took the deprecation of the operation back"
		case checker.APIRemovedWithoutDeprecationId, checker.APIPathRemovedWithoutDeprecationId:
			return "removed the operation, which had not been deprecated"
		case checker.APIRemovedWithDeprecationId, checker.APIPathRemovedWithDeprecationId:
			return "removed the operation, which had been deprecated"
		case checker.APIOperationIdRemovedId:
			return fmt.Sprintf("renamed the operation from %s to %s", args...)
		}
		return theirs(key, args...)
	}
}

var templateName = regexp.MustCompile(`\{[^{}]*\}`)

// route is what tells an operation from others whatever its id and the names of its path parameters.
func route(method, template string) string {
	return strings.ToUpper(method) + " " + templateName.ReplaceAllString(template, "{}")
}

func routes(c *contract.Contract) map[string]*contract.Operation {
	out := map[string]*contract.Operation{}
	for _, op := range c.Operations() {
		out[route(op.Method, op.Template)] = op
	}
	for _, one := range c.Callbacks() {
		if at := route(one.Request.Method, one.Name); one.Of == nil && out[at] == nil {
			out[at] = one.Request
		}
	}
	return out
}

// silent are the rules that judge how a document numbers its versions, which is no change for a client.
func silent(rule string) bool {
	switch rule {
	case checker.APIVersionNotBumpedId, checker.APIVersionDecreasedId, checker.APIMajorVersionNotBumpedId:
		return true
	}
	return false
}

// rows merges the changes and puts them in order.
func (j *judge) rows(changes checker.Changes) []Row {
	m := merger{judge: j, groups: map[string]*group{}}
	for _, c := range changes {
		if !silent(c.GetId()) {
			m.add(j.sight(c))
		}
	}
	rows := m.rows()
	rows = append(rows, j.wording()...)
	rows = append(rows, j.examples()...)
	history.Sort(rows, func(operation string) int { return j.order[operation] })
	version := j.after.contract.Info().Version
	taken := map[string]bool{}
	for i := range rows {
		identify(&rows[i], version, taken)
	}
	return rows
}

// identify gives a row its id, and another one where two rows say the same of the same place.
func identify(r *Row, version string, taken map[string]bool) {
	r.Identify(version)
	for n := 2; taken[r.ID]; n++ {
		r.Identify(version + "\x00" + strconv.Itoa(n))
	}
	taken[r.ID] = true
}

// sighting is one change as the checks found it, with what we know of its place.
type sighting struct {
	change checker.Change
	aim    aim
	touch  Touch
	has    bool // the touch is one
	// at is the place in the new document, or in the old one if gone; found tells that it is known. near is the last place on the
	// way there that the new document has.
	at, near    spot
	found, gone bool
	// way is the property as the text names it.
	way string
}

// sight finds the place of a change.
func (j *judge) sight(c checker.Change) sighting {
	s := sighting{change: c, aim: j.aims.of(c.GetId(), len(c.GetArgs()))}
	if c.GetPath() == "" {
		return s
	}
	s.has = true
	path := strings.TrimPrefix(c.GetPath(), "webhook:") // as the comparison calls a webhook
	key := route(c.GetOperation(), path)
	now, was := j.newOps[key], j.oldOps[key]
	s.touch = Touch{Operation: c.GetOperationId(), Method: strings.ToUpper(c.GetOperation()), Path: path}
	switch {
	case now != nil:
		s.touch.Operation, s.touch.Method, s.touch.Path = now.ID, now.Method, cmp.Or(now.Template, path)
		if was != nil && was.ID != now.ID && c.GetId() == checker.APIOperationIdRemovedId {
			s.touch.Former = was.ID
		}
	case was != nil:
		s.touch.Operation, s.touch.Method, s.touch.Path, s.touch.Removed = was.ID, was.Method, cmp.Or(was.Template, path), true
	case s.touch.Operation == "":
		s.touch.Operation = s.touch.Method + " " + s.touch.Path
	}
	j.locate(&s, now, was)
	return s
}

// locate finds the place in the new document, else in the old one.
func (j *judge) locate(s *sighting, now, was *contract.Operation) {
	way := split(s.arg(s.aim.property))
	s.way = strings.TrimPrefix(dotted(way), ".")
	if now != nil {
		start, ok := s.start(now)
		at, left := start.reach(way, false)
		s.touch.Anchor, s.near = at.anchor, at.follow()
		if ok {
			s.at, s.found = at, len(left) == 0
		}
	}
	if was != nil && !s.found {
		if start, ok := s.start(was); ok {
			if at, left := start.reach(way, true); len(left) == 0 {
				s.at, s.found, s.gone = at, true, true
			}
		}
	}
	if s.found && !s.aim.member && len(way) > 0 || s.found && s.at.schema != nil && len(way) == 0 && s.aim.section != history.SectionParameter {
		s.at = s.at.follow()
	}
	s.touch.Media = s.media(now)
}

// arg is an argument as text, "" for an index below zero.
func (s *sighting) arg(i int) string {
	args := s.change.GetArgs()
	if i < 0 || i >= len(args) {
		return ""
	}
	return fmt.Sprint(args[i])
}

// start is where the way to the place begins: at a parameter, a header, a body, or the operation. If that is not there, ok is false
// and the spot is what is nearest.
func (s *sighting) start(op *contract.Operation) (at spot, ok bool) {
	switch a := s.aim; {
	case a.section == history.SectionParameter:
		return s.parameter(op)
	case a.section == history.SectionBody:
		body := op.RequestBody()
		if body == nil {
			return spot{node: op.Node()}, false
		}
		return s.body(body.Content, spot{anchor: "body", node: op.Node().Get("requestBody"), pointer: s.pointer(op) + "/requestBody"})
	case a.section == history.SectionResponse && a.status >= 0:
		return s.response(op)
	case a.section == history.SectionResponse: // rules of deprecated properties do not tell the status
		for _, r := range op.Responses().All {
			at, _ = s.body(r.Content, s.responseSpot(op, r))
			if _, left := at.reach(split(s.arg(a.property)), false); len(left) == 0 {
				return at, true
			}
		}
	}
	return spot{node: op.Node(), pointer: s.pointer(op)}, true
}

func (s *sighting) pointer(op *contract.Operation) string {
	if op.Template == "" {
		return "/webhooks/" + source.Escape(s.touch.Path) + "/" + strings.ToLower(op.Method)
	}
	return "/paths/" + source.Escape(op.Template) + "/" + strings.ToLower(op.Method)
}

func (s *sighting) parameter(op *contract.Operation) (spot, bool) {
	in, name := s.arg(s.aim.in), s.arg(s.aim.name)
	if s.aim.in < 0 {
		in = "path"
		if strings.Contains(s.change.GetId(), "header") {
			in = "header"
		}
	}
	for _, p := range op.Parameters() {
		if p.In == in && (p.Name == name || in == "header" && strings.EqualFold(p.Name, name)) {
			return spot{node: p.Node, schema: p.Schema, anchor: "in." + in + "." + history.Segment(p.Name)}, true
		}
	}
	return spot{node: op.Node()}, false
}

func (s *sighting) responseSpot(op *contract.Operation, r *contract.Response) spot {
	return spot{anchor: history.Segment(r.Status), node: r.Node, pointer: s.pointer(op) + "/responses/" + r.Status}
}

func (s *sighting) response(op *contract.Operation) (spot, bool) {
	status := s.arg(s.aim.status)
	i := slices.IndexFunc(op.Responses().All, func(r *contract.Response) bool { return strings.EqualFold(r.Status, status) })
	if i < 0 {
		return spot{node: op.Node()}, false
	}
	r := op.Responses().All[i]
	at := s.responseSpot(op, r)
	if s.aim.header < 0 {
		return s.body(r.Content, at)
	}
	name := s.arg(s.aim.header)
	for _, h := range r.Headers {
		if strings.EqualFold(h.Name, name) {
			at.anchor += ".header." + history.Segment(h.Name)
			at.node, at.schema, at.pointer = h.Node, h.Schema, ""
			return at, true
		}
	}
	return at, false
}

// body is the body of the media type that the change tells of, or the first one with the property.
func (s *sighting) body(content []*contract.MediaType, at spot) (spot, bool) {
	if s.aim.outside {
		return at, true
	}
	told := s.toldMedia()
	way := split(s.arg(s.aim.property))
	first, found := at, false
	for i, m := range content {
		if told != "" && m.Range != told {
			continue
		}
		here := at
		here.schema = m.Schema
		if !alike(content[:i], m) {
			here.anchor += ".(" + history.Segment(m.Range) + ")"
		}
		if m.Schema != nil {
			here.node = m.Schema.Node
			here.pointer += "/content/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(m.Range) + "/schema"
		}
		if _, left := here.reach(way, false); len(left) == 0 {
			return here, true
		}
		if !found {
			first, found = here, true
		}
	}
	return first, true
}

// alike tells whether a body has the structure of one before it, or is the first: a page shows such once, and names the media type of
// others.
func alike(before []*contract.MediaType, m *contract.MediaType) bool {
	for _, b := range before {
		if target(b.Schema) == target(m.Schema) {
			return true
		}
	}
	return len(before) == 0
}

// target is where references lead that have nothing beside them.
func target(s *schema.Schema) *schema.Schema {
	for hops := 0; s != nil && s.Ref != nil && len(s.Node.Members()) == 1 && hops < mostHops; hops++ {
		s = s.Ref
	}
	return s
}

var mediaDetail = regexp.MustCompile(`\(media type: (.+?)\)$`)

// toldMedia is the media type that the change names, "" if it need not.
func (s *sighting) toldMedia() string {
	if api, ok := s.change.(checker.ApiChange); ok {
		if m := mediaDetail.FindStringSubmatch(api.Details); m != nil {
			return m[1]
		}
	}
	return s.arg(s.aim.media)
}

// media is the media type of the anchor, where the operation has a choice.
func (s *sighting) media(op *contract.Operation) string {
	if op == nil || (s.aim.section != history.SectionBody && s.aim.section != history.SectionResponse) {
		return ""
	}
	return s.toldMedia()
}
