package media_test

import (
	"bytes"
	"slices"
	"testing"

	"standin/mock/internal/media"
)

func TestSplit(t *testing.T) {
	for _, row := range []struct {
		kind string
		want []string
	}{
		{"text/event-stream", []string{"event: a\ndata: 1\n\n", "data: 2\r\n\r\n", "data: 3\r\r", "data: 4\n"}},
		{"application/x-ndjson", []string{"1\n", "{}\n", "[2]"}},
		{"application/json-seq", []string{"\x1e1\n", "\x1e{}\n"}},
		{"application/geo+json-seq", []string{"\x1e1\n"}},
		{"application/jsonl", nil},
	} {
		parsed, err := media.Parse(row.kind)
		if err != nil {
			t.Fatal(err)
		}
		whole := ""
		for _, part := range row.want {
			whole += part
		}
		var got []string
		for _, part := range parsed.Sequence().Split([]byte(whole)) {
			got = append(got, string(part))
		}
		if !slices.Equal(got, row.want) {
			t.Errorf("%s: %q", row.kind, got)
		}
	}
	for _, kind := range []string{"text/csv", "application/json"} {
		if parsed, _ := media.Parse(kind); parsed.Sequence().Split([]byte("a\n\nb\n")) != nil {
			t.Error(kind, "is cut")
		}
	}
}

func FuzzSplit(f *testing.F) {
	f.Add(uint8(media.Events), []byte("a\r\n\r\r\n\n\n"))
	f.Add(uint8(media.JSONLines), []byte("\n1\n"))
	f.Add(uint8(media.JSONTexts), []byte("\x1e\x1e1"))
	f.Fuzz(func(t *testing.T, q uint8, body []byte) {
		kind := media.Sequence(q % 5)
		parts := kind.Split(body)
		if parts != nil && !bytes.Equal(bytes.Join(parts, nil), body) {
			t.Errorf("%q", parts)
		}
		if slices.ContainsFunc(parts, func(p []byte) bool { return len(p) == 0 }) {
			t.Error("an empty part")
		}
	})
}
