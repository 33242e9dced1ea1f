package param

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"standin/mock/internal/source"
	"standin/mock/schema"
)

// Every parameter and form of real documents compiles, and reads or refuses any text without a panic.
func TestCorpus(t *testing.T) {
	shared := os.Getenv("STANDIN_SHARED")
	if shared == "" {
		t.Skip("STANDIN_SHARED names no folder with shared material")
	}
	wanted := map[string][2]int{ // parameters, forms
		"twilio-messaging.yaml": {105, 16}, "figma.yaml": {117, 0}, "lob.yml": {174, 34}, "petstore3.yaml": {17, 5}, "google-container.json": {736, 0},
	}
	for name, want := range wanted {
		text, err := os.ReadFile(filepath.Join(shared, "corpus", name))
		if err != nil {
			t.Fatal(err)
		}
		root, err := source.Parse(name, text, source.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		sweep := sweep{t: t, root: root, schemas: schema.NewCompiler(document{root}, schema.OpenAPI30)}
		for _, item := range root.Get("paths").Members() {
			sweep.parameters(item.Value)
			for _, operation := range item.Value.Members() {
				sweep.parameters(operation.Value)
				sweep.form(operation.Value.Get("requestBody").Get("content").Get("application/x-www-form-urlencoded"))
			}
		}
		if got := [2]int{sweep.parameterCount, sweep.formCount}; got != want {
			t.Errorf("%s: %v parameters and forms, want %v", name, got, want)
		}
	}
}

type sweep struct {
	t                         *testing.T
	root                      *source.Node
	schemas                   *schema.Compiler
	parameterCount, formCount int
}

func (s *sweep) parameters(at *source.Node) {
	for _, p := range at.Get("parameters").Items() {
		if ref := p.Get("$ref"); ref != nil {
			p, _ = s.root.At(strings.TrimPrefix(ref.Text(), "#"))
		}
		spec := Spec{Name: p.Get("name").Text(), In: map[string]In{"path": InPath, "query": InQuery, "header": InHeader, "cookie": InCookie}[p.Get("in").Text()]}
		spec.Style, _ = StyleNamed(p.Get("style").StringOr(""))
		spec.Explode = spec.Style.Explodes(spec.In)
		if n := p.Get("schema"); n != nil {
			spec.Schema = s.schemas.Compile("test:doc", n)
		}
		d, err := Compile(spec)
		if err != nil {
			s.t.Errorf("%v: %v", p.Position(), err)
			continue
		}
		s.parameterCount++
		for _, text := range []string{"1", "x", "a,b", "true", ""} {
			if spec.In == InQuery {
				text = spec.Name + "=" + text + "&" + spec.Name + "[a]=1"
			}
			if v, present, err := decode(d, text); err == nil && present {
				checkRoundTrip(s.t, d, v)
				checkAccept(s.t, d, text, len(d.Check(v, schema.Options{})) == 0)
			}
		}
	}
}

func (s *sweep) form(n *source.Node) {
	if n == nil {
		return
	}
	encodings := map[string]Encoding{}
	for _, m := range n.Get("encoding").Members() {
		encodings[m.Name] = encodingOf(s.t, m.Value)
	}
	compiled := s.schemas.Compile("test:doc", n.Get("schema"))
	f, err := CompileForm(compiled, encodings, schema.Request)
	if err != nil {
		s.t.Errorf("%v: %v", n.Position(), err)
		return
	}
	s.formCount++
	for name := range f.names.listed {
		for _, text := range []string{"=1", "=x&other=true", "[a]=1", "[0]=5&" + name + "[1]=6", "={}"} {
			v, err := f.Decode([]byte(name + text))
			if err != nil {
				continue
			}
			compiled.Check(v, schema.Options{})
			if _, ok := v.(map[string]any)[name]; !ok {
				s.t.Errorf("%v: %s reads as %s", n.Position(), name+text, show(v, true, nil))
			}
		}
	}
}
