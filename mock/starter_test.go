package mock_test

import (
	"context"
	"strings"
	"testing"
	"testing/fstest"

	"standin/mock"
	"standin/mock/contract"
)

// TestStarterFixtures: they have no faults, and answer as the mock does without them.
func TestStarterFixtures(t *testing.T) {
	for name, document := range map[string]string{"odd": odd, "drifted": drifted, "orders": orders} {
		c, err := contract.Parse(context.Background(), name+".yaml", []byte(document))
		if err != nil {
			t.Fatal(err)
		}
		files, err := mock.StarterFixtures(context.Background(), c, 1)
		if err != nil || len(files) < 2 {
			t.Fatal(name, len(files), err)
		}
		fsys := fstest.MapFS{}
		for file, text := range files {
			fsys[file] = &fstest.MapFile{Data: text}
		}
		for _, d := range mock.Check(context.Background(), c, fsys) {
			if d.Rule == "fixture" || strings.HasPrefix(d.Position.File, "fixtures/") {
				t.Errorf("%s: %v", name, d)
			}
		}
	}
}
