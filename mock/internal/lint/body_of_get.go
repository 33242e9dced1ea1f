package lint

import (
	"standin/mock/contract"
)

func bodyOfGet() *Rule {
	return &Rule{Name: "body-of-get", About: "GET, HEAD and DELETE have no body: many clients and proxies drop it (RFC 9110, 9.3.1).", Fix: "Move what the body says into the query, or use POST.", check: func(s *subject) {
		s.operations(func(op *contract.Operation) {
			if (op.Method == "GET" || op.Method == "HEAD" || op.Method == "DELETE") && op.RequestBody() != nil {
				s.add(op.Position, op.ID, "%s with a body, which many clients do not send", op.Method)
			}
		})
	}}
}
