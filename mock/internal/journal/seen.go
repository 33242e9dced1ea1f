package journal

import (
	"slices"
	"strconv"
	"strings"
)

// Seen is a journal as it was at one moment.
type Seen struct {
	// Exchanges are the oldest first.
	Exchanges []*Exchange
	// Dropped is how many had to make room.
	Dropped uint64
}

// Filter chooses exchanges; a zero field chooses all.
type Filter struct {
	Operation string
	// Status is a code, or a class as 400 with Class set.
	Status int
	Class  bool
	// Broken chooses those that break the contract; Kept those that keep it.
	Broken, Kept bool
	// Since is an id: only later ones are chosen.
	Since string
	// Source is what Mock-Source begins with, such as example.
	Source string
	// Limit is how many at most.
	Limit int
}

func (f *Filter) chooses(x *Exchange) bool {
	switch {
	case f.Operation != "" && f.Operation != x.Operation,
		f.Status != 0 && f.Class && x.Status/100 != f.Status/100,
		f.Status != 0 && !f.Class && x.Status != f.Status,
		f.Broken && x.Valid(), f.Kept && !x.Valid(),
		f.Source != "" && x.Source != f.Source && !strings.HasPrefix(x.Source, f.Source+";"):
		return false
	}
	return true
}

// List gives the chosen exchanges, newest first.
func (s Seen) List(f Filter) []*Exchange {
	var out []*Exchange
	for _, x := range slices.Backward(s.since(f.Since)) {
		if f.Limit > 0 && len(out) == f.Limit {
			break
		}
		if f.chooses(x) {
			out = append(out, x)
		}
	}
	return out
}

// since are those after an exchange; if that has made room, those that its process entered later, and all of other processes.
func (s Seen) since(id string) []*Exchange {
	if id == "" {
		return s.Exchanges
	}
	if i := slices.IndexFunc(s.Exchanges, func(x *Exchange) bool { return x.ID == id }); i >= 0 {
		return s.Exchanges[i+1:]
	}
	gone, _ := strconv.ParseUint(id, 10, 64) // what is no id came before all
	var out []*Exchange
	for _, x := range s.Exchanges {
		n, _ := strconv.ParseUint(x.ID, 10, 64)
		if n > gone || n>>processShift != gone>>processShift {
			out = append(out, x)
		}
	}
	return out
}
