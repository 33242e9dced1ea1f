package mock

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"net/http"
	"slices"
	"strconv"
	"time"

	"standin/mock/contract"
	"standin/mock/internal/control"
	"standin/mock/internal/fixture"
	"standin/mock/internal/source"
	"standin/mock/internal/store"
)

// toldSettings are settings as they are told: with the time on the clock.
type toldSettings struct {
	Settings
	Clock *toldClock `json:"clock,omitempty"`
}

type toldClock struct {
	Now    time.Time `json:"now"`
	Frozen bool      `json:"frozen"`
}

func (c controlled) shown(s Settings) toldSettings {
	out := toldSettings{Settings: s}
	if s.Clock != nil {
		out.Clock = &toldClock{s.Clock.at(c.options.clock()).UTC(), s.Clock.Frozen}
	}
	return out
}

// settingsIn are those of a sandbox in a transaction.
func settingsIn(r store.Reader) (out Settings, err error) {
	text, ok, err := r.Get(settingsBucket, "")
	if err == nil && ok {
		err = json.Unmarshal(text, &out)
	}
	return out, err
}

// Settings are those of a sandbox.
func (c controlled) Settings(ctx context.Context, sandbox string) (out any, err error) {
	err = c.store.View(ctx, sandbox, func(r store.Reader) error {
		s, err := settingsIn(r)
		out = c.shown(s)
		return err
	})
	return out, kept(err)
}

// clockChange is what is said of a sandbox's clock; null that it is the machine's again.
type clockChange struct {
	Now     *time.Time `json:"now"`
	Frozen  *bool      `json:"frozen"`
	Advance string     `json:"advance"`
}

// after is the clock that a change makes of another; real is the machine's time.
func (k *clockChange) after(was *Clock, real time.Time) *Clock {
	if k == nil {
		return nil
	}
	next := Clock{Now: was.at(real), Set: real, Frozen: was != nil && was.Frozen}
	if k.Now != nil {
		next.Now = *k.Now
	}
	if d, err := time.ParseDuration(k.Advance); err == nil {
		next.Now = next.Now.Add(d)
	}
	if k.Frozen != nil {
		next.Frozen = *k.Frozen
	}
	return &next
}

// SetSettings changes members of the settings.
func (c controlled) SetSettings(ctx context.Context, sandbox string, patch json.RawMessage) (out any, err error) {
	var given struct {
		Settings
		Clock *clockChange `json:"clock"`
	}
	named := map[string]json.RawMessage{}
	if err := errors.Join(json.Unmarshal(patch, &given), json.Unmarshal(patch, &named)); err != nil {
		return nil, control.NewProblem(http.StatusUnprocessableEntity, "settings", "the settings cannot be used: "+err.Error())
	}
	if d, err := time.ParseDuration(given.Delay); err == nil && d > c.options.maxDelay {
		return nil, control.NewProblem(http.StatusUnprocessableEntity, "settings", fmt.Sprintf("the delay is at most %v", c.options.maxDelay))
	}
	for _, f := range given.Faults {
		if f.Operation != "" && c.Contract().Operation(f.Operation) == nil {
			return nil, control.NewProblem(http.StatusUnprocessableEntity, "settings", "there is no operation "+strconv.Quote(f.Operation)+" whose answers could go wrong")
		}
	}
	err = c.update(ctx, sandbox, func(tx store.Tx) error {
		s, err := settingsIn(tx)
		if err != nil {
			return err
		}
		if _, ok := named["seed"]; ok {
			s.Seed = given.Seed
		}
		if _, ok := named["handling"]; ok {
			s.Handling = given.Handling
		}
		if _, ok := named["delay"]; ok {
			s.Delay = given.Delay
		}
		if _, ok := named["faults"]; ok {
			s.Faults = given.Faults
		}
		if _, ok := named["webhooks"]; ok {
			s.Webhooks = given.Webhooks
		}
		if _, ok := named["clock"]; ok {
			s.Clock = given.Clock.after(s.Clock, c.options.clock())
		}
		text, err := json.Marshal(s)
		if err != nil {
			return err
		}
		out = c.shown(s)
		return tx.Put(settingsBucket, "", text)
	})
	return out, kept(err)
}

// Stubs are those of a sandbox, the newest first.
func (c controlled) Stubs(ctx context.Context, sandbox string) (out []control.Stub, err error) {
	err = c.store.View(ctx, sandbox, func(r store.Reader) error {
		out = nil
		keys := map[string]string{}
		err := r.Range(stubKeys, "", "", func(id string, key []byte) bool {
			keys[string(key)] = id
			return true
		})
		if err != nil {
			return err
		}
		err = r.Range(stubBucket, "", "", func(key string, text []byte) bool {
			out = append(out, control.Stub{ID: keys[key], Stub: bytes.Clone(text)})
			return true
		})
		for i := range out {
			if err == nil {
				err = answered(r, &out[i])
			}
		}
		return err
	})
	return out, kept(err)
}

// answered tells how often a stub has answered, by all of its steps.
func answered(r store.Reader, s *control.Stub) error {
	key, _, err := r.Get(stubKeys, s.ID)
	if err != nil {
		return err
	}
	return r.Range(countBucket, "stub "+string(key)+" ", "", func(_ string, n []byte) bool {
		times, _ := strconv.Atoi(string(n))
		s.Answered += times
		return true
	})
}

