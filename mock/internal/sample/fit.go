package sample

import (
	"encoding/json"
	"slices"
	"strings"

	"standin/mock/contract"
	"standin/mock/schema"
)

// leaves are the scalars of a value by the names that they go under, wherever they stand.
type leaves map[string][]leaf

// leaf is one scalar, a number as its text; depth counts the objects and arrays around its own.
type leaf struct {
	text  any // string or bool
	depth int
}

// Bounds of what is looked at in an example or a request.
const (
	mostLeaves = 500
	mostDepth  = 3
)

func leavesOf(value any) leaves {
	out := leaves{}
	left := mostLeaves
	var from func(name string, v any, depth int)
	from = func(name string, v any, depth int) {
		switch v := v.(type) {
		case map[string]any:
			for _, member := range sortedNames(v) {
				if depth <= mostDepth {
					from(member, v[member], depth+1)
				}
			}
		case []any:
			for _, item := range v {
				if depth <= mostDepth {
					from(name, item, depth+1)
				}
			}
		case nil:
		default:
			if left--; left >= 0 && name != "" {
				out[name] = append(out[name], leaf{text(v), depth})
			}
		}
	}
	from("", value, 0)
	return out
}

// depth is how deep the value stands under a name, at its highest place; -1 if it does not.
func (l leaves) depth(name string, value any) int {
	best := -1
	for _, one := range l[name] {
		if one.text == text(value) && (best < 0 || one.depth < best) {
			best = one.depth
		}
	}
	return best
}

// text makes a number its text, so that an id is the same in a path and in a body.
func text(v any) any {
	if n, ok := v.(json.Number); ok {
		return n.String()
	}
	return v
}

// input is one documented example of a part of a request.
type input struct {
	in, name string // of the parameter; "body" and "" for the body
	example  string // its name
	value    any
}

// inputsOf are the named examples of what an operation takes.
func inputsOf(op *contract.Operation) []input {
	var out []input
	for _, p := range op.Parameters() {
		for _, x := range p.Examples {
			if x.Value != nil {
				out = append(out, input{p.In, p.Name, x.Name, x.Value.Value()})
			}
		}
	}
	if body := op.RequestBody(); body != nil {
		for _, m := range body.Content {
			for _, x := range m.Examples {
				if x.Value != nil {
					out = append(out, input{"body", "", x.Name, x.Value.Value()})
				}
			}
		}
	}
	return out
}

// What makes an example fit, in the order of what counts more.
const (
	fitsID    = 10_000 // less 1,000 for each level that the id stands deeper
	fitsBody  = 2_000  // the body equals the request's example of that name
	fitsInput = 1_000  // a parameter does
	fitsValue = 1      // a value of the request stands in the example under its name
	mostFits  = 900    // of values
)

// best is the valid example that fits the request best.
func (o *operation) best(valid []*example, given Given) *example {
	if len(valid) == 1 || given == nil || len(o.contract.Parameters()) == 0 && o.contract.RequestBody() == nil {
		return valid[0]
	}
	values := given()
	named := o.named(values)
	said := requestLeaves(values)
	best, most := valid[0], -1
	for _, x := range valid {
		score := named[x.name] + o.id.fit(x, values) + min(mostFits, fitsValue*x.leaves.common(said))
		if score > most {
			best, most = x, score
		}
	}
	return best
}

// named scores the names of the examples that parts of the request equal.
func (o *operation) named(given contract.Values) map[string]int {
	out := map[string]int{}
	for _, i := range o.inputs {
		if i.in == "body" {
			if given.HasBody && schema.Equal(i.value, given.Body) {
				out[i.example] += fitsBody
			}
			continue
		}
		if value, ok := parameters(given, i.in)[i.name]; ok && schema.Equal(i.value, value) {
			out[i.example] += fitsInput
		}
	}
	return out
}

func parameters(given contract.Values, in string) map[string]any {
	switch in {
	case "path":
		return given.Path
	case "query":
		return given.Query
	case "header":
		return given.Header
	}
	return given.Cookie
}

// requestLeaves are what a request says in its path, query and body.
func requestLeaves(given contract.Values) leaves {
	out := leavesOf(given.Body)
	for _, part := range []map[string]any{given.Path, given.Query} {
		for name, found := range leavesOf(part) {
			out[name] = append(out[name], found...)
		}
	}
	return out
}

// common counts the values of said that l has under the same name.
func (l leaves) common(said leaves) int {
	n := 0
	for name, list := range said {
		if _, ok := l[name]; !ok {
			continue
		}
		for _, one := range list {
			if l.depth(name, one.text) >= 0 {
				n++
			}
		}
	}
	return n
}

// pathID is the last parameter of a path that names what the operation is about. The zero pathID is none.
type pathID struct {
	parameter string
	// properties may hold the same id in an answer, the likeliest first.
	properties []string
}

// pathIDOf finds the parameter that a path ends with.
func pathIDOf(op *contract.Operation) pathID {
	open := strings.LastIndexByte(op.Template, '{')
	end := strings.LastIndexByte(op.Template, '}')
	if open < 0 || end < open || strings.TrimRight(op.Template[end+1:], "/") != "" {
		return pathID{}
	}
	name := op.Template[open+1 : end]
	id := pathID{parameter: name, properties: []string{name}}
	lower := strings.ToLower(name)
	for _, property := range []string{"uuid", "id", "slug", "key", "name"} {
		if lower != property && strings.HasSuffix(lower, property) {
			id.properties = append(id.properties, property)
			break
		}
	}
	for _, property := range []string{"id", "uuid"} { // whatever the parameter is called
		if !slices.Contains(id.properties, property) {
			id.properties = append(id.properties, property)
		}
	}
	return id
}

// fit scores an example that holds the id of the path.
func (id pathID) fit(x *example, given contract.Values) int {
	value, ok := given.Path[id.parameter]
	if !ok {
		return 0
	}
	for _, name := range id.properties {
		if _, ok := x.leaves[name]; !ok {
			continue
		}
		if depth := x.leaves.depth(name, value); depth >= 0 {
			return fitsID - 1_000*depth
		}
	}
	return 0
}
