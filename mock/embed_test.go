package mock_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/labstack/echo/v4"

	"standin/mock"
)

func TestStubs(t *testing.T) {
	s := newServer(t, mock.Stateless())
	stub := func(st mock.Stub) func() {
		t.Helper()
		remove, err := s.Stub(t.Context(), st)
		if err != nil {
			t.Fatal(err)
		}
		return remove
	}
	always := stub(mock.Stub{Operation: "getPet", Name: "all", Body: map[string]any{"id": 1, "name": "All"}})
	stub(mock.Stub{Operation: "GET /pets/{petId}", Times: 1, When: map[string]any{"path": map[string]any{"petId": 7}}, Status: 404, Body: map[string]any{"code": 4, "message": "gone"}})
	for _, c := range []struct {
		request, header string
		status          int
		source          string
	}{
		{"GET /pets/8", "", 200, `stub;name="all"`},
		{"GET /pets/7", "", 404, "stub"},
		{"GET /pets/7", "", 200, `stub;name="all"`},
		{"GET /pets/7", "Prefer: code=404", 200, `stub;name="all"`},
		{"GET /pets/x", "", 400, "refusal"},
	} {
		var headers []string
		if c.header != "" {
			headers = append(headers, c.header)
		}
		if w := ask(s, c.request, "", headers...); w.Code != c.status || w.Header().Get("Mock-Source") != c.source {
			t.Errorf("%s: %d %s", c.request, w.Code, w.Header().Get("Mock-Source"))
		}
	}
	always()
	if w := ask(s, "GET /pets/8", ""); w.Header().Get("Mock-Source") != "generated" {
		t.Errorf("a removed stub answers: %v", w.Header())
	}
	for _, wrong := range []mock.Stub{
		{Operation: "nope"}, {Operation: "getPet", Body: map[string]any{"id": "one"}}, {Operation: "getPet", When: map[string]any{"sky": "blue"}},
	} {
		if _, err := s.Stub(t.Context(), wrong); err == nil {
			t.Errorf("%+v is taken", wrong)
		}
	}
	stub(mock.Stub{Operation: "getPet", Body: map[string]any{"id": "one"}, Unchecked: true})
	if w := ask(s, "GET /pets/8", ""); w.Code != 200 || !strings.Contains(w.Body.String(), `"one"`) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestHandler(t *testing.T) {
	s := newServer(t, mock.WithHandler("getPet", func(_ context.Context, call *mock.Call) (mock.Answer, error) {
		if call.Values.Path["petId"] == json.Number("13") {
			return mock.Answer{}, fmt.Errorf("unlucky")
		}
		return mock.Answer{Body: []byte(fmt.Sprintf(`{"id":%v}`, call.Values.Path["petId"]))}, nil
	}))
	w := ask(s, "GET /pets/5", "")
	if w.Code != 200 || w.Header().Get("Mock-Source") != "handler" || w.Header().Get("Mock-Violations") != "request=0, response=1" {
		t.Errorf("%d %v %s", w.Code, w.Header(), w.Body)
	}
	if w := ask(s, "GET /pets/13", ""); w.Code != 500 || !strings.Contains(w.Body.String(), "unlucky") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if _, err := mock.New(parse(t, pets), mock.WithHandler("nope", func(context.Context, *mock.Call) (mock.Answer, error) { return mock.Answer{}, nil })); err == nil {
		t.Error("a handler for no operation is taken")
	}
}

func TestMiddlewareSeesTheTemplate(t *testing.T) {
	var seen []string
	s := newServer(t, mock.Use(func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			seen = append(seen, c.Path())
			return next(c)
		}
	}))
	ask(s, "GET /pets/5", "")
	ask(s, "GET /v1/pets", "")
	if !slices.Equal(seen, []string{"/pets/{petId}", "/pets"}) {
		t.Error(seen)
	}
}

func TestSwap(t *testing.T) {
	ctx := t.Context()
	s := newServer(t)
	if err := s.Swap(ctx, parse(t, pets), nil); err != mock.ErrUnchanged {
		t.Errorf("the same again: %v", err)
	}
	if err := s.Swap(ctx, parse(t, strings.ReplaceAll(pets, "Rex", "Bello")), nil); err != nil {
		t.Fatal(err)
	}
	if w := ask(s, "GET /pets", ""); !strings.Contains(w.Body.String(), "Bello") {
		t.Errorf("after the swap: %s", w.Body)
	}
	err := s.Swap(ctx, parse(t, strings.ReplaceAll(pets, "maxLength: 20", "pattern: '('")), nil)
	if refused, ok := err.(*mock.SwapError); !ok || len(refused.Diagnostics) != 1 {
		t.Errorf("a broken document: %v", err)
	}
	if w := ask(s, "GET /pets", ""); !strings.Contains(w.Body.String(), "Bello") {
		t.Errorf("after the refused swap: %s", w.Body)
	}
	files := fstest.MapFS{"a.yaml": {Data: []byte("- operation: nope\n")}}
	if _, ok := s.Swap(ctx, s.Contract(), files).(*mock.SwapError); !ok {
		t.Error("broken fixtures are taken")
	}
}
