package behaviour

import (
	"encoding/json"
	"fmt"

	"standin/mock/internal/expr"
)

// inserting adds a row, or puts it in the place of one with its key.
type inserting struct {
	into *Collection
	row  *expr.Template
	as   string
}

func (s *inserting) do(r *run) error {
	v, err := s.row.Fill(r.scope)
	if err != nil {
		return err
	}
	row, ok := withoutNulls(v).(map[string]any)
	if !ok {
		return fmt.Errorf("a row of %s must be an object", s.into.Name)
	}
	key := keyText(row[s.into.Key])
	if key == "" {
		return fmt.Errorf("a row of %s has no %s", s.into.Name, s.into.Key)
	}
	r.world.Put(s.into, key, row)
	if s.as != "" {
		r.scope.Set(s.as, row)
	}
	return nil
}

// choosing tells which rows are meant: the one of a key, or those for which a condition on row holds.
type choosing struct {
	of    *Collection
	key   *expr.Value
	where *expr.Predicate
}

func (c *choosing) rows(r *run) ([]map[string]any, error) {
	if c.key != nil {
		v, err := c.key.Run(r.scope)
		if err != nil {
			return nil, err
		}
		if row, ok := rowIn(r.world, c.of, keyText(v)); ok {
			return []map[string]any{row}, nil
		}
		return nil, nil
	}
	var out []map[string]any
	before := r.scope.Value("row")
	defer r.scope.Set("row", before)
	for _, row := range rowsIn(r.world, c.of) {
		r.scope.Set("row", row)
		holds, err := c.where.Holds(r.scope)
		if err != nil {
			return nil, err
		}
		if holds {
			out = append(out, row)
		}
	}
	return out, nil
}

// setting changes properties of rows; null takes one away.
type setting struct {
	choosing
	to *expr.Template
	as string
}

func (s *setting) do(r *run) error {
	chosen, err := s.rows(r)
	if err != nil {
		return err
	}
	before := r.scope.Value("row")
	defer r.scope.Set("row", before)
	for _, row := range chosen {
		r.scope.Set("row", row)
		v, err := s.to.Fill(r.scope)
		if err != nil {
			return err
		}
		changed := make(map[string]any, len(row))
		for name, old := range row {
			changed[name] = old
		}
		changes, _ := v.(map[string]any)
		for name, now := range changes {
			if now == nil {
				delete(changed, name)
			} else {
				changed[name] = withoutNulls(now)
			}
		}
		r.world.Put(s.of, keyText(row[s.of.Key]), changed)
		if s.as != "" {
			r.scope.Set(s.as, changed)
		}
	}
	return nil
}

// deleting removes rows.
type deleting struct{ choosing }

func (s *deleting) do(r *run) error {
	chosen, err := s.rows(r)
	if err != nil {
		return err
	}
	for _, row := range chosen {
		r.world.Remove(s.of, keyText(row[s.of.Key]))
	}
	return nil
}

// keyText is a key as a text; "" for what can be none.
func keyText(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	}
	return ""
}

// withoutNulls is a value without the properties that are null, which is how a row says that it has none.
func withoutNulls(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for name, one := range v {
			if one != nil {
				out[name] = withoutNulls(one)
			}
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, one := range v {
			out[i] = withoutNulls(one)
		}
		return out
	}
	return v
}

// Shown is a row as clients see it; see shown.
func Shown(row map[string]any) map[string]any {
	out, _ := shown(row).(map[string]any)
	return out
}

// shown is a value as clients see it: without nulls, and without what rows keep for themselves, under names that begin with an
// underscore.
func shown(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for name, one := range v {
			if one != nil && (name == "" || name[0] != '_') {
				out[name] = shown(one)
			}
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, one := range v {
			out[i] = shown(one)
		}
		return out
	}
	return v
}
