package main

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"html/template"
	"io"
	"os"
	"strings"
	"time"

	"standin/mock/verify"
)

// verifyReports write a run in the formats that people and programs read.
func verifyReports() map[string]func(io.Writer, *verify.Report) error {
	as := func(report func(io.Writer, *findings) error) func(io.Writer, *verify.Report) error {
		return func(w io.Writer, r *verify.Report) error { return report(w, asFindings(r)) }
	}
	return map[string]func(io.Writer, *verify.Report) error{
		"text": verifyText, "json": func(w io.Writer, r *verify.Report) error { return writeJSON(w, r) }, "ndjson": verifyLines, "junit": verifyJUnit,
		"sarif": as(reportSARIF), "gitlab": as(reportGitLab), "github": verifyGitHub, "html": verifyHTML,
	}
}

// asFindings are the findings of a run as those of a document: at the rules that were broken.
func asFindings(r *verify.Report) *findings {
	out := &findings{document: r.Target, operations: len(r.Operations), level: "warning"}
	for _, f := range r.Findings {
		out.all = append(out.all, finding{
			File: f.Rule.File, Line: f.Rule.Line, Col: f.Rule.Col, Level: "error", Rule: f.Check, Message: f.Operation + ": " + f.Message, Operation: f.Operation, Fix: f.Curl, Fingerprint: f.Fingerprint,
		})
	}
	return out
}

// headline says what was asked and what not.
func headline(r *verify.Report) string {
	asked := 0
	for _, t := range r.Operations {
		if t.Cases > 0 {
			asked++
		}
	}
	return fmt.Sprintf("%s: %d of %d operations, %s in %v (seed %d)", r.Target, asked, len(r.Operations), count(r.Cases, "request"), r.Took.Round(time.Millisecond), r.Seed)
}

func verifyText(w io.Writer, r *verify.Report) error {
	var b strings.Builder
	fmt.Fprintln(&b, headline(r))
	for _, line := range r.NotRun {
		fmt.Fprintf(&b, "  not asked: %s\n", line)
	}
	tellAll := func(title string, list []verify.Finding) {
		if len(list) > 0 {
			fmt.Fprintf(&b, "\n%s\n", title)
		}
		for _, f := range list {
			fmt.Fprintf(&b, "\n%s: %s: %s (%s, %s)\n    %s\n    %s\n", f.Rule, f.Operation, f.Message, f.Check, f.Fingerprint, f.Curl, answered(f))
		}
	}
	tellAll("What happens every time:", r.Findings)
	tellAll("What did not happen again:", r.Flaky)
	fmt.Fprintf(&b, "\n%s, %d flaky%s\n", count(len(r.Findings), "broken promise"), len(r.Flaky), seen(r, "; seen "))
	_, err := io.WriteString(w, b.String())
	return err
}

// seen says how much of the document requests and answers had, if that is known.
func seen(r *verify.Report, before string) string {
	var out []string
	for _, kind := range []string{"operations", "statuses", "parameters", "properties", "enums"} {
		if share := r.Coverage[kind]; share.Total > 0 {
			out = append(out, fmt.Sprintf("%d of %d %s", share.Seen, share.Total, kind))
		}
	}
	if len(out) == 0 {
		return ""
	}
	return before + strings.Join(out, ", ")
}

func answered(f verify.Finding) string {
	body := strings.Join(strings.Fields(f.Body), " ")
	if len(body) > 200 {
		body = strings.ToValidUTF8(body[:200], "") + "…"
	}
	return strings.TrimSpace(fmt.Sprintf("answered %d %s", f.Status, body))
}

// verifyLines writes one JSON object a line: operations, then findings.
func verifyLines(w io.Writer, r *verify.Report) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	for _, t := range r.Operations {
		if err := enc.Encode(map[string]any{"operation": t}); err != nil {
			return err
		}
	}
	for _, f := range append(r.Findings, r.Flaky...) {
		if err := enc.Encode(map[string]any{"finding": f}); err != nil {
			return err
		}
	}
	return nil
}

