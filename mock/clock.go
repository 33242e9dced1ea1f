package mock

import (
	"fmt"
	"time"
)

// WithClock tells the server what time it is, for what it makes up, remembers and ends: rows' dates, sessions, jobs. f may be called at
// the same time from several requests. Default: [time.Now].
func WithClock(f func() time.Time) Option {
	return optionFunc(func(o *options) error {
		if f == nil {
			return fmt.Errorf("the clock is nil")
		}
		o.clock = f
		return nil
	})
}
