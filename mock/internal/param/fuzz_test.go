package param

import (
	"encoding/json"
	"math/rand/v2"
	"testing"

	"standin/mock/schema"
)

// fuzzSpecs are parameters of every style and shape.
func fuzzSpecs() []string {
	nested := "{type: object, properties: {a: {type: integer}, l: {type: array, items: {type: number}}, o: {type: object, additionalProperties: {type: boolean}}}}"
	union := "{anyOf: [{type: integer}, {type: boolean}, {type: array, items: {type: [integer, string]}}, " + colour + "]}"
	var specs []string
	for _, s := range []string{"{}", "{type: string}", "{type: [integer, 'null']}", integers, words, colour, nested, union} {
		for _, explode := range []bool{false, true} {
			for _, style := range []string{"simple", "label", "matrix"} {
				specs = append(specs, param("path", style, explode, s))
			}
			for _, style := range []string{"form", "spaceDelimited", "pipeDelimited", "deepObject"} {
				specs = append(specs, param("query", style, explode, s))
			}
			specs = append(specs, param("header", "simple", explode, s), param("cookie", "form", explode, s))
		}
	}
	return append(specs, "{name: p, in: query, content: {application/json: {}}}", "{name: p, in: query, schema: {type: object, additionalProperties: {type: integer}}}")
}

func FuzzDecode(f *testing.F) {
	var decoders []*Decoder
	for i, spec := range fuzzSpecs() {
		decoders = append(decoders, decoderOf(f, spec))
		f.Add(i, "p=1,2&p[a]=3&p[l][]=4&R=5")
	}
	for _, raw := range []string{".a,b.c", ";p=1;p=2;R=3", "p%5B0%5D[=%zz", "R,1,G,2", "p=%7B%22a%22%3A1e9%7D", "p[][a]=1&p[][a]=2&p[0]=", "a|b%7Cc", "a%20b+c"} {
		f.Add(1, raw)
	}
	f.Fuzz(func(t *testing.T, i int, raw string) {
		if i < 0 {
			i = -(i + 1)
		}
		d := decoders[i%len(decoders)]
		v, present, err := decode(d, raw)
		if err != nil || !present {
			if accepted := d.spec.In == InPath && d.AcceptPath(raw); accepted {
				t.Fatalf("%q is accepted at a glance, but %v", raw, err)
			}
			return
		}
		checkRoundTrip(t, d, v)
		checkAccept(t, d, raw, len(d.Check(v, schema.Options{})) == 0)
	})
}

func FuzzForm(f *testing.F) {
	form, _ := formOf(f, "{schema: {type: object, properties: {a: {type: integer}, l: {type: array, items: {type: number}}, o: "+colour+", j: {type: object}}}, encoding: {l: {explode: false}, j: {contentType: application/json}, o: {style: form, explode: true}}}")
	for _, body := range []string{"a=1&l=1,2&R=1&j={}", "x[][y]=1&x[][y]=2&x[0]=3", "a=%zz", "l[]=1&l=2", "j=[&o[R]=1"} {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		v, err := form.Decode([]byte(body))
		if err != nil {
			return
		}
		text, err := form.Encode(v)
		if err != nil {
			return
		}
		if back, err := form.Decode([]byte(text)); err != nil || !schema.Equal(back, v) {
			t.Fatalf("%s is written %q, which reads as %s", show(v, true, nil), text, show(back, true, err))
		}
	})
}

// Values of the right shape can nearly always be written, and then read back the same.
func TestGeneratedValuesRoundTrip(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	word := func() string {
		const letters = "aé %&=+,;.|[]/?#\"\\0"
		runes := []rune(letters)
		out := make([]rune, 1+random.IntN(4))
		for i := range out {
			out[i] = runes[random.IntN(len(runes))]
		}
		return "x" + string(out) + "x"
	}
	number := func() any { return json.Number(itoa(random.IntN(2000) - 1000)) }
	makers := map[string]func() any{
		"{type: string}":  func() any { return word() },
		"{type: integer}": func() any { return number() },
		words:             func() any { return []any{word(), word(), word()} },
		integers:          func() any { return []any{number(), number()} },
		person:            func() any { return map[string]any{"name": word(), "description": word()} },
		colour:            func() any { return map[string]any{"R": number(), "B": number()} },
	}
	for s, value := range makers {
		for _, explode := range []bool{false, true} {
			specs := []string{param("path", "simple", explode, s), param("path", "label", explode, s), param("path", "matrix", explode, s),
				param("query", "form", explode, s), param("cookie", "form", explode, s)}
			if s == person || s == colour {
				specs = append(specs, param("query", "deepObject", explode, s))
			}
			for _, spec := range specs {
				d := decoderOf(t, spec)
				for range 20 {
					v := value()
					if _, err := d.Encode(v); err != nil {
						t.Errorf("%s of %s: %v (written %q)", spec, show(v, true, nil), err, first(d.write(v)))
						break
					}
				}
			}
		}
	}
}

func first(s string, _ error) string { return s }
