// Package behaviour performs what a document declares, in x-mock, of the server that is not there: logins, preconditions, effects on
// rows, jobs, query languages, refusals.
//
// A declaration is made of steps. Each step is an object with one verb, and perhaps an if:
//
//	let: {order: "row('orders', request.path.id)"}        names for the steps that follow
//	require: order != null                                  else the operation fails
//	fail: notFound                                          with an error of x-mock.errors
//	insert, set, delete                                     rows of x-mock.collections
//	query: orders                                           rows as a query language finds them
//	each, do                                                steps for each element of a list
//	try                                                     steps that may fail
//	call: NAME                                              steps of x-mock.routines
//	answer: {order: "{{ order }}"}                          the end
//
// What decides is a program of package expr; what is told is a template of it. x-mock.schema.json describes all of it, and is what a
// declaration is checked against. A [Behaviour] is the whole, compiled; a [World] is where its effects go.
package behaviour

import (
	"strings"
	"time"

	"standin/mock/contract"
	"standin/mock/internal/expr"
	"standin/mock/internal/source"
	"standin/mock/schema"
)

// Behaviour is all that a document declares. It is immutable.
type Behaviour struct {
	language    *expr.Language
	constants   map[string]any
	collections map[string]*Collection
	failures    map[string]*outcome
	refusals    []*refusal
	unrouted    map[int]*outcome
	schemes     map[string]*scheme
	jobs        *jobs
	timers      []timer
	dialects    map[string]*dialect
	routines    map[string]*routine
	operations  map[string]*Operation
	// checkFirst tells that an operation's check comes before its credential is accepted.
	checkFirst bool
	// layout is how times are written, as Go's reference time; kind the media type of answers whose own is JSON.
	layout, kind string
}

// Collection is rows that steps know by a name.
type Collection struct {
	// Name is what steps call it, Path the path template of its rows, or what stands for one.
	Name, Path string
	// Key is the property that names a row.
	Key string
	// Row is what the document says of a row, nil if it does not.
	Row *schema.Schema
	// Position is where it is declared.
	Position contract.Position

	visible *expr.Predicate
	joins   map[string]join
	aliases map[string]string
	always  map[string]any
	// computed are properties worked out when a row is read.
	computed []computed
	// inside tells that the rows are the elements of lists in the rows of another collection.
	inside *inside
}

type computed struct {
	name  string
	value *expr.Value
}

// inside leads to the list of a row.
type inside struct {
	of       *Collection
	property string
}

// join leads from a row to rows of another collection: those whose property to equals the row's property from.
type join struct{ collection, from, to string }

// Operation is what is declared of one operation.
type Operation struct {
	id string
	// check decides whether there is anything to do, beside the credential; do does it. A job takes the steps of begin when it begins.
	check, begin, do []step
	// actions are chosen by the key of the body's member; nil if there is but one.
	actions map[string]*Operation
	// job tells that the steps run later, takes how much later, timeout what the job may take in milliseconds.
	job     bool
	takes   *time.Duration
	timeout int64
	poll    bool
}

// scheme is what is declared of a security scheme: read takes the credential from the request, and what it refuses is told at once;
// accept decides whether it is good, and is part of the job where there is one.
type scheme struct{ read, accept []step }

// routine is steps with names for what they are given.
type routine struct {
	given []string
	do    []step
}

// refusal answers requests that break the contract.
type refusal struct {
	when *expr.Predicate // nil for all
	fail *failing
	late bool // a job fails with it, where the operation has one
}

// World is one sandbox in one transaction. The first error of what keeps it is the keeper's to tell, and all is empty from there on.
type World interface {
	Row(c *Collection, key string) (map[string]any, bool)
	Rows(c *Collection) []map[string]any
	// Put makes a row be there, in the place of another of its key.
	Put(c *Collection, key string, row map[string]any)
	Remove(c *Collection, key string)
	// Get, Set, Delete and First keep what is not a row, in buckets.
	Get(bucket, key string) ([]byte, bool)
	Set(bucket, key string, value []byte)
	Delete(bucket, key string)
	First(bucket string) (key string, value []byte, ok bool)
}

// Operation is what is declared of an operation, nil for nothing.
func (b *Behaviour) Operation(id string) *Operation {
	if b == nil {
		return nil
	}
	return b.operations[id]
}

// Collections are all that are declared.
func (b *Behaviour) Collections() map[string]*Collection {
	if b == nil {
		return nil
	}
	return b.collections
}

// Job tells that an operation answers before its work is done.
func (o *Operation) Job() bool { return o != nil && o.job }

// rowsIn are all rows of a collection.
func rowsIn(w World, c *Collection) []map[string]any {
	if c.inside == nil {
		return w.Rows(c)
	}
	var out []map[string]any
	for _, row := range w.Rows(c.inside.of) {
		list, _ := row[c.inside.property].([]any)
		for _, one := range list {
			if inner, ok := one.(map[string]any); ok {
				out = append(out, inner)
			}
		}
	}
	return out
}

// rowIn is the row of a key.
func rowIn(w World, c *Collection, key string) (map[string]any, bool) {
	if c.inside == nil {
		return w.Row(c, key)
	}
	for _, row := range rowsIn(w, c) {
		if keyText(row[c.Key]) == key {
			return row, true
		}
	}
	return nil, false
}

// collectionPath is what stands for the path of a collection, its name where it has none.
func collectionPath(n *source.Node, name string) string {
	return strings.TrimRight(n.Get("path").StringOr(name), "/")
}
