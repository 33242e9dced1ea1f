package param

import (
	"strconv"
	"strings"

	"standin/mock/schema"
)

func itoa(i int) string { return strconv.Itoa(i) }

// delimiters gives what stands between the parts of a value, and how a part is decoded.
func (s *Spec) delimiters() (seps []string, decode unescaper) {
	decode = [...]unescaper{InPath: percent, InQuery: percentPlus, InHeader: verbatim, InCookie: percentIfAny}[s.In&3]
	switch s.Style {
	case SpaceDelimited:
		seps = []string{"%20", " "}
		if s.In == InQuery {
			seps = append(seps, "+")
		}
	case PipeDelimited:
		seps = []string{"|", "%7C", "%7c"}
	case TabDelimited:
		seps = []string{"\t", "%09"}
	case Label:
		seps = []string{","}
		if s.Explode {
			seps = []string{"."}
		}
	default:
		seps = []string{","}
	}
	return seps, decode
}

// split cuts a text at any of the delimiters.
func split(text string, seps []string) []string {
	var parts []string
	for {
		at, width := -1, 0
		for _, sep := range seps {
			if i := strings.Index(text, sep); i >= 0 && (at < 0 || i < at) {
				at, width = i, len(sep)
			}
		}
		if at < 0 || len(parts) == maxPairs {
			return append(parts, text)
		}
		parts = append(parts, text[:at])
		text = text[at+width:]
	}
}

// Path gives the value of a path parameter from the text that the template captured, as it stood in the request line.
// An error is an *[Error].
func (d *Decoder) Path(raw string) (any, error) {
	switch d.spec.Style {
	case Content:
		return d.content(raw)
	case Label:
		rest, ok := strings.CutPrefix(raw, ".")
		if !ok {
			return nil, fault(BadStyle, "must begin with a dot, is %q", clip(raw))
		}
		return d.delimited(rest, false)
	case Matrix:
		return d.matrix(raw)
	}
	return d.delimited(raw, false)
}

func (d *Decoder) matrix(raw string) (any, error) {
	rest, ok := strings.CutPrefix(raw, ";")
	if !ok {
		return nil, fault(BadStyle, "must begin with %q, is %q", ";"+d.spec.Name, clip(raw))
	}
	var few [8]pair
	pairs := few[:0]
	for i, part := range split(rest, []string{";"}) {
		name, value, found := strings.Cut(part, "=")
		name, err := d.decode(name)
		if err != nil {
			return nil, err
		}
		if i == maxPairs {
			return nil, fault(TooComplex, "must not have more than %d parts", maxPairs)
		}
		pairs = append(pairs, pair{name: name, raw: value, bare: !found})
	}
	one, count := only(pairs, d.spec.Name)
	if d.spec.Explode && d.container() {
		return d.matrixParts(pairs, count)
	}
	if count != 1 || len(pairs) != 1 {
		return nil, fault(BadStyle, "must be written %q, is %q", ";"+d.spec.Name+"=…", clip(raw))
	}
	return d.delimited(one.raw, false)
}

// matrixParts reads ;p=1;p=2 or ;a=1;b=2.
func (d *Decoder) matrixParts(pairs []pair, named int) (any, error) {
	root := &node{}
	for _, p := range pairs {
		text, err := d.decode(p.raw)
		if err != nil {
			return nil, err
		}
		switch {
		case named == len(pairs):
			root.texts = append(root.texts, text)
		case d.wants(schema.ObjectType):
			k := root.kid(p.name)
			k.texts = append(k.texts, text)
		default:
			return nil, fault(BadStyle, "must be written %q, has a part called %q", ";"+d.spec.Name+"=…", clip(p.name))
		}
	}
	return d.reader().value(root, d.at)
}

// Header gives the value of a header parameter from all of its lines, which count as one joined by commas (RFC 9110, 5.3).
// present is false if there are none.
func (d *Decoder) Header(lines []string) (value any, present bool, err error) {
	if len(lines) == 0 {
		return nil, false, nil
	}
	raw := lines[0]
	if len(lines) > 1 {
		raw = strings.Join(lines, ", ")
	}
	raw = strings.Trim(raw, " \t")
	if d.spec.Style == Content {
		value, err = d.content(raw)
		return value, true, err
	}
	value, err = d.delimited(raw, true)
	return value, true, err
}

// Query gives the value of a query parameter and marks what it took. present is false if its name, or for an exploded
// object every name, is missing. A deepObject called f leaves a pair f[x] to a parameter of that very name, if that was
// decoded before it.
func (d *Decoder) Query(q *Query) (value any, present bool, err error) {
	return d.from(q.pairs)
}

// Cookie gives the value of a cookie parameter from all Cookie header lines. An exploded array or object is understood as
// several cookies as well as the p=1&p=2 of RFC 6570. Of several cookies of one name, the first counts for a single value,
// as it has the longer path (RFC 6265, 5.4).
func (d *Decoder) Cookie(lines []string) (value any, present bool, err error) {
	var few [16]pair
	pairs := few[:0]
	for _, line := range lines {
		for rest, more := line, true; more; {
			var one string
			one, rest, more = strings.Cut(rest, ";")
			name, raw, found := strings.Cut(strings.Trim(one, " \t"), "=")
			if !found || len(pairs) >= maxPairs {
				continue
			}
			if len(raw) > 1 && raw[0] == '"' && raw[len(raw)-1] == '"' {
				raw = raw[1 : len(raw)-1]
			}
			if !d.container() && name == d.spec.Name {
				value, _, err := d.from([]pair{{name: name, raw: raw}})
				return value, true, err
			}
			pairs = d.ampersands(pairs, name, raw)
		}
	}
	return d.from(pairs)
}

