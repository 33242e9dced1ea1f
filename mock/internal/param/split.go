package param

import (
	"strings"

	"standin/mock/schema"
)

// encodedCommas stand between the parts where a sender has encoded the whole value at once, as URLSearchParams does, and as
// cookies need it (RFC 6265, 4.1.1: no comma). By RFC 6570 they belong to a part, so that reading goes first.
var encodedCommas = []string{"%2C", "%2c"}

// delimited reads one text, split where the schema wants an array or object. A list of header lines may have blanks and
// empty elements, which mean nothing (RFC 9110, 5.6.1).
func (d *Decoder) delimited(raw string, header bool) (any, error) {
	if !d.container() {
		text, err := d.decode(raw)
		if err != nil {
			return nil, err
		}
		return d.reader().scalar(text, d.at, d.shape)
	}
	ways := d.cuts(d.parts(raw, d.seps, header))
	if d.spec.Style == Label && !d.spec.Explode && strings.Contains(raw, ".") && !strings.Contains(raw, ",") {
		dotted := d.cuts(split(raw, []string{"."}))
		if d.at.item(0).shape().wants(schema.StringType) {
			ways = append(dotted, ways...)
		} else {
			ways = append(ways, dotted...)
		}
	}
	if !header && d.seps[0] == "," && !strings.Contains(raw, ",") {
		if commas := split(raw, encodedCommas); len(commas) > 1 {
			ways = append(ways, d.cuts(commas)...)
		}
	}
	r := d.reader()
	return r.best(len(ways), d.at, func(i int) (any, error) {
		n, err := d.cut(ways[i], raw)
		if err != nil {
			return nil, err
		}
		return r.value(n, d.at)
	})
}

// parts splits a raw text; an empty text has no parts.
func (d *Decoder) parts(raw string, seps []string, header bool) []string {
	if raw == "" {
		return nil
	}
	parts := split(raw, seps)
	if !header {
		return parts
	}
	kept := parts[:0]
	for _, p := range parts {
		if p = strings.Trim(p, " \t"); p != "" {
			kept = append(kept, p)
		}
	}
	return kept
}

// cutting is one way to understand a split text.
type cutting struct {
	as    reading
	parts []string
}

// cuts lists the ways to understand a split text, the likeliest first.
func (d *Decoder) cuts(parts []string) []cutting {
	var ways []cutting
	add := func(r reading, t schema.TypeSet) {
		if d.wants(t) {
			ways = append(ways, cutting{r, parts})
		}
	}
	paired := d.pairs && len(parts) > 0
	for _, p := range parts {
		paired = paired && strings.Contains(p, "=")
	}
	switch {
	case paired:
		add(asMembers, schema.ObjectType)
		add(asList, schema.ArrayType)
		add(asScalar, scalarTypes)
	case len(parts) > 1:
		add(asList, schema.ArrayType)
		add(asMembers, schema.ObjectType)
		add(asScalar, scalarTypes)
	default:
		add(asScalar, scalarTypes)
		add(asList, schema.ArrayType)
		add(asMembers, schema.ObjectType)
	}
	return ways
}

// cut decodes the parts of a text, and puts them together as a node.
func (d *Decoder) cut(way cutting, raw string) (*node, error) {
	if len(way.parts) > maxPairs {
		return nil, fault(TooComplex, "must not have more than %d parts", maxPairs)
	}
	root := &node{}
	switch way.as {
	case asList:
		root.split = true
		return root, d.fill(root, way.parts)
	case asMembers:
		return root, d.pair(root, way.parts)
	}
	text, err := d.decode(raw)
	root.texts = []string{text}
	return root, err
}

// fill adds each part to a list.
func (d *Decoder) fill(root *node, parts []string) error {
	if len(root.list)+len(parts) > maxPairs {
		return fault(TooComplex, "must not have more than %d parts", maxPairs)
	}
	for i, part := range parts {
		text, err := d.decode(part)
		if err != nil {
			return within(err, itoa(i))
		}
		root.list = append(root.list, textNode(text))
	}
	return nil
}

// pair adds the members written a,1,b,2 or a=1,b=2.
func (d *Decoder) pair(root *node, parts []string) error {
	if !d.pairs && len(parts)%2 != 0 {
		return fault(BadStyle, "must list names and values in turn, has %d parts", len(parts))
	}
	for i := 0; i < len(parts); i++ {
		name, raw, found := strings.Cut(parts[i], "=")
		if !d.pairs {
			name, raw, found = parts[i], parts[i+1], true
			i++
		}
		if !found {
			return fault(BadStyle, "must list members as name=value, has %q", clip(parts[i]))
		}
		name, err := d.decode(name)
		if err != nil {
			return err
		}
		text, err := d.decode(raw)
		if err != nil {
			return within(err, name)
		}
		k := root.kid(name)
		k.texts = append(k.texts, text)
	}
	return nil
}
