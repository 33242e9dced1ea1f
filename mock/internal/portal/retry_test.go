package portal

import (
	"testing"
	"time"
)

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	for text, want := range map[string]int{
		"": 0, "3": 3, " 7 ": 7, "-1": 0, "99999": 300, "soon": 0, "Mon, 02 Mar 2026 09:00:05 GMT": 5, "Mon, 02 Mar 2026 08:00:00 GMT": 0,
	} {
		if got := retryAfter(text, now); got != want {
			t.Errorf("%q: %d, want %d", text, got, want)
		}
	}
}
