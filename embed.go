// Package standin is a mock API server driven by an OpenAPI document: the backend that is not there yet.
//
// The parts stand in their own packages. [standin/mock] serves a contract as an http.Handler, [standin/mock/mocktest] does so for
// the length of one Go test, [standin/mock/contract] compiles a document and checks exchanges against it, and
// [standin/mock/schema] does the same for single values. The command is cmd/standin.
//
// This package itself holds the demo: a document and its fixtures, served when the command is given nothing else.
package standin

import (
	"embed"
	"io/fs"
)

//go:embed openapi.yaml fixtures
var demo embed.FS

// Demo is the document that standin serves when it is given none, as openapi.yaml, with its fixtures below fixtures.
func Demo() fs.FS { return demo }
