package behaviour

import (
	"strconv"
	"time"
)

// timer takes steps every so often. Its time begins with the first request of a sandbox.
type timer struct {
	every time.Duration
	do    []step
}

const timerBucket = "timers" // by number: when it was last

// start lets the timers of a sandbox begin.
func (r *run) start() {
	for i := range r.timers {
		if _, running := r.world.Get(timerBucket, strconv.Itoa(i)); !running {
			r.world.Set(timerBucket, strconv.Itoa(i), []byte(dueKey(r.call.Now, 0)))
		}
	}
}

// ring takes the steps of the timers whose time has come; of times that were missed, one counts.
func (b *Behaviour) ring(w World, now time.Time, seed uint64) ([]Event, error) {
	var events []Event
	for i, t := range b.timers {
		last, running := w.Get(timerBucket, strconv.Itoa(i))
		at, known := dueTime(string(last))
		if !running || known && at.Add(t.every).After(now) {
			continue
		}
		w.Set(timerBucket, strconv.Itoa(i), []byte(dueKey(now, 0)))
		r := b.begin(w, &Call{Now: now, Seed: seed}, serial(w))
		if _, err := r.guarded(func() error { return r.all(t.do) }); err != nil {
			return events, err
		}
		events = append(events, r.events...)
	}
	return events, nil
}
