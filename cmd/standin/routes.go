package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"standin/mock"
	"standin/mock/contract"
)

func (a *app) routesCommand() *cobra.Command {
	format := "text"
	var overlays []string
	c := &cobra.Command{
		Use:     "routes [DOC]",
		Short:   "List the operations of a document",
		Example: "  standin routes openapi.yaml",
		RunE: func(cmd *cobra.Command, args []string) error {
			d, err := a.chosen(cmd.Flags(), args, nil)
			if err != nil {
				return err
			}
			if format != "text" && format != "json" {
				return misuse("--format is text or json, not %q", format)
			}
			d.overlays = overlays
			loaded, err := d.load(cmd.Context())
			if err != nil {
				return err
			}
			return a.listRoutes(loaded, format)
		},
	}
	c.Flags().StringVar(&format, "format", format, "text or json")
	documentFlags(c.Flags(), &overlays)
	return c
}

// route is one operation as listed.
type route struct {
	Method    string   `json:"method"`
	Path      string   `json:"path"`
	Operation string   `json:"operation"`
	Statuses  []string `json:"statuses"`
	Summary   string   `json:"summary,omitempty"`
	// Does is what the operation does to a collection, "" if it does nothing that is remembered.
	Does       string `json:"does,omitempty"`
	Collection string `json:"collection,omitempty"`
}

func (a *app) listRoutes(c *contract.Contract, format string) error {
	prefix := strings.TrimSuffix(c.Prefixes()[0], "/")
	routes := []route{}
	roles := mock.Roles(c)
	for _, op := range c.Operations() {
		r := route{Method: op.Method, Path: prefix + op.Template, Operation: op.ID, Summary: op.Summary(), Statuses: []string{}}
		for _, response := range op.Responses().All {
			r.Statuses = append(r.Statuses, response.Status)
		}
		r.Does, r.Collection = roles[op.ID].Does, roles[op.ID].Collection
		routes = append(routes, r)
	}
	if format == "json" {
		enc := json.NewEncoder(a.stdout)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		return enc.Encode(routes)
	}
	w := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
	for _, r := range routes {
		cells := []string{r.Method, r.Path, r.Operation, strings.Join(r.Statuses, " ")}
		if r.Does != "" {
			cells = append(cells, r.Does+" "+r.Collection)
		}
		fmt.Fprintln(w, strings.Join(cells, "\t"))
	}
	return w.Flush()
}

func (a *app) healthCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "health [URL]",
		Short:   "Ask a running standin whether it serves (exit 0), for container health checks",
		Example: "  standin health http://localhost:8080",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			base := "http://localhost:8080"
			if len(args) == 1 {
				base = strings.TrimSuffix(args[0], "/")
			}
			r, err := http.NewRequestWithContext(cmd.Context(), http.MethodGet, base+"/__mock/health", nil)
			if err != nil {
				return misuse("%w", err)
			}
			client := http.Client{Timeout: 5 * time.Second}
			answer, err := client.Do(r)
			if err != nil {
				return failed(fmt.Errorf("no answer: %w", err))
			}
			defer answer.Body.Close()
			if answer.StatusCode != http.StatusOK {
				return failed(fmt.Errorf("%s answers %s", base, answer.Status))
			}
			fmt.Fprintln(a.stdout, "ok")
			return nil
		},
	}
}
