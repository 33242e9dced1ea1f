package behaviour

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"
	"time"

	"standin/mock/contract"
	"standin/mock/internal/expr"
)

// Call is a request that keeps the contract, or one that does not for [Behaviour.Refuse].
type Call struct {
	Operation *contract.Operation
	Request   expr.Request
	// Base is the URL in front of the document's own paths, without a slash at the end.
	Base string
	// Now is the time in the sandbox.
	Now time.Time
	// Seed decides what is made up.
	Seed uint64
}

// Event is a request that the server would send: a web hook.
type Event struct {
	Method, URL string
	Header      map[string]string
	// Body is JSON, nil for none.
	Body []byte
	// Tries is how often it is sent until a 2xx comes back, Pause apart.
	Tries int
	Pause time.Duration
}

// run is one operation under way.
type run struct {
	*Behaviour
	world World
	call  *Call
	scope *expr.Scope
	// told is the answer once there is one.
	told   *told
	steps  int
	depth  int
	uuids  uint64
	events []Event
}

// buckets of the store.
const (
	jobBucket    = "jobs"    // by id: a record
	dueBucket    = "due"     // by time and number: the id of a job that has not run
	forgetBucket = "forget"  // by time and number: the id of a job that is to be forgotten
	queueBucket  = "queues"  // by queue: when its last job ends, and that job's number
	countBucket  = "counted" // how many requests were performed
)

// Buckets are where jobs and timers are kept.
func Buckets() []string {
	return []string{jobBucket, dueBucket, forgetBucket, queueBucket, countBucket, timerBucket}
}

// begin makes ready to take steps. count tells that the run is one more, so that what it makes up is new.
func (b *Behaviour) begin(w World, call *Call, serial uint64) *run {
	r := &run{Behaviour: b, world: w, call: call, steps: mostSteps}
	r.scope = &expr.Scope{
		Request: call.Request, Now: call.Now, More: map[string]any{"base": call.Base}, Functions: r.functions(),
		UUID: func() string { r.uuids++; return madeUUID(call.Seed, call.Operation, serial, r.uuids) },
	}
	for name, v := range b.constants {
		r.scope.More[name] = v
	}
	return r
}

// serial counts the runs of a sandbox.
func serial(w World) uint64 {
	n := uint64(0)
	if b, ok := w.Get(countBucket, ""); ok {
		n, _ = binary.Uvarint(b)
	}
	n++
	w.Set(countBucket, "", binary.AppendUvarint(nil, n))
	return n
}

// madeUUID is a UUID of version 4 that depends on nothing but what it is made of.
func madeUUID(seed uint64, op *contract.Operation, serial, n uint64) string {
	var out [16]byte
	id := ""
	if op != nil {
		id = op.ID
	}
	for i := range 2 {
		h := fnv.New64a()
		_, _ = h.Write([]byte(strconv.FormatUint(seed, 36) + " " + id + " " + strconv.FormatUint(serial, 36) + " " + strconv.FormatUint(n, 36) + " " + strconv.Itoa(i)))
		binary.BigEndian.PutUint64(out[8*i:], mix(h.Sum64()))
	}
	out[6], out[8] = out[6]&0x0f|0x40, out[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", out[:4], out[4:6], out[6:8], out[8:10], out[10:])
}

// mix spreads the bits of a hash (the finish of splitmix64).
func mix(z uint64) uint64 {
	z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
	z = (z ^ z>>27) * 0x94D049BB133111EB
	return z ^ z>>31
}

// Answer performs a request. ok is false where nothing is declared for it. An error is a fault of the declaration.
func (b *Behaviour) Answer(w World, call *Call) (a Answer, events []Event, ok bool, err error) {
	o := b.Operation(call.Operation.ID)
	if o == nil {
		return Answer{}, nil, false, nil
	}
	r := b.begin(w, call, serial(w))
	r.start()
	if o.poll {
		a, err = r.polled()
		return a, nil, true, err
	}
	chosen := o.chosen(call.Request.Body)
	if chosen == nil {
		return Answer{}, nil, false, nil
	}
	t, err := r.guarded(func() error {
		if err := r.read(); err != nil {
			return err
		}
		if chosen.job && !b.jobs.late {
			return r.judge(chosen)
		}
		return nil
	})
	if err != nil {
		return Answer{}, nil, true, err
	}
	if t == nil {
		if chosen.job {
			t, err = r.accept(chosen, nil)
		} else {
			t, err = r.perform(chosen)
		}
		if err != nil {
			return Answer{}, nil, true, err
		}
	}
	a, err = b.write(call.Operation, t)
	return a, r.events, true, err
}

// chosen is the operation itself, or the action that the body's key names; nil if it names none.
func (o *Operation) chosen(body any) *Operation {
	if o.actions == nil {
		return o
	}
	object, _ := body.(map[string]any)
	for name, action := range o.actions {
		if _, has := object[name]; has {
			return action
		}
	}
	return nil
}

// guarded takes steps; t is nil if they all went well.
func (r *run) guarded(steps func() error) (t *told, err error) {
	err = steps()
	if failure, ok := errors.AsType[*Failure](err); ok {
		return failure.told(r)
	}
	if errors.Is(err, errEnd) {
		return r.told, nil
	}
	return nil, err
}

// read reads the credential by which the operation is called.
func (r *run) read() error {
	for _, s := range r.presented() {
		if err := r.all(s.read); err != nil {
			return err
		}
	}
	return nil
}

// presented are the declarations of the schemes by which the operation is called: those of the first alternative whose credentials the
// request carries, else of the first.
func (r *run) presented() []*scheme {
	alternatives := r.call.Operation.Security()
	if len(alternatives) == 0 {
		return nil
	}
	chosen := alternatives[0]
	for _, alternative := range alternatives {
		if !slices.ContainsFunc(alternative, func(s contract.Scheme) bool { return !carries(&r.call.Request, s) }) {
			chosen = alternative
			break
		}
	}
	var out []*scheme
	for _, one := range chosen {
		if s := r.schemes[one.ID]; s != nil {
			out = append(out, s)
		}
	}
	return out
}

// carries tells whether a request has a credential of a scheme.
func carries(r *expr.Request, s contract.Scheme) bool {
	if s.Type != "apiKey" {
		return r.Header["authorization"] != nil
	}
	switch s.In {
	case "query":
		return r.Query[s.Name] != nil
	case "cookie":
		return r.Cookie[s.Name] != nil
	}
	return r.Header[strings.ToLower(s.Name)] != nil
}

// judge takes the steps that decide whether an operation may do anything.
func (r *run) judge(o *Operation) error {
	if r.checkFirst {
		if err := r.all(o.check); err != nil {
			return err
		}
	}
	for _, s := range r.presented() {
		if err := r.all(s.accept); err != nil {
			return err
		}
	}
	if r.checkFirst {
		return nil
	}
	return r.all(o.check)
}

// perform takes the steps of an operation and gives its answer.
func (r *run) perform(o *Operation) (*told, error) {
	t, err := r.guarded(func() error {
		if err := r.judge(o); err != nil {
			return err
		}
		return r.all(o.do)
	})
	if t == nil && err == nil {
		t = &told{}
	}
	return t, err
}
