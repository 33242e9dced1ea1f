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
	forms := []form{{"json", "application/json"}, {"text", "text/plain; charset=utf-8"}, {"junit", "application/xml"}, {"sarif", "application/sarif+json"}}
	return Operations{
		"getReport": func(ctx context.Context, call *Call) (Answer, error) {
			sandbox, form := call.Sandbox, call.form(forms)
			if all, _ := call.Values.Query["all"].(bool); all {
				sandbox = ""
			}
			text, kept, err := r.Report(ctx, sandbox, form.name, call.Text("min"))
			a := Answer{ContentType: form.contentType, Body: text}
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
