package sample

import "hash/fnv"

// Variant is a number that depends on nothing but a request, for [Sampler.Generate]: path and query as they stand in the request
// line, path below what is in front of all paths.
func Variant(method, path, query string) uint64 {
	h := fnv.New64a()
	for _, part := range [...]string{method, path, query} {
		_, _ = h.Write([]byte(part))
		_, _ = h.Write([]byte{0})
	}
	return h.Sum64()
}
