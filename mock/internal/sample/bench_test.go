package sample_test

import (
	"testing"

	"standin/mock/internal/sample"
)

// BenchmarkAnswer gives an answer of each kind again and again: the only example, the best of three, a generated one, and one
// with the id of the path.
func BenchmarkAnswer(b *testing.B) {
	c := shop(b)
	s := sample.New(sample.Options{})
	for _, row := range []struct {
		name, operation, accept string
		generate                bool
		given                   sample.Given
	}{
		{"example", "listItems", "application/json", false, nil},
		{"best", "getItem", "", false, given("path.itemId", number("2"))},
		{"generated", "putItem", "application/json", true, nil},
		{"generated-id", "putItem", "", true, given("path.itemId", number("42"))},
	} {
		b.Run(row.name, func(b *testing.B) {
			op := operation(b, c, row.operation)
			b.ReportAllocs()
			for n := range b.N {
				target, err := s.Choose(op, "", row.accept)
				if err != nil {
					b.Fatal(err)
				}
				if row.generate {
					_, err = s.Generate(op, target, 0, uint64(n), row.given)
				} else {
					_, err = s.Example(op, target, "", row.given)
				}
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkOtherSeed makes a new body for each request, as a wish for a seed does.
func BenchmarkOtherSeed(b *testing.B) {
	c := shop(b)
	s := sample.New(sample.Options{})
	op := operation(b, c, "putItem")
	target, err := s.Choose(op, "", "")
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for n := range b.N {
		if _, err := s.Generate(op, target, uint64(n)+1, 0, nil); err != nil {
			b.Fatal(err)
		}
	}
}
