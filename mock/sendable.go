package mock

import (
	"context"
	"io"

	"standin/mock/contract"
	"standin/mock/internal/requests"
)

// RequestFormats are those that [WriteRequests] knows: http (the clients of editors), curl (a script for a POSIX shell), k6, and postman
// (a collection of version 2.1).
func RequestFormats() []string { return requests.Formats() }

// WriteRequests writes a valid request for each operation of c, and one for each documented example of its body, in one of
// [RequestFormats]. base is the URL in front of the document's own prefix and paths. Credentials are variables. It gives the ids of
// operations that no valid request could be made for.
func WriteRequests(ctx context.Context, w io.Writer, c *contract.Contract, format, base string, seed uint64) (failed []string, err error) {
	c.Wait(ctx)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	info := c.Info()
	d := &requests.Document{Title: info.Title, Version: info.Version, Base: base}
	d.Requests, d.Variables = requests.Compose(c, seed)
	for i := range d.Requests {
		if d.Requests[i].Failed != "" {
			failed = append(failed, d.Requests[i].Operation.ID)
		}
	}
	return failed, requests.Write(w, format, d)
}
