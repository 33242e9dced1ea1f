package store_test

import (
	"errors"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"standin/mock/internal/store"
)

// model is a world as a map, by bucket, a zero byte and key.
type model map[string]string

func (m model) list(bucket, prefix, from string, back bool) string {
	var out []string
	keys := slices.Sorted(maps.Keys(m))
	if back {
		slices.Reverse(keys)
	}
	for _, id := range keys {
		key, inside := strings.CutPrefix(id, bucket+"\x00")
		if inside && strings.HasPrefix(key, prefix) && (from == "" || back && key <= from || !back && key >= from) {
			out = append(out, key+"="+m[id])
		}
	}
	return strings.Join(out, " ")
}

func list(r store.Reader, bucket, prefix, from string, back bool) (string, error) {
	var out []string
	each := r.Range
	if back {
		each = r.RangeBack
	}
	err := each(bucket, prefix, from, func(key string, value []byte) bool {
		out = append(out, key+"="+string(value))
		return true
	})
	return strings.Join(out, " "), err
}

// step is what a byte does to a store and a model alike; three more say where.
func step(tx store.Tx, m model, b [4]byte) error {
	bucket := []string{"r", "rr", "s"}[b[1]%3]
	key := []string{"", "a", "ab", "b", "\x00", "\xff", "\xffz", "ab\x00c", "\x80\xff", "\x81"}[b[2]%10] + strings.Repeat("k", int(b[3]%5))
	switch b[0] % 4 {
	case 0, 1:
		value := strings.Repeat(string(rune('a'+b[3]%26)), int(b[2])%7)
		m[bucket+"\x00"+key] = value
		return tx.Put(bucket, key, []byte(value))
	case 2:
		delete(m, bucket+"\x00"+key)
		return tx.Delete(bucket, key)
	}
	want, there := m[bucket+"\x00"+key]
	if got, ok, err := tx.Get(bucket, key); err != nil || ok != there || string(got) != want {
		return errors.Join(err, errors.New("Get gives "+string(got)+", not "+want))
	}
	return agree(tx, m, bucket, key[:min(len(key), int(b[3]%2))], key)
}

// agree compares a range both ways.
func agree(r store.Reader, m model, bucket, prefix, from string) error {
	for _, back := range []bool{false, true} {
		got, err := list(r, bucket, prefix, from, back)
		if want := m.list(bucket, prefix, from, back); err != nil || got != want {
			return errors.Join(err, errors.New("a range gives "+got+", not "+want))
		}
	}
	return nil
}

var errUndone = errors.New("undone")

// play runs transactions that bytes describe; some are given up, and leave nothing.
func play(t testing.TB, s store.Store, script []byte) {
	m := model{}
	for len(script) >= 4 {
		var next model
		undo, n := script[0]%5 == 0, min(len(script)/4, 1+int(script[0]%16))
		err := s.Update(t.Context(), "a", func(tx store.Tx) error {
			next = maps.Clone(m)
			for i := range n {
				if err := step(tx, next, [4]byte(script[4*i:])); err != nil {
					return err
				}
			}
			if undo {
				return errUndone
			}
			return nil
		})
		if !undo {
			m = next
		}
		if undo != errors.Is(err, errUndone) || !undo && err != nil {
			t.Fatal(err)
		}
		script = script[4*n:]
	}
	keys, size := len(m), 0
	for id, value := range m {
		size += len(id) + len(value)
	}
	all, err := s.Sandboxes(t.Context())
	if err != nil || len(all) == 1 && (all[0].Keys != keys || all[0].Bytes != size) {
		t.Fatalf("%v: %+v, want %d keys and %d bytes", err, all, keys, size)
	}
	err = s.View(t.Context(), "a", func(r store.Reader) error {
		for _, bucket := range []string{"r", "rr", "s"} {
			if err := errors.Join(agree(r, m, bucket, "", ""), agree(r, m, bucket, "a", ""), agree(r, m, bucket, "\xff", "\xffz"), agree(r, m, bucket, "\x80", "")); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func againstAMap(t *testing.T, open opener) {
	dice := rand.New(rand.NewPCG(1, 2))
	for range 10 {
		script := make([]byte, 1200)
		for i := range script {
			script[i] = byte(dice.Uint32())
		}
		play(t, open(t, store.Limits{}, nil), script)
	}
}

// FuzzAgainstAMap looks for transactions that a store plays otherwise than a map.
func FuzzAgainstAMap(f *testing.F) {
	f.Add([]byte("\x01\x00\x01\x00\x02\x00\x01\x00\x03\x00\x01\x00"))
	f.Add([]byte("\x00\x00\x05\x01\x00\x00\x06\x01\x03\x00\x05\x01"))
	f.Fuzz(func(t *testing.T, script []byte) {
		script = script[:min(len(script), 400)]
		for _, open := range []opener{openMemory, openFile} {
			play(t, open(t, store.Limits{}, nil), script)
		}
	})
}