// ampersands adds a cookie, taken apart where it is this parameter's and holds the pairs of an exploded value.
func (d *Decoder) ampersands(pairs []pair, name, raw string) []pair {
	ours := d.spec.Explode && d.container() && (name == d.spec.Name || d.names.has(name))
	first, rest, more := strings.Cut(raw, "&")
	if !ours || !more {
		return append(pairs, pair{name: name, raw: raw})
	}
	pairs = append(pairs, pair{name: name, raw: first})
	for more && len(pairs) < maxPairs {
		var one string
		one, rest, more = strings.Cut(rest, "&")
		n, v, _ := strings.Cut(one, "=")
		pairs = append(pairs, pair{name: n, raw: v})
	}
	return pairs
}

// from finds the parameter among pairs.
func (d *Decoder) from(pairs []pair) (any, bool, error) {
	switch {
	case d.spec.Style == DeepObject:
		root, present, err := tree(pairs, d.spec.Name, d.decode)
		if err != nil || !present {
			return nil, present, err
		}
		v, err := d.reader().value(root, d.at)
		return v, true, err
	case d.spec.Explode && (d.container() || d.loose) && d.spec.Style != Content:
		return d.exploded(pairs)
	}
	one, count := only(pairs, d.spec.Name)
	switch {
	case count == 0:
		return nil, false, nil
	case d.spec.Style == Content && count == 1:
		v, err := d.content(one.raw)
		return v, true, err
	case count == 1:
		v, err := d.delimited(one.raw, false)
		return v, true, err
	case d.spec.Style == Content || !d.wants(schema.ArrayType):
		return nil, true, fault(Duplicate, "must be given once, is given %d times", count)
	}
	v, err := d.repeated(pairs)
	return v, true, err
}

// repeated reads p=1,2&p=3 as the one list that its sender means.
func (d *Decoder) repeated(pairs []pair) (any, error) {
	root := &node{split: true}
	for _, p := range pairs {
		if p.name != d.spec.Name {
			continue
		}
		parts := []string{p.raw}
		if !d.loose {
			parts = split(p.raw, d.seps)
		}
		if err := d.fill(root, parts); err != nil {
			return nil, err
		}
	}
	return d.reader().value(root, d.at)
}

// exploded reads p=1&p=2 or, for an object, a=1&b=2.
func (d *Decoder) exploded(pairs []pair) (any, bool, error) {
	given, err := texts(pairs, d.spec.Name, d.decode)
	if err != nil {
		return nil, true, err
	}
	if d.spec.In == InCookie && d.spread() && d.types == schema.ObjectType && !d.names.has(d.spec.Name) {
		given = nil // its members are cookies of their own: one of its name is somebody else's, and may be there
	}
	root := &node{texts: given}
	if (len(given) == 0 || d.names.has(d.spec.Name)) && d.spread() {
		root = &node{}
		if len(given) > 0 {
			root.kid(d.spec.Name).texts = given
		}
		if err := d.gather(root, pairs); err != nil {
			return nil, true, err
		}
	}
	if len(root.texts) == 0 && len(root.names) == 0 {
		return nil, false, nil
	}
	r := d.reader()
	if one, count := only(pairs, d.spec.Name); d.spec.In == InCookie && count == 1 && len(root.texts) == 1 {
		v, err := r.best(2, d.at, func(i int) (any, error) {
			if i == 0 {
				return r.value(root, d.at)
			}
			return d.delimited(one.raw, false) // no agent sends several cookies of one name, so lists come in one
		})
		return v, true, err
	}
	v, err := r.value(root, d.at)
	return v, true, err
}

// gather takes the members of an exploded object: first what the schema names, with or without brackets behind it, then,
// if it is open, whatever is left.
func (d *Decoder) gather(root *node, pairs []pair) error {
	for i := range pairs {
		p := &pairs[i]
		path := []string{p.name}
		if !p.used && !d.names.has(p.name) {
			if head, rest, ok := brackets(p.name); ok && (d.names.has(head) && d.holds(head) || d.names.open) {
				path = append([]string{head}, rest...)
			}
		}
		if p.used || !d.names.has(path[0]) && !d.names.open {
			continue
		}
		p.used = true
		if err := put(root, path, p.raw, d.decode); err != nil {
			return err
		}
	}
	return nil
}

// holds tells that a member can be an array or object, so that brackets may follow its name.
func (d *Decoder) holds(member string) bool {
	s := d.at.anywhere(member).shape()
	return s.loose || s.container()
}

// content reads the text of a parameter with a media type.
func (d *Decoder) content(raw string) (any, error) {
	text, err := d.decode(raw)
	if err != nil {
		return nil, err
	}
	if isJSON(d.spec.MediaType) {
		return decodeJSON(text)
	}
	return d.reader().scalar(text, d.at, d.shape)
}
