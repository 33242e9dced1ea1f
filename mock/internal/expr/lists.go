package expr

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"unicode/utf8"
)

// addLists adds the functions of lists and objects.
func addLists(to map[string]function) {
	to["len"] = function{1, 1, length}
	to["first"] = function{1, 1, func(r *run, a []any) (any, error) { return end(a[0], 0) }}
	to["last"] = function{1, 1, func(r *run, a []any) (any, error) { return end(a[0], -1) }}
	to["get"] = function{2, 2, find}
	to["reverse"] = function{1, 1, func(r *run, a []any) (any, error) {
		all, err := copied(r, a[0])
		slices.Reverse(all)
		return all, err
	}}
	to["sort"] = function{1, 1, sorted}
	to["sum"] = function{1, 1, sum}
	to["min"] = function{1, many, extreme(-1)}
	to["max"] = function{1, many, extreme(1)}
	to["keys"] = function{1, 1, func(r *run, a []any) (any, error) {
		return properties(r, a[0], func(name string, _ any) any { return name })
	}}
	to["values"] = function{1, 1, func(r *run, a []any) (any, error) {
		return properties(r, a[0], func(_ string, v any) any { return v })
	}}
}

// length is how many elements, properties or characters there are.
func length(r *run, args []any) (any, error) {
	switch v := args[0].(type) {
	case string:
		return utf8.RuneCountInString(v), r.read(v)
	case map[string]any:
		return len(v), nil
	}
	all, err := elements(args[0])
	return len(all), err
}

func end(v any, i int) (any, error) {
	all, err := elements(v)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	if i < 0 {
		i += len(all)
	}
	return all[i], nil
}

func copied(r *run, v any) ([]any, error) {
	all, err := elements(v)
	if err != nil {
		return nil, err
	}
	return slices.Clone(all), r.spend(len(all))
}

func sorted(r *run, args []any) (any, error) {
	all, err := copied(r, args[0])
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(all, func(a, b any) int {
		if err == nil {
			err = r.spend(1)
		}
		if err != nil {
			return 0
		}
		var c int
		c, err = r.compare(a, b)
		return c
	})
	return all, err
}

func sum(r *run, args []any) (any, error) {
	all, err := elements(args[0])
	total := any(integer(0))
	for _, one := range all {
		if err == nil {
			err = r.spend(1)
		}
		if err == nil {
			total, err = arithmetic('+')(r, []any{total, one})
		}
	}
	return total, err
}

// extreme is the least or most of its arguments, or of the list that is its only one.
func extreme(sign int) func(*run, []any) (any, error) {
	return func(r *run, args []any) (any, error) {
		all := args
		if len(args) == 1 {
			if _, ok, _ := numeric(args[0]); !ok {
				var err error
				if all, err = elements(args[0]); err != nil {
					return nil, err
				}
			}
		}
		if len(all) == 0 {
			return nil, errors.New("the list is empty")
		}
		best := all[0]
		for _, one := range all {
			if err := r.spend(1); err != nil {
				return nil, err
			}
			c, err := r.compare(one, best)
			if err != nil {
				return nil, err
			}
			if c*sign > 0 {
				best = one
			}
		}
		return best, nil
	}
}

// properties lists something of the properties of an object in the order of their names.
func properties(r *run, v any, of func(string, any) any) (any, error) {
	object, ok := v.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("an object is needed, and this is %s", kind(v))
	}
	if err := r.spend(4 * len(object)); err != nil {
		return nil, err
	}
	out := make([]any, 0, len(object))
	for _, name := range slices.Sorted(maps.Keys(object)) {
		out = append(out, of(name, object[name]))
	}
	return out, nil
}
