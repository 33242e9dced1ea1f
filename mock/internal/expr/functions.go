package expr

import (
	"errors"
	"fmt"
	"math"
	"unicode/utf8"
)

// many is the most arguments of a function that takes any number.
const many = math.MaxInt

// function is one that programs call. The arguments do not count the run.
type function struct {
	least, most int
	do          func(r *run, args []any) (any, error)
}

// call calls the function as expr-lang does, with the run in front.
func (f function) call(params ...any) (any, error) {
	if len(params) == 0 {
		return nil, errors.New("a function without a run")
	}
	r, ok := params[0].(*run)
	if !ok {
		return nil, errors.New("a function without a run")
	}
	if err := r.spend(1); err != nil {
		return nil, err
	}
	return f.do(r, params[1:])
}

// functions are all functions by name; those that begin with $ stand for what is written otherwise.
func functions() map[string]function {
	out := map[string]function{
		"$add":        {2, 2, add},
		"$subtract":   {2, 2, arithmetic('-')},
		"$multiply":   {2, 2, arithmetic('*')},
		"$divide":     {2, 2, arithmetic('/')},
		"$remainder":  {2, 2, arithmetic('%')},
		"$power":      {2, 2, arithmetic('^')},
		"$equal":      {2, 2, func(r *run, a []any) (any, error) { return r.equal(a[0], a[1], 0) }},
		"$unequal":    {2, 2, func(r *run, a []any) (any, error) { same, err := r.equal(a[0], a[1], 0); return !same, err }},
		"$less":       {2, 2, ordered(func(c int) bool { return c < 0 })},
		"$atMost":     {2, 2, ordered(func(c int) bool { return c <= 0 })},
		"$more":       {2, 2, ordered(func(c int) bool { return c > 0 })},
		"$atLeast":    {2, 2, ordered(func(c int) bool { return c >= 0 })},
		"$in":         {2, 2, in},
		"$truth":      {1, 1, truth},
		"$list":       {1, 1, list},
		"$turn":       {2, 2, turn},
		"$get":        {2, 2, get},
		"$find":       {2, 2, find},
		"$slice":      {3, 3, slice},
		"$uuid":       {0, 0, uuid},
		"$fake":       {1, many, fakeValue},
		"$matches":    {3, 3, matches},
		"$contains":   {2, 2, textual(contains)},
		"$startsWith": {2, 2, textual(startsWith)},
		"$endsWith":   {2, 2, textual(endsWith)},
	}
	addLists(out)
	addNumbers(out)
	addTexts(out)
	return out
}

// given calls a further function of the scope; see [Options].
func given(name string) func(*run, []any) (any, error) {
	return func(r *run, args []any) (any, error) {
		f := r.scope.Functions[name]
		if f == nil {
			return nil, fmt.Errorf("there is no %s here", name)
		}
		plain := make([]any, len(args))
		for i, v := range args {
			one, err := r.plain(v, 0)
			if err != nil {
				return nil, err
			}
			plain[i] = one
		}
		out, err := f(plain)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		return out, nil
	}
}

func add(r *run, args []any) (any, error) {
	if a, ok := args[0].(string); ok {
		if b, ok := args[1].(string); ok {
			if len(a)+len(b) > maxText {
				return nil, fmt.Errorf("a text would be longer than %d bytes", maxText)
			}
			return r.made(a + b)
		}
	}
	return arithmetic('+')(r, args)
}

func arithmetic(operator byte) func(*run, []any) (any, error) {
	return func(r *run, args []any) (any, error) {
		a, okA, errA := r.numeric(args[0])
		b, okB, errB := r.numeric(args[1])
		switch {
		case !okA || !okB:
			return nil, fmt.Errorf("%c cannot be applied to %s and %s", operator, kind(args[0]), kind(args[1]))
		case errA != nil || errB != nil:
			return nil, errors.Join(errA, errB)
		}
		return compute(operator, a, b)
	}
}

// compare orders two numbers or two texts.
func (r *run) compare(a, b any) (int, error) {
	if x, ok := a.(string); ok {
		if y, ok := b.(string); ok {
			if err := r.read(x); err != nil {
				return 0, err
			}
			switch {
			case x < y:
				return -1, nil
			case x > y:
				return 1, nil
			}
			return 0, nil
		}
	}
	x, okX, errX := r.numeric(a)
	y, okY, errY := r.numeric(b)
	if !okX || !okY {
		return 0, fmt.Errorf("%s and %s have no order", kind(a), kind(b))
	}
	return x.compare(y), errors.Join(errX, errY)
}