// verifyJUnit writes, as Jenkins' schema of JUnit reports has it, a test case for each operation, which fails with its findings.
func verifyJUnit(w io.Writer, r *verify.Report) error {
	type text struct {
		Message string `xml:"message,attr,omitempty"`
		Text    string `xml:",chardata"`
	}
	type testCase struct {
		Class    string `xml:"classname,attr"`
		Name     string `xml:"name,attr"`
		Skipped  string `xml:"skipped,omitempty"`
		Failures []text `xml:"failure"`
	}
	type suite struct {
		XMLName  xml.Name   `xml:"testsuite"`
		Name     string     `xml:"name,attr"`
		Tests    int        `xml:"tests,attr"`
		Failures int        `xml:"failures,attr"`
		Skipped  int        `xml:"skipped,attr"`
		Time     float64    `xml:"time,attr"`
		Cases    []testCase `xml:"testcase"`
	}
	out := suite{Name: r.Target, Time: r.Took.Seconds()}
	for _, t := range r.Operations {
		one := testCase{Class: t.Method + " " + t.Path, Name: t.Operation}
		for _, f := range r.Findings {
			if f.Operation == t.Operation {
				one.Failures = append(one.Failures, text{f.Message, f.Rule.String() + "\n" + f.Curl + "\n" + answered(f)})
			}
		}
		if t.Skipped != "" {
			one.Skipped = t.Skipped
			out.Skipped++
		}
		if out.Tests++; len(one.Failures) > 0 {
			out.Failures++
		}
		out.Cases = append(out.Cases, one)
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	enc := xml.NewEncoder(w)
	enc.Indent("", "  ")
	return enc.Encode(out)
}

// mostAnnotations is how many GitHub shows of one step; the rest is in the summary of the step.
const mostAnnotations = 10

func verifyGitHub(w io.Writer, r *verify.Report) error {
	all := asFindings(r)
	shown := *all
	shown.all = all.all[:min(len(all.all), mostAnnotations)]
	if err := reportGitHub(w, &shown); err != nil {
		return err
	}
	summary := os.Getenv("GITHUB_STEP_SUMMARY")
	if summary == "" {
		return nil
	}
	file, err := os.OpenFile(summary, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	fmt.Fprintf(file, "### %s\n\n| operation | what | rule |\n| --- | --- | --- |\n", headline(r))
	cell := strings.NewReplacer("|", "\\|", "\n", " ")
	for _, f := range r.Findings {
		fmt.Fprintf(file, "| %s | %s | %s |\n", cell.Replace(f.Operation), cell.Replace(f.Message), f.Rule)
	}
	return file.Close()
}

func verifyHTML(w io.Writer, r *verify.Report) error {
	page, err := template.New("report").Parse(`<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{{.Headline}}</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}pre{background:#f4f4f5;padding:.75rem;overflow:auto}
table{border-collapse:collapse}td,th{padding:.25rem .75rem;text-align:left;border-bottom:1px solid #ddd}h2{margin-top:2.5rem}code{font-size:.9em}</style>
<h1>{{len .Findings}} broken promises</h1><p>{{.Headline}}</p>{{range .NotRun}}<p>Not asked: {{.}}</p>{{end}}
{{range .Findings}}<h2>{{.Operation}}: {{.Check}}</h2><p>{{.Message}}</p><p><code>{{.Rule}}</code> · seen in {{.Times}} requests · <code>{{.Fingerprint}}</code></p><pre>{{.Curl}}</pre>
<p>Answered {{.Status}}</p>{{if .Body}}<pre>{{.Body}}</pre>{{end}}{{end}}
{{if .Flaky}}<h2>Did not happen again</h2>{{range .Flaky}}<p>{{.Operation}}: {{.Message}}</p><pre>{{.Curl}}</pre>{{end}}{{end}}
<h2>Operations</h2><p>{{.Used}}</p><table><tr><th>Operation<th>Requests<th>Statuses seen<th>Documented<th>Not seen</tr>
{{range .Operations}}<tr><td>{{.Method}} {{.Path}}<td>{{if .Skipped}}–{{else}}{{.Cases}}{{end}}<td>{{range .Seen}}{{.}} {{end}}<td>{{range .Documented}}{{.}} {{end}}
<td>{{with .Unseen}}<details><summary>{{len .}}</summary>{{range .}}{{.}}<br>{{end}}</details>{{end}}</tr>
{{end}}</table></html>
`)
	if err != nil {
		return err
	}
	return page.Execute(w, struct {
		*verify.Report
		Headline, Used string
	}{r, headline(r), seen(r, "Seen: ")})
}
