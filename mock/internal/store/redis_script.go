package store

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strings"

	"github.com/redis/go-redis/v9"
	"github.com/tidwall/btree"
)

// redisNames are the keys in Redis, all with a prefix that also keeps them on one node of a cluster. Of a sandbox there is a hash of its
// keys, a hash that tells its version, size and last use, and a list of its last changes, the newest first.
type redisNames struct{ prefix string }

func (n redisNames) all() string           { return n.prefix + "sandboxes" }
func (n redisNames) meta(id string) string { return n.prefix + "m:" + id }
func (n redisNames) of(id string) []string {
	return []string{n.meta(id), n.prefix + "d:" + id, n.prefix + "l:" + id, n.all(), n.prefix + "version"}
}
func newNames(prefix string) redisNames { return redisNames{"{" + strings.Trim(prefix, "{}:") + "}:"} }

// What a commit answers instead of a version.
const (
	commitStale = 0
	commitFull  = 1 // versions begin above it
)

// KEYS of all scripts: the sandbox's meta, data and log, all sandboxes, the counter of versions. A sandbox's name is the end of its meta.
const nameOf = `local id = string.sub(KEYS[1], #KEYS[4] - #"sandboxes" + #"m:" + 1)
`

// logLength is how many changes a process may miss before it reads the whole world again.
const logLength = "64"

// redisScripts run in Redis, where nothing comes between their steps.
type redisScripts struct{ sync, commit, forget, touch *redis.Script }

// newScripts makes the scripts. sync gives what happened since a version: the version of now, then "same", or "log" and changes, the
// oldest first, or "all" and every key with its value. commit changes a world of a certain version. forget drops one that was not used
// since a time, and touch notes the use.
func newScripts() redisScripts {
	sync := redis.NewScript(`
local version = redis.call('HGET', KEYS[1], 'version')
if not version then return {'0', 'all'} end
if version == ARGV[1] then return {version, 'same'} end
local changes = {}
for i, entry in ipairs(redis.call('LRANGE', KEYS[3], 0, -1)) do
	local cut = string.find(entry, ' ', 1, true)
	table.insert(changes, 1, string.sub(entry, cut + 1))
	if string.sub(entry, 1, cut - 1) == ARGV[1] then
		table.insert(changes, 1, 'log')
		table.insert(changes, 1, version)
		return changes
	end
end
local all = redis.call('HGETALL', KEYS[2])
table.insert(all, 1, 'all')
table.insert(all, 1, version)
return all`)
	commit := redis.NewScript(nameOf + `
local version = redis.call('HGET', KEYS[1], 'version') or '0'
if version ~= ARGV[1] then return 0 end
if version == '0' and redis.call('ZCARD', KEYS[4]) >= tonumber(ARGV[2]) and not redis.call('ZSCORE', KEYS[4], id) then return 1 end
local new = redis.call('INCR', KEYS[5])
if new < 2 then new = redis.call('INCR', KEYS[5]) end
for i = 9, #ARGV, 3 do
	if ARGV[i] == 'p' then redis.call('HSET', KEYS[2], ARGV[i + 1], ARGV[i + 2]) else redis.call('HDEL', KEYS[2], ARGV[i + 1]) end
end
redis.call('LPUSH', KEYS[3], version .. ' ' .. ARGV[8])
redis.call('LTRIM', KEYS[3], 0, ` + logLength + ` - 1)
redis.call('HSET', KEYS[1], 'version', new, 'keys', ARGV[3], 'bytes', ARGV[4], 'used', ARGV[6])
redis.call('ZADD', KEYS[4], ARGV[5], id)
for i = 1, 3 do redis.call('PEXPIRE', KEYS[i], ARGV[7]) end
return new`)
	forget := redis.NewScript(nameOf + `
local used = redis.call('ZSCORE', KEYS[4], id)
if ARGV[1] ~= '' and used and tonumber(used) >= tonumber(ARGV[1]) then return 0 end
redis.call('DEL', KEYS[1], KEYS[2], KEYS[3])
redis.call('ZREM', KEYS[4], id)
return 1`)
	touch := redis.NewScript(nameOf + `
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
redis.call('HSET', KEYS[1], 'used', ARGV[2])
redis.call('ZADD', KEYS[4], ARGV[1], id)
for i = 1, 3 do redis.call('PEXPIRE', KEYS[i], ARGV[3]) end
return 1`)
	return redisScripts{sync, commit, forget, touch}
}

// after is the state that a reply of the sync script leads to.
func (v *versioned) after(reply []any) (*versioned, error) {
	texts := make([]string, len(reply))
	for i, one := range reply {
		text, ok := one.(string)
		if !ok {
			return nil, fmt.Errorf("the store answers in a way that is not understood: %T", one)
		}
		texts[i] = text
	}
	var version uint64
	if len(texts) < 2 {
		return nil, errors.New("the store answers too little")
	}
	if _, err := fmt.Sscan(texts[0], &version); err != nil {
		return nil, fmt.Errorf("the store's version is %q", texts[0])
	}
	next := &versioned{version: version}
	switch texts[1] {
	case "same":
		return v, nil
	case "log":
		tx := &treeTx{treeReader{v.tree.Copy()}, v.bytes}
		for _, change := range texts[2:] {
			if err := tx.apply(change); err != nil {
				return nil, err
			}
		}
		next.state = state{tx.tree, tx.bytes}
	default:
		next.tree = &btree.Map[string, []byte]{}
		for i := 2; i+1 < len(texts); i += 2 {
			next.tree.Set(texts[i], []byte(texts[i+1]))
			next.bytes += len(texts[i]) + len(texts[i+1])
		}
	}
	return next, nil
}

// packed writes the changes of a transaction for the log: of each the lengths of key and value, 0 for what is gone and one more else.
func (t *redisTx) packed() []byte {
	var out []byte
	for key, value := range t.changes {
		out = binary.AppendUvarint(out, uint64(len(key)))
		if value == nil {
			out = append(binary.AppendUvarint(out, 0), key...)
			continue
		}
		out = binary.AppendUvarint(out, uint64(len(value))+1)
		out = append(append(out, key...), value...)
	}
	return out
}

// apply does what another process did.
func (t *treeTx) apply(change string) error {
	for b := []byte(change); len(b) > 0; {
		k, n := binary.Uvarint(b)
		v, m := binary.Uvarint(b[max(n, 0):])
		if n <= 0 || m <= 0 {
			return errors.New("the store's log cannot be read")
		}
		b = b[n+m:]
		size := uint64(0)
		if v > 0 {
			size = v - 1
		}
		if k > uint64(len(b)) || size > uint64(len(b))-k {
			return errors.New("the store's log cannot be read")
		}
		bucket, key, _ := strings.Cut(string(b[:k]), separator)
		var err error
		if v == 0 {
			err = t.Delete(bucket, key)
		} else {
			err = t.Put(bucket, key, b[k:k+size])
		}
		if err != nil {
			return err
		}
		b = b[k+size:]
	}
	return nil
}
