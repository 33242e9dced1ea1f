package fake_test

import (
	"path/filepath"
	"testing"

	"standin/mock/contract"
	"standin/mock/internal/fake"
	"standin/mock/schema"
)

// TestMemberIsThatOfTheWhole makes properties of real objects alone, and with all others.
func TestMemberIsThatOfTheWhole(t *testing.T) {
	same, other := 0, 0
	for _, file := range corpus(t) {
		switch filepath.Base(file) {
		case "petstore3.yaml", "digitalocean.json", "museum.yaml", "twilio-messaging.yaml", "netlify-v2.yml":
		default:
			continue
		}
		c, err := contract.Load(t.Context(), file)
		if err != nil {
			t.Fatal(err)
		}
		g := fake.New()
		bodies(c, func(where string, s *schema.Schema, d schema.Direction) {
			if d != schema.Response {
				return
			}
			o := fake.Options{Seed: 7, Direction: d, Name: "thing", Row: 1001}
			whole, err := g.Value(s, o)
			object, ok := whole.(map[string]any)
			if err != nil || !ok {
				return
			}
			for name, want := range object {
				got, ok := g.Member(s, name, o)
				switch {
				case !ok:
				case schema.Equal(got, want):
					same++
				default:
					other++
					t.Logf("%s: %s: %v alone, %v with the others", where, name, got, want)
				}
			}
		})
	}
	if t.Logf("%d the same, %d not", same, other); other*100 > same || same < 1000 {
		t.Error("what is made alone is another")
	}
}
