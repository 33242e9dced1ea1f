package mock

import (
	"context"
	"net/http"

	"standin/mock/internal/fixture"
)

// streams tells that the answer is sent piece by piece. One that goes wrong on its way is not, because only a promised length shows
// a client that something is missing.
func (rep *reply) streams() bool { return rep.stream != nil && rep.fault == "" }

// stream sends each piece as soon as its time has come, until the last one or until the client goes away. The headers go ahead of the
// first, so that a client knows at once that it is connected.
func stream(ctx context.Context, w http.ResponseWriter, pieces []fixture.Piece) {
	out := http.NewResponseController(w)
	_ = out.Flush() // what cannot flush sends all at the end
	for _, p := range pieces {
		if pause(ctx, p.After) != nil {
			return
		}
		if _, err := w.Write(p.Text); err != nil {
			return
		}
		_ = out.Flush()
	}
}
