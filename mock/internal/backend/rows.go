package backend

import (
	"bytes"
	"encoding/binary"
	"net/url"
	"strconv"
	"strings"

	"standin/mock/internal/fake"
	"standin/mock/internal/store"
	"standin/mock/schema"
)

// The buckets of a world. Keys begin with the path of the collection and the values of its parents.
const (
	changedRows = "changed" // by key: the new text of a first row; nothing, or madeUp, for one that is gone
	goneRows    = "gone"    // by key: nothing, or madeUp, for another row that is gone
	createdRows = "created" // by number, in the order of creation: key, a zero byte, text
	createdKeys = "keys"    // by key: the number in createdRows
	numbers     = "numbers" // counters: how many were ever created and keys made, how many created are left, first rows are gone
)

// Buckets are where a world keeps what clients did.
func Buckets() []string { return []string{changedRows, goneRows, createdRows, createdKeys, numbers} }

// rows are the rows of one sandbox as one transaction sees them. The first error of the store is kept, and all is empty from there on.
type rows struct {
	*World
	read  store.Reader
	write store.Tx
	err   error
	// lent tells that texts of rows are not kept after the transaction, so that they need not be copied.
	lent bool
}

// rowState tells whether a row is there.
type rowState uint8

const (
	missing   rowState = iota // nobody has said anything about it
	gone                      // it was deleted
	forgotten                 // it was deleted, and nobody had declared it: what lies below it goes on
	present
)

// madeUp marks the deletion of a row that neither a client nor a fixture had put there.
const madeUp = "\x00"

// isGone tells whether a text in changedRows stands for a row that is gone.
func isGone(text []byte) bool { return len(text) == 0 || string(text) == madeUp }

// head is what the keys of a collection below certain parents begin with.
func head(c *Collection, parents []string) string {
	out := c.Path + "\x00"
	for _, p := range parents {
		out += url.PathEscape(p) + "\x00" // which leaves no zero byte in it
	}
	return out
}

func (r *rows) get(bucket, key string) ([]byte, bool) {
	if r.err != nil {
		return nil, false
	}
	v, ok, err := r.read.Get(bucket, key)
	r.err = err
	return v, ok && err == nil
}

func (r *rows) set(bucket, key string, value []byte) {
	if r.err == nil {
		r.err = r.write.Put(bucket, key, value)
	}
}

// find looks for a row by its key.
func (r *rows) find(c *Collection, parents []string, key string) (row, rowState) {
	h := head(c, parents)
	if number, ok := r.get(createdKeys, h+key); ok {
		if record, ok := r.get(createdRows, h+string(number)); ok {
			return r.created(record), present
		}
	}
	for _, bucket := range []string{changedRows, goneRows} {
		text, ok := r.get(bucket, h+key)
		switch {
		case !ok:
		case !isGone(text):
			return r.stored(key, text), present
		case len(text) > 0:
			return row{}, forgotten
		default:
			return row{}, gone
		}
	}
	t := r.first(c, parents)
	if i, ok := t.byKey[key]; ok {
		return t.rows[i], present
	}
	return row{}, missing
}

// first are the first rows below certain parents. A row that a client created has none below it.
func (r *rows) first(c *Collection, parents []string) *table {
	if len(parents) > 0 {
		if i := strings.LastIndexByte(c.Path, '{'); i > 0 {
			above := r.model.Collection(strings.TrimRight(c.Path[:i], "/"))
			if above != nil && len(above.parents) == len(parents)-1 {
				if _, isNew := r.get(createdKeys, head(above, parents[:len(parents)-1])+parents[len(parents)-1]); isNew {
					return newTable()
				}
			}
		}
	}
	return r.base(c, parents)
}

// created reads a record of createdRows.
func (r *rows) created(record []byte) row {
	key, text, _ := bytes.Cut(record, []byte{0})
	return r.stored(string(key), text)
}

// stored reads a row that the store keeps.
func (r *rows) stored(key string, kept []byte) row {
	text, proven := r.unstamped(kept)
	if !r.lent {
		text = bytes.Clone(text)
	}
	return row{key: key, text: text, proven: proven}
}

// tally are the numbers of a collection below certain parents.
type tally struct {
	serial  uint64 // of the last row created
	made    uint64 // of the last key made
	created uint64 // rows that clients created and nobody deleted
	deleted uint64 // first rows that are gone
}

func (r *rows) tally(h string) tally {
	b, _ := r.get(numbers, h)
	var n [4]uint64
	for i := range n {
		v, width := binary.Uvarint(b)
		if width <= 0 {
			break
		}
		n[i], b = v, b[width:]
	}
	return tally{n[0], n[1], n[2], n[3]}
}

func (r *rows) count(h string, t tally) {
	var b []byte
	for _, n := range []uint64{t.serial, t.made, t.created, t.deleted} {
		b = binary.AppendUvarint(b, n)
	}
	r.set(numbers, h, b)
}

