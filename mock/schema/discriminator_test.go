package schema_test

import (
	"strings"
	"testing"

	"standin/mock/schema"
)

const pets = `
components:
  schemas:
    ByName:
      oneOf: [{$ref: "#/components/schemas/Cat"}, {$ref: "#/components/schemas/Dog"}]
      discriminator: {propertyName: kind}
    ByMapping:
      anyOf: [{$ref: "#/components/schemas/Cat"}, {$ref: "#/components/schemas/Dog"}]
      discriminator: {propertyName: kind, mapping: {feline: Cat, puss: "#/components/schemas/Cat"}}
    WithInline:
      oneOf: [{$ref: "#/components/schemas/Cat"}, {type: object, properties: {kind: {enum: [other]}}, required: [kind]}]
      discriminator: {propertyName: kind}
    Cat:
      type: object
      required: [kind]
      properties: {kind: {type: string}, lives: {type: integer}}
    Dog:
      type: object
      required: [kind]
      properties: {kind: {type: string}, bark: {type: string}}
    ByShape:
      oneOf: [{$ref: "#/components/schemas/Bucket"}, {$ref: "#/components/schemas/Kinded"}]
      discriminator: {propertyName: kind, mapping: {bucket: "#/components/schemas/Bucket"}}
    Kinded: {type: object, required: [kind, lid], properties: {kind: {type: string}}}
    Animal:
      type: object
      required: [kind]
      properties: {kind: {type: string}}
      discriminator: {propertyName: kind}
    Bird:
      allOf: [{$ref: "#/components/schemas/Animal"}, {required: [wings], properties: {wings: {type: integer}}}]
    Parrot:
      allOf: [{$ref: "#/components/schemas/Bird"}, {properties: {says: {type: string}}}]
    Cage:
      properties:
        inside: {allOf: [{$ref: "#/components/schemas/Animal"}], description: who}
    Shape:
      required: [kind]
      discriminator: {propertyName: kind, mapping: {circle: "#/components/schemas/Circle"}}
      oneOf: [{$ref: "#/components/schemas/Circle"}, {$ref: "#/components/schemas/Square"}]
    Circle:
      allOf: [{$ref: "#/components/schemas/Shape"}, {required: [radius]}]
    Square:
      allOf: [{$ref: "#/components/schemas/Shape"}, {required: [side]}]
    Improper:
      oneOf: [{$ref: "#/components/schemas/Bucket"}, {$ref: "#/components/schemas/Box"}]
      discriminator: {propertyName: type_of_parent}
    Bucket: {type: object, required: [bucket]}
    OwnValues:
      oneOf: [{$ref: "#/components/schemas/Started"}, {$ref: "#/components/schemas/Ended"}, {$ref: "#/components/schemas/Named"}]
      discriminator: {propertyName: kind}
    Started: {type: object, required: [kind, at], properties: {kind: {type: string, enum: [job.started]}}}
    Named: {type: object, required: [kind], properties: {kind: {enum: [Named]}, lives: {type: integer}}}
    Ended: {allOf: [{type: object, required: [kind], properties: {kind: {enum: [job.ended]}}}]}
    Box: {type: object, required: [box]}
    Childless:
      type: object
      discriminator: {propertyName: kind}
`

