package mock

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"slices"
	"strconv"
	"sync/atomic"
	"time"

	"standin/mock/internal/fixture"
	"standin/mock/internal/source"
	"standin/mock/internal/store"
)

// The buckets of what a sandbox is told at run time.
const (
	settingsBucket = "settings"  // under "": settings
	stubBucket     = "stubs"     // by what is left of the serial, so that the newest comes first: a stub
	stubKeys       = "stub ids"  // by id: the key in stubBucket; under "": the last serial
	scenarioBucket = "scenarios" // by name: standing
	countBucket    = "counts"    // by what answers: how often it did
)

// Settings are what a sandbox does otherwise than its server. A zero field leaves it as it is.
type Settings struct {
	// Seed decides what is made up.
	Seed *uint64 `json:"seed,omitempty"`
	// Handling is strict, default or lenient.
	Handling string `json:"handling,omitempty"`
	// Delay holds every answer back.
	Delay string `json:"delay,omitempty"`
	// Faults break answers, the first that fits.
	Faults []FaultSetting `json:"faults,omitempty"`
	// Webhooks is the URL that the webhooks go to that the document names no other for.
	Webhooks string `json:"webhooks,omitempty"`
	// Clock is the sandbox's time.
	Clock *Clock `json:"clock,omitempty"`
}

// FaultSetting breaks the answers of an operation, or of all.
type FaultSetting struct {
	// Operation is an operation's id; "" for all.
	Operation string `json:"operation,omitempty"`
	// Kind is reset, empty, truncate, garbage or slow.
	Kind string `json:"kind"`
	// Rate is the part of the answers that go wrong, from 0 to 1; 1 if nil.
	Rate *float64 `json:"rate,omitempty"`
}

// Clock is the time of a sandbox: Now was it at the moment Set, and since then it has gone on, unless it is Frozen.
type Clock struct {
	Now    time.Time `json:"now"`
	Frozen bool      `json:"frozen,omitempty"`
	Set    time.Time `json:"set"`
}

// at is what the clock shows when it is real elsewhere.
func (c *Clock) at(real time.Time) time.Time {
	switch {
	case c == nil:
		return real
	case c.Frozen:
		return c.Now
	}
	return c.Now.Add(real.Sub(c.Set))
}

// standing is where a scenario is, since when, and how often its operations were asked for since.
type standing struct {
	State string         `json:"state"`
	Since time.Time      `json:"since"`
	Asked map[string]int `json:"asked,omitempty"`
}

// steering is what a sandbox was told, as it was when a request came.
type steering struct {
	settings  Settings
	stubs     []candidate
	standings map[string]standing
}

// candidate is an item that may answer, and what its answers are counted under: those of a stub always.
type candidate struct {
	item *fixture.Item
	key  string
	stub bool
	uses *atomic.Int64 // is counted up besides, if not nil
}

// steered loads what the sandbox was told; nothing is read where nobody has ever told anything.
func (x *exchange) steered() error {
	s := x.server
	if !s.steers.Load() && len(x.site.fixtures.Scenarios()) == 0 {
		return nil
	}
	told := &steering{standings: map[string]standing{}}
	var texts [][2]string
	err := s.store.View(x.Request().Context(), x.sandbox, func(r store.Reader) error {
		if text, ok, err := r.Get(settingsBucket, ""); err != nil || ok && json.Unmarshal(text, &told.settings) != nil {
			return fmt.Errorf("the settings of %s cannot be read: %w", x.sandbox, err)
		}
		err := r.Range(scenarioBucket, "", "", func(name string, text []byte) bool {
			var one standing
			if json.Unmarshal(text, &one) == nil {
				told.standings[name] = one
			}
			return true
		})
		if err != nil {
			return err
		}
		return r.Range(stubBucket, "", "", func(key string, text []byte) bool {
			texts = append(texts, [2]string{key, string(text)})
			return true
		})
	})
	if err != nil {
		return notKept(err)
	}
	for _, one := range texts {
		for i, item := range x.site.stubItems(one[1]) {
			told.stubs = append(told.stubs, candidate{item, "stub " + one[0] + " " + strconv.Itoa(i), true, nil})
		}
	}
	slices.SortStableFunc(told.stubs, func(a, b candidate) int { return cmp.Compare(b.item.Priority, a.item.Priority) })
	x.told = told
	return nil
}

// mostStubTexts bounds the compiled stubs that a site keeps.
const mostStubTexts = 10_000

// stubItems compiles the text of a stub, once; a stub that the document of now cannot have is none.
func (s *site) stubItems(text string) []*fixture.Item {
	if known, ok := s.stubTexts.Load(text); ok {
		return known.([]*fixture.Item)
	}
	var items []*fixture.Item
	if node, err := source.Parse("stub.json", []byte(text), source.Limits{}); err == nil {
		items, _ = fixture.Compile(s.contract, node, fixture.Options{Sampler: s.sampler})
	}
	if s.stubCount.Add(1) > mostStubTexts {
		s.stubTexts.Clear()
		s.stubCount.Store(1)
	}
	known, _ := s.stubTexts.LoadOrStore(text, items)
	return known.([]*fixture.Item)
}

