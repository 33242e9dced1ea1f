package sample

import (
	"encoding/json"
	encxml "encoding/xml"
	"fmt"
	"slices"
	"strings"
	"testing"

	"standin/mock/contract"
	"standin/mock/internal/media"
	"standin/mock/internal/source"
)

func value(t testing.TB, text string) any {
	t.Helper()
	v, err := source.DecodeJSON([]byte(text), source.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestBody(t *testing.T) {
	n := func(text string) *source.Node {
		n, err := source.Parse("x.json", []byte(text), source.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	const header = encxml.Header
	for _, row := range []struct{ kind, value, want string }{
		{"application/json", `"a"`, `"a"`},
		{"application/problem+json", `{"b": 1, "a": 2}`, `{"b":1,"a":2}`},
		{"text/plain", `"a\nb"`, "a\nb"},
		{"text/plain", `7`, "7"},
		{"text/plain", `{"b": 1, "a": 2}`, `{"b":1,"a":2}`},
		{"application/xml", `"<a/>"`, "<a/>"},
		{"application/xml", `{"b": [1, true], "a": {"x y": "<&>"}, "n": null, "": 1, "1st": 2}`,
			header + "<root>\n  <_x_>1</_x_>\n  <_x0031_st>2</_x0031_st>\n  <a>\n    <x_x0020_y>&lt;&amp;&gt;</x_x0020_y>\n  </a>\n  <b>1</b>\n  <b>true</b>\n" +
				"  <n xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:nil=\"true\"></n>\n</root>\n"},
		{"image/svg+xml", `[1, {"a": 2}]`, header + "<items>\n  <item>1</item>\n  <item>\n    <a>2</a>\n  </item>\n</items>\n"},
		{"application/x-www-form-urlencoded", `"a=1"`, "a=1"},
		{"application/x-www-form-urlencoded", `{"a": 1}`, `{"a":1}`}, // without a document nobody knows how
		{"image/png", `"bytes"`, "bytes"},
	} {
		kind, err := media.Parse(row.kind)
		if err != nil {
			t.Fatal(err)
		}
		got := string(Body(n(row.value), kind, nil))
		if got != row.want {
			t.Errorf("%s %s: %q", row.kind, row.value, got)
		}
		if kind.IsXML() {
			if err := encxml.Unmarshal([]byte(got), new(any)); err != nil {
				t.Errorf("%s: %v", got, err)
			}
		}
	}
}

func TestLeaves(t *testing.T) {
	l := leavesOf(value(t, `{"id": 7, "owner": {"id": 8, "tags": ["a", "b"]}, "none": null, "yes": true,
		"deep": {"a": {"b": {"c": {"d": 1}}}}}`))
	for _, row := range []struct {
		name  string
		value any
		depth int
	}{
		{"id", json.Number("7"), 1},
		{"id", "7", 1},
		{"id", "8", 2},
		{"id", "9", -1},
		{"tags", "b", 3},
		{"yes", true, 1},
		{"yes", "true", -1},
		{"none", nil, -1},
		{"d", "1", -1}, // too deep
		{"other", "7", -1},
	} {
		if got := l.depth(row.name, row.value); got != row.depth {
			t.Errorf("%s %v stands at depth %d", row.name, row.value, got)
		}
	}
	if l := leavesOf("scalar"); len(l) != 0 {
		t.Error(l)
	}
	long := leavesOf(value(t, `{"a": [`+strings.Repeat("1,", 10_000)+`1]}`))
	if n := len(long["a"]); n != mostLeaves {
		t.Errorf("%d leaves are kept", n)
	}
}

func TestPathIDs(t *testing.T) {
	for template, want := range map[string]string{
		"/pets/{petId}":        "petId [petId id uuid]",
		"/pets/{petId}/":       "petId [petId id uuid]",
		"/pets/{id}":           "id [id uuid]",
		"/pets/{uuid}":         "uuid [uuid id]",
		"/pets/{petUuid}":      "petUuid [petUuid uuid id]",
		"/users/{username}":    "username [username name id uuid]",
		"/a/{a}/b/{b}":         "b [b id uuid]",
		"/a/{from}..{to}":      "to [to id uuid]",
		"/pets":                " []",
		"/pets/{petId}/toys":   " []",
		"/pets/{petId}.json":   " []",
		"/pets/{petId}:cancel": " []",
		"/odd}/{":              " []",
	} {
		id := pathIDOf(&contract.Operation{Template: template})
		if got := fmt.Sprint(id.parameter, " ", id.properties); got != want {
			t.Errorf("%s: %s", template, got)
		}
	}
}

func TestCode(t *testing.T) {
	for key, want := range map[string]string{"404": "404 404", "4XX": "400 400", "default": "default 500"} {
		if got := fmt.Sprint(Code(key), " ", Status(&contract.Response{Status: key})); got != want {
			t.Errorf("%s: %s", key, got)
		}
	}
	var none []int
	for status := 100; status < 600; status++ {
		if !HasBody(status) && status >= 200 {
			none = append(none, status)
		}
	}
	if !slices.Equal(none, []int{204, 205, 304}) || HasBody(100) {
		t.Error(none)
	}
}
