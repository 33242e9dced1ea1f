package source

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
)

func ExampleParse() {
	n, err := Parse("pet.yaml", []byte("name: Rex\ntags:\n  - good\n  - dog\n"), Limits{})
	if err != nil {
		fmt.Println(err)
		return
	}
	tag, _ := n.At("/tags/1")
	fmt.Println(tag.Text(), tag.Position(), n.PositionOf("tags"))
	// Output: dog pet.yaml:4:5 pet.yaml:2:1
}

func TestBothSyntaxesReadAlike(t *testing.T) {
	cases := map[string]struct{ json, yaml string }{
		"scalars":    {`{"a":null,"b":true,"c":false,"d":1.50,"e":"x"}`, "a: ~\nb: True\nc: false\nd: 1.50\ne: x\n"},
		"numbers":    {`[1,-1,10,0.5,31,8,12,5.0,1e3,10000000000000000000000001]`, "- +1\n- -1\n- 10\n- .5\n- 0x1F\n- 0o10\n- 012\n- 5.\n- 1e3\n- 10000000000000000000000001\n"},
		"not dates":  {`["2020-01-02","1:30","yes","1_000",".inf"]`, "- 2020-01-02\n- 1:30\n- yes\n- 1_000\n- .inf\n"},
		"quoted":     {`["1","true","null",""]`, "- '1'\n- \"true\"\n- !!str null\n- ''\n"},
		"keys":       {`{"200":1,"true":2}`, "200: 1\ntrue: 2\n"},
		"merge":      {`{"base":{"a":1,"b":2},"x":{"b":3,"a":1}}`, "base: &base {a: 1, b: 2}\nx:\n  b: 3\n  <<: *base\n"},
		"escapes":    {`["é\n\t\"\\\/😀","\u0001"]`, `["\u00e9\n\t\"\\/😀", "\x01"]` + "\n"},
		"flow yaml":  {`{"openapi":"3.0.0"}`, `{openapi: 3.0.0}`},
		"empty ones": {`{"a":{},"b":[]}`, "a: {}\nb: []\n"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			j, err := Parse("x.json", []byte(c.json), Limits{})
			if err != nil {
				t.Fatal(err)
			}
			y, err := Parse("x.yaml", []byte(c.yaml), Limits{})
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(j.Value(), y.Value()) {
				t.Errorf("JSON reads as %s, YAML as %s", j.AppendJSON(nil), y.AppendJSON(nil))
			}
			decoded, err := DecodeJSON([]byte(c.json), Limits{})
			if err != nil || !reflect.DeepEqual(decoded, j.Value()) {
				t.Errorf("DecodeJSON gives %v, %v", decoded, err)
			}
		})
	}
}

func TestErrorsHavePlaces(t *testing.T) {
	cases := []struct{ name, file, text, want string }{
		{"empty", "a.yaml", "", "a.yaml:1:1: the file is empty"},
		{"only a comment", "a.yaml", "# nothing\n", "a.yaml:1:1: the file holds no value"},
		{"truncated", "a.json", "{\"a\": [1,\n 2", "a.json:2:3: the text ends where a comma or ']' should be"},
		{"trailing comma", "a.json", "[1,]", "a.json:1:4: a comma before ']'"},
		{"trailing text", "a.json", "{} x", "a.json:1:4: something follows"},
		{"bad literal", "a.json", "{\"a\": tru}", "a.json:1:7: found 't' where a value should be"},
		{"bad number", "a.json", "[01]", "a.json:1:3: found '1' where a comma"},
		{"bare name", "a.json", "{a: 1}", "a.json:1:2: found 'a' where a name in double quotes"},
		{"control character", "a.json", "[\"a\nb\"]", "a.json:1:4: a control character"},
		{"bad escape", "a.json", `["\x"]`, "a.json:1:3: a backslash that begins no escape"},
		{"open string", "a.json", `["abc`, "a.json:1:2: a string without its closing quote"},
		{"bad UTF-8", "a.json", "[\"\xff\"]", "a.json:1:3: the text is not valid UTF-8"},
		{"deep", "a.json", strings.Repeat("[", 5000), "nested deeper than 256 levels"},
		{"deep yaml", "a.yaml", "x: " + strings.Repeat("[", 5000), "a.yaml:"},
		{"utf-16", "a.json", "\xff\xfe{\x00", "a.json:1:1: the text is UTF-16"},
		{"nul", "a.yaml", "a: 1\nb: \x00", "a.yaml:2:4: the control character"},
		{"unknown alias", "a.yaml", "a: 1\nb: *c", "a.yaml:2:1: unknown anchor"},
		{"tabs", "a.yaml", "a:\n\t- b", "a.yaml:2"},
		{"self alias", "a.yaml", "a: &a [*a]", "a.yaml:1:"},
		{"bomb", "a.yaml", bomb(), "values, aliases counted each time they are used"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := Parse(c.file, []byte(c.text), Limits{})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("got %v, want %q in it", err, c.want)
			}
			var located *Error
			if !errors.As(err, &located) || located.Position.Line == 0 {
				t.Errorf("%#v has no place", err)
			}
		})
	}
}

