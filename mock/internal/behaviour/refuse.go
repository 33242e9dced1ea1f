package behaviour

import (
	"standin/mock/contract"
)

// Refuse answers a request that breaks the contract as the document declares. ok is false where it declares nothing. w is nil where
// nothing is remembered, and then no job can fail.
func (b *Behaviour) Refuse(w World, call *Call, violations []contract.Violation) (a Answer, ok bool, err error) {
	if b == nil || len(b.refusals) == 0 {
		return Answer{}, false, nil
	}
	n := uint64(0)
	if w != nil {
		n = serial(w)
	}
	r := b.begin(w, call, n)
	list := make([]any, len(violations))
	for i, v := range violations {
		list[i] = map[string]any{"in": v.In, "name": v.Name, "pointer": v.Pointer, "keyword": v.Keyword, "message": v.Message}
	}
	r.scope.Set("violations", list)
	for _, rule := range b.refusals {
		holds := true
		if rule.when != nil {
			if holds, err = rule.when.Holds(r.scope); err != nil {
				return Answer{}, false, err
			}
		}
		if !holds {
			continue
		}
		t, err := r.guarded(func() error { return rule.fail.do(r) })
		if err != nil {
			return Answer{}, false, err
		}
		if o := b.Operation(call.Operation.ID).chosenOr(call.Request.Body); rule.late && w != nil && o.Job() && b.jobs.late {
			early, err := r.guarded(r.read) // a credential that cannot be read is told at once
			if early == nil && err == nil {
				early, err = r.accept(o, t)
			}
			if err != nil {
				return Answer{}, false, err
			}
			t = early
		}
		a, err = b.write(call.Operation, t)
		return a, err == nil, err
	}
	return Answer{}, false, nil
}

// chosenOr is the action that a body names, or any of them where it names none: they all answer in the same way at first.
func (o *Operation) chosenOr(body any) *Operation {
	if o == nil || o.actions == nil {
		return o
	}
	return o.chosen(body)
}

// Unrouted answers a request that leads to no operation, or not by its method: status is 404 or 405. ok is false where nothing is
// declared.
func (b *Behaviour) Unrouted(call *Call, status int, details string) (a Answer, ok bool, err error) {
	if b == nil || b.unrouted[status] == nil {
		return Answer{}, false, nil
	}
	r := b.begin(nil, call, 0)
	t, err := b.unrouted[status].fill(r, map[string]any{"details": details})
	if err != nil {
		return Answer{}, false, err
	}
	if t.Status == 0 {
		t.Status = status
	}
	a, err = b.write(nil, t)
	return a, err == nil, err
}