// AddStubs adds stubs, all or none.
func (c controlled) AddStubs(ctx context.Context, sandbox string, items []json.RawMessage) ([]control.Stub, error) {
	if err := c.judge(items); err != nil {
		return nil, err
	}
	var out []control.Stub
	err := c.update(ctx, sandbox, func(tx store.Tx) error {
		out = nil
		text, _, err := tx.Get(stubKeys, "")
		if err != nil {
			return err
		}
		last, _ := strconv.ParseUint(string(text), 10, 64)
		for _, item := range items {
			last++
			id, key := strconv.FormatUint(last, 10), fmt.Sprintf("%020d", math.MaxInt64-last)
			if err := errors.Join(tx.Put(stubBucket, key, item), tx.Put(stubKeys, id, []byte(key))); err != nil {
				return err
			}
			out = append(out, control.Stub{ID: id, Stub: item})
		}
		return tx.Put(stubKeys, "", []byte(strconv.FormatUint(last, 10)))
	})
	return out, kept(err)
}

// judge tells what is wrong with stubs.
func (c controlled) judge(items []json.RawMessage) error {
	now := c.site.Load()
	var findings []control.Finding
	for i, text := range items {
		pointer := ""
		if len(items) > 1 {
			pointer = "/" + strconv.Itoa(i)
		}
		node, err := source.Parse("stub.json", text, source.Limits{})
		if err != nil {
			findings = append(findings, control.Finding{Level: "error", Message: err.Error(), Pointer: pointer})
			continue
		}
		_, found := fixture.Compile(now.contract, node, fixture.Options{Sampler: now.sampler})
		for _, d := range found {
			if d.Level == contract.Error {
				f := control.FindingOf(d)
				f.Place, f.Pointer = "", pointer
				findings = append(findings, f)
			}
		}
	}
	if len(findings) == 0 {
		return nil
	}
	p := control.NewProblem(http.StatusUnprocessableEntity, "stub", "the stub cannot be used: "+findings[0].Message)
	p.Findings = findings
	return p
}

// RemoveStubs removes stubs, all of them if none is named.
func (c controlled) RemoveStubs(ctx context.Context, sandbox string, ids ...string) (removed int, err error) {
	if len(ids) == 0 {
		return 0, kept(c.store.Reset(ctx, sandbox, stubBucket, stubKeys))
	}
	err = c.update(ctx, sandbox, func(tx store.Tx) error {
		removed = 0
		for _, id := range ids {
			key, ok, err := tx.Get(stubKeys, id)
			if err != nil {
				return err
			}
			if !ok || id == "" {
				continue
			}
			removed++
			if err := errors.Join(tx.Delete(stubBucket, string(key)), tx.Delete(stubKeys, id)); err != nil {
				return err
			}
		}
		return nil
	})
	return removed, kept(err)
}

// Scenarios tell where those of a sandbox stand: those that files declare, and those that answers have named.
func (c controlled) Scenarios(ctx context.Context, sandbox string) (out []control.Scenario, err error) {
	x := c.observer(sandbox)
	err = c.store.View(ctx, sandbox, func(r store.Reader) error {
		if x.told.settings, err = settingsIn(r); err != nil {
			return err
		}
		out = nil
		names := slices.Collect(maps.Keys(x.site.fixtures.Scenarios()))
		err := r.Range(scenarioBucket, "", "", func(name string, _ []byte) bool {
			names = append(names, name)
			return true
		})
		slices.Sort(names)
		for _, name := range slices.Compact(names) {
			now, errStanding := x.standing(r, name)
			err = errors.Join(err, errStanding)
			out = append(out, x.toldScenario(name, now.State))
		}
		return err
	})
	return out, kept(err)
}

// observer is an exchange that only looks.
func (c controlled) observer(sandbox string) *exchange {
	return &exchange{server: c.Server, site: c.site.Load(), sandbox: sandbox, told: &steering{}}
}

func (x *exchange) toldScenario(name, state string) control.Scenario {
	out := control.Scenario{Name: name, State: state, States: []string{}}
	if s := x.site.fixtures.Scenarios()[name]; s != nil {
		out.States = slices.Sorted(maps.Keys(s.States))
	}
	return out
}

// SetScenario puts a scenario into a state.
func (c controlled) SetScenario(ctx context.Context, sandbox, name, state string) (control.Scenario, error) {
	x := c.observer(sandbox)
	if s := x.site.fixtures.Scenarios()[name]; s != nil && s.States[state] == nil {
		return control.Scenario{}, control.NewProblem(http.StatusUnprocessableEntity, "scenario",
			fmt.Sprintf("the scenario %s has no state %q; there is %s", name, clip(state, 80), list(slices.Sorted(maps.Keys(s.States)))))
	}
	err := c.update(ctx, sandbox, func(tx store.Tx) error {
		var err error
		if x.told.settings, err = settingsIn(tx); err != nil {
			return err
		}
		return putStanding(tx, name, standing{State: state, Since: x.now()})
	})
	return x.toldScenario(name, state), kept(err)
}
