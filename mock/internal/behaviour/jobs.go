package behaviour

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"standin/mock/contract"
	"standin/mock/internal/expr"
)

// jobs is how operations that are jobs answer, and how one asks how a job is going.
type jobs struct {
	id           *expr.Value
	queue        *expr.Value // nil: no job waits for another
	limit        *expr.Value // milliseconds, nil for none
	exceeded     *failing    // how a job ends that would take longer
	takes, keep  time.Duration
	accepted     *outcome
	running      *outcome
	unknown      *outcome
	taken        *outcome
	poll         string // the operation
	key          *expr.Value
	ended        []step
	pollWithBody []step // taken before a job's result is told
	late         bool   // what a job checks is told by its result only
}

// record is a job as the store keeps it.
type record struct {
	ID        string       `json:"id"`
	Operation string       `json:"operation"`
	Request   expr.Request `json:"request"`
	Base      string       `json:"base"`
	At        time.Time    `json:"at"`
	Start     time.Time    `json:"start"`
	Due       time.Time    `json:"due"`
	Serial    uint64       `json:"serial"`
	Done      bool         `json:"done"`
	Queue     string       `json:"queue,omitempty"`
	// Judged tells that it is known whether the job may do anything, Begun that it has taken its first steps. Names are those that they
	// gave, Made is how many UUIDs they made.
	Judged bool           `json:"judged,omitempty"`
	Begun  bool           `json:"begun,omitempty"`
	Names  map[string]any `json:"names,omitempty"`
	Made   uint64         `json:"made,omitempty"`
	// Result is how it ended; before that, how it will, where that is known already.
	Result *told `json:"result,omitempty"`
}

// dueKey orders jobs by time, then by their number.
func dueKey(at time.Time, serial uint64) string {
	return fmt.Sprintf("%020d-%020d", at.UnixNano(), serial)
}

// accept takes a job on; fails is how it will end, nil if its steps tell. The answer says where to ask.
func (r *run) accept(o *Operation, fails *told) (*told, error) {
	j := r.jobs
	v, err := j.id.Run(r.scope)
	if err != nil {
		return nil, err
	}
	id := keyText(v)
	if id == "" {
		return nil, fmt.Errorf("the id of a job is a text, and this is none")
	}
	if _, known := r.world.Get(jobBucket, id); known {
		return j.taken.fill(r, map[string]any{"id": id})
	}
	takes := j.takes
	if o.takes != nil {
		takes = *o.takes
	}
	one := record{
		ID: id, Operation: r.call.Operation.ID, Request: r.call.Request, Base: r.call.Base, At: r.call.Now, Start: r.call.Now,
		Serial: serial(r.world), Result: fails,
	}
	r.scope.Set("timeout", json.Number(fmt.Sprint(o.timeout)))
	if err := r.queue(&one, takes); err != nil {
		return nil, err
	}
	if err := r.keep(&one); err != nil {
		return nil, err
	}
	next := one.Due
	if len(o.begin) > 0 && one.Result == nil {
		next = one.At
	}
	r.world.Set(dueBucket, dueKey(next, one.Serial), []byte(id))
	r.world.Set(forgetBucket, dueKey(one.At.Add(j.keep), one.Serial), []byte(id))
	return j.accepted.fill(r, map[string]any{"id": id, "timeout": json.Number(fmt.Sprint(o.timeout))})
}

// queue tells when a job starts and ends: after those of its queue that came before.
func (r *run) queue(one *record, takes time.Duration) error {
	var queue any // nil for none
	var err error
	if r.jobs.queue != nil {
		if queue, err = r.jobs.queue.Run(r.scope); err != nil {
			return err
		}
	}
	if queue != nil {
		if last, ok := r.world.Get(queueBucket, keyText(queue)); ok {
			if free, readable := dueTime(string(last)); readable && free.After(one.Start) {
				one.Start = free
			}
		}
	}
	one.Due = one.Start.Add(takes)
	if given, err := r.giveUp(one); given || err != nil || queue == nil {
		return err
	}
	one.Queue = keyText(queue)
	r.world.Set(queueBucket, one.Queue, []byte(dueKey(one.Due, one.Serial)))
	return nil
}

// giveUp lets a job fail that would take longer than it may; it then does nothing.
func (r *run) giveUp(one *record) (bool, error) {
	if r.jobs.limit == nil || one.Result != nil {
		return false, nil
	}
	v, err := r.jobs.limit.Run(r.scope)
	if err != nil {
		return false, err
	}
	most := time.Duration(wholeOf(v, 0)) * time.Millisecond
	if most <= 0 || one.Due.Sub(one.At) <= most {
		return false, nil
	}
	one.Due = one.At.Add(most)
	one.Result, err = r.guarded(func() error { return r.jobs.exceeded.do(r) })
	return true, err
}

