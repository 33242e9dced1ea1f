package main

import (
	"os"

	"go.yaml.in/yaml/v4"

	"standin/mock"
)

// looksConfig is the section docs of standin.yaml:
//
//	docs:
//	  logo: brand/logo.svg
//	  accent: "#0b7285"
//	  footer:
//	    - {text: Status, url: https://status.example.com}
type looksConfig struct {
	Logo   string `yaml:"logo"`
	Accent string `yaml:"accent"`
	Footer []struct {
		Text string `yaml:"text"`
		URL  string `yaml:"url"`
	} `yaml:"footer"`
}

// looksSection is the setting that holds the looks of the documentation; it is no flag.
const looksSection = "docs"

// looks reads how the documentation shall look.
func looks(file string) (mock.Looks, error) {
	text, err := os.ReadFile(file)
	if os.IsNotExist(err) {
		return mock.Looks{}, nil
	}
	if err != nil {
		return mock.Looks{}, misuse("%w", err)
	}
	var top map[string]yaml.Node
	if err := yaml.Unmarshal(text, &top); err != nil {
		return mock.Looks{}, misuse("%s: %w", file, err)
	}
	section, ok := top[looksSection]
	if !ok {
		return mock.Looks{}, nil
	}
	var c looksConfig
	if err := decodeStrictly(&section, &c); err != nil {
		return mock.Looks{}, misuse("%s:%d: %s: %w", file, section.Line, looksSection, err)
	}
	out := mock.Looks{Accent: c.Accent}
	for _, link := range c.Footer {
		out.Footer = append(out.Footer, mock.Link{Text: link.Text, URL: link.URL})
	}
	if c.Logo == "" {
		return out, nil
	}
	if out.Logo, err = os.ReadFile(c.Logo); err != nil {
		return out, misuse("%s:%d: the logo cannot be read: %w", file, section.Line, err)
	}
	return out, nil
}

// decodeStrictly decodes a section; a name that it does not know is an error.
func decodeStrictly(n *yaml.Node, into any) error {
	text, err := yaml.Marshal(n)
	if err != nil {
		return err
	}
	return yaml.Load(text, into, yaml.WithKnownFields())
}
