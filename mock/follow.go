package mock

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"standin/mock/internal/journal"
)

// followEvery is how long a reader of events waits at most until something comes, a comment if nothing else.
const followEvery = 15 * time.Second

// Follow writes exchanges as they end, from now on (HTML, 9.2, server-sent events). It is an error if they cannot be seen.
func (c controlled) Follow(ctx context.Context, sandbox string) (func(http.ResponseWriter), error) {
	ctx, stop := context.WithCancel(ctx)
	j := c.journals.In(sandbox)
	changed, err := j.Watch(ctx)
	f := &follower{journal: j}
	if err == nil {
		_, err = f.fresh(ctx)
	}
	if err != nil {
		stop()
		return nil, kept(err)
	}
	return func(w http.ResponseWriter) {
		defer stop()
		tick := time.NewTicker(followEvery)
		defer tick.Stop()
		flush := http.NewResponseController(w)
		said := ": what is asked from now on\n\n"
		for {
			_, _ = w.Write([]byte(said))
			if flush.Flush() != nil {
				return
			}
			said = ""
			select {
			case <-ctx.Done():
				return
			case <-c.listening.Done():
				return
			case <-tick.C: // what others asked may not have been told of
				said = ": still here\n\n"
			case <-changed:
			}
			fresh, _ := f.fresh(ctx) // what cannot be seen now is seen later
			for _, x := range fresh {
				if text, err := json.Marshal(x.Record()); err == nil {
					said += fmt.Sprintf("id: %s\nevent: exchange\ndata: %s\n\n", x.ID, text)
				}
			}
		}
	}, nil
}

// follower tells of each exchange once, in whatever order they end.
type follower struct {
	journal *journal.Journal
	told    map[string]bool // of those that the journal holds
}

// fresh are those that have ended since it was asked before, the oldest first.
func (f *follower) fresh(ctx context.Context) ([]*journal.Exchange, error) {
	seen, err := f.journal.Look(ctx)
	if err != nil {
		return nil, err
	}
	var out []*journal.Exchange
	told := make(map[string]bool, len(seen.Exchanges))
	for _, x := range seen.Exchanges {
		if !x.Answered {
			continue
		}
		if told[x.ID] = true; !f.told[x.ID] {
			out = append(out, x)
		}
	}
	f.told = told
	return out, nil
}
