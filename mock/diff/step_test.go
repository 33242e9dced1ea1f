package diff

import (
	"context"
	"errors"
	"strings"
	"testing"
)

// TestPanicsBecomeErrors stands for a library that meets a document it did not foresee.
func TestPanicsBecomeErrors(t *testing.T) {
	_, err := step(context.Background(), "a.yaml", func() (int, error) {
		var none map[string]*Report
		return len(none["x"].Rows), nil
	})
	if err == nil || !strings.Contains(err.Error(), "a.yaml cannot be compared: runtime error") || !strings.Contains(err.Error(), "TestPanicsBecomeErrors") {
		t.Errorf("error %v", err)
	}
}

// TestStepLeavesWithItsContext has a stage that never ends.
func TestStepLeavesWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	block := make(chan struct{})
	defer close(block)
	_, err := step(ctx, "a.yaml", func() (int, error) {
		cancel()
		<-block
		return 0, nil
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}