var discriminated = []struct {
	schema, value string
	pointer, want string // of the first violation; "" for none
}{
	{"ByName", `{"kind":"Cat","lives":9}`, "", ""},
	{"ByName", `{"kind":"Cat","lives":"x"}`, "/lives", `must be an integer, is a string ("x") (as "Cat")`},
	{"ByName", `{"kind":"Dog","lives":"x"}`, "", ""},
	{"ByName", `{"kind":"Cow"}`, "/kind", `"Cow" is not one of "Cat", "Dog", which tell the kinds apart`},
	{"ByName", `{"kind":7}`, "/kind", `7 is not one of "Cat", "Dog", which tell the kinds apart`},
	{"ByName", `{}`, "", `the property "kind" is missing, which tells the kinds apart; it is one of "Cat", "Dog"`},
	{"ByName", `7`, "", `must be an object, is a number (7)`},
	{"ByMapping", `{"kind":"feline","lives":"x"}`, "/lives", `must be an integer, is a string ("x") (as "Cat")`},
	{"ByMapping", `{"kind":"puss","lives":1}`, "", ""},
	{"ByMapping", `{"kind":"Dog","bark":1}`, "/bark", `must be a string, is a number (1) (as "Dog")`},
	{"ByMapping", `{"kind":"Cat"}`, "", ""},
	{"ByMapping", `{"kind":"Cat","lives":"x","bark":1}`, "/kind", `"Cat" is not one of "feline", "puss", "Dog", which tell the kinds apart`},
	{"ByShape", `{"kind":"bin","bucket":1}`, "", ""},
	{"ByShape", `{"kind":"bucket","lid":1}`, "", `the property "bucket" is missing (as "Bucket")`},
	{"ByShape", `{"kind":"bin"}`, "/kind", `"bin" is not one of "bucket", "Kinded", which tell the kinds apart`},
	{"ByShape", `{"kind":"bin","bucket":1,"lid":1}`, "/kind", `"bin" is not one of "bucket", "Kinded", which tell the kinds apart`},
	{"ByShape", `{"bucket":1}`, "", ""},
	{"WithInline", `{"kind":"Cat"}`, "", ""},
	{"WithInline", `{"kind":"other"}`, "", `fits both "Cat" and number 2 of the alternatives, but must fit exactly one`},
	{"Animal", `{"kind":"Bird","wings":2}`, "", ""},
	{"Animal", `{"kind":"Bird"}`, "", `the property "wings" is missing (as "Bird")`},
	{"Animal", `{"kind":"Parrot","wings":2,"says":1}`, "/says", `must be a string, is a number (1) (as "Parrot")`},
	{"Animal", `{"kind":"Animal"}`, "", ""},
	{"Animal", `{"kind":"Cat"}`, "", ""},
	{"Animal", `{"kind":7}`, "/kind", `must be a string, is a number (7)`},
	{"Animal", `{}`, "", `the property "kind" is missing`},
	{"Bird", `{"kind":"Bird","wings":2}`, "", ""},
	{"Bird", `{"kind":"whatever","wings":2}`, "", ""},
	{"Parrot", `{"kind":"Parrot","wings":2}`, "", ""},
	{"Cage", `{"inside":{"kind":"Bird"}}`, "/inside", `the property "wings" is missing (as "Bird")`},
	{"Shape", `{"kind":"circle","radius":1}`, "", ""},
	{"Shape", `{"kind":"circle"}`, "", `the property "radius" is missing (as "Circle")`},
	{"Shape", `{"kind":"Square","side":1}`, "", ""},
	{"Square", `{"kind":"Square","side":1}`, "", ""},
	{"Circle", `{"kind":"circle"}`, "", `the property "radius" is missing (as "Circle")`},
	{"Improper", `{"bucket":1}`, "", ""},
	{"Improper", `{"bucket":1,"type_of_parent":"what"}`, "", ""},
	{"Improper", `{"bag":1}`, "", `the property "bucket" is missing (as "Bucket", the nearest of 2 alternatives)`},
	{"Childless", `{"kind":"any"}`, "", ""},
	{"OwnValues", `{"kind":"job.started","at":1}`, "", ""},
	{"OwnValues", `{"kind":"job.started"}`, "", `the property "at" is missing (as "Started", the nearest of 3 alternatives)`},
	{"OwnValues", `{"kind":"job.ended"}`, "", ""},
	{"OwnValues", `{"kind":"Named","lives":"x"}`, "/lives", `must be an integer, is a string ("x") (as "Named")`},
	{"OwnValues", `{"kind":"Started","at":1}`, "/kind", `"Started" is not one of "job.started" (as "Started", the nearest of 3 alternatives)`},
}

func TestDiscriminator(t *testing.T) {
	for _, dialect := range []schema.Dialect{schema.OpenAPI30, schema.OpenAPI31} {
		for _, test := range discriminated {
			s, ds := compile(t, dialect, pets, "/components/schemas/"+test.schema)
			if len(ds) > 0 != (test.schema == "Improper" || test.schema == "OwnValues") {
				t.Errorf("%s: %v", test.schema, ds)
			}
			for _, d := range ds {
				if d.Level != schema.Warning || test.schema == "OwnValues" && !strings.HasPrefix(d.Message, "without a mapping") {
					t.Errorf("%s: %+v", test.schema, d)
				}
			}
			vs := s.Check(value(t, test.value), schema.Options{})
			if test.want == "" {
				if len(vs) > 0 || !s.Valid(value(t, test.value), schema.Both) {
					t.Errorf("%s %s is refused: %v", test.schema, test.value, vs)
				}
				continue
			}
			if len(vs) == 0 || s.Valid(value(t, test.value), schema.Both) || s.Accept([]byte(test.value), schema.Both) {
				t.Errorf("%s %s passes", test.schema, test.value)
				continue
			}
			if vs[0].Pointer != test.pointer || vs[0].Message != test.want {
				t.Errorf("%s %s:\n got %q at %q\nwant %q at %q", test.schema, test.value, vs[0].Message, vs[0].Pointer, test.want, test.pointer)
			}
		}
	}
}