// put writes a row: over the one of its key, or as a new one at the end.
func (r *rows) put(c *Collection, parents []string, one row, isNew bool) {
	h := head(c, parents)
	if number, ok := r.get(createdKeys, h+one.key); ok {
		r.set(createdRows, h+string(number), r.record(one))
		return
	}
	t := r.first(c, parents)
	if _, isFirst := t.byKey[one.key]; isFirst {
		if old, had := r.get(changedRows, h+one.key); had && isGone(old) {
			n := r.tally(h)
			n.deleted--
			r.count(h, n)
		}
		r.set(changedRows, h+one.key, r.stamped(one.text, one.proven))
		return
	}
	n := r.tally(h)
	n.serial++
	n.created++
	r.count(h, n)
	number := binary.BigEndian.AppendUint64(nil, n.serial)
	r.set(createdRows, h+string(number), r.record(one))
	r.set(createdKeys, h+one.key, number)
	for _, bucket := range []string{changedRows, goneRows} {
		if r.err == nil {
			r.err = r.write.Delete(bucket, h+one.key)
		}
	}
}

func (r *rows) record(one row) []byte {
	return append([]byte(one.key+"\x00"), r.stamped(one.text, one.proven)...)
}

// remove deletes a row, and remembers that it is gone.
func (r *rows) remove(c *Collection, parents []string, key string) {
	h := head(c, parents)
	n, bucket := r.tally(h), goneRows
	var mark []byte
	if number, ok := r.get(createdKeys, h+key); ok {
		n.created--
		r.count(h, n)
		at := string(number)
		for _, old := range [][2]string{{createdRows, h + at}, {createdKeys, h + key}} {
			if r.err == nil {
				r.err = r.write.Delete(old[0], old[1])
			}
		}
	} else {
		t := r.first(c, parents)
		i, isFirst := t.byKey[key]
		if isFirst {
			n.deleted++
			r.count(h, n)
			bucket = changedRows
		}
		if !isFirst || !t.rows[i].seeded {
			mark = []byte(madeUp)
		}
	}
	r.set(bucket, h+key, mark)
}

// slice is the rows from the place first on, at most limit (-1 for all), in order: first rows, then created ones. total counts all.
func (r *rows) slice(c *Collection, parents []string, first, limit int) (page []row, total int) {
	h := head(c, parents)
	n := r.tally(h)
	base := r.first(c, parents)
	total = len(base.rows) - int(n.deleted) + int(n.created)
	take := func(one row) bool {
		if first > 0 {
			first--
			return true
		}
		if limit >= 0 && len(page) >= limit {
			return false
		}
		page = append(page, one)
		return true
	}
	changed, firstRows := r.changed(h), base.rows
	if len(changed) == 0 {
		passed := min(first, len(firstRows))
		first, firstRows = first-passed, firstRows[passed:]
	}
	for _, one := range firstRows {
		if text, ok := changed[one.key]; ok {
			if isGone(text) {
				continue
			}
			one = r.stored(one.key, text)
		}
		if !take(one) {
			return page, total
		}
	}
	if r.err == nil && n.created > 0 {
		from := h
		if n.created == n.serial { // none is gone, so that the numbers tell the places
			from, first = h+string(binary.BigEndian.AppendUint64(nil, uint64(first)+1)), 0
		}
		r.err = r.read.Range(createdRows, h, from, func(_ string, value []byte) bool {
			if first > 0 { // without reading it
				first--
				return true
			}
			return (limit < 0 || len(page) < limit) && take(r.created(value))
		})
	}
	return page, total
}

// changed are the first rows that clients changed or deleted, by key.
func (r *rows) changed(h string) map[string][]byte {
	var out map[string][]byte
	if r.err == nil {
		r.err = r.read.Range(changedRows, h, h, func(key string, value []byte) bool {
			if out == nil {
				out = map[string][]byte{}
			}
			out[key[len(h):]] = append([]byte(nil), value...)
			return true
		})
	}
	return out
}

// newKey makes a key that no row has: the next number, or a text in the schema's form.
func (r *rows) newKey(c *Collection, parents []string) string {
	h := head(c, parents)
	n := r.tally(h)
	defer func() { r.count(h, n) }()
	whole := typesOf(c.KeySchema)&(schema.IntegerType|schema.NumberType) != 0
	start := uint64(r.first(c, parents).next)
	for range 1000 {
		n.made++
		key := ""
		if whole {
			key = strconv.FormatUint(start+n.made-1, 10)
		} else {
			key = r.madeKey(c, h, n.made)
		}
		if _, state := r.find(c, parents, key); state == missing && key != "" {
			return key
		}
	}
	return strconv.FormatUint(r.hash(h, strconv.FormatUint(n.made, 10)), 16)
}

// madeKey makes the nth key of a collection in the form that rows made up have.
func (r *rows) madeKey(c *Collection, h string, n uint64) string {
	seed := r.hash(h, "key", strconv.FormatUint(n, 10))
	if len(c.Key) > 0 {
		o := fake.Options{Seed: seed, Direction: schema.Response, Row: 1000 + int(n%1_000_000)}
		if v, ok := r.generator.Member(c.Row, c.Key[0], o); ok {
			return keyText(at(v, c.Key[1:]))
		}
		if v, err := r.generator.Value(c.Row, o); err == nil {
			return keyText(at(v, c.Key))
		}
		return ""
	}
	v, err := r.generator.Value(c.KeySchema, fake.Options{Seed: seed, Direction: schema.Response, Name: c.Parameter, Row: 1000 + int(n%1_000_000)})
	if err != nil {
		return ""
	}
	return keyText(v)
}