// leave frees the queue that a job was the last of.
func (r *run) leave(one *record) {
	if one.Queue == "" {
		return
	}
	if last, ok := r.world.Get(queueBucket, one.Queue); ok && string(last) == dueKey(one.Due, one.Serial) {
		r.world.Delete(queueBucket, one.Queue)
	}
}

func (r *run) keep(one *record) error {
	text, err := json.Marshal(one)
	if err != nil {
		return err
	}
	r.world.Set(jobBucket, one.ID, text)
	return nil
}

// recorded reads a job.
func recorded(w World, id string) (*record, bool) {
	text, ok := w.Get(jobBucket, id)
	if !ok {
		return nil, false
	}
	one := &record{}
	d := json.NewDecoder(strings.NewReader(string(text)))
	d.UseNumber()
	return one, d.Decode(one) == nil
}

// polled answers how a job is going.
func (r *run) polled() (Answer, error) {
	v, err := r.jobs.key.Run(r.scope)
	if err != nil {
		return Answer{}, err
	}
	one, ok := recorded(r.world, keyText(v))
	var t *told
	switch {
	case !ok:
		t, err = r.jobs.unknown.fill(r, map[string]any{"id": v})
	case !one.Done:
		t, err = r.jobs.running.fill(r, map[string]any{"id": v})
	default:
		t, err = r.result(one)
	}
	if err != nil {
		return Answer{}, err
	}
	return r.write(r.call.Operation, t)
}

// result is what a poll of a job that is done tells.
func (r *run) result(one *record) (*told, error) {
	t := *one.Result
	r.scope.Set("result", t.Body)
	r.scope.Set("operation", one.Operation)
	err := r.all(r.jobs.pollWithBody)
	t.Body = shown(r.scope.Value("result"))
	return &t, err
}

// Jobs tells whether there may be jobs.
func (b *Behaviour) Jobs() bool { return b != nil && b.jobs != nil }

// Calls tells whether the end of a job has steps of its own, which may call others.
func (b *Behaviour) Calls() bool { return b.Jobs() && len(b.jobs.ended) > 0 }

// Longest is the longest that a job takes.
func (b *Behaviour) Longest() time.Duration {
	out := b.jobs.takes
	for _, o := range b.operations {
		if o.takes != nil {
			out = max(out, *o.takes)
		}
	}
	return out
}

// Timed tells whether anything happens in a sandbox though nobody asks for it.
func (b *Behaviour) Timed() bool { return b.Jobs() || b != nil && len(b.timers) > 0 }

// Next is when the next thing happens by itself; false if nothing does.
func (b *Behaviour) Next(w World) (next time.Time, ok bool) {
	sooner := func(at time.Time, known bool) {
		if known && (!ok || at.Before(next)) {
			next, ok = at, true
		}
	}
	for _, bucket := range []string{dueBucket, forgetBucket} {
		if key, _, there := w.First(bucket); there {
			sooner(dueTime(key))
		}
	}
	for i, t := range b.timers {
		if last, there := w.Get(timerBucket, strconv.Itoa(i)); there {
			at, known := dueTime(string(last))
			sooner(at.Add(t.every), known)
		}
	}
	return next, ok
}

// NextJob is when the next job begins or ends; false if none is under way.
func (b *Behaviour) NextJob(w World) (time.Time, bool) {
	key, _, there := w.First(dueBucket)
	if !there {
		return time.Time{}, false
	}
	return dueTime(key)
}

func dueTime(key string) (time.Time, bool) {
	var nanos int64
	if _, err := fmt.Sscanf(strings.TrimLeft(key[:min(20, len(key))], "0"), "%d", &nanos); err != nil {
		return time.Time{}, false
	}
	return time.Unix(0, nanos).UTC(), true
}

// mostDue bounds how many jobs end in one transaction.
const mostDue = 1000

