package schema_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"standin/mock/schema"
)

const library = `$defs:
  Book:
    type: object
    required: [title, isbn]
    properties:
      title: {type: string, minLength: 1}
      isbn: {type: string, pattern: "^[0-9]{13}$"}
      price: {type: number, minimum: 0, multipleOf: 0.01}
    additionalProperties: false
  Item:
    oneOf: [{$ref: "#/$defs/Book"}, {$ref: "#/$defs/Map"}]
  Map:
    type: object
    required: [region, scale]
    properties: {region: {type: string}, scale: {type: integer}}
`

// decode reads a value as checks want it: numbers stay as they are written.
func decode(text string) (v any) {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		panic(err)
	}
	return v
}

func mustCompile(text, pointer string) *schema.Schema {
	root, err := schema.Parse("library.yaml", []byte(text))
	if err != nil {
		panic(err)
	}
	n, err := root.At(pointer)
	if err != nil {
		panic(err)
	}
	return schema.NewCompiler(files{"library.yaml": root}, schema.OpenAPI31).Compile("library.yaml", n)
}

// files is a Loader of documents that are in memory.
type files map[string]*schema.Node

func (f files) Load(uri string) (*schema.Node, error) {
	if n := f[uri]; n != nil {
		return n, nil
	}
	return nil, errors.New("there is no such file")
}

// What cannot be compiled is told with its place, and the rest of the schema counts.
func ExampleCompiler() {
	n, err := schema.Parse("pet.yaml", []byte("type: object\nproperties:\n  name: {type: text}\n  age: {$ref: common.yaml#/Age}\n"))
	if err != nil {
		fmt.Println(err)
		return
	}
	c := schema.NewCompiler(nil, schema.OpenAPI30)
	s := c.Compile("pet.yaml", n)
	for _, d := range c.Diagnostics() {
		fmt.Printf("%v: %s\n", d.Position, d.Message)
	}
	fmt.Println(s.Valid(decode(`{"name": "Rex"}`), schema.Both), s.Valid(decode(`"Rex"`), schema.Both))
	// Output:
	// pet.yaml:3:10: type cannot be the string "text"; it is one of null, boolean, integer, number, string, array, object
	// pet.yaml:4:9: the reference "common.yaml#/Age" leads nowhere: no other documents can be read here; everything is allowed here
	// true false
}

// A check tells everything that is wrong: where, by which rule, and in words.
func ExampleSchema_Check() {
	book := mustCompile(library, "/$defs/Book")
	for _, v := range book.Check(decode(`{"isbn": "978-3", "price": 9.999, "titel": "Momo"}`), schema.Options{}) {
		fmt.Printf("%q %s at %v: %s\n", v.Pointer, v.Keyword, v.Rule, v.Message)
	}
	// Output:
	// "" required at library.yaml:4:5: the property "title" is missing
	// "/isbn" pattern at library.yaml:7:28: "978-3" does not match the pattern ^[0-9]{13}$
	// "/price" multipleOf at library.yaml:8:41: must be a multiple of 0.01, is 9.999
	// "" additionalProperties at library.yaml:9:5: the property "titel" is not allowed here; did you mean "title"?
}

// Where no alternative fits, the nearest one is named.
func ExampleSchema_Check_alternatives() {
	item := mustCompile(library, "/$defs/Item")
	for _, v := range item.Check(decode(`{"region": "Tyrol", "scale": "1:50000"}`), schema.Options{}) {
		fmt.Printf("%q %s\n", v.Pointer, v.Message)
	}
	// Output:
	// "/scale" must be an integer, is a string ("1:50000") (as "Map", the nearest of 2 alternatives)
}

// Accept reads the text once; only what it does not know needs to be decoded.
func ExampleSchema_Accept() {
	book := mustCompile(library, "/$defs/Book")
	fmt.Println(book.Accept([]byte(`{"title": "Momo", "isbn": "9783522202558", "price": 9.99}`), schema.Request))
	fmt.Println(book.Accept([]byte(`{"title": "Momo", "title": "Jim", "isbn": "9783522202558"}`), schema.Request))
	// Output:
	// true
	// false
}

// The fields of a schema say what it asks for.
func ExampleSchema() {
	book := mustCompile(library, "/$defs/Book")
	for _, p := range book.Properties {
		fmt.Printf("%s is %v", p.Name, p.Schema.Types)
		if p.Schema.Pattern != nil {
			fmt.Printf(" that matches %v", p.Schema.Pattern)
		}
		if p.Schema.MultipleOf != nil {
			fmt.Printf(" in steps of %v", p.Schema.MultipleOf)
		}
		fmt.Println()
	}
	// Output:
	// title is a string
	// isbn is a string that matches ^[0-9]{13}$
	// price is a number in steps of 0.01
}
