package backend

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"standin/mock/schema"
)

// mergePatch changes an object as RFC 7396 says: null takes a member away, objects are merged, anything else takes the old value's
// place. Neither argument is changed.
func mergePatch(target, patch map[string]any) map[string]any {
	out := clone(target)
	for name, v := range patch {
		switch v := v.(type) {
		case nil:
			delete(out, name)
		case map[string]any:
			inner, _ := out[name].(map[string]any)
			if inner == nil {
				inner = map[string]any{}
			}
			out[name] = mergePatch(inner, v)
		default:
			out[name] = clone(v)
		}
	}
	return out
}

// jsonPatch changes a value as RFC 6902 says; the value may be changed in the process. An error tells which operation failed, and
// why.
func jsonPatch(value any, operations []any) (any, error) {
	for i, one := range operations {
		op, ok := one.(map[string]any)
		if !ok {
			return nil, fmt.Errorf("operation %d is no object", i)
		}
		var err error
		if value, err = patchOne(value, op); err != nil {
			return nil, fmt.Errorf("operation %d: %w", i, err)
		}
	}
	return value, nil
}

func patchOne(value any, op map[string]any) (any, error) {
	path, ok := op["path"].(string)
	if !ok {
		return nil, fmt.Errorf("it has no path")
	}
	switch op["op"] {
	case "add":
		return graft(value, tokens(path), clone(op["value"]), adding)
	case "replace":
		return graft(value, tokens(path), clone(op["value"]), replacing)
	case "remove":
		return graft(value, tokens(path), nil, removing)
	case "test":
		v, err := pick(value, tokens(path))
		if err == nil && !schema.Equal(v, op["value"]) {
			err = fmt.Errorf("the value at %q is another", path)
		}
		return value, err
	case "move", "copy":
		from, ok := op["from"].(string)
		if !ok {
			return nil, fmt.Errorf("it has no from")
		}
		v, err := pick(value, tokens(from))
		if err != nil {
			return nil, err
		}
		v = clone(v)
		if op["op"] == "move" {
			if strings.HasPrefix(path, from+"/") {
				return nil, fmt.Errorf("a value cannot move into itself")
			}
			if value, err = graft(value, tokens(from), nil, removing); err != nil {
				return nil, err
			}
		}
		return graft(value, tokens(path), v, adding)
	}
	return nil, fmt.Errorf("there is no operation %v", op["op"])
}

// tokens cuts a JSON Pointer (RFC 6901).
func tokens(pointer string) []string {
	if pointer == "" {
		return nil
	}
	parts := strings.Split(strings.TrimPrefix(pointer, "/"), "/")
	for i, t := range parts {
		parts[i] = strings.ReplaceAll(strings.ReplaceAll(t, "~1", "/"), "~0", "~")
	}
	return parts
}

func pick(value any, path []string) (any, error) {
	for _, t := range path {
		switch v := value.(type) {
		case map[string]any:
			inner, ok := v[t]
			if !ok {
				return nil, fmt.Errorf("there is no %q", t)
			}
			value = inner
		case []any:
			i, err := index(t, len(v)-1)
			if err != nil {
				return nil, err
			}
			value = v[i]
		default:
			return nil, fmt.Errorf("there is nothing below %q", t)
		}
	}
	return value, nil
}

// How graft changes the place that a pointer leads to.
const (
	adding = iota
	replacing
	removing
)

// graft gives value with v at a place.
func graft(value any, path []string, v any, how int) (any, error) {
	if len(path) == 0 {
		if how == removing {
			return nil, nil
		}
		return v, nil
	}
	t, last := path[0], len(path) == 1
	switch in := value.(type) {
	case map[string]any:
		old, had := in[t]
		if !had && (!last || how != adding) {
			return nil, fmt.Errorf("there is no %q", t)
		}
		if last && how == removing {
			delete(in, t)
			return in, nil
		}
		inner, err := graft(old, path[1:], v, how)
		in[t] = inner
		return in, err
	case []any:
		most := len(in) - 1
		if last && how == adding {
			most = len(in)
			if t == "-" {
				return append(in, v), nil
			}
		}
		i, err := index(t, most)
		switch {
		case err != nil:
			return nil, err
		case last && how == adding:
			return slices.Insert(in, i, v), nil
		case last && how == removing:
			return slices.Delete(in, i, i+1), nil
		}
		in[i], err = graft(in[i], path[1:], v, how)
		return in, err
	}
	return nil, fmt.Errorf("there is nothing below %q", t)
}

// index reads an array index of a JSON Pointer: digits without a leading zero.
func index(token string, most int) (int, error) {
	n, err := strconv.Atoi(token)
	if err != nil || n < 0 || n > most || json.Number(token) != json.Number(strconv.Itoa(n)) {
		return 0, fmt.Errorf("there is no element %q", token)
	}
	return n, nil
}
