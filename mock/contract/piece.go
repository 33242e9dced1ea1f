package contract

import (
	"encoding/json"
	"fmt"

	"standin/mock/internal/source"
)

// decodePiece reads one object of the document into kin-openapi's model, without the members named in drop: schemas are compiled
// from the document itself, since the model loses what it does not know. A member that the model refuses is left out, with a
// diagnostic; ok is false only if nothing could be read.
func decodePiece[T any](c *Contract, n *Node, drop ...string) (piece T, ok bool) {
	if !n.Is(source.Object) {
		return piece, false
	}
	rest := n.Without(append(drop, "__origin__")...)
	if json.Unmarshal(rest.AppendJSON(nil), &piece) == nil {
		return piece, true
	}
	var kept []source.Member
	for _, m := range rest.Members() {
		var probe T
		if err := json.Unmarshal(source.NewObject(n, m).AppendJSON(nil), &probe); err != nil {
			c.warn(m.Position(), "syntax", fmt.Sprintf("%s has the wrong form and is passed over: this is %s", m.Name, kindName(m.Value)))
			continue
		}
		kept = append(kept, m)
	}
	var again T
	if err := json.Unmarshal(source.NewObject(n, kept...).AppendJSON(nil), &again); err != nil {
		return again, false
	}
	return again, true
}
