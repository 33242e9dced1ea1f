package schema

import "standin/mock/internal/source"

// Accept tells in one pass over a JSON text that it is surely valid: well formed, without duplicate names, and keeping the
// schema. False means "do not know": decode the text and Check the value to learn more.
func (s *Schema) Accept(text []byte, d Direction) bool {
	v, err := source.DecodeJSON(text, source.Limits{})
	return err == nil && s.Valid(v, d)
}
