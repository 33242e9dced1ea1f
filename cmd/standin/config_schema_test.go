package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v4"
)

// TestConfigSchema: it takes what the command takes, and refuses what the command refuses.
func TestConfigSchema(t *testing.T) {
	text, err := json.Marshal(configSchema())
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	k := jsonschema.NewCompiler()
	if err := k.AddResource("config.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := k.Compile("config.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		text string
		ok   bool
	}{
		{"", true}, {"port: 4010\nhandling: strict\nseed: 7", true}, {"documents: [a.yaml, b=b.yaml]\ncors-origin: [https://a.example]", true},
		{"document: a.yaml\nread-timeout: 1m30s\nclosed: true", true}, {"docs: {logo: a.svg, accent: '#0b7285', footer: [{text: Status, url: https://x}]}", true},
		{"target: http://localhost:3000\nstrict: true\nmock: [a, b]", true},
		{"prot: 4010", false}, {"port: many", false}, {"port: 70000", false}, {"closed: perhaps", false}, {"read-timeout: soon", false}, {"docs: {colour: red}", false},
		{"documents: {a: b}", false}, {"- port", false}, {"help: true", false},
	} {
		var v any
		if err := yaml.Unmarshal([]byte(c.text), &v); err != nil {
			t.Fatal(err)
		}
		if err := s.Validate(v); (err == nil) != c.ok {
			t.Errorf("%q: %v", c.text, err)
		}
	}
}
