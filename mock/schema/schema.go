// Package schema compiles JSON Schema and checks values against it.
//
// One compiled form serves JSON Schema 2020-12 and the dialects of OpenAPI 2.0, 3.0 and 3.1. A [Schema] answers three
// questions: is this value valid ([Schema.Valid], [Schema.Accept]), what exactly is wrong with it ([Schema.Check]), and what
// does it say (its exported fields, for generators and pages).
//
// A value is any of map[string]any, []any, string, bool, nil and [json.Number], as a [json.Decoder] gives it after UseNumber;
// decimals stay exact. Values are only read.
package schema

import (
	"standin/mock/internal/pattern"
	"standin/mock/internal/source"
)

// Position is a place in a document: File, Line, Col.
type Position = source.Position

// Node is a value of a document that knows its place; its method At follows a JSON Pointer.
type Node = source.Node

// Parse reads a document, which is JSON or YAML 1.2. The file is for messages. An error tells file, line and column: of bad
// syntax, bad UTF-8, a name that comes twice, or of what is too deep or too large to be honest.
func Parse(file string, text []byte) (*Node, error) { return source.Parse(file, text, source.Limits{}) }

// Dialect tells which keywords a schema may use, with which meaning.
type Dialect uint8

// The dialects.
const (
	// Draft202012 is JSON Schema 2020-12 itself; format is an annotation only.
	Draft202012 Dialect = iota
	// OpenAPI31 is 2020-12 with discriminator and format asserted.
	OpenAPI31
	// OpenAPI30 has nullable, boolean exclusive bounds, and no siblings of $ref. Most keywords that it lacks are applied as in
	// 2020-12 all the same, with a diagnostic; const is ignored.
	OpenAPI30
	// OpenAPI20 is OpenAPI30 with x-nullable for nullable, a discriminator that is a mere name, and the type file.
	OpenAPI20
)

// Direction tells which way a value travels, for readOnly and writeOnly.
type Direction uint8

// The directions.
const (
	// Both ignores readOnly and writeOnly.
	Both Direction = iota
	// Request does not demand required properties that are readOnly.
	Request
	// Response does not demand required properties that are writeOnly.
	Response
)

// TypeSet is a set of JSON types; the empty set stands for all of them.
type TypeSet uint8

// The JSON types, integer being a number without a fraction.
const (
	NullType TypeSet = 1 << iota
	BooleanType
	IntegerType
	NumberType
	StringType
	ArrayType
	ObjectType
)

// Has tells whether t allows every type of u; the empty set allows all, and number allows integer.
func (t TypeSet) Has(u TypeSet) bool {
	if t == 0 {
		return true
	}
	if t&NumberType != 0 {
		t |= IntegerType
	}
	return t&u == u
}

// Schema is one compiled schema. Its fields are for reading only; schemas refer to each other in circles, so a walk must
// remember where it has been. A nil *Schema field means that the keyword is absent.
type Schema struct {
	// Node is the schema as the document has it: its place, its extensions, whatever has no field here.
	Node *Node
	// Name is the last token of the pointer the schema was first reached under, when it is a named one
	// (components/schemas/NAME, $defs/NAME, definitions/NAME); else "".
	Name string

	// Never is true for the boolean schema false, which refuses every value.
	Never bool

	// Ref is the target of $ref, which applies beside the other keywords (in 3.0 and 2.0 alone).
	Ref *Schema
	// DynamicRef is where $dynamicRef leads when nothing in the dynamic scope overrides it.
	DynamicRef *Schema

	// Types are the allowed types, by type; empty for all.
	Types TypeSet
	// Nullable tells that null is allowed beside Types by nullable or x-nullable; Types has NullType then too, when not empty.
	Nullable bool
	// Enum holds the allowed values; HasEnum tells an empty list from none.
	Enum    []any
	HasEnum bool
	// Const is the only allowed value if HasConst.
	Const    any
	HasConst bool

	// Bounds of numbers, nil if absent.
	Minimum, Maximum, ExclusiveMinimum, ExclusiveMaximum, MultipleOf *Number

	// Bounds of strings in code points; MaxLength is -1 if absent.
	MinLength, MaxLength int
	// Pattern is an ECMA-262 expression; matching takes bounded time.
	Pattern *pattern.Pattern
	// Format is asserted in the dialects of OpenAPI, where it is known.
	Format string

	// Arrays; MaxItems and MaxContains are -1 if absent, MinContains is 1 by default.
	PrefixItems              []*Schema
	Items                    *Schema
	Contains                 *Schema
	MinContains, MaxContains int
	MinItems, MaxItems       int
	UniqueItems              bool
	UnevaluatedItems         *Schema

	// Objects; MaxProperties is -1 if absent.
	Properties                   []Property
	PatternProperties            []PatternProperty
	AdditionalProperties         *Schema
	PropertyNames                *Schema
	Required                     []string
	DependentRequired            map[string][]string
	DependentSchemas             map[string]*Schema
	MinProperties, MaxProperties int
	UnevaluatedProperties        *Schema

	// In-place applicators.
	AllOf, AnyOf, OneOf []*Schema
	Not, If, Then, Else *Schema
	Discriminator       *Discriminator

	// Contents of strings, annotations only.
	ContentEncoding, ContentMediaType string
	ContentSchema                     *Schema

	// Annotations. Default is nil if absent; Examples gathers examples and OpenAPI's example.
	Title, Description              string
	Default                         *Node
	Examples                        []*Node
	ReadOnly, WriteOnly, Deprecated bool
	// XML is how values are written as XML, nil if the document does not say; it is no assertion.
	XML *XML

	compiled
}