func ordered(holds func(int) bool) func(*run, []any) (any, error) {
	return func(r *run, args []any) (any, error) {
		c, err := r.compare(args[0], args[1])
		return err == nil && holds(c), err
	}
}

func truth(_ *run, args []any) (any, error) {
	if b, ok := args[0].(bool); ok {
		return b, nil
	}
	return nil, fmt.Errorf("a condition is true or false, and this is %s", kind(args[0]))
}

// turn counts one turn of a loop.
func turn(r *run, args []any) (any, error) {
	cost, _ := args[1].(int)
	return args[0], r.spend(cost)
}

// elements are the elements of a list.
func elements(v any) ([]any, error) {
	switch v := v.(type) {
	case []any:
		return v, nil
	case []int:
		out := make([]any, len(v))
		for i, n := range v {
			out[i] = integer(int64(n))
		}
		return out, nil
	}
	return nil, fmt.Errorf("a list is needed, and this is %s", kind(v))
}

func list(r *run, args []any) (any, error) {
	out, err := elements(args[0])
	if err != nil {
		return nil, err
	}
	return out, r.spend(len(out))
}

// get is a property or an element; it is null if an object or a list has none.
func get(_ *run, args []any) (any, error) {
	switch of := args[0].(type) {
	case map[string]any:
		if name, ok := args[1].(string); ok {
			return of[name], nil
		}
		return nil, fmt.Errorf("a property has a name, and this is %s", kind(args[1]))
	case []any, []int:
		all, _ := elements(of)
		i, err := index(args[1])
		if err != nil {
			return nil, err
		}
		if i < 0 {
			i += len(all)
		}
		if i < 0 || i >= len(all) {
			return nil, nil
		}
		return all[i], nil
	}
	if name, ok := args[1].(string); ok {
		return nil, fmt.Errorf("%s has no property %s", kind(args[0]), short(name))
	}
	return nil, fmt.Errorf("%s has no elements", kind(args[0]))
}

// find is get, and null of null.
func find(r *run, args []any) (any, error) {
	if args[0] == nil {
		return nil, nil
	}
	return get(r, args)
}

// index is a whole number that may count elements.
func index(v any) (int, error) {
	n, ok, err := numeric(v)
	if err == nil && (!ok || n.rat != nil || n.whole > math.MaxInt32 || n.whole < math.MinInt32) {
		err = fmt.Errorf("a place in a list is a whole number, and this is %s", kind(v))
	}
	return int(n.whole), err
}

// slice is a part of a list, or of a text by characters; places beyond its ends are its ends.
func slice(r *run, args []any) (any, error) {
	text, isText := args[0].(string)
	all, n := []any(nil), 0
	if isText {
		n = utf8.RuneCountInString(text)
		if err := r.read(text); err != nil {
			return nil, err
		}
	} else {
		var err error
		if all, err = elements(args[0]); err != nil {
			return nil, err
		}
		n = len(all)
	}
	ends := [2]int{0, n}
	for i, v := range args[1:] {
		if v == nil {
			continue
		}
		at, err := index(v)
		if err != nil {
			return nil, err
		}
		if at < 0 {
			at += n
		}
		ends[i] = min(max(at, 0), n)
	}
	from, to := ends[0], max(ends[0], ends[1])
	if isText {
		return part(text, from, to), nil
	}
	return all[from:to:to], nil
}

// part is a text from one character to another.
func part(text string, from, to int) string {
	start, end, n := len(text), len(text), 0
	for i := range text {
		if n == from {
			start = i
		}
		if n == to {
			end = i
			break
		}
		n++
	}
	return text[start:max(start, end)]
}

func uuid(r *run, _ []any) (any, error) {
	if r.scope.UUID == nil {
		return nil, errors.New("there are no UUIDs here")
	}
	return r.scope.UUID(), nil
}

func fakeValue(r *run, args []any) (any, error) {
	if r.scope.Fake == nil {
		return nil, errors.New("nothing is made up here")
	}
	name, _ := args[0].(string)
	given := make([]any, len(args)-1)
	for i, v := range args[1:] {
		one, err := r.plain(v, 0)
		if err != nil {
			return nil, err
		}
		given[i] = one
	}
	out, err := r.scope.Fake(name, given)
	if err != nil {
		return nil, fmt.Errorf("fake.%s: %w", name, err)
	}
	return r.plain(out, 0)
}
