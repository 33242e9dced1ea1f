package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/spf13/pflag"
	"go.yaml.in/yaml/v4"
)

// configFile is read from the working folder where it exists.
const configFile = "standin.yaml"

// settle gives each flag that the command line left alone its value from the environment, else from the config file.
func (a *app) settle(flags *pflag.FlagSet) (documents []string, err error) {
	config, err := readConfig(configFile)
	if err != nil {
		return nil, err
	}
	for name := range config.flags {
		if flags.Lookup(name) == nil && !knownSetting(name) {
			return nil, misuse("%s:%d: unknown setting %q", configFile, config.lines[name], name)
		}
	}
	flags.VisitAll(func(f *pflag.Flag) {
		if err != nil || f.Changed || f.Name == "help" {
			return
		}
		variable := "STANDIN_" + strings.ToUpper(strings.ReplaceAll(f.Name, "-", "_"))
		if value := a.getenv(variable); value != "" {
			if e := flags.Set(f.Name, value); e != nil {
				err = misuse("%s: %w", variable, e)
			}
			return
		}
		for _, value := range config.flags[f.Name] {
			if e := flags.Set(f.Name, value); e != nil {
				err = misuse("%s:%d: %w", configFile, config.lines[f.Name], e)
			}
		}
	})
	return config.documents, err
}

// config is what standin.yaml says: flags by name, and the documents.
type config struct {
	flags     map[string][]string
	lines     map[string]int
	documents []string
}

func readConfig(name string) (config, error) {
	c := config{flags: map[string][]string{}, lines: map[string]int{}}
	text, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return c, nil
	}
	if err != nil {
		return c, misuse("%w", err)
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(text, &doc); err != nil {
		return c, misuse("%s: %w", name, err)
	}
	if len(doc.Content) == 0 {
		return c, nil
	}
	top := doc.Content[0]
	if top.Kind != yaml.MappingNode {
		return c, misuse("%s:%d: settings are names with values, like port: 4010", name, top.Line)
	}
	for i := 0; i+1 < len(top.Content); i += 2 {
		key, value := top.Content[i], top.Content[i+1]
		if key.Value == looksSection {
			continue
		}
		values, err := scalars(value)
		if err != nil {
			return c, misuse("%s:%d: %s: %w", name, value.Line, key.Value, err)
		}
		c.lines[key.Value] = key.Line
		if key.Value == "documents" || key.Value == "document" {
			c.documents = values
			continue
		}
		c.flags[key.Value] = values
	}
	return c, nil
}

// scalars reads one value or a list of them.
func scalars(n *yaml.Node) ([]string, error) {
	switch n.Kind {
	case yaml.ScalarNode:
		return []string{n.Value}, nil
	case yaml.SequenceNode:
		var out []string
		for _, item := range n.Content {
			if item.Kind != yaml.ScalarNode {
				return nil, fmt.Errorf("a list of plain values is wanted")
			}
			out = append(out, item.Value)
		}
		return out, nil
	}
	return nil, fmt.Errorf("a plain value or a list of them is wanted")
}

// configurable are the flags of all commands that read the config file.
func configurable() []interface{ add(*pflag.FlagSet) } {
	return []interface{ add(*pflag.FlagSet) }{
		new(serveFlags), new(checkFlags), new(diffFlags), new(historyFlags), new(exportFlags), new(proxyFlags), new(requestFlags), new(starterFlags), new(coverageFlags),
	}
}

// knownSetting tells whether some command has a flag of that name, so that one config file serves them all.
func knownSetting(name string) bool {
	for _, f := range configurable() {
		flags := pflag.NewFlagSet("", pflag.ContinueOnError)
		f.add(flags)
		if flags.Lookup(name) != nil {
			return true
		}
	}
	return false
}
