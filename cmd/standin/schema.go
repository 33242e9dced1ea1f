package main

import (
	"github.com/spf13/cobra"

	"standin/mock"
)

// schemaCommand prints the JSON Schema of what standin reads beside OpenAPI.
func (a *app) schemaCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "schema x-mock",
		Short:   "Print the JSON Schema of a file or extension that standin reads",
		Example: "  standin schema x-mock > x-mock.schema.json",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 || args[0] != "x-mock" {
				return misuse("name the schema to print: x-mock")
			}
			_, err := a.stdout.Write(mock.BehaviourSchema())
			return err
		},
	}
}
