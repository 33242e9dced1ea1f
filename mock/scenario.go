package mock

import (
	"encoding/json"
	"fmt"

	"standin/mock/internal/fixture"
	"standin/mock/internal/store"
)

// mostHops bounds the states that a scenario passes through by itself at once.
const mostHops = 100

// stateOf is the state in which a scenario was when the request came.
func (x *exchange) stateOf(name string) string {
	if state, ok := x.states[name]; ok {
		return state
	}
	return x.settled(name, x.told.standings).State
}

// settled is where a scenario stands now: what time leads on by itself has happened.
func (x *exchange) settled(name string, known map[string]standing) standing {
	s := x.site.fixtures.Scenarios()[name]
	now, ok := known[name]
	if !ok {
		now = standing{State: fixture.Started, Since: x.now()}
		if s != nil {
			now.State = s.Initial
		}
	}
	if s == nil {
		return now
	}
	for range mostHops {
		state := s.States[now.State]
		if state == nil || state.After == 0 || x.now().Before(now.Since.Add(state.After)) {
			break
		}
		now = standing{State: state.Next, Since: now.Since.Add(state.After)}
	}
	return now
}

// standing is where a scenario stands in a transaction.
func (x *exchange) standing(tx store.Reader, name string) (standing, error) {
	text, ok, err := tx.Get(scenarioBucket, name)
	if err != nil {
		return standing{}, err
	}
	known := map[string]standing{}
	if ok {
		var one standing
		if err := json.Unmarshal(text, &one); err != nil {
			return standing{}, fmt.Errorf("the scenario %s cannot be read: %w", name, err)
		}
		known[name] = one
	}
	return x.settled(name, known), nil
}

func putStanding(tx store.Tx, name string, now standing) error {
	text, err := json.Marshal(now)
	if err != nil {
		return err
	}
	return tx.Put(scenarioBucket, name, text)
}

// move leads scenarios on that the operation moves. Each request sees the state that it found, and no two find the same step.
func (x *exchange) move() error {
	moves := x.site.fixtures.Moves(x.operation().ID)
	if len(moves) == 0 {
		return nil
	}
	err := x.server.store.Update(x.Request().Context(), x.sandbox, func(tx store.Tx) error {
		x.states = map[string]string{}
		for _, s := range moves {
			now, err := x.standing(tx, s.Name)
			if err != nil {
				return err
			}
			x.states[s.Name] = now.State
			state := s.States[now.State]
			if state == nil {
				continue
			}
			t, moving := state.On[x.operation().ID]
			if !moving {
				continue
			}
			asked := map[string]int{}
			for op, n := range now.Asked {
				asked[op] = n
			}
			asked[x.operation().ID]++
			now.Asked = asked
			if asked[x.operation().ID] >= t.After {
				now = standing{State: t.Go, Since: x.now()}
			}
			if err := putStanding(tx, s.Name, now); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return notKept(err)
	}
	return nil
}
