package diff

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/oasdiff/oasdiff/checker"
	"github.com/oasdiff/oasdiff/checker/rules"

	"standin/mock/internal/history"
)

// aim tells which of a rule's arguments say where a change is. oasdiff gives arguments by position only, and its messages are what
// tells them apart; so the aim of a rule is read from its English message, once.
type aim struct {
	section string
	// Indexes of arguments, -1 for none.
	in, name, property, header, status, media int
	// edit is what was edited, the same for the rules of requests and responses: "enum:add".
	edit string
	// member tells that the edit concerns a property as its parent has it (its presence, whether it is required).
	member bool
	// outside tells that the edit is not in a schema, but in the parameter, body or response itself.
	outside bool
	// many tells that one place can see several such edits, told apart by the arguments: values of an enum.
	many bool
}

// Arguments are marked as \x01N\x02 in the patterns below.
const mark = "\x01(\\d+)\x02"

var (
	parameterAim = regexp.MustCompile(mark + ` request parameter(?:'s)? ` + mark)
	pathAim      = regexp.MustCompile(`new path request parameter ` + mark)
	fieldAim     = regexp.MustCompile(mark + ` request header's property ` + mark)
	ownerAim     = regexp.MustCompile(mark + ` (?:request |response |response's )(?:read-only |write-only |optional |required )?property`)
	ofAim        = regexp.MustCompile(mark + ` property of the `)
	propertyAim  = regexp.MustCompile(`property ` + mark)
	headerAim    = regexp.MustCompile(`response header(?:'s)? ` + mark)
	header2Aim   = regexp.MustCompile(mark + ` response header's `)
	statusAim    = regexp.MustCompile(`status ` + mark)
	status2Aim   = regexp.MustCompile(mark + ` status`)
	status3Aim   = regexp.MustCompile(`of response ` + mark)
	mediaAim     = regexp.MustCompile(`(?:media type|response schema) ` + mark)
)

// aims reads the aims of all rules.
type aims struct {
	localize checker.Localizer
	rules    map[string]rules.Rule
	known    map[string]aim
}

func newAims(localize checker.Localizer) *aims {
	a := &aims{localize: localize, rules: map[string]rules.Rule{}, known: map[string]aim{}}
	for _, r := range checker.GetAllRules().Metadata() {
		a.rules[r.Id] = r
	}
	return a
}

// of is the aim of a rule that has n arguments.
func (a *aims) of(rule string, n int) aim {
	if known, ok := a.known[rule]; ok {
		return known
	}
	marked := make([]any, n)
	for i := range marked {
		marked[i] = fmt.Sprintf("\x01%d\x02", i)
	}
	text := a.localize(rule, marked...)
	one := func(pattern *regexp.Regexp, group int) int {
		if m := pattern.FindStringSubmatch(text); m != nil {
			if i, err := strconv.Atoi(m[group]); err == nil && i < n {
				return i
			}
		}
		return -1
	}
	first := func(list ...int) int {
		for _, i := range list {
			if i >= 0 {
				return i
			}
		}
		return -1
	}
	meta := a.rules[rule]
	out := aim{
		in: one(parameterAim, 1), name: first(one(parameterAim, 2), one(pathAim, 1), one(fieldAim, 1)),
		property: first(one(ownerAim, 1), one(ofAim, 1), one(fieldAim, 2), one(propertyAim, 1)),
		header:   first(one(headerAim, 1), one(header2Aim, 1)),
		status:   first(one(statusAim, 1), one(status2Aim, 1), one(status3Aim, 1)),
		media:    one(mediaAim, 1),
		section:  section(rule, meta),
		member:   meta.Kind == checker.KindExistence || meta.Kind == checker.KindRequiredness,
	}
	out.edit, out.many = edit(rule, meta)
	out.outside = !slices.ContainsFunc(meta.Locations, func(l string) bool { return strings.Contains(l, ".schema.") })
	if strings.Contains(out.edit, "nullable") {
		out.member = false
	}
	a.known[rule] = out
	return out
}

// section is the part of an operation that a rule is about.
func section(rule string, meta rules.Rule) string {
	switch {
	case meta.Area == checker.AreaSecurity:
		return history.SectionSecurity
	case meta.Area == checker.AreaParameters:
		return history.SectionParameter
	case meta.Id == "" || meta.Area == checker.AreaInfo || strings.HasPrefix(rule, "webhook-"):
		return history.SectionDocument
	case meta.Area == checker.AreaComponents:
		return history.SectionDocument
	case meta.Direction == checker.DirectionRequest:
		return history.SectionBody
	case meta.Direction == checker.DirectionResponse:
		return history.SectionResponse
	}
	return history.SectionOperation
}

// edit names what a rule saw edited in the document, from the rule's own claims: "paths.*.*.responses.*.content.*.schema.enum:add" and
// the same below requestBody are both "enum:add".
func edit(rule string, meta rules.Rule) (name string, many bool) {
	var tails []string
	for _, location := range meta.Locations {
		_, tail, inSchema := strings.Cut(location, ".schema.")
		if !inSchema {
			return rule, true
		}
		tails = append(tails, tail)
	}
	if len(tails) == 0 {
		return rule, true
	}
	slices.Sort(tails)
	name = tails[0]
	keyword, _, _ := strings.Cut(name, ":")
	switch {
	case keyword == "format": // type and format are told of together, and the rules differ by direction
		return "type", false
	case keyword == "properties.*", keyword == "required":
		return name, false
	}
	return name, keyword == "enum" || keyword == "x-*" || strings.HasSuffix(keyword, ".*") || keyword == "dependentRequired"
}