// update changes what a sandbox was told, and lets requests look from now on.
func (s *Server) update(ctx context.Context, sandbox string, f func(tx store.Tx) error) error {
	s.steers.Store(true)
	return s.store.Update(ctx, sandbox, f)
}

// candidates are the fixtures of the operation: what scenarios say in their states, then the others.
func (x *exchange) candidates() []candidate {
	var out []candidate
	set, op := x.site.fixtures, x.operation().ID
	add := func(item *fixture.Item) {
		key := ""
		if item.Counted() {
			key = "fixture " + item.Position.String() + " " + item.Operation + " " + item.Name + " " + set.Digest()
		}
		out = append(out, candidate{item: item, key: key})
	}
	for name, s := range set.Scenarios() {
		if state := s.States[x.stateOf(name)]; state != nil {
			for _, item := range state.Respond[op] {
				add(item)
			}
		}
	}
	for _, item := range set.For(op) {
		add(item)
	}
	return out
}

// claim takes an answer of a candidate, so that it is counted exactly once, and leads scenarios on; taken is false if it may not answer
// any more, or a scenario has moved on meanwhile. draw is a number from 0 to 1 that depends on nothing but the seed and the count.
func (x *exchange) claim(c candidate) (taken bool, draw float64, err error) {
	if !c.item.Counted() && !c.stub {
		return true, 0, nil
	}
	n, change := 0, x.server.store.Update
	if len(c.item.Then()) > 0 {
		change = x.server.update // later requests must look where scenarios stand
	}
	err = change(x.Request().Context(), x.sandbox, func(tx store.Tx) error {
		taken = false
		text, _, err := tx.Get(countBucket, c.key)
		if err != nil {
			return err
		}
		if n, _ = strconv.Atoi(string(text)); c.item.Times > 0 && n >= c.item.Times {
			return nil
		}
		for name, states := range c.item.Scenarios() {
			if _, moved := x.states[name]; moved { // by this very request, which found it as it was asked for
				continue
			}
			now, err := x.standing(tx, name)
			if err != nil || !slices.Contains(states, now.State) {
				return err
			}
		}
		for name, state := range c.item.Then() {
			if err := putStanding(tx, name, standing{State: state, Since: x.now()}); err != nil {
				return err
			}
		}
		taken = true
		return tx.Put(countBucket, c.key, []byte(strconv.Itoa(n+1)))
	})
	if err != nil {
		return false, 0, notKept(err)
	}
	return taken, x.draw(c.key, n), nil
}

// draw is a number from 0 to 1 that depends on the seed, what is drawn for, and how often that was done before.
func (x *exchange) draw(key string, n int) float64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(strconv.FormatUint(x.seed(), 10) + " " + key + " " + strconv.Itoa(n)))
	z := h.Sum64() // whose last bytes barely stir the high bits; mix them (splitmix64)
	z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
	z = (z ^ z>>27) * 0x94D049BB133111EB
	z ^= z >> 31
	return float64(z>>11) / (1 << 53)
}

// seed decides what is made up in the exchange's sandbox.
func (x *exchange) seed() uint64 {
	if s := x.told.settings.Seed; s != nil {
		return *s
	}
	return x.server.options.seed
}

// now is the time in the exchange's sandbox.
func (x *exchange) now() time.Time {
	return x.told.settings.Clock.at(x.server.options.clock())
}

// disturb adds what the settings of the sandbox do to answers: delay, and faults.
func (x *exchange) disturb(rep *reply) error {
	s := &x.told.settings
	if d, err := time.ParseDuration(s.Delay); err == nil {
		rep.delay = max(rep.delay, min(d, x.server.options.maxDelay))
	}
	for i, f := range s.Faults {
		if f.Operation != "" && f.Operation != x.operation().ID || rep.fault != "" {
			continue
		}
		if f.Rate == nil {
			rep.fault = f.Kind
			continue
		}
		key := "setting " + strconv.Itoa(i) + " " + f.Operation + " " + f.Kind
		n := 0
		err := x.server.store.Update(x.Request().Context(), x.sandbox, func(tx store.Tx) error {
			text, _, err := tx.Get(countBucket, key)
			if err != nil {
				return err
			}
			n, _ = strconv.Atoi(string(text))
			return tx.Put(countBucket, key, []byte(strconv.Itoa(n+1)))
		})
		if err != nil {
			return notKept(err)
		}
		if x.draw(key, n) < *f.Rate {
			rep.fault = f.Kind
		}
	}
	return nil
}
