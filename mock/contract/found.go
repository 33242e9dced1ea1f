package contract

import "slices"

// Capture is the raw, still percent-encoded text that the template took for a path parameter; ok is false if the template has
// none of that name.
func (f Found) Capture(name string) (raw string, ok bool) {
	i := slices.Index(f.names, name)
	if i < 0 || i >= len(f.Captures) {
		return "", false
	}
	return f.Captures[i], true
}
