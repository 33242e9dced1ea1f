package requests_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"standin/mock/contract"
	"standin/mock/internal/requests"
	"standin/mock/internal/source"
)

// TestOutgoingOfRealDocuments makes what each callback and webhook sends.
func TestOutgoingOfRealDocuments(t *testing.T) {
	shared := os.Getenv("STANDIN_SHARED")
	if shared == "" {
		t.Skip("STANDIN_SHARED is not set: there are no real documents")
	}
	for name, least := range map[string]int{"tictactoe.yaml": 1, "lob.yml": 0, "museum.yaml": 1, "figma.yaml": 0, "openai.yaml": 10} {
		c, err := contract.Load(t.Context(), filepath.Join(shared, "corpus", name))
		if err != nil {
			t.Fatal(err)
		}
		if n := len(c.Callbacks()); n < least {
			t.Errorf("%s: %d callbacks", name, n)
		}
		for _, one := range c.Callbacks() {
			made, err := requests.Outgoing(one.Request, 1, nil)
			if err != nil {
				t.Errorf("%s: %s: %v", name, one.ID, err)
				continue
			}
			for _, l := range made.Header {
				if l.Name == "Content-Type" {
					for _, v := range requests.Judge(one.Request, l.Value, made.Body) {
						t.Errorf("%s: %s: %+v\n%s", name, one.ID, v, made.Body)
					}
				}
			}
		}
	}
}

// TestOutgoingHasWhatIsKnown puts values under equal names, where they are valid, and not twice.
func TestOutgoingHasWhatIsKnown(t *testing.T) {
	c, err := contract.Parse(t.Context(), "t.yaml", []byte(`openapi: 3.1.0
info: {title: T, version: "1"}
webhooks:
  w:
    post:
      requestBody:
        content:
          application/json:
            schema:
              type: object
              required: [id, type, order]
              properties:
                id: {type: string, const: event}
                type: {enum: [made]}
                note: {type: string}
                order: {type: object, required: [id, total], properties: {id: {type: integer}, total: {type: number}, tags: {type: array, items: {type: string}, maxItems: 1}}}
`))
	if err != nil {
		t.Fatal(err)
	}
	known, err := source.DecodeJSON([]byte(`{"type": "shop", "note": "n", "data": {"id": 12, "total": 2.5, "tags": ["a", "b"]}}`), source.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	made, err := requests.Outgoing(c.Callbacks()[0].Request, 1, known)
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		ID, Type, Note string
		Order          struct {
			ID    int
			Total float64
			Tags  []string
		}
	}
	if err := json.Unmarshal(made.Body, &got); err != nil || got.ID != "event" || got.Type != "made" || got.Note != "n" || got.Order.ID != 12 || got.Order.Total != 2.5 || len(got.Order.Tags) > 1 {
		t.Errorf("%s %v", made.Body, err)
	}
}
