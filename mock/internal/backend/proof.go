package backend

import (
	"bytes"
	"crypto/rand"

	"standin/mock/schema"
)

// A row that a world has proven to be what the document says of it carries the world's stamp behind its text, so that lists need not prove
// it again and again. Rows of other worlds, of older documents above all, have another stamp or none.

// stampLength is how long a stamp is, in bytes, besides the zero byte in front of it, which no JSON has.
const stampLength = 8

func newStamp() (out [stampLength]byte) {
	_, _ = rand.Read(out[:])
	return out
}

// stamped is a text with the world's stamp, if it is proven.
func (w *World) stamped(text []byte, proven bool) []byte {
	if !proven {
		return text
	}
	out := make([]byte, 0, len(text)+1+stampLength)
	return append(append(append(out, text...), 0), w.stamp[:]...)
}

// unstamped is the text of a row without its stamp; proven tells that the stamp is this world's.
func (w *World) unstamped(kept []byte) (text []byte, proven bool) {
	at := len(kept) - 1 - stampLength
	if at < 0 || kept[at] != 0 {
		return kept, false
	}
	return kept[:at], bytes.Equal(kept[at+1:], w.stamp[:])
}

// listProof tells that a list is valid if its rows are, there are so many of them, and the envelope is valid around one of them.
type listProof struct {
	holds       bool
	least, most int // most is -1 for any number
}

// proofOf finds out whether the rows of a list can be proven one by one: nothing that the document says of the list, or of what is around
// it, is about several of them, and a row of the list is the collection's.
func proofOf(whole *schema.Schema, at []string, row *schema.Schema) listProof {
	s, ok := bare(whole)
	for _, name := range at {
		if !ok || len(s.PatternProperties) > 0 {
			return listProof{}
		}
		s, ok = bare(s.Property(name))
	}
	if !ok || s.Items == nil || s.Contains != nil || s.UniqueItems || len(s.PrefixItems) > 0 || s.Types != 0 && s.Types&schema.ArrayType == 0 {
		return listProof{}
	}
	if referred(s.Items) != referred(row) {
		return listProof{}
	}
	return listProof{holds: true, least: s.MinItems, most: s.MaxItems}
}

// bare follows references to a schema that says all that it says by keywords of its own about its parts; ok is false if there is none.
func bare(s *schema.Schema) (_ *schema.Schema, ok bool) {
	s = referred(s)
	if s == nil || s.Ref != nil || s.DynamicRef != nil || s.Never || s.HasEnum || s.HasConst {
		return nil, false
	}
	if len(s.AllOf)+len(s.AnyOf)+len(s.OneOf)+len(s.DependentSchemas) > 0 || s.Not != nil || s.If != nil {
		return nil, false
	}
	return s, s.Discriminator == nil && s.UnevaluatedItems == nil && s.UnevaluatedProperties == nil
}

// referred follows references that stand alone.
func referred(s *schema.Schema) *schema.Schema {
	for range 20 {
		if s == nil || s.Ref == nil || !alone(s) {
			return s
		}
		s = s.Ref
	}
	return s
}

// alone tells that a schema says nothing of objects and arrays beside its reference.
func alone(s *schema.Schema) bool {
	lists := len(s.Properties) + len(s.PatternProperties) + len(s.PrefixItems) + len(s.Required) + len(s.DependentRequired) +
		len(s.DependentSchemas) + len(s.AllOf) + len(s.AnyOf) + len(s.OneOf)
	for _, part := range []*schema.Schema{
		s.DynamicRef, s.Items, s.Contains, s.AdditionalProperties, s.PropertyNames, s.UnevaluatedItems, s.UnevaluatedProperties, s.Not, s.If,
	} {
		if part != nil {
			return false
		}
	}
	return lists == 0 && s.Types == 0 && !s.Never && !s.HasEnum && !s.HasConst && !s.UniqueItems && !s.ReadOnly && !s.WriteOnly &&
		s.MinItems <= 0 && s.MaxItems < 0 && s.MinProperties <= 0 && s.MaxProperties < 0
}

// lists tells whether a body with so many rows, all of them proven, is valid; around gives the body with the first of them alone, or with
// none.
func (f *frame) lists(rows int, around func() ([]byte, bool)) bool {
	if f.schema == nil {
		return true
	}
	if !f.proof.holds || rows < f.proof.least || f.proof.most >= 0 && rows > f.proof.most {
		return false
	}
	if f.flat {
		return true
	}
	body, ok := around()
	return ok && f.schema.Accept(body, schema.Response)
}
