package sample_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"standin/mock/contract"
	"standin/mock/internal/sample"
)

func TestGenerate(t *testing.T) {
	c := shop(t)
	for _, op := range c.Operations() {
		for _, r := range op.Responses().All {
			one, two := sample.New(sample.Options{Seed: 1}), sample.New(sample.Options{Seed: 2})
			target, err := one.Choose(op, sample.Code(r.Status), "")
			if err != nil {
				t.Fatal(err)
			}
			same, _ := two.Choose(op, sample.Code(r.Status), "")
			different := map[string]bool{}
			for variant := range uint64(16) {
				a, err := one.Generate(op, target, 1, variant, nil)
				if err != nil {
					t.Fatal(err)
				}
				valid(t, op, a)
				// The same bytes from another server, whose own seed is another one.
				if b, err := two.Generate(op, same, 1, variant, nil); err != nil || string(a.Body) != string(b.Body) {
					t.Errorf("%s: %s, then %s %v", op.ID, a.Body, b.Body, err)
				}
				if !a.Generated || a.Name != "" || a.Status != target.Status {
					t.Errorf("%+v", a)
				}
				different[string(a.Body)] = true
			}
			if target.Media != nil && target.Media.Schema != nil && len(different) < 2 {
				t.Errorf("%s %s: all variants are %v", op.ID, r.Status, different)
			}
		}
	}
}

func TestPathID(t *testing.T) {
	c := shop(t)
	s := sample.New(sample.Options{})
	for _, row := range []struct {
		operation, parameter string
		id                   any
		has, hasNot          string
	}{
		{"putItem", "itemId", number("42"), `"id":42`, ""},
		{"putItem", "itemId", number("1001"), `"id":`, `"id":1001`}, // more than the maximum
		{"putItem", "itemId", "x", `"id":`, `"id":"x"`},
		{"getBox", "uuid", "0123abcd", `"boxes":[{"uuid":"0123abcd"`, ""},
		{"getBox", "uuid", "nothing of that kind", `"boxes":[{"uuid":`, "kind"},
		{"putBox", "uuid", "twice", `"uuid":`, "twice"}, // nobody knows which
		{"patchBox", "uuid", "free", `{"uuid":"free"}`, ""},
		{"patchBox", "uuid", "taken", `"uuid":`, "taken"},
		{"patchBox", "uuid", number("12"), `{"uuid":"12"}`, ""},
		{"patchBox", "uuid", "a\"b\n", `{"uuid":"a\"b\n"}`, ""},
		{"deleteItem", "itemId", number("1"), "", ""},
	} {
		op := operation(t, c, row.operation)
		target, err := s.Choose(op, "", "")
		if err != nil {
			t.Fatal(err)
		}
		for variant := range uint64(8) {
			a, err := s.Generate(op, target, 0, variant, given("path."+row.parameter, row.id))
			if err != nil {
				t.Fatal(err)
			}
			valid(t, op, a)
			if !strings.Contains(string(a.Body), row.has) || row.hasNot != "" && strings.Contains(string(a.Body), row.hasNot) {
				t.Errorf("%s %v: %s", row.operation, row.id, a.Body)
			}
		}
		plain, _ := s.Generate(op, target, 0, 0, nil)
		if again, _ := s.Generate(op, target, 0, 0, given()); string(plain.Body) != string(again.Body) {
			t.Errorf("%s: an id was written into what is kept: %s, %s", row.operation, plain.Body, again.Body)
		}
	}
}

// TestMembersInOrder writes what is generated as a person would, in the order of the document.
func TestMembersInOrder(t *testing.T) {
	c := shop(t)
	s := sample.New(sample.Options{})
	op := operation(t, c, "putItem")
	target, _ := s.Choose(op, "", "")
	a, err := s.Generate(op, target, 0, 0, nil)
	if err != nil || !strings.HasPrefix(string(a.Body), `{"name":`) || !strings.Contains(string(a.Body), `"id":`) {
		t.Errorf("%s %v", a.Body, err)
	}
}

// TestStatusesShareBodies asks for every status of a default response: what is kept is one answer's, not five hundred.
func TestStatusesShareBodies(t *testing.T) {
	c := shop(t)
	s := sample.New(sample.Options{})
	op := operation(t, c, "onlyDefault")
	var first []byte
	for status := 200; status < 600; status++ {
		target, err := s.Choose(op, fmt.Sprint(status), "")
		if err != nil || target.Status != status {
			t.Fatal(target, err)
		}
		a, err := s.Generate(op, target, 0, 0, nil)
		if err != nil {
			t.Fatal(err)
		}
		if target.Media == nil {
			continue
		}
		if first == nil {
			first = a.Body
		}
		if &first[0] != &a.Body[0] {
			t.Fatalf("%d has a body of its own", status)
		}
	}
}

func TestConcurrentUse(t *testing.T) {
	c := shop(t)
	s := sample.New(sample.Options{})
	var group sync.WaitGroup
	bodies := make([][]string, 8)
	for n := range bodies {
		group.Go(func() {
			for _, op := range c.Operations() {
				target, err := s.Choose(op, "", "")
				if err != nil {
					t.Error(err)
					continue
				}
				a, err := s.Generate(op, target, 0, 3, given("path.itemId", number("5")))
				if err != nil {
					t.Error(err)
				}
				e, err := s.Example(op, target, "", given("path.itemId", number("2")))
				if err != nil && err != sample.ErrNone {
					t.Error(err)
				}
				bodies[n] = append(bodies[n], string(a.Body), string(e.Body), fmt.Sprint(a.Header))
			}
		})
	}
	group.Wait()
	for n := range bodies {
		if !slices.Equal(bodies[0], bodies[n]) {
			t.Errorf("%q, and %q", bodies[0], bodies[n])
		}
	}
}

func TestDiagnostics(t *testing.T) {
	if found := sample.New(sample.Options{}).Diagnostics(t.Context(), shop(t)); len(found) > 0 {
		t.Error(found)
	}
	c := parse(t, `
openapi: 3.1.0
info: {title: Impossible, version: '1'}
paths:
  /a:
    get:
      operationId: a
      responses:
        '200': {description: '', content: {application/json: {schema: {type: string, allOf: [{minLength: 5}, {maxLength: 2}]}}}}
        '400':
          description: ''
          content: {application/json: {schema: {type: string, allOf: [{minLength: 5}, {maxLength: 2}]}, example: x}}
        '404':
          description: ''
          headers:
            X-No: {required: true, schema: false}
            X-Maybe: {schema: false}
            X-Also: {required: true, schema: {type: integer, enum: []}}
          content: {application/json: {schema: {type: integer}, example: 7}}
        '204': {description: '', content: {application/json: {schema: false}}}
`)
	s := sample.New(sample.Options{})
	var got []string
	for _, d := range s.Diagnostics(t.Context(), c) {
		if d.Level != contract.Error || d.Operation != "a" || d.Rule != "unsatisfiable" {
			t.Errorf("%+v", d)
		}
		at, _, _ := strings.Cut(d.Message, ":")
		got = append(got, d.Position.String()+" "+at)
	}
	want := []string{
		"api.yaml:9:44 no valid answer can be made", "api.yaml:12:21 no valid answer can be made",
		"api.yaml:14:11 the header X-No cannot be given",
	}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	op := operation(t, c, "a")
	target, err := s.Choose(op, "", "")
	if err != nil {
		t.Fatal(err)
	}
	if a, err := s.Generate(op, target, 0, 0, nil); err == nil || a.Body != nil {
		t.Errorf("%s %v", a.Body, err)
	}
}
