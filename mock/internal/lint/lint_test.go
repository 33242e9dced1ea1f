package lint_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"standin/mock/contract"
	"standin/mock/internal/lint"
)

// right is a document that no rule has anything against.
const right = `openapi: 3.1.0
info: {title: T, version: "1"}
servers: [{url: https://api.example.com/v1}]
tags: [{name: pets}]
security: [{key: []}]
paths:
  /pet-shops:
    get:
      operationId: listShops
      summary: All shops
      tags: [pets]
      parameters: [{name: limit, in: query, schema: {type: integer}}]
      responses:
        "200": {description: OK., content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Shop'}}}}}
        default: {description: Wrong.}
  /pet-shops/{id}:
    get:
      operationId: getShop
      summary: One shop
      tags: [pets]
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses:
        "200": {description: OK., content: {application/json: {schema: {$ref: '#/components/schemas/Shop'}}}}
        default: {description: Wrong.}
components:
  securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}
  schemas:
    Shop:
      type: object
      required: [name]
      properties:
        name: {type: string}
        ownerUuid: {type: string, example: 36c27e8ff05c4780bf6d2fa65700f22e}
        part: {$ref: '#/components/schemas/Shop'}
        openHours: {type: array, items: {type: string}}
`

func names(t testing.TB, text string) []string {
	t.Helper()
	c, err := contract.Parse(t.Context(), "openapi.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, f := range lint.Check(t.Context(), c) {
		out = append(out, f.Rule.Name)
	}
	return out
}

// TestRules breaks the right document for each rule in turn.
func TestRules(t *testing.T) {
	if found := names(t, right); len(found) > 0 {
		t.Fatalf("the right document has %v", found)
	}
	for rule, edit := range map[string][2]string{
		"array-items":        {"openHours: {type: array, items: {type: string}}", "openHours: {type: array}"},
		"body-of-get":        {"operationId: getShop", "operationId: getShop\n      requestBody: {content: {application/json: {schema: {type: object}}}}"},
		"date-format":        {"name: {type: string}", "createDate: {type: string}\n        name: {type: string}"},
		"deprecation":        {"operationId: getShop", "operationId: getShop\n      deprecated: true"},
		"echo":               {"summary: One shop", "summary: getShop."},
		"echo-field":         {"name: {type: string}", "name: {type: string, description: The name.}"},
		"failure":            {"\n        default: {description: Wrong.}", ""},
		"field-languages":    {"name: {type: string}", "name: {type: string, description: 名称}\n        other: {type: string, description: Another.}\n        third: {type: string, description: A third.}"},
		"identifier-example": {"36c27e8ff05c4780bf6d2fa65700f22e", "the-owner"},
		"integer-example":    {"name: {type: string}", "name: {type: string}\n        size: {type: integer, example: 1310720.0}"},
		"languages":          {"summary: One shop", "summary: 查询商店"},
		"list-without-limit": {"\n      parameters: [{name: limit, in: query, schema: {type: integer}}]", ""},
		"null-required":      {"name: {type: string}", "name: {type: string, description: 'How it is called, null on failure'}"},
		"operation-id":       {"operationId: getShop", "x-none: 1"},
		"parameter-names":    {"components:", "  /pet-shops/{shop}/pets:\n    get: {operationId: p, summary: Their pets, tags: [pets], parameters: [{name: shop, in: path, required: true, schema: {type: string}}], responses: {default: {description: D.}}}\ncomponents:"},
		"recursion":          {"required: [name]", "required: [name, part]"},
		"response-schema":    {"{schema: {$ref: '#/components/schemas/Shop'}}", "{}"},
		"security-unused":    {"security: [{key: []}]\n", ""},
		"server-url":         {"https://api.example.com/v1", "http://api.example.com/v1"},
		"state-values":       {"name: {type: string}", "name: {type: string}\n        powerState: {type: string}"},
		"success":            {"\"200\": {description: OK., content: {application/json: {schema: {$ref: '#/components/schemas/Shop'}}}}\n        default:", "\"404\":"},
		"summary":            {"\n      summary: One shop", ""},
		"tags":               {"tags: [pets]\n      parameters: [{name: id", "tags: [dogs]\n      parameters: [{name: id"},
		"twins":              {"summary: One shop", "summary: All shops"},
		"undocumented":       {"{schema: {$ref: '#/components/schemas/Shop'}}", "{schema: {$ref: '#/components/schemas/Shop'}, example: {name: X, distance: 1}}"},
		"unused":             {"  schemas:\n", "  schemas:\n    Nobody: {type: string}\n"},
	} {
		text := strings.Replace(right, edit[0], edit[1], 1)
		if text == right {
			t.Errorf("%s: the edit changes nothing", rule)
		} else if found := names(t, text); !slices.Equal(found, []string{rule}) {
			t.Errorf("%s: %v", rule, found)
		}
	}
	for i, r := range lint.Rules() {
		if i > 0 && r.Name <= lint.Rules()[i-1].Name {
			t.Errorf("%s stands behind %s", r.Name, lint.Rules()[i-1].Name)
		}
		if r.Name == "" || !strings.HasSuffix(r.About, ".") && !strings.HasSuffix(r.About, ").") || !strings.HasSuffix(r.Fix, ".") {
			t.Errorf("%+v is not told in sentences", r)
		}
	}
}

