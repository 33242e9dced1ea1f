package schema

import (
	"encoding/json"
	"hash/maphash"
)

// manyValues is how many values of an enumeration are looked through one by one.
const manyValues = 8

// listing finds a value in a large enumeration.
type listing struct {
	words   map[string]struct{}
	numbers map[decimal]struct{}
	rest    map[uint64][]any // those that are neither, by hash
	hasher
}

// listEnum makes the listing of enum, nil if it is small.
func (s *Schema) listEnum() *listing {
	if len(s.Enum) <= manyValues {
		return nil
	}
	l := &listing{words: map[string]struct{}{}, numbers: map[decimal]struct{}{}, rest: map[uint64][]any{}, hasher: hasher{maphash.MakeSeed()}}
	for _, v := range s.Enum {
		switch v := v.(type) {
		case string:
			l.words[v] = struct{}{}
		case json.Number:
			if d, ok := parseDecimal(string(v)); ok {
				l.numbers[d.unsigned()] = struct{}{}
			}
		default:
			h := l.hash(v)
			l.rest[h] = append(l.rest[h], v)
		}
	}
	return l
}

// lists tells whether enum has a value.
func (s *Schema) lists(v any) bool {
	switch v := v.(type) {
	case string:
		return s.listsWord(v)
	case json.Number:
		d, ok := parseDecimal(string(v))
		return ok && s.listsNumber(d)
	}
	list := s.Enum
	if s.listed != nil {
		list = s.listed.rest[s.listed.hash(v)]
	}
	for i := range list {
		if Equal(list[i], v) {
			return true
		}
	}
	return false
}

func (s *Schema) listsWord(word string) bool {
	if s.listed != nil {
		_, ok := s.listed.words[word]
		return ok
	}
	for _, v := range s.Enum {
		if w, isString := v.(string); isString && w == word {
			return true
		}
	}
	return false
}

func (s *Schema) listsNumber(d decimal) bool {
	if s.listed != nil {
		_, ok := s.listed.numbers[d.unsigned()]
		return ok
	}
	for _, v := range s.Enum {
		if d.equals(v) {
			return true
		}
	}
	return false
}

// equals tells whether v is a number of the same value.
func (d decimal) equals(v any) bool {
	n, isNumber := v.(json.Number)
	if !isNumber {
		return false
	}
	other, ok := parseDecimal(string(n))
	return ok && d.equal(other)
}

// unsigned is d, zero without a sign.
func (d decimal) unsigned() decimal {
	if d.isZero() {
		d.neg = false
	}
	return d
}
