package diff

import (
	"strconv"
	"strings"

	"standin/mock/internal/history"
	"standin/mock/internal/source"
	"standin/mock/schema"
)

// mostHops bounds chains of references and nests of allOf.
const mostHops = 32

// spot is a place below a parameter or a body.
type spot struct {
	// node is where it stands in the document, schema what is there; schema is nil where none is documented.
	node   *schema.Node
	schema *schema.Schema
	// anchor names it on the operation's page, pointer in the document ("" once a reference has led to another file).
	anchor, pointer string
	// name is the shared schema that it lies in, "" for none; inner is the way from there, or from the body: a.b[].c.
	name, inner string
}

// below is the spot of a schema inside of this one.
func (p spot) below(s *schema.Schema, anchor, pointer, inner string) spot {
	p.schema, p.node = s, s.Node
	if anchor != "" {
		p.anchor += "." + anchor
	}
	if p.pointer != "" {
		p.pointer += pointer
	}
	p.inner += inner
	return p
}

// follow goes where references lead.
func (p spot) follow() spot {
	for range mostHops {
		if p.schema == nil || p.schema.Ref == nil {
			break
		}
		if local, ok := strings.CutPrefix(p.schema.Node.Get("$ref").Text(), "#/"); ok && p.pointer != "" {
			p.pointer = "/" + local
		} else {
			p.pointer = ""
		}
		p.schema = p.schema.Ref
		p.node = p.schema.Node
		if p.schema.Name != "" {
			p.name, p.inner = p.schema.Name, ""
		}
	}
	return p
}

// find looks for a part of a schema in itself, where its reference leads, and in what it extends by allOf.
func (p spot) find(part func(spot) (spot, bool), depth int) (spot, bool) {
	if p.schema == nil || depth == 0 {
		return spot{}, false
	}
	if found, ok := part(p); ok { // also what stands beside a reference
		return found, true
	}
	if p = p.follow(); p.schema == nil {
		return spot{}, false
	}
	if found, ok := part(p); ok {
		return found, true
	}
	for i, s := range p.schema.AllOf {
		if found, ok := p.below(s, "", "/allOf/"+strconv.Itoa(i), "").find(part, depth-1); ok {
			return found, true
		}
	}
	return spot{}, false
}

// reach follows a way as oasdiff writes it ("tags/items/name"), in the new or in the old document. It gives the last spot that is
// there, and what of the way is left.
func (p spot) reach(way []string, old bool) (at spot, left []string) {
	for len(way) > 0 {
		next, used, ok := p.step(way, old)
		if !ok {
			break
		}
		p, way = next, way[used:]
	}
	return p, way
}

// step goes one part of the way; a property's name may itself hold slashes.
func (p spot) step(way []string, old bool) (next spot, used int, ok bool) {
	for used = 1; used <= min(len(way), 8); used++ {
		name := strings.Join(way[:used], "/")
		next, ok = p.find(func(at spot) (spot, bool) {
			s := at.schema.Property(name)
			if s == nil {
				return spot{}, false
			}
			return at.below(s, history.Segment(name), "/properties/"+source.Escape(name), "."+name), true
		}, mostHops)
		if ok {
			return next, used, true
		}
	}
	keyword, which, _ := strings.Cut(way[0], "[")
	next, ok = p.find(func(at spot) (spot, bool) { return at.keyword(keyword, strings.TrimSuffix(which, "]"), old) }, mostHops)
	return next, 1, ok
}

// keyword is what lies under a keyword that holds schemas; which tells one of several.
func (p spot) keyword(name, which string, old bool) (spot, bool) {
	s := p.schema
	switch name {
	case "allOf":
		return p.branch(s.AllOf, name, which, old)
	case "anyOf":
		return p.branch(s.AnyOf, name, which, old)
	case "oneOf":
		return p.branch(s.OneOf, name, which, old)
	case "prefixItems":
		return p.branch(s.PrefixItems, name, which, old)
	case "patternProperties":
		for _, pattern := range s.PatternProperties {
			if pattern.Pattern.String() == which {
				return p.below(pattern.Schema, history.Segment(which), "/patternProperties/"+source.Escape(which), "."+which), true
			}
		}
		return spot{}, false
	case "dependentSchemas":
		to := s.DependentSchemas[which]
		return p.single(to, history.Segment("with-"+which), "/dependentSchemas/"+source.Escape(which), "")
	case "items":
		return p.single(s.Items, "", "/items", "[]")
	case "additionalProperties":
		return p.single(s.AdditionalProperties, "{}", "/additionalProperties", ".{}")
	case "propertyNames":
		return p.single(s.PropertyNames, "names", "/propertyNames", "")
	case "contentSchema":
		return p.single(s.ContentSchema, "content", "/contentSchema", "")
	case "unevaluatedItems":
		return p.single(s.UnevaluatedItems, "unevaluated", "/unevaluatedItems", "[]")
	case "unevaluatedProperties":
		return p.single(s.UnevaluatedProperties, "unevaluated", "/unevaluatedProperties", ".{}")
	}
	only := map[string]*schema.Schema{"contains": s.Contains, "if": s.If, "then": s.Then, "else": s.Else, "not": s.Not}
	return p.single(only[name], name, "/"+name, "")
}

func (p spot) single(s *schema.Schema, anchor, pointer, inner string) (spot, bool) {
	if s == nil {
		return spot{}, false
	}
	return p.below(s, anchor, pointer, inner), true
}

// branch is one of several schemas, told as oasdiff tells them: "#/components/schemas/NAME", "subschema #2", "subschema #2: TITLE",
// or "OLD -> NEW" where they differ. The page names alternatives by schema, title or number; allOf it merges.
func (p spot) branch(list []*schema.Schema, keyword, which string, old bool) (spot, bool) {
	if was, is, both := strings.Cut(which, " -> "); both {
		which = is
		if old {
			which = was
		}
	}
	for i, s := range list {
		number := strconv.Itoa(i + 1)
		told, _, _ := strings.Cut(strings.TrimPrefix(which, "subschema #"), ":")
		named := s.Ref != nil && s.Ref.Name != "" && strings.HasSuffix(which, "/"+s.Ref.Name)
		if !named && told != number {
			continue
		}
		anchor, inner := "", ""
		switch {
		case keyword == "prefixItems":
			anchor, inner = strconv.Itoa(i), "["+strconv.Itoa(i)+"]"
		case keyword == "allOf":
		case s.Ref != nil && s.Ref.Name != "":
			anchor = history.Segment("(" + s.Ref.Name + ")")
		case s.Title != "":
			anchor = history.Segment("(" + s.Title + ")")
		default:
			anchor = history.Segment("(" + number + ")")
		}
		return p.below(s, anchor, "/"+keyword+"/"+strconv.Itoa(i), inner), true
	}
	return spot{}, false
}

// split cuts a way into its parts; slashes between brackets belong to the part.
func split(way string) []string {
	var parts []string
	depth, start := 0, 0
	for i := 0; i < len(way); i++ {
		switch way[i] {
		case '[':
			depth++
		case ']':
			depth = max(depth-1, 0)
		case '/':
			if depth == 0 {
				parts = append(parts, way[start:i])
				start = i + 1
			}
		}
	}
	if start < len(way) {
		parts = append(parts, way[start:])
	}
	return parts
}

// dotted writes what is left of a way as readers see it.
func dotted(way []string) string {
	var b strings.Builder
	for _, part := range way {
		if part == "items" {
			b.WriteString("[]")
			continue
		}
		b.WriteString("." + part)
	}
	return b.String()
}