func bomb() string {
	var b strings.Builder
	b.WriteString("a0: &a0 [x,x,x,x,x,x,x,x,x]\n")
	for i := 1; i < 12; i++ {
		fmt.Fprintf(&b, "a%d: &a%d [%s]\n", i, i, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d,", i-1), 9), ","))
	}
	return b.String()
}

func TestDecodeJSONIsStrict(t *testing.T) {
	for _, text := range []string{"", " ", `{"a":1,"a":2}`, "[1] []", "nul", "\"\xc3\"", "{\"a\":1e99999}", `{"a"}`, `[1 2]`, "1.", "-", "0\x00"} {
		if v, err := DecodeJSON([]byte(text), Limits{}); err == nil {
			t.Errorf("%q reads as %v", text, v)
		}
	}
	if v, err := DecodeJSON([]byte("\xef\xbb\xbf 9007199254740993 "), Limits{}); err != nil || v != json.Number("9007199254740993") {
		t.Errorf("got %v, %v", v, err)
	}
	_, err := DecodeJSON([]byte("{\n \"a\": x}"), Limits{})
	if want := "line 2, column 7: found 'x' where a value should be"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestDuplicateNamesAreFaults(t *testing.T) {
	for file, text := range map[string]string{"a.json": "{\"a\": 1,\n\"a\": 2}", "a.yaml": "a: 1\na: 2\n"} {
		n, err := Parse(file, []byte(text), Limits{})
		if err != nil {
			t.Fatal(file, err)
		}
		faults := n.File().Faults()
		if n.Get("a").Text() != "2" || len(n.Members()) != 1 || len(faults) != 1 || faults[0].Position.Line != 2 {
			t.Errorf("%s: %s with faults %v", file, n.AppendJSON(nil), faults)
		}
	}
}

func TestIndexLeavesPiecesForLater(t *testing.T) {
	pad := strings.Repeat(" ", lazySize)
	text := `{"paths":{"/a":{"get":{"x":[1,2],` + pad + `"s":"}\"]"},"put":{"x":tru` + pad + `}}},
"last":[[[[1]]]]}`
	n, err := Index("a.json", []byte(text), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	item := n.Get("paths").Get("/a")
	if item.Get("get").lazy == nil || len(n.File().Faults()) != 0 {
		t.Fatal("the operation was parsed before it was touched")
	}
	if got := string(item.Get("get").AppendJSON(nil)); got != `{"x":[1,2],"s":"}\"]"}` {
		t.Error(got)
	}
	if got := item.Get("put").Members(); len(got) != 0 || len(n.File().Faults()) != 1 {
		t.Errorf("a broken piece reads as %v with faults %v", got, n.File().Faults())
	}
	if p := n.PositionOf("last"); p.String() != "a.json:2:1" {
		t.Error(p)
	}
}

func TestPointers(t *testing.T) {
	n, err := Parse("a.json", []byte(`{"a/b":{"~":[10,11]},"":1}`), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	for pointer, want := range map[string]string{"/a~1b/~0/1": "11", "/": "1"} {
		if got, err := n.At(pointer); err != nil || got.Text() != want {
			t.Errorf("%s is %v, %v", pointer, got, err)
		}
	}
	for _, pointer := range []string{"a", "/x", "/a~1b/~0/2", "/a~1b/~0/01", "/a~1b/~0/-1", "//x"} {
		if got, err := n.At(pointer); err == nil {
			t.Errorf("%s is %s", pointer, got.AppendJSON(nil))
		}
	}
	if got := Escape("a/b~c"); got != "a~1b~0c" || Unescape(got) != "a/b~c" {
		t.Error(got)
	}
}

// TestFaults shows what is told and yet does not keep the rest from being read.
func TestFaults(t *testing.T) {
	for _, tt := range []struct{ file, text, value, fault string }{
		{"a.json", "[1,\n1e1000000]", `[1,"1e1000000"]`, "a.json:2:1: the number 1e1000000 has an exponent beyond ±4096; it is read as a string"},
		{"a.yaml", "a: -1e1000000", `{"a":"-1e1000000"}`, "a.yaml:1:4: the number -1e1000000 has an exponent beyond ±4096; it is read as a string"},
		{"a.json", strings.Repeat("9", 9999), `"` + strings.Repeat("9", 9999) + `"`, "a.json:1:1: a number longer than 4096 digits; it is read as a string"},
		{"a.yaml", "<<: 7\na: 1", `{"a":1}`, "a.yaml:1:1: the merge key << takes an object or a list of them, not number; it is left out"},
		{"a.yaml", "a: 1\n---\nb: 2", `{"a":1}`, "a.yaml:2:1: the file holds more than one YAML document; the first one counts"},
	} {
		n, err := Parse(tt.file, []byte(tt.text), Limits{})
		if err != nil {
			t.Error(err)
			continue
		}
		faults := n.File().Faults()
		if got := string(n.AppendJSON(nil)); got != tt.value || len(faults) != 1 || faults[0].Error() != tt.fault {
			t.Errorf("%q reads as %.50s with faults %v", tt.text, got, faults)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{`{"a":[1,2.5e3,"x",null,true]}`, "a: &x [1]\nb: *x\n", "{a: 1", "\"\\ud83d\\ude00\"", "<<: {a: 1}"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		n, err := Parse("x", text, Limits{Values: 10000})
		if err != nil {
			return
		}
		again, err := DecodeJSON(n.AppendJSON(nil), Limits{})
		if err != nil || !reflect.DeepEqual(again, n.Value()) {
			t.Fatalf("%q writes as %s: %v", text, n.AppendJSON(nil), err)
		}
	})
}

func FuzzDecodeJSON(f *testing.F) {
	f.Add([]byte(`{"a":[1,2.5e3,"\u00e9",null,true]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		v, err := DecodeJSON(text, Limits{})
		if err == nil && !json.Valid([]byte(strings.TrimPrefix(string(text), "\xef\xbb\xbf"))) {
			t.Fatalf("%q is no JSON, yet reads as %v", text, v)
		}
		lazy, lazyErr := Index("x.json", text, Limits{})
		if err == nil && lazyErr == nil && !reflect.DeepEqual(lazy.Value(), v) {
			t.Fatalf("%q indexes as %v", text, lazy.Value())
		}
	})
}

func BenchmarkDecodeJSON(b *testing.B) {
	text := []byte(`{"reference":"ORD-482913","email":"ada@example.com","status":"paid","total":199.9,"ship_to":{"street":"12 Analytical Row","city":"London"},"lines":[{"sku":"SKU-1000","quantity":1},{"sku":"SKU-1001","quantity":2}]}`)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := DecodeJSON(text, Limits{}); err != nil {
			b.Fatal(err)
		}
	}
}