// Property is one entry of properties, in the order of the document.
type Property struct {
	Name   string
	Schema *Schema
}

// PatternProperty is one entry of patternProperties.
type PatternProperty struct {
	// Pattern is looked for anywhere in the name.
	Pattern *pattern.Pattern
	Schema  *Schema
}

// Discriminator is OpenAPI's discriminator object. In OpenAPI 2.0 Mapping is empty and names are those of definitions.
type Discriminator struct {
	// PropertyName is the property whose value tells the kinds apart.
	PropertyName string
	// Mapping leads from each value that chooses a branch to the branch. A branch that the document's mapping does not name
	// is here under the name of its schema. Without oneOf and anyOf, the branches are the schemas that extend this one by
	// allOf. If it is empty, the discriminator has no effect.
	Mapping map[string]*Schema
	// Values are the keys of Mapping in the order of the document.
	Values []string

	parent bool // the branches are the schemas that extend this one
	open   bool // some branches have no name, so any value may mean one of them
}

// Property is the schema of the named property, nil if properties has none of that name.
func (s *Schema) Property(name string) *Schema {
	if i := s.propertyIndex(name, 0); i >= 0 {
		return s.Properties[i].Schema
	}
	return nil
}

// propertyIndex finds a property, looking at the place of the guess first; -1 if there is none.
func (s *Schema) propertyIndex(name string, guess int) int {
	if guess < len(s.Properties) && s.Properties[guess].Name == name {
		return guess
	}
	if s.byName != nil {
		if i, ok := s.byName[name]; ok {
			return i
		}
		return -1
	}
	for i := range s.Properties {
		if s.Properties[i].Name == name {
			return i
		}
	}
	return -1
}

// Violation is one way in which a value breaks its schema.
type Violation struct {
	// Pointer is the JSON Pointer of the value at fault, "" for the whole.
	Pointer string
	// Keyword is the schema keyword that is broken, e.g. "required"; "false" for the schema false, "complexity" when the
	// budget of the check was used up.
	Keyword string
	// Message says what is wrong, for people: "must be one of …, is …". It does not repeat the pointer.
	Message string
	// Rule is where the keyword stands.
	Rule Position
	// Property names the missing or superfluous property, for required, additionalProperties and their kin.
	Property string
}

// Options of a check. The zero value is right for most.
type Options struct {
	// Direction settles which of the required properties are demanded; Both by default.
	Direction Direction
	// Undeclared also refuses properties that no keyword evaluated, and requests that do not fit the child of a schema which their
	// discriminating property names (strict handling).
	Undeclared bool
	// Budget bounds the work in steps, about one a keyword and value; 0 means 10 million.
	Budget int
	// Most is the largest number of violations gathered; 0 means 100.
	Most int
}

// Loader hands a compiler the documents that references lead to.
type Loader interface {
	// Load gives the root value of the document at the absolute URI (without fragment), as named in a reference after
	// resolution against its base. An error becomes a diagnostic at the reference.
	Load(uri string) (*Node, error)
}

// Level tells how bad a diagnostic is.
type Level uint8

// The levels. A Warning is about what is odd and yet understood; an Error is about a promise that cannot be kept: a reference
// that leads nowhere, a keyword that had to be ignored, keywords that leave no value.
const (
	Warning Level = iota
	Error
)

func (l Level) String() string { return [...]string{"warning", "error"}[l] }

// Diagnostic is a fault of a schema itself.
type Diagnostic struct {
	// Position is where the keyword stands.
	Position Position
	Level    Level
	// Message says what is wrong and what is made of it, for people.
	Message string
	// Keyword is the keyword at fault, or "$ref".
	Keyword string
}
