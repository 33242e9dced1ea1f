package mock_test

import (
	"slices"
	"testing"
	"time"

	"standin/mock"
)

// TestSandboxesInUseDoNotExpire keeps those that are only read, or asked for by the control API.
func TestSandboxesInUseDoNotExpire(t *testing.T) {
	s := shopServer(t, mock.Control())
	for _, id := range []string{"read", "listed", "idle"} {
		said(t, s, 201, "POST /owners", `{"name":"Ann"}`, "Mock-Sandbox: "+id)
	}
	made := time.Now()
	mock.ExpireIdle(s, made) // as it is done every so often; from then on, use is noted anew
	said(t, s, 200, "GET /owners", "", "Mock-Sandbox: read")
	k := controlOf(t, s)
	k.say(200, "GET /__mock/settings", "", "Mock-Sandbox: listed")
	said(t, s, 200, "GET /owners", "", "Mock-Sandbox: nobody")
	mock.ExpireIdle(s, made.Add(mock.IdleSandbox))
	var left []string
	for _, one := range k.say(200, "GET /__mock/sandboxes", "")["sandboxes"].([]any) {
		left = append(left, one.(map[string]any)["id"].(string))
	}
	if want := []string{"listed", "read"}; !slices.Equal(left, want) {
		t.Errorf("%v are left, want %v", left, want)
	}
}
