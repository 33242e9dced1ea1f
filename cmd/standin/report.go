package main

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
)

// finding is one place in a document or fixture, and what is to say about it.
type finding struct {
	File      string `json:"file"`
	Line      int    `json:"line"`
	Col       int    `json:"col"`
	Level     string `json:"level"`
	Rule      string `json:"rule"`
	Message   string `json:"message"`
	Operation string `json:"operation,omitempty"`
	// Fix says what to do, "" where the message does.
	Fix string `json:"fix,omitempty"`

	about       string // what the rule wants
	Fingerprint string `json:"-"` // "" for one made of the rest
}

// findings are all of a document. level is the least that is told.
type findings struct {
	document   string
	operations int
	level      string
	all        []finding
}

// told are the findings of the level or above.
func (r *findings) told() []finding {
	out := []finding{}
	for _, one := range r.all {
		if slices.Index(levels(), one.Level) <= slices.Index(levels(), r.level) {
			out = append(out, one)
		}
	}
	return out
}

// tally tells in words how many findings of each level there are.
func (r *findings) tally() string {
	n := map[string]int{}
	for _, one := range r.all {
		n[one.Level]++
	}
	var parts []string
	for _, level := range levels()[:2] {
		if n[level] > 0 {
			parts = append(parts, count(n[level], level))
		}
	}
	out := strings.Join(parts, ", ")
	if out == "" {
		out = "no findings"
	}
	if n["hint"] > 0 && r.level == "hint" {
		out += ", " + count(n["hint"], "hint")
	} else if n["hint"] > 0 {
		out += " (" + count(n["hint"], "hint") + ": --level hint)"
	}
	return out
}

// reporters write findings in the formats that people and programs read.
func reporters() map[string]func(io.Writer, *findings) error {
	return map[string]func(io.Writer, *findings) error{
		"text": reportText, "json": reportJSON, "sarif": reportSARIF, "github": reportGitHub, "gitlab": reportGitLab,
	}
}

func reportText(w io.Writer, r *findings) error {
	for _, f := range r.told() {
		if _, err := fmt.Fprintf(w, "%s: %s: %s (%s)\n", place(f), f.Level, f.Message, f.Rule); err != nil {
			return err
		}
		if f.Fix != "" {
			if _, err := fmt.Fprintf(w, "    %s\n", f.Fix); err != nil {
				return err
			}
		}
	}
	_, err := fmt.Fprintf(w, "%s: %s, %s\n", r.document, count(r.operations, "operation"), r.tally())
	return err
}

func place(f finding) string {
	if f.Line == 0 {
		return f.File
	}
	return fmt.Sprintf("%s:%d:%d", f.File, f.Line, f.Col)
}

func writeJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

func reportJSON(w io.Writer, r *findings) error {
	return writeJSON(w, map[string]any{"document": r.document, "operations": r.operations, "findings": r.told()})
}

// reportSARIF writes the Static Analysis Results Interchange Format (SARIF 2.1.0).
func reportSARIF(w io.Writer, r *findings) error {
	type object = map[string]any
	rules, results := []object{}, []object{}
	known := map[string]bool{}
	for _, f := range r.told() {
		if !known[f.Rule] {
			known[f.Rule] = true
			rule := object{"id": f.Rule}
			if f.about != "" {
				rule["shortDescription"] = object{"text": f.about}
				rule["help"] = object{"text": f.Fix}
			}
			rules = append(rules, rule)
		}
		level := f.Level
		if level == "hint" {
			level = "note"
		}
		results = append(results, object{
			"ruleId": f.Rule, "level": level, "message": object{"text": f.Message},
			"locations": []object{{"physicalLocation": object{
				"artifactLocation": object{"uri": f.File},
				"region":           object{"startLine": max(f.Line, 1), "startColumn": max(f.Col, 1)},
			}}},
			"partialFingerprints": object{"finding/v1": fingerprint(f)},
		})
	}
	return writeJSON(w, object{
		"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0",
		"runs": []object{{
			"tool":       object{"driver": object{"name": "standin", "semanticVersion": "0.0.0", "rules": rules}},
			"columnKind": "utf16CodeUnits", "results": results,
		}},
	})
}

// whole is the message with what to do, for formats that have no place of their own for that.
func (f finding) whole() string {
	if f.Fix == "" {
		return f.Message
	}
	return f.Message + ". " + f.Fix
}

// reportGitHub writes workflow commands, which show as annotations.
func reportGitHub(w io.Writer, r *findings) error {
	value := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
	text := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	for _, f := range r.told() {
		command := map[string]string{"error": "error", "warning": "warning", "hint": "notice"}[f.Level]
		_, err := fmt.Fprintf(w, "::%s file=%s,line=%d,col=%d,title=%s::%s\n", command, value.Replace(f.File), f.Line, f.Col, value.Replace(f.Rule), text.Replace(f.whole()))
		if err != nil {
			return err
		}
	}
	return nil
}

// reportGitLab writes a code quality report.
func reportGitLab(w io.Writer, r *findings) error {
	type object = map[string]any
	out := []object{}
	for _, f := range r.told() {
		out = append(out, object{
			"description": f.whole(), "check_name": f.Rule, "fingerprint": fingerprint(f),
			"severity": map[string]string{"error": "major", "warning": "minor", "hint": "info"}[f.Level],
			"location": object{"path": f.File, "lines": object{"begin": max(f.Line, 1)}},
		})
	}
	return writeJSON(w, out)
}

// fingerprint names a finding so that it stays the same when lines move.
func fingerprint(f finding) string {
	if f.Fingerprint != "" {
		return f.Fingerprint
	}
	return fmt.Sprintf("%x", sha256.Sum256([]byte(f.File+"\x00"+f.Rule+"\x00"+f.Operation+"\x00"+f.Message)))[:32]
}
