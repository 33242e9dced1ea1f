package schema

import (
	"encoding/json"
	"hash/maphash"
)

// Equal is the equality of JSON Schema (2020-12 core, 4.2.2): numbers are equal by value, so 1 equals 1.0, and objects
// whatever the order of their members.
func Equal(a, b any) bool {
	switch a := a.(type) {
	case nil:
		return b == nil
	case bool:
		other, ok := b.(bool)
		return ok && a == other
	case string:
		other, ok := b.(string)
		return ok && a == other
	case json.Number:
		other, ok := b.(json.Number)
		return ok && equalNumbers(string(a), string(other))
	case []any:
		other, ok := b.([]any)
		return ok && equalArrays(a, other)
	case map[string]any:
		other, ok := b.(map[string]any)
		return ok && equalObjects(a, other)
	}
	return false
}

func equalNumbers(a, b string) bool {
	if a == b {
		return true
	}
	m, ok := parseDecimal(a)
	n, ok2 := parseDecimal(b)
	return ok && ok2 && m.equal(n)
}

func equalArrays(a, b []any) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !Equal(a[i], b[i]) {
			return false
		}
	}
	return true
}

func equalObjects(a, b map[string]any) bool {
	if len(a) != len(b) {
		return false
	}
	for name, v := range a {
		other, ok := b[name]
		if !ok || !Equal(v, other) {
			return false
		}
	}
	return true
}

// fewItems is how many items are compared pair by pair.
const fewItems = 12

// duplicate finds two equal items, the earlier first; false if there are none. Beyond a few items it is linear in the size
// of the array: only items of equal hash are compared, and the hash is seeded anew each time.
func duplicate(items []any) (i, j int, found bool) {
	if len(items) <= fewItems {
		for j := range items {
			for i := range j {
				if Equal(items[i], items[j]) {
					return i, j, true
				}
			}
		}
		return 0, 0, false
	}
	h := hasher{maphash.MakeSeed()}
	last := make(map[uint64]int, len(items)) // hash → 1 + index of the last item that has it
	before := make([]int, len(items))        // the chain of those before it
	for j, item := range items {
		key := h.hash(item)
		for at := last[key]; at > 0; at = before[at-1] {
			if Equal(items[at-1], item) {
				return at - 1, j, true
			}
		}
		before[j] = last[key]
		last[key] = j + 1
	}
	return 0, 0, false
}

// hasher gives equal values equal hashes.
type hasher struct{ seed maphash.Seed }

func (h hasher) hash(v any) uint64 {
	switch v := v.(type) {
	case bool:
		return maphash.Comparable(h.seed, v)
	case string:
		return maphash.String(h.seed, v)
	case json.Number:
		return h.number(string(v))
	case []any:
		sum := uint64(len(v)) + 7
		for _, item := range v {
			sum = maphash.Comparable(h.seed, [2]uint64{sum, h.hash(item)})
		}
		return sum
	case map[string]any:
		sum := uint64(len(v)) + 11
		for name, member := range v { // a sum, since the order is not fixed
			sum += maphash.Comparable(h.seed, [2]uint64{maphash.String(h.seed, name), h.hash(member)})
		}
		return sum
	}
	return 3
}

func (h hasher) number(text string) uint64 {
	d, ok := parseDecimal(text)
	if !ok {
		return maphash.String(h.seed, text)
	}
	return maphash.Comparable(h.seed, d.unsigned())
}
