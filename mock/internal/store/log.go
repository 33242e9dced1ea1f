package store

import (
	"context"
	"errors"
	"strconv"

	"github.com/redis/go-redis/v9"
)

// Logs are what a store that several processes share keeps besides worlds: of each sandbox a log of texts, in the order in which they came.
// The oldest make room. Errors are as those of [Store].
type Logs interface {
	// Process gives a number that no process before had, from 0 on.
	Process(ctx context.Context) (uint64, error)
	// Append adds to the log of a sandbox. An id that is there already is not added again, so a call that failed may be made again.
	Append(ctx context.Context, sandbox string, e Entry, l LogLimits) error
	// Log gives the entries of a sandbox, the oldest first, and how many had to make room.
	Log(ctx context.Context, sandbox string) (entries []Entry, dropped uint64, err error)
	// Entry gives one entry of a sandbox, or of any if that is "".
	Entry(ctx context.Context, sandbox, id string) (e Entry, found bool, err error)
	// Logged lists the sandboxes that have a log, the least lately used first.
	Logged(ctx context.Context) ([]string, error)
	// ForgetLog drops the log of a sandbox.
	ForgetLog(ctx context.Context, sandbox string) error
	// Follow calls f soon after something was added to the log of a sandbox, until the context ends. It does not tell of what is added
	// while the store cannot be reached.
	Follow(ctx context.Context, sandbox string, f func()) error
}

// Entry is one of a log.
type Entry struct {
	// ID is unique in all logs.
	ID, Text string
}

// LogLimits bound logs.
type LogLimits struct {
	// Entries and Bytes are those of one log; its newest always stays.
	Entries, Bytes int
	// Logs and AllBytes are those of all; the log that was used least lately makes room.
	Logs, AllBytes int
}

// entryOverhead is what an entry costs besides its text, in bytes.
const entryOverhead = 128

// Keys of a log: the list of its ids, the oldest first, and a hash of their texts. Keys of all: the sandboxes by last use, hashes of the bytes
// and of the dropped of each, and the sum of the bytes.
func (n redisNames) logIDs(id string) string   { return n.prefix + "log:ids:" + id }
func (n redisNames) logTexts(id string) string { return n.prefix + "log:texts:" + id }
func (n redisNames) logs() string              { return n.prefix + "logs" }
func (n redisNames) logBytes() string          { return n.prefix + "logs:bytes" }
func (n redisNames) logDropped() string        { return n.prefix + "logs:dropped" }
func (n redisNames) logSum() string            { return n.prefix + "logs:sum" }
func (n redisNames) processes() string         { return n.prefix + "processes" }
func (n redisNames) channel(id string) string  { return n.prefix + "logged:" + id }

func (n redisNames) log(id string) []string {
	return []string{n.logIDs(id), n.logTexts(id), n.logs(), n.logBytes(), n.logDropped(), n.logSum()}
}

// logScripts are those of logs. KEYS are those of redisNames.log; ARGV begins with the sandbox and the prefix of all keys.
type logScripts struct{ add, find, forget *redis.Script }

func newLogScripts() logScripts {
	const drop = `
local function drop(id)
	local bytes = redis.call('HGET', KEYS[4], id) or 0
	redis.call('DECRBY', KEYS[6], bytes)
	redis.call('HDEL', KEYS[4], id)
	redis.call('HDEL', KEYS[5], id)
	redis.call('ZREM', KEYS[3], id)
	redis.call('DEL', ARGV[2] .. 'log:ids:' .. id, ARGV[2] .. 'log:texts:' .. id)
end`
	add := redis.NewScript(drop + `
local overhead = tonumber(ARGV[11])
if redis.call('HSETNX', KEYS[2], ARGV[3], ARGV[4]) == 0 then return 0 end
redis.call('RPUSH', KEYS[1], ARGV[3])
local bytes = redis.call('HINCRBY', KEYS[4], ARGV[1], #ARGV[4] + overhead)
local sum = redis.call('INCRBY', KEYS[6], #ARGV[4] + overhead)
local length = redis.call('LLEN', KEYS[1])
while length > 1 and (length > tonumber(ARGV[7]) or bytes > tonumber(ARGV[8])) do
	local old = redis.call('LPOP', KEYS[1])
	local size = redis.call('HSTRLEN', KEYS[2], old) + overhead
	redis.call('HDEL', KEYS[2], old)
	bytes = redis.call('HINCRBY', KEYS[4], ARGV[1], -size)
	sum = redis.call('DECRBY', KEYS[6], size)
	redis.call('HINCRBY', KEYS[5], ARGV[1], 1)
	length = length - 1
end
redis.call('ZADD', KEYS[3], ARGV[5], ARGV[1])
while sum > tonumber(ARGV[10]) or redis.call('ZCARD', KEYS[3]) > tonumber(ARGV[9]) do
	local least = redis.call('ZRANGE', KEYS[3], 0, 1)
	local old = least[1]
	if old == ARGV[1] then old = least[2] end
	if not old then break end
	drop(old)
	sum = tonumber(redis.call('GET', KEYS[6]))
end
for i = 1, 6 do redis.call('PEXPIRE', KEYS[i], ARGV[6]) end
redis.call('PUBLISH', ARGV[2] .. 'logged:' .. ARGV[1], ARGV[3])
return 1`)
	find := redis.NewScript(`
for _, id in ipairs(redis.call('ZRANGE', KEYS[3], 0, -1)) do
	local text = redis.call('HGET', ARGV[2] .. 'log:texts:' .. id, ARGV[3])
	if text then return text end
end
return false`)
	forget := redis.NewScript(drop + `
drop(ARGV[1])
return 1`)
	return logScripts{add, find, forget}
}

