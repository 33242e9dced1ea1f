package sample

import "standin/mock/schema"

// AppendJSON writes a value as JSON with members in the order of the schema's properties, as a person would. place leads to the part
// whose extent in the result is told: names and indexes; nil for none.
func AppendJSON(dst []byte, value any, s *schema.Schema, place []string) (b []byte, start, end int) {
	w := writer{b: dst}
	w.value(value, s, place)
	return w.b, w.start, w.end
}