// TestStyles holds the rules that ask for what is usual: they need many names.
func TestStyles(t *testing.T) {
	var properties, paths strings.Builder
	for _, letter := range "abcdefghijklmn" {
		properties.WriteString("        " + string(letter) + "Name: {type: string}\n")
		paths.WriteString("  /x-" + string(letter) + ":\n    get: {operationId: " + string(letter) + ", summary: " + string(letter) + ".., tags: [pets], responses: {default: {description: D.}}}\n")
	}
	text := strings.Replace(right, "        name: {type: string}\n", "        name: {type: string}\n"+properties.String(), 1)
	text = strings.Replace(text, "components:\n", paths.String()+"components:\n", 1)
	text = strings.ReplaceAll(text, "..,", " things,")
	if found := names(t, text); len(found) > 0 {
		t.Fatal(found)
	}
	text = strings.Replace(text, "aName:", "a_name:", 1)
	text = strings.Replace(text, "  /x-a:", "  /x_a:", 1)
	if found := names(t, text); !slices.Equal(found, []string{"path-case", "name-case"}) {
		t.Error(found)
	}
}

func TestIgnore(t *testing.T) {
	c, err := contract.Parse(t.Context(), "openapi.yaml", []byte(strings.Replace(right, "summary: One shop", "x: 1", 1)))
	if err != nil {
		t.Fatal(err)
	}
	if found := lint.Check(t.Context(), c, "summary"); len(found) > 0 {
		t.Error(found)
	}
}

// TestRealDocuments runs every rule over every real document.
func TestRealDocuments(t *testing.T) {
	shared := os.Getenv("STANDIN_SHARED")
	if shared == "" {
		t.Skip("STANDIN_SHARED is not set: no real documents")
	}
	files, err := filepath.Glob(filepath.Join(shared, "corpus", "*.[jy]*"))
	if err != nil || len(files) < 10 {
		t.Fatal(err, files)
	}
	for _, name := range files {
		c, err := contract.Load(t.Context(), name)
		if err != nil {
			t.Fatal(err)
		}
		counts := map[string]int{}
		for _, f := range lint.Check(t.Context(), c) {
			counts[f.Rule.Name]++
			if f.Position.Line == 0 || f.Message == "" {
				t.Errorf("%s: %+v stands nowhere", name, f)
			}
		}
		t.Log(filepath.Base(name), counts)
	}
}

// TestNoMoreThanThat has what comes near and is right.
func TestNoMoreThanThat(t *testing.T) {
	for _, property := range []string{
		"name: {type: [string, 'null'], description: null on failure}", "name: {type: string, nullable: true, description: null on failure}",
		"name: {type: string, description: never null}", "name: {type: string, description: A name that cannot be null.}", "name: {type: string, description: 不能为空}",
		"name: {type: string}\n        createDate: {type: string, example: 'Nov 14, 2017 2:20:57 PM'}", "name: {type: string}\n        updatedAt: {type: integer}",
		"name: {type: string}\n        format: {type: string}", "name: {type: string}\n        state: {type: string, enum: [on]}", "name: {type: string}\n        status: {type: integer}",
		"name: {type: string, description: The name of the shop.}", "name: {type: string}\n        size: {type: number, example: 1310720.5}",
	} {
		if found := names(t, strings.Replace(right, "name: {type: string}", property, 1)); len(found) > 0 {
			t.Errorf("%s: %v", property, found)
		}
	}
}
