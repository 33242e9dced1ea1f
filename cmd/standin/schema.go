package main

import (
	"encoding/json"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"standin/mock"
)

// schemaCommand prints the JSON Schemas of what standin reads beside OpenAPI.
func (a *app) schemaCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON Schema of a file or extension that standin reads",
		Example: "  standin schema x-mock > x-mock.schema.json\n" +
			"  standin schema fixture openapi.yaml > fixture.schema.json   # with this document's operations, statuses and examples",
		RunE: func(cmd *cobra.Command, _ []string) error {
			return misuse("name the schema to print: %s", strings.Join(a.kinds(cmd), ", "))
		},
	}
	c.AddCommand(
		&cobra.Command{
			Use: "x-mock", Short: "The extension x-mock, which declares what the absent server does", Args: cobra.NoArgs,
			RunE: func(*cobra.Command, []string) error { return a.deliver("", mock.BehaviourSchema()) },
		},
		&cobra.Command{
			Use: "config", Short: "The file standin.yaml", Args: cobra.NoArgs,
			RunE: func(*cobra.Command, []string) error { return a.printConfigSchema() },
		},
		&cobra.Command{
			Use: "fixture [DOC]", Short: "Fixture files; with a document, its operations, statuses and examples",
			RunE: func(cmd *cobra.Command, args []string) error { return a.printFixtureSchema(cmd, args) },
		},
	)
	return c
}

// printFixtureSchema prints the schema of fixtures, of a document where one is named.
func (a *app) printFixtureSchema(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		text, err := mock.FixtureSchema(nil)
		if err != nil {
			return failed(err)
		}
		return a.deliver("", append(text, '\n'))
	}
	d, err := a.pick(args, "")
	if err != nil {
		return err
	}
	loaded, err := d.load(cmd.Context())
	if err != nil {
		return err
	}
	loaded.Wait(cmd.Context())
	text, err := mock.FixtureSchema(loaded)
	if err != nil {
		return failed(err)
	}
	return a.deliver("", append(text, '\n'))
}

// printConfigSchema prints the schema of standin.yaml: the flags of all commands that read it.
func (a *app) printConfigSchema() error {
	text, err := json.MarshalIndent(configSchema(), "", "  ")
	if err != nil {
		return failed(err)
	}
	return a.deliver("", append(text, '\n'))
}

// configSchema is the JSON Schema of standin.yaml.
func configSchema() map[string]any {
	type object = map[string]any
	names := object{"anyOf": []any{object{"type": "string"}, object{"type": "array", "items": object{"type": "string"}}}}
	properties := object{
		"document": names, "documents": names,
		looksSection: object{"type": "object", "additionalProperties": false, "description": "how the documentation looks", "properties": object{
			"logo": object{"type": "string"}, "accent": object{"type": "string"},
			"footer": object{"type": "array", "items": object{
				"type": "object", "additionalProperties": false, "properties": object{"text": object{"type": "string"}, "url": object{"type": "string"}},
			}},
		}},
	}
	for _, f := range configurable() {
		flags := pflag.NewFlagSet("", pflag.ContinueOnError)
		f.add(flags)
		flags.VisitAll(func(one *pflag.Flag) {
			if properties[one.Name] == nil {
				properties[one.Name] = settingSchema(one)
			}
		})
	}
	return object{
		"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "standin.yaml", "type": []string{"object", "null"},
		"additionalProperties": false, "properties": properties,
	}
}

// settingSchema is what the setting of a flag may be.
func settingSchema(f *pflag.Flag) map[string]any {
	out := map[string]any{"description": f.Usage}
	plain := []string{"string", "number", "boolean"}
	switch f.Value.Type() {
	case "bool":
		out["type"] = "boolean"
	case "int", "int64", "uint64":
		out["type"] = "integer"
		if f.Name == "port" {
			out["minimum"], out["maximum"] = 0, 65535
		}
	case "float64":
		out["type"] = "number"
	case "duration":
		out["type"], out["pattern"] = "string", `^-?([0-9]+(\.[0-9]*)?(ns|us|µs|ms|s|m|h))+$|^0$`
	case "stringSlice", "stringArray":
		out["anyOf"] = []any{map[string]any{"type": plain}, map[string]any{"type": "array", "items": map[string]any{"type": plain}}}
	default:
		out["type"] = plain
	}
	if f.DefValue != "" && f.DefValue != "[]" {
		out["description"] = f.Usage + " (default: " + f.DefValue + ")"
	}
	return out
}
