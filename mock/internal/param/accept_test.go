package param

import (
	"strings"
	"testing"

	"standin/mock/schema"
)

func TestAcceptAtAGlance(t *testing.T) {
	cases := []struct{ schema, accepted, unknown string }{
		{"{type: string}", "a 7 a,b", "%41 é"},
		{"{type: string, minLength: 2, maxLength: 3}", "ab abc", "a abcd"},
		{"{type: string, pattern: '^[a-z]+$'}", "abc", "abc1"},
		{"{type: string, enum: [asc, desc]}", "asc desc", "up"},
		{"{const: asc}", "asc", "desc"},
		{"{type: integer}", "0 7 -7 123456789012345678", "007 1.0 1e3 x 12345678901234567890"},
		{"{type: integer, minimum: 1, maximum: 10}", "1 10", "0 11 -1"},
		{"{type: integer, exclusiveMinimum: 1, exclusiveMaximum: 10, multipleOf: 3}", "3 9", "1 10 4"},
		{"{type: integer, format: int32}", "2147483647", "2147483648"},
		{"{type: integer, enum: [1, 2]}", "1 2", "3"},
		{"{type: number}", "1 1.5 -0.25", "1e3 x 01"},
		{"{type: number, maximum: 2}", "1", "3 2.5 1.5"},
		{"{type: number, maximum: 2.5}", "", "1"},
		{"{type: number, format: decimal128}", "", "1"},
		{"{type: boolean}", "true false", "True 1"},
		{"{allOf: [{type: integer}, {minimum: 3}]}", "3", "2"},
		{"{type: integer, not: {const: 3}}", "", "4"},
		{"{type: [integer, string]}", "", "4"},
		{"{anyOf: [{type: integer}]}", "", "4"},
		{"{type: string, format: uuid}", "", "x"},
		{integers, "", "1"},
		{"{}", "", "1"},
		{"false", "", "1"},
	}
	for _, c := range cases {
		p, q, h := decoderOf(t, path(c.schema)), decoderOf(t, query(c.schema)), decoderOf(t, header(c.schema))
		for _, raw := range append(strings.Fields(c.accepted), strings.Fields(c.unknown)...) {
			want := strings.Contains(" "+c.accepted+" ", " "+raw+" ")
			parsed, err := ParseQuery("q=1&p=" + raw)
			if err != nil {
				t.Fatal(err)
			}
			got := [...]bool{p.AcceptPath(raw), q.AcceptQuery(parsed), h.AcceptHeader([]string{raw})}
			if got != [...]bool{want, want, want} && raw != "%41" {
				t.Errorf("%s under %s is accepted in path, query, header: %v, want %v", raw, c.schema, got, want)
			}
			if v, err := p.Path(raw); want && (err != nil || len(p.Check(v, schema.Options{})) > 0) {
				t.Errorf("%s under %s is accepted, but wrong", raw, c.schema)
			}
			if left := parsed.Unused(); q.fast != nil && (len(left) != 1 || left[0] != "q") {
				t.Errorf("%v are left", left)
			}
		}
	}
}

func TestAcceptAbsence(t *testing.T) {
	optional, required := decoderOf(t, query("{type: integer}")), decoderOf(t, "{name: p, in: query, required: true, schema: {type: integer}}")
	list, object := decoderOf(t, query(integers)), decoderOf(t, query(colour))
	deep := decoderOf(t, param("query", "deepObject", true, colour))
	for raw, want := range map[string][5]bool{
		"":            {true, false, true, true, true},
		"x=1":         {true, false, true, false, true},
		"p=1":         {true, true, false, false, false},
		"p=1&p=2":     {false, false, false, false, false},
		"p[R]=1":      {true, false, false, false, false},
		"p=x":         {false, false, false, false, false},
		"p=1&x=%zz":   {true, true, false, false, false},
		"px=1&x[p]=1": {true, false, true, false, true},
	} {
		var got [5]bool
		for i, d := range []*Decoder{optional, required, list, object, deep} {
			q, err := ParseQuery(raw)
			if err != nil {
				t.Fatal(err)
			}
			got[i] = d.AcceptQuery(q)
		}
		if got != want {
			t.Errorf("%q: got %v, want %v", raw, got, want)
		}
	}
	needed := decoderOf(t, "{name: X-P, in: header, required: true, schema: {type: integer}}")
	if needed.AcceptHeader(nil) || needed.AcceptHeader([]string{"1", "2"}) || !decoderOf(t, header("{type: integer}")).AcceptHeader(nil) {
		t.Error("absence of headers")
	}
	if !decoderOf(t, cookie("{type: integer}")).AcceptCookie(nil) || decoderOf(t, "{name: p, in: cookie, required: true}").AcceptCookie(nil) {
		t.Error("absence of cookies")
	}
}

func TestAcceptDoesNotAllocate(t *testing.T) {
	p, q := decoderOf(t, path("{type: integer, minimum: 1}")), decoderOf(t, query("{type: string, maxLength: 10}"))
	var parsed Query
	n := testing.AllocsPerRun(100, func() {
		if err := parsed.Parse("a=1&p=abc"); err != nil || !p.AcceptPath("42") || !q.AcceptQuery(&parsed) {
			t.Error("not accepted")
		}
	})
	if n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestQueryServesAgain(t *testing.T) {
	var q Query
	for _, raw := range []string{strings.Repeat("a=1&", 20), "b=2", "a=3", ""} {
		if err := q.Parse(raw); err != nil {
			t.Fatal(err)
		}
		if got, _, _ := strings.Cut(raw, "="); strings.Join(q.Unused(), " ") != got {
			t.Errorf("%q has the names %v", raw, q.Unused())
		}
	}
}