// Process gives a number that no process before had; see [Logs].
func (s *Redis) Process(ctx context.Context) (uint64, error) {
	n, err := s.client.Incr(ctx, s.names.processes()).Uint64()
	return n - 1, s.failed(ctx, err)
}

// Append adds to the log of a sandbox; see [Logs].
func (s *Redis) Append(ctx context.Context, sandbox string, e Entry, l LogLimits) error {
	return s.failed(ctx, s.logScripts.add.Run(ctx, s.client, s.names.log(sandbox), sandbox, s.names.prefix, e.ID, e.Text,
		s.now().UnixMilli(), keptFor.Milliseconds(), l.Entries, l.Bytes, l.Logs, l.AllBytes, entryOverhead).Err())
}

// Log gives the entries of a sandbox; see [Logs].
func (s *Redis) Log(ctx context.Context, sandbox string) ([]Entry, uint64, error) {
	var ids *redis.StringSliceCmd
	var texts *redis.MapStringStringCmd
	var gone *redis.StringCmd
	_, err := s.client.TxPipelined(ctx, func(p redis.Pipeliner) error {
		ids = p.LRange(ctx, s.names.logIDs(sandbox), 0, -1)
		texts = p.HGetAll(ctx, s.names.logTexts(sandbox))
		gone = p.HGet(ctx, s.names.logDropped(), sandbox)
		return nil
	})
	if err != nil && !errors.Is(err, redis.Nil) {
		return nil, 0, s.failed(ctx, err)
	}
	out := make([]Entry, 0, len(ids.Val()))
	for _, id := range ids.Val() {
		if text, ok := texts.Val()[id]; ok {
			out = append(out, Entry{id, text})
		}
	}
	dropped, _ := strconv.ParseUint(gone.Val(), 10, 64) // none is 0
	return out, dropped, nil
}

// Entry gives one entry; see [Logs].
func (s *Redis) Entry(ctx context.Context, sandbox, id string) (Entry, bool, error) {
	var text string
	var err error
	if sandbox == "" {
		text, err = s.logScripts.find.Run(ctx, s.client, s.names.log(""), "", s.names.prefix, id).Text()
	} else {
		text, err = s.client.HGet(ctx, s.names.logTexts(sandbox), id).Result()
	}
	if errors.Is(err, redis.Nil) {
		return Entry{}, false, nil
	}
	return Entry{id, text}, err == nil, s.failed(ctx, err)
}

// Logged lists the sandboxes that have a log; see [Logs].
func (s *Redis) Logged(ctx context.Context) ([]string, error) {
	ids, err := s.client.ZRange(ctx, s.names.logs(), 0, -1).Result()
	return ids, s.failed(ctx, err)
}

// ForgetLog drops the log of a sandbox; see [Logs].
func (s *Redis) ForgetLog(ctx context.Context, sandbox string) error {
	return s.failed(ctx, s.logScripts.forget.Run(ctx, s.client, s.names.log(sandbox), sandbox, s.names.prefix).Err())
}

// Follow tells of what is added to the log of a sandbox; see [Logs].
func (s *Redis) Follow(ctx context.Context, sandbox string, f func()) error {
	sub := s.client.Subscribe(ctx, s.names.channel(sandbox))
	if _, err := sub.Receive(ctx); err != nil { // Redis has taken note
		_ = sub.Close()
		return s.failed(ctx, err)
	}
	go func() {
		defer func() { _ = sub.Close() }()
		said := sub.Channel() // which connects again by itself
		for {
			select {
			case <-ctx.Done():
				return
			case _, ok := <-said:
				if !ok {
					return
				}
				f()
			}
		}
	}()
	return nil
}
