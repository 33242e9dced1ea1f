package contract

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"

	"standin/mock/internal/media"
	"standin/mock/schema"
)

// Received is the body of a request that was read as it came: of the files in it only beginnings are held.
type Received struct {
	// Size is that of the whole body, and Beginning the first bytes of it.
	Size      int64
	Beginning []byte

	media  *MediaType
	actual media.Type
	value  any
	read   bool
	broken []Violation
	long   []longText
	err    error // why it cannot be read as what it is
}

// longText is a text of which only the beginning is held.
type longText struct {
	pointer string
	size    int64 // of all of it, in bytes
	schema  *schema.Schema
}

// Allowance is how much of a body may be held while it is read as it comes, in bytes.
type Allowance struct {
	// Held bounds all that is kept of the body, Beginning what is kept of each file and of the body as a whole.
	Held, Beginning int64
}

// TooMuch tells that a body holds more than its allowance beside its files.
type TooMuch struct{ Limit int64 }

func (e *TooMuch) Error() string {
	return fmt.Sprintf("it holds more than %d bytes beside its files", e.Limit)
}

// Receives tells whether a body with these headers can be judged as it comes, without being held: a file that is taken as it is, or
// parts with files among them, of which no more than their length is described.
func (o *Operation) Receives(header http.Header) bool {
	b := o.compiled().body
	if b == nil || header.Get("Content-Type") == "" {
		return false
	}
	t, actual, problem := b.choose(header.Get("Content-Type"))
	switch {
	case t == nil || problem != "":
		return false
	case actual.IsMultipart():
		return t.parts != nil && t.parts.files()
	}
	return t.unread(actual) && mereBytes(t.Schema)
}

// unread tells that bodies of a type are bytes that nobody looks into.
func (t *MediaType) unread(actual media.Type) bool {
	return !actual.IsJSON() && !actual.IsText() && !actual.IsXML() && !actual.IsForm() && !actual.IsMultipart() && actual.Sequence() == media.NoSequence && t.Items == nil
}

// mereBytes tells that a schema says of strings no more than how long they are, so that their beginning and their length are enough.
func mereBytes(s *schema.Schema) bool {
	for range mostHops {
		switch {
		case s == nil:
			return true
		case s.Never || s.HasEnum || s.HasConst || s.Pattern != nil || s.Not != nil || s.If != nil || s.DynamicRef != nil || s.ContentSchema != nil ||
			len(s.AllOf)+len(s.AnyOf)+len(s.OneOf) > 0 || s.Types != 0 && !s.Types.Has(schema.StringType) || !slices.Contains([]string{"", "binary"}, s.Format):
			return false
		case s.Ref == nil:
			return true
		}
		s = s.Ref
	}
	return false
}

// files tells whether some part may be a file that need not be held.
func (p *parts) files() bool {
	if p.listed {
		return true
	}
	return slices.ContainsFunc(namesOf(p.whole), p.isFile) || len(namesOf(p.whole)) == 0
}

// isFile tells whether the parts of a property are described as bytes and no more. What combinations say of it can be anything.
func (p *parts) isFile(name string) bool {
	s := p.whole
	for hops := 0; s != nil && s.Ref != nil && len(s.Properties) == 0 && hops < mostHops; hops++ {
		s = s.Ref
	}
	if s == nil {
		return true
	}
	return len(s.AllOf)+len(s.AnyOf)+len(s.OneOf) == 0 && s.Not == nil && s.If == nil && len(s.PatternProperties) == 0 && mereBytes(p.member(name))
}

// Receive reads a body as it comes; [Operation.Receives] has told that this can be done. Errors are those of the reader, and *[TooMuch].
// What is wrong with the body itself is told when the request is checked.
func (o *Operation) Receive(header http.Header, body io.Reader, a Allowance) (*Received, error) {
	out := &Received{}
	out.media, out.actual, _ = o.compiled().body.choose(header.Get("Content-Type"))
	counted := &counter{from: body, into: out, keep: a.Beginning}
	if out.actual.IsMultipart() {
		in := intake{beginning: a.Beginning, left: a.Held, limit: a.Held}
		out.value, out.broken, out.err = out.media.parts.decode(counted, out.actual, o.BodyDirection(), &in)
		out.read, out.long = out.err == nil, in.long
		if much, ok := errors.AsType[*TooMuch](out.err); ok {
			return nil, much
		}
	}
	if _, err := io.Copy(io.Discard, counted); err != nil && counted.err == nil {
		return nil, err
	}
	return out, counted.err
}

// counter counts what is read, and keeps the beginning.
type counter struct {
	from io.Reader
	into *Received
	keep int64
	err  error // of the reader, nil at its end
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.from.Read(p)
	c.into.Size += int64(n)
	if room := c.keep - int64(len(c.into.Beginning)); room > 0 {
		c.into.Beginning = append(c.into.Beginning, p[:min(int64(n), room)]...)
	}
	if err != nil && err != io.EOF {
		c.err = err
	}
	return n, err
}

// judge gives what a body breaks that was read as it came.
func (r *Received) judge(o schema.Options) []Violation {
	t := r.media
	if r.err != nil {
		return []Violation{t.unreadable(r.err, r.actual)}
	}
	if !r.read {
		return lengthsOf(longText{"", r.Size, t.Schema})
	}
	var broken []Violation
	for _, v := range t.checkValue(r.value, r.actual, slices.Clone(r.broken), o) {
		if v.Keyword != "minLength" && v.Keyword != "maxLength" || !slices.ContainsFunc(r.long, func(l longText) bool { return l.pointer == v.Pointer }) {
			broken = append(broken, v)
		}
	}
	for _, l := range r.long {
		broken = append(broken, lengthsOf(l)...)
	}
	return broken
}

// lengthsOf is what the length of a text breaks of a schema, or of one that it refers to.
func lengthsOf(l longText) []Violation {
	var out []Violation
	add := func(s *schema.Schema, keyword, bound string, n int) {
		out = append(out, Violation{
			In: "body", Pointer: l.pointer, Keyword: keyword, Rule: s.Node.PositionOf(keyword), Message: fmt.Sprintf("must be at %s %d bytes long, is %d", bound, n, l.size),
		})
	}
	s := l.schema
	for hops := 0; s != nil && hops < mostHops; hops++ {
		if s.MaxLength >= 0 && l.size > int64(s.MaxLength) {
			add(s, "maxLength", "most", s.MaxLength)
		}
		if l.size < int64(s.MinLength) {
			add(s, "minLength", "least", s.MinLength)
		}
		s = s.Ref
	}
	return out
}
