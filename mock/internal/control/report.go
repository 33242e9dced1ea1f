package control

import (
	"context"
	"net/http"
)

// Reporting tells what clients used of the document.
type Reporting interface {
	// Report writes what was used in a sandbox, in all for "", as text, json, junit or sarif; kept tells whether the least percentages are
	// reached.
	Report(ctx context.Context, sandbox, format, least string) (text []byte, kept bool, err error)
	// ForgetReport begins anew, in all sandboxes.
	ForgetReport()
}

// Reports are the operations on coverage.
func Reports(r Reporting) Operations {
	kinds := map[string]string{"text": "text/plain; charset=utf-8", "json": "application/json", "junit": "application/xml", "sarif": "application/sarif+json"}
	return Operations{
		"getReport": func(ctx context.Context, call *Call) (Answer, error) {
			sandbox, format := call.Sandbox, call.Text("format")
			if all, _ := call.Values.Query["all"].(bool); all {
				sandbox = ""
			}
			if format == "" {
				format = "json"
			}
			text, kept, err := r.Report(ctx, sandbox, format, call.Text("min"))
			a := Answer{ContentType: kinds[format], Body: text}
			if !kept {
				a.Status = http.StatusConflict
			}
			return a, err
		},
		"deleteReport": func(context.Context, *Call) (Answer, error) {
			r.ForgetReport()
			return Answer{}, nil
		},
	}
}
