package sample

import (
	"standin/mock/internal/fake"
	"standin/mock/schema"
)

// AppendJSON writes a value as JSON with members in the order of the schema's properties, as a person would. place leads to the part
// whose extent in the result is told: names and indexes; nil for none.
func AppendJSON(dst []byte, value any, s *schema.Schema, place []string) (b []byte, start, end int) {
	w := writer{b: dst}
	w.value(value, s, place)
	return w.b, w.start, w.end
}

// Named makes up a value for a name alone, such as email or city.
func (s *Sampler) Named(name string, seed uint64) (any, error) {
	v, err := s.generator.Value(nil, fake.Options{Seed: seed, Direction: schema.Response, Name: name})
	if err != nil {
		return nil, err
	}
	return v, nil
}
