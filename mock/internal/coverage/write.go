package coverage

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
)

// Formats are those of [Write].
func Formats() []string { return []string{"text", "json", "junit", "sarif"} }

// mostUnused bounds what is listed of one operation in text.
const mostUnused = 10

// Write writes a report. Operations that nothing was asked of are failures of JUnit and results of SARIF.
func Write(w io.Writer, format string, r *Report, t Thresholds) error {
	switch format {
	case "text":
		return writeText(w, r, t)
	case "json":
		enc := json.NewEncoder(w)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		return enc.Encode(r)
	case "junit":
		return writeJUnit(w, r, t)
	case "sarif":
		return writeSARIF(w, r)
	}
	return fmt.Errorf("the format is %s, not %q", strings.Join(Formats(), ", "), format)
}

// told is a share in words: "3 of 4 operations (75 %)".
func told(kind Kind, s Share, t Thresholds) string {
	out := fmt.Sprintf("%d of %d %s (%d %%)", s.Used, s.Total, kind, s.Percent())
	if least, ok := t[kind]; ok && s.Percent() < least {
		out += fmt.Sprintf(", and at least %d %% are wanted", least)
	}
	return out
}

func writeText(w io.Writer, r *Report, t Thresholds) error {
	var b strings.Builder
	for _, line := range r.Operations {
		if line.Exchanges == 0 {
			fmt.Fprintf(&b, "%s: never asked: %s\n", line.Position, line.Operation)
			continue
		}
		if len(line.Unused) == 0 {
			continue
		}
		rest := ""
		if more := len(line.Unused) - mostUnused; more > 0 {
			rest = fmt.Sprintf(", and %d more", more)
		}
		fmt.Fprintf(&b, "%s: %s, asked %d times, left unused: %s%s\n", line.Position, line.Operation, line.Exchanges, strings.Join(line.Unused[:min(len(line.Unused), mostUnused)], ", "), rest)
	}
	for _, kind := range Kinds() {
		if s := r.Shares[kind]; s.Total > 0 {
			fmt.Fprintln(&b, told(kind, s, t))
		}
	}
	if r.Partial {
		fmt.Fprintln(&b, "some exchanges are not counted, because the journal no longer holds them; --coverage counts all")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

type junitSuites struct {
	XMLName xml.Name     `xml:"testsuites"`
	Suites  []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Errors   int         `xml:"errors,attr"`
	Skipped  int         `xml:"skipped,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Class   string        `xml:"classname,attr"`
	Name    string        `xml:"name,attr"`
	Skipped string        `xml:"skipped,omitempty"`
	Failure *junitMessage `xml:"failure,omitempty"`
}

type junitMessage struct {
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

// writeJUnit writes, as Jenkins' schema of JUnit reports has it, a case for each operation, skipped where nothing was asked of it, and one for each threshold.
func writeJUnit(w io.Writer, r *Report, t Thresholds) error {
	operations, wanted := junitSuite{Name: "coverage of operations"}, junitSuite{Name: "thresholds"}
	for _, line := range r.Operations {
		c := junitCase{Class: line.Template, Name: line.Operation}
		if line.Exchanges == 0 {
			c.Skipped = "never asked"
			operations.Skipped++
		}
		operations.Cases = append(operations.Cases, c)
	}
	for _, kind := range Kinds() {
		least, ok := t[kind]
		if !ok {
			continue
		}
		c := junitCase{Class: "thresholds", Name: string(kind)}
		if s := r.Shares[kind]; s.Percent() < least {
			c.Failure = &junitMessage{Message: told(kind, s, t)}
			wanted.Failures++
		}
		wanted.Cases = append(wanted.Cases, c)
	}
	operations.Tests, wanted.Tests = len(operations.Cases), len(wanted.Cases)
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	enc := xml.NewEncoder(w)
	enc.Indent("", "  ")
	if err := enc.Encode(junitSuites{Suites: []junitSuite{operations, wanted}}); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

// writeSARIF writes a note for each operation that nothing was asked of, and for what others left unused (SARIF 2.1.0).
func writeSARIF(w io.Writer, r *Report) error {
	type object = map[string]any
	results := []object{}
	for _, line := range r.Operations {
		rule, message := "unused-part", fmt.Sprintf("%s was asked %d times and left unused: %s", line.Operation, line.Exchanges, strings.Join(line.Unused, ", "))
		switch {
		case line.Exchanges == 0:
			rule, message = "unused-operation", line.Operation+" was never asked"
		case len(line.Unused) == 0:
			continue
		}
		results = append(results, object{
			"ruleId": rule, "level": "note", "message": object{"text": message},
			"locations": []object{{"physicalLocation": object{
				"artifactLocation": object{"uri": line.Position.File}, "region": object{"startLine": max(1, line.Position.Line), "startColumn": max(1, line.Position.Col)},
			}}},
		})
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(object{
		"version": "2.1.0", "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
		"runs": []object{{
			"tool": object{"driver": object{"name": "standin", "rules": []object{
				{"id": "unused-operation", "shortDescription": object{"text": "No exchange was of the operation"}},
				{"id": "unused-part", "shortDescription": object{"text": "No exchange used this part of the operation"}},
			}}},
			"results": results,
		}},
	})
}
