package behaviour

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"standin/mock/contract"
	"standin/mock/internal/expr"
	"standin/mock/internal/sample"
)

// jobs is how operations that are jobs answer, and how one asks how a job is going.
type jobs struct {
	id           *expr.Value
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
	Due       time.Time    `json:"due"`
	Serial    uint64       `json:"serial"`
	Done      bool         `json:"done"`
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
		ID: id, Operation: r.call.Operation.ID, Request: r.call.Request, Base: r.call.Base, At: r.call.Now, Due: r.call.Now.Add(takes),
		Serial: serial(r.world), Result: fails,
	}
	if err := r.keep(&one); err != nil {
		return nil, err
	}
	r.world.Set(dueBucket, dueKey(one.Due, one.Serial), []byte(id))
	r.world.Set(forgetBucket, dueKey(one.At.Add(j.keep), one.Serial), []byte(id))
	return j.accepted.fill(r, map[string]any{"id": id, "timeout": json.Number(fmt.Sprint(o.timeout))})
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
		sent, err := b.end(w, one, seed, find)
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

// end performs a job.
func (b *Behaviour) end(w World, one *record, seed uint64, find func(id string) *contract.Operation) ([]Event, error) {
	op := find(one.Operation)
	o := b.Operation(one.Operation)
	call := &Call{Operation: op, Request: one.Request, Base: one.Base, Now: one.Due, Seed: seed}
	one.Done = true
	if op == nil || o == nil { // the document has changed since
		call.Operation = find(b.jobs.poll)
		r := b.begin(w, call, one.Serial)
		if one.Result == nil {
			one.Result = &told{Failed: true, Status: 500, Kind: "text/plain", Body: "the document has no operation " + one.Operation + " any more"}
		}
		return nil, r.keep(one)
	}
	r := b.begin(w, call, one.Serial)
	if one.Result == nil {
		t, err := r.guarded(r.read)
		if chosen := o.chosen(one.Request.Body); t == nil && err == nil && chosen != nil {
			t, err = r.perform(chosen)
		}
		if err != nil {
			return nil, err
		}
		one.Result = t
	}
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

// sending sends a request of the server's own.
type sending struct {
	to      *expr.Value
	method  string
	headers *expr.Template
	body    *expr.Template
	tries   int
	pause   time.Duration
}

func (s *sending) do(r *run) error {
	v, err := s.to.Run(r.scope)
	if err != nil {
		return err
	}
	to, ok := v.(string)
	if !ok || to == "" {
		return nil // nobody wants to hear it
	}
	e := Event{Method: s.method, URL: to, Header: map[string]string{}, Tries: s.tries, Pause: s.pause}
	h, err := s.headers.Fill(r.scope)
	if err != nil {
		return err
	}
	headers, _ := withoutNulls(h).(map[string]any)
	for name, v := range headers {
		e.Header[name] = fmt.Sprint(v)
	}
	if s.body != nil {
		v, err := s.body.Fill(r.scope)
		if err != nil {
			return err
		}
		e.Body, _, _ = sample.AppendJSON(nil, shown(v), nil, nil)
	}
	r.events = append(r.events, e)
	return nil
}