// A request is held to the schema that the document names for it, and only in strict handling to its children (OpenAPI 3.1.1, 4.8.25.4);
// the kinds of a oneOf are part of the schema.
func TestDiscriminatorInRequests(t *testing.T) {
	for _, x := range []struct {
		schema, value string
		valid, strict bool
	}{
		{"Animal", `{"kind":"Bird"}`, true, false},
		{"Animal", `{"kind":"Bird","wings":2}`, true, true},
		{"Animal", `{"kind":7}`, false, false},
		{"Bird", `{"kind":"Bird"}`, false, false},
		{"ByName", `{"kind":"Cat","lives":"x"}`, false, false},
		{"Shape", `{"kind":"circle"}`, false, false},
	} {
		s, _ := compile(t, schema.OpenAPI31, pets, "/components/schemas/"+x.schema)
		v := value(t, x.value)
		if s.Valid(v, schema.Request) != x.valid || s.Accept([]byte(x.value), schema.Request) != x.valid {
			t.Errorf("%s %s: valid is %v", x.schema, x.value, !x.valid)
		}
		if got := len(s.Check(v, schema.Options{Direction: schema.Request, Undeclared: true})) == 0; got != x.strict {
			t.Errorf("%s %s: strictly %v", x.schema, x.value, got)
		}
	}
}

// A child that its parent's discriminator leads to is judged by the parent, too, even if that leads back to itself.
func TestDiscriminatorInCircles(t *testing.T) {
	const doc = `
components:
  schemas:
    A: {allOf: [{$ref: "#/components/schemas/A"}, {type: object}], discriminator: {propertyName: k, mapping: {b: "#/components/schemas/B"}}}
    B: {oneOf: [{$ref: "#/components/schemas/A"}, {maxLength: 3}]}
`
	s, _ := compile(t, schema.OpenAPI31, doc, "/components/schemas/B")
	for text, want := range map[string]bool{`"abc"`: true, `"abcd"`: false, `{}`: false} {
		if s.Valid(value(t, text), schema.Both) != want || s.Accept([]byte(text), schema.Both) && !want {
			t.Errorf("%s: valid is %v", text, !want)
		}
	}
}

// In OpenAPI 2.0 the discriminator is the name of a property, whose values are the names of definitions.
func TestDiscriminator20(t *testing.T) {
	const doc = `
definitions:
  Pet: {type: object, discriminator: petType, required: [petType], properties: {petType: {type: string}}}
  Cat: {allOf: [{$ref: "#/definitions/Pet"}, {type: object, required: [skill]}]}
`
	s, ds := compile(t, schema.OpenAPI20, doc, "/definitions/Pet")
	if len(ds) > 0 {
		t.Error(ds)
	}
	if strings.Join(s.Discriminator.Values, " ") != "Cat Pet" || s.Discriminator.Mapping["Cat"].Name != "Cat" {
		t.Errorf("values %v", s.Discriminator.Values)
	}
	for text, want := range map[string]bool{
		`{"petType":"Cat","skill":1}`: true, `{"petType":"Cat"}`: false, `{"petType":"Pet"}`: true, `{"petType":"Dog"}`: true, `{}`: false,
	} {
		if got := s.Valid(value(t, text), schema.Both); got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
}

// A schema compiled earlier may be in use while later ones that refer to it are compiled.
func TestDiscriminatorAcrossCompiles(t *testing.T) {
	root := parse(t, pets)
	c := schema.NewCompiler(document{"doc.yaml", root}, schema.OpenAPI31)
	at := func(pointer string) *schema.Schema {
		n, err := root.At(pointer)
		if err != nil {
			t.Fatal(err)
		}
		return c.Compile("doc.yaml", n)
	}
	bird := at("/components/schemas/Bird")
	animal := at("/components/schemas/Animal")
	if animal.Discriminator.Mapping["Bird"] != bird || at("/components/schemas/Bird") != bird {
		t.Error("a schema was compiled twice")
	}
	if bird.Name != "Bird" || bird.AllOf[0].Ref != animal {
		t.Errorf("name %q", bird.Name)
	}
}
