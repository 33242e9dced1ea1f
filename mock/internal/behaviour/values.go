package behaviour

import (
	"encoding/json"
	"fmt"
	"strconv"

	"standin/mock/internal/sample"
	"standin/mock/schema"
)

// textsOf is a value as texts: the elements of a list, or the value alone; none of null.
func textsOf(v any) []string {
	switch v := v.(type) {
	case nil:
		return nil
	case []any:
		out := make([]string, len(v))
		for i, one := range v {
			out[i] = textOf(one)
		}
		return out
	}
	return []string{textOf(v)}
}

// textOf is a value as a text.
func textOf(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case bool:
		return strconv.FormatBool(v)
	case json.Number:
		return v.String()
	}
	return fmt.Sprint(v)
}

// wholeOf is a whole number, or another value where there is none.
func wholeOf(v any, otherwise int) int {
	if n, ok := v.(json.Number); ok {
		if i, err := strconv.Atoi(n.String()); err == nil {
			return i
		}
	}
	return otherwise
}

// scalarOrOpen tells that a schema is not that of an object or a list with something in it.
func scalarOrOpen(s *schema.Schema) bool {
	return len(sample.Properties(s)) == 0 && sample.Items(s) == nil
}
