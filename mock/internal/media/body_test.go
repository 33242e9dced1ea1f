package media

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"standin/mock/internal/source"
)

func TestDecode(t *testing.T) {
	for _, c := range []struct {
		contentType, body string
		want              any
		kind              Kind
	}{
		{"application/json", "\xef\xbb\xbf{\"a\":1.50}", map[string]any{"a": json.Number("1.50")}, JSON},
		{"application/json; charset=UTF-8", `"é"`, "é", JSON},
		{"application/json; charset=us-ascii", `"e"`, "e", JSON},
		{"application/json; charset=iso-8859-1", "\"\xe9\"", "é", JSON},
		{"application/json; charset=utf-16", "\xff\xfe[\x00]\x00", []any{}, JSON},
		{"application/merge-patch+json", "null", nil, JSON},
		{"text/json", " [true]\n", []any{true}, JSON},
		{"text/plain", "é", "é", Text},
		{"text/plain; charset=ISO-8859-1", "\xe9", "é", Text},
		{"text/csv", "", "", Text},
		{"image/png", "\x89PNG", nil, Unread},
		{"application/xml", "<a/>", nil, Unread},
		{"application/x-www-form-urlencoded", "a=b", nil, Unread},
		{"multipart/form-data; boundary=x", "--x--", nil, Unread},
	} {
		got, kind, err := Decode(types(t, c.contentType)[0], []byte(c.body), source.Limits{})
		if err != nil || kind != c.kind || !cmp.Equal(got, c.want) {
			t.Errorf("%s %q is %v, %v, %v", c.contentType, c.body, got, kind, err)
		}
	}
}

func TestDecodeRefuses(t *testing.T) {
	for _, c := range []struct{ contentType, body, want string }{
		{"application/json", `{"a":1,"a":1}`, "line 1, column 8"},
		{"text/json", "{}\n {}", "line 2, column 2"},
		{"a/b+json", "", "line 1, column 1"},
		{"application/json", "\"\xff\"", "line 1, column 2: the text is not valid UTF-8"},
		{"application/json; charset=utf-16", `{"a":1}`, "odd number of bytes"},
		{"application/json; charset=nope", "{}", `the charset "nope" is not supported`},
		{"text/plain", "a\xff", "the text is not valid UTF-8 at byte 2"},
		{"text/plain; charset=nope", "a", `the charset "nope" is not supported`},
	} {
		got, kind, err := Decode(types(t, c.contentType)[0], []byte(c.body), source.Limits{})
		if err == nil || !strings.Contains(err.Error(), c.want) || kind == Unread {
			t.Errorf("%s %q is %v, %v: %v", c.contentType, c.body, got, kind, err)
		}
	}
	_, _, err := Decode(types(t, "application/json")[0], []byte("[[[]]]"), source.Limits{Depth: 2})
	if at, ok := errors.AsType[*source.Error](err); !ok || !at.TooComplex {
		t.Errorf("three levels where two are allowed: %v", err)
	}
}

func TestDecodeText(t *testing.T) {
	for _, c := range []struct{ charset, body, want string }{
		{"", "\xef\xbb\xbfé", "é"},
		{"UTF8", "é", "é"},
		{"utf-8", "\xef\xbf\xbd", "\ufffd"},
		{"latin1", "\xe9", "é"},
		{"ISO-8859-15", "\xa4", "€"},
		{"windows-1252", "\x80", "€"},
		{"utf-16", "\xfe\xff\x00a", "a"},
		{"utf-16", "\xff\xfea\x00", "a"},
		{"utf-16", "\x00a", "a"},
		{"UTF-16LE", "=\xd8\x00\xde\xfd\xff", "😀\ufffd"},
		{"utf-16be", "\xd8=\xde\x00", "😀"},
		{"utf-16", "", ""},
		{"Shift_JIS", "\x83\x65", "テ"},
		{"gb18030", "\xd6\xd0", "中"},
	} {
		if got, err := DecodeText([]byte(c.body), c.charset); err != nil || got != c.want {
			t.Errorf("%s %q is %q, %v", c.charset, c.body, got, err)
		}
	}
	for _, c := range []struct{ charset, body string }{
		{"utf-8", "ab\xc3"}, {"us-ascii", "\xe9"}, {"utf-16", "a"}, {"utf-16", "\xd8\x00\x00a"}, {"utf-16", "\xdc\x00"}, {"utf-16le", "\x00\xd8"},
		{"windows-1252", "\x81"}, {"Shift_JIS", "\x83"}, {"x-none", "a"}, {"\xff", "a"}, {strings.Repeat("x", 1000), "a"},
	} {
		if got, err := DecodeText([]byte(c.body), c.charset); err == nil || len(err.Error()) > 200 {
			t.Errorf("%s %q is %q, %v", c.charset, c.body, got, err)
		}
	}
}

func FuzzDecodeText(f *testing.F) {
	f.Add([]byte("\xff\xfea\x00"), "utf-16")
	f.Add([]byte("\xd8=\xde\x00"), "utf-16be")
	f.Add([]byte("\x80"), "windows-1252")
	f.Fuzz(func(t *testing.T, body []byte, charset string) {
		text, err := DecodeText(body, charset)
		if err == nil && !utf8.ValidString(text) {
			t.Fatalf("%q of %q is %q", body, charset, text)
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	body := []byte(`{"name":"Ada","tags":["a","b","c"],"address":{"city":"London","zip":"N1"},"age":36}`)
	for _, contentType := range []string{"application/json", "text/plain", "text/plain; charset=utf-16be"} {
		t := types(b, contentType)[0]
		text := body[:len(body)&^1]
		if t.IsJSON() {
			text = body
		}
		b.Run(contentType, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, _, err := Decode(t, text, source.Limits{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
