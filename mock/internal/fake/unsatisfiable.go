package fake

import (
	"fmt"
	"strings"

	"standin/mock/internal/source"
	"standin/mock/schema"
)

// complexity is the keyword of an [Unsatisfiable] that was given up for the work it takes.
const complexity = "complexity"

// Unsatisfiable tells that no value was found which keeps a schema, and what stands in the way.
type Unsatisfiable struct {
	// Pointer is the JSON Pointer of the part that cannot be made, "" for the whole.
	Pointer string
	// Keyword is the one that cannot be kept, "complexity" where the value would be too large or takes too long to find.
	Keyword string
	// Message says why, for people.
	Message string
	// Rule is where the keyword stands.
	Rule schema.Position

	broken bool // a value was made, but is not valid
	choice bool // the message names the alternatives
}

// Error is the message with its place: "/price: minimum 5 and maximum 3 leave no number (openapi.yaml:12:9)".
func (u *Unsatisfiable) Error() string {
	var b strings.Builder
	if u.Pointer != "" {
		b.WriteString(u.Pointer + ": ")
	}
	b.WriteString(u.Message)
	if place := u.Rule.String(); place != "" {
		b.WriteString(" (" + place + ")")
	}
	return b.String()
}

// conflict tells that a keyword of a schema cannot be kept.
func conflict(by *schema.Schema, keyword, format string, args ...any) *Unsatisfiable {
	u := &Unsatisfiable{Keyword: keyword, Message: fmt.Sprintf(format, args...)}
	if by != nil && by.Node != nil {
		u.Rule = by.Node.PositionOf(keyword)
	}
	return u
}

// broken tells of a value that was made and does not keep its schema.
func broken(v schema.Violation) *Unsatisfiable {
	return &Unsatisfiable{
		Pointer: v.Pointer, Keyword: v.Keyword, Rule: v.Rule, broken: true,
		Message: "no valid value was found: what was made " + v.Message,
	}
}

// within is the same fault seen from the part around: the pointer gains a token.
func (u *Unsatisfiable) within(token string) *Unsatisfiable {
	inner := *u
	inner.Pointer = "/" + source.Escape(token) + u.Pointer
	return &inner
}

// beats tells whether u says more than other about why nothing fits.
func (u *Unsatisfiable) beats(other *Unsatisfiable) bool {
	return other == nil || other.broken && !u.broken
}
