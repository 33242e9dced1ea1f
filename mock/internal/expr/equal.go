package expr

import (
	"encoding/json"
	"errors"
)

// Equal tells whether two values are the same: 1.0 is 1, "1" is not. Values nested deeper than 200 are not compared, and differ.
func Equal(a, b any) bool {
	same, err := (&run{steps: maxSteps}).equal(a, b, 0)
	return same && err == nil
}

// EqualText is Equal, and a number or a boolean is also equal to the text that says it: 42 to "42" and to "42.0", true to "true".
// So are values compared with what a path, a query or a header holds, where all is text.
func EqualText(a, b any) bool {
	if text, ok := a.(string); ok {
		a, b = b, text
	}
	if text, ok := b.(string); ok {
		switch v := a.(type) {
		case bool:
			return (text == "true" && v) || (text == "false" && !v)
		case json.Number, int, int64, float64:
			return isNumber(text) && Equal(v, json.Number(text))
		}
	}
	return Equal(a, b)
}

func (r *run) equal(a, b any, depth int) (bool, error) {
	if err := r.spend(1); err != nil {
		return false, err
	}
	if depth > maxDepth {
		return false, errors.New("it is nested too deep")
	}
	switch x := a.(type) {
	case nil:
		return b == nil, nil
	case bool:
		y, ok := b.(bool)
		return ok && x == y, nil
	case string:
		y, ok := b.(string)
		if !ok || len(x) != len(y) {
			return false, nil
		}
		return x == y, r.read(x)
	case map[string]any:
		y, ok := b.(map[string]any)
		if !ok || len(x) != len(y) {
			return false, nil
		}
		for key, v := range x {
			other, there := y[key]
			if !there {
				return false, nil
			}
			if same, err := r.equal(v, other, depth+1); !same || err != nil {
				return false, err
			}
		}
		return true, nil
	case []any, []int:
		return r.equalLists(a, b, depth)
	}
	return r.equalNumbers(a, b)
}

func (r *run) equalNumbers(a, b any) (bool, error) {
	if x, ok := a.(json.Number); ok {
		if y, ok := b.(json.Number); ok && x == y {
			return true, nil
		}
	}
	x, okX, errX := r.numeric(a)
	y, okY, errY := r.numeric(b)
	if !okX || !okY {
		return false, nil
	}
	return errX == nil && errY == nil && x.compare(y) == 0, errors.Join(errX, errY)
}

func (r *run) equalLists(a, b any, depth int) (bool, error) {
	x, errX := elements(a)
	y, errY := elements(b)
	if errX != nil || errY != nil || len(x) != len(y) {
		return false, nil
	}
	for i := range x {
		if same, err := r.equal(x[i], y[i], depth+1); !same || err != nil {
			return false, err
		}
	}
	return true, nil
}

// in tells whether a list holds a value, or an object a property.
func in(r *run, args []any) (any, error) {
	if object, ok := args[1].(map[string]any); ok {
		name, ok := args[0].(string)
		_, there := object[name]
		return ok && there, nil
	}
	all, err := elements(args[1])
	if err != nil {
		return nil, err
	}
	for _, one := range all {
		if same, err := r.equal(args[0], one, 0); same || err != nil {
			return same, err
		}
	}
	return false, nil
}