// Due ends the jobs whose time has come, each at its own time and in its order, and forgets those that were kept long enough. find gives
// an operation by its id.
func (b *Behaviour) Due(w World, now time.Time, seed uint64, find func(id string) *contract.Operation) ([]Event, error) {
	events, err := b.ring(w, now, seed)
	if err != nil || b.jobs == nil {
		return events, err
	}
	for range mostDue {
		key, id, ok := w.First(dueBucket)
		at, readable := dueTime(key)
		if !ok || readable && at.After(now) {
			break
		}
		w.Delete(dueBucket, key)
		one, ok := recorded(w, string(id))
		if !ok || one.Done {
			continue
		}
		step := b.end
		if !one.Begun && one.Result == nil && b.begins(one) {
			step = b.start
		}
		sent, err := step(w, one, seed, find)
		if err != nil {
			return events, err
		}
		events = append(events, sent...)
	}
	for range mostDue {
		key, id, ok := w.First(forgetBucket)
		at, readable := dueTime(key)
		if !ok || readable && at.After(now) {
			break
		}
		w.Delete(forgetBucket, key)
		w.Delete(jobBucket, string(id))
	}
	return events, nil
}

// begins tells whether a job has steps with which it begins.
func (b *Behaviour) begins(one *record) bool {
	o := b.Operation(one.Operation)
	if o == nil {
		return false
	}
	chosen := o.chosen(one.Request.Body)
	return chosen != nil && len(chosen.begin) > 0
}

// start judges a job when it was asked for, and takes the steps with which it begins when its turn comes. What they refuse is told when
// the job ends.
func (b *Behaviour) start(w World, one *record, seed uint64, find func(id string) *contract.Operation) ([]Event, error) {
	op := find(one.Operation)
	if op == nil { // the document has changed since; the end of the job tells
		w.Set(dueBucket, dueKey(one.Due, one.Serial), []byte(one.ID))
		return nil, nil
	}
	at, begins := one.At, !one.Start.After(one.At)
	if one.Judged {
		at, begins = one.Start, true
	}
	r := b.begin(w, &Call{Operation: op, Request: one.Request, Base: one.Base, Now: at, Seed: seed}, one.Serial)
	r.resume(one)
	chosen := b.Operation(one.Operation).chosen(one.Request.Body)
	t, err := r.guarded(func() error {
		if !one.Judged {
			if err := r.read(); err != nil {
				return err
			}
			if err := r.judge(chosen); err != nil {
				return err
			}
		}
		if !begins {
			return nil
		}
		return r.all(chosen.begin)
	})
	if err != nil {
		return nil, err
	}
	next := one.Due
	if !begins && t == nil {
		next = one.Start
	}
	one.Judged, one.Begun, one.Result, one.Names, one.Made = true, begins, t, r.scope.Names(), r.uuids
	w.Set(dueBucket, dueKey(next, one.Serial), []byte(one.ID))
	return r.events, r.keep(one)
}

// resume goes on where a job was left.
func (r *run) resume(one *record) {
	for name, v := range one.Names {
		r.scope.Set(name, v)
	}
	r.uuids = one.Made
}

// end performs a job.
func (b *Behaviour) end(w World, one *record, seed uint64, find func(id string) *contract.Operation) ([]Event, error) {
	op := find(one.Operation)
	o := b.Operation(one.Operation)
	gone := op == nil || o == nil // the document has changed since
	if gone {
		op = find(b.jobs.poll)
	}
	r := b.begin(w, &Call{Operation: op, Request: one.Request, Base: one.Base, Now: one.Due, Seed: seed}, one.Serial)
	r.leave(one)
	one.Done = true
	if gone {
		if one.Result == nil {
			one.Result = &told{Failed: true, Status: 500, Kind: "text/plain", Body: "the document has no operation " + one.Operation + " any more"}
		}
		return nil, r.keep(one)
	}
	if one.Result == nil {
		var err error
		if one.Result, err = r.finish(one, o.chosen(one.Request.Body)); err != nil {
			return nil, err
		}
	}
	one.Names = nil
	if err := r.keep(one); err != nil {
		return nil, err
	}
	r.scope.Set("id", one.ID)
	r.scope.Set("failed", one.Result.Failed)
	r.scope.Set("result", one.Result.Body)
	r.scope.Set("operation", one.Operation)
	if _, err := r.guarded(func() error { return r.all(b.jobs.ended) }); err != nil {
		return nil, err
	}
	return r.events, nil
}

// finish takes the last steps of a job, which are all if it did not begin before.
func (r *run) finish(one *record, o *Operation) (*told, error) {
	if !one.Begun {
		t, err := r.guarded(r.read)
		if t != nil || err != nil || o == nil {
			return t, err
		}
		return r.perform(o)
	}
	r.resume(one)
	t, err := r.guarded(func() error { return r.all(o.do) })
	if t == nil && err == nil {
		t = &told{}
	}
	return t, err
}
