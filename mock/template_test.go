package mock_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"standin/mock"
	"standin/mock/contract"
)

func TestTemplates(t *testing.T) {
	files := fstest.MapFS{"t.yaml": {Data: []byte(`
- operation: addPet
  template: true
  respond:
    status: 201
    headers: {X-For: "{{ request.body.name }}"}
    body: {id: "{{ len(request.body.name) + 4 }}", name: "{{ upper(request.body.name) }}!"}
- operation: getPet
  template: true
  when: {path: {petId: 7}}
  respond: {body: {id: "{{ request.path.petId }}", name: "{{ fake.city }}"}}
- operation: getPet
  template: true
  when: {path: {petId: 8}}
  respond: {body: {id: "{{ request.query.no.way }}", name: x}}
- operation: getPet
  template: true
  when: {path: {petId: 9}}
  respond: {body: {id: "{{ uuid }}", name: x}}
- operation: getPet
  when: {path: {petId: 10}}
  respond: {body: {id: 1, name: "{{ 1 }}"}}
`)}}
	s := newServer(t, mock.Fixtures(files))
	w := ask(s, "POST /pets", `{"id":1,"name":"Rex"}`)
	if w.Code != 201 || w.Body.String() != `{"id":7,"name":"REX!"}` || w.Header().Get("X-For") != "Rex" || w.Header().Get("Mock-Violations") != "request=0, response=0" {
		t.Errorf("%d %v %s", w.Code, w.Header(), w.Body)
	}
	w = ask(s, "GET /pets/7", "")
	if again := ask(s, "GET /pets/7", ""); w.Body.String() != again.Body.String() || !strings.HasPrefix(w.Body.String(), `{"id":7,"name":"`) {
		t.Errorf("%s, then %s", w.Body, again.Body)
	}
	if w := ask(s, "GET /pets/8", ""); w.Code != 500 || !strings.Contains(w.Body.String(), "t.yaml:") {
		t.Errorf("a program that fails: %d %s", w.Code, w.Body)
	}
	if w := ask(s, "GET /pets/9", ""); w.Header().Get("Mock-Violations") != "request=0, response=1" {
		t.Errorf("an answer that breaks the document is not marked: %v %s", w.Header(), w.Body)
	}
	if w := ask(s, "GET /pets/10", ""); !strings.Contains(w.Body.String(), `"{{ 1 }}"`) {
		t.Errorf("a text is not a template unless it is said to be one: %s", w.Body)
	}
	broken := fstest.MapFS{"t.yaml": {Data: []byte("{operation: getPet, template: true, respond: {body: {id: 1, name: '{{ 1 + }}'}}}")}}
	found := append([]contract.Diagnostic{{}}, mock.Check(t.Context(), parse(t, pets), broken)...)
	if last := found[len(found)-1]; !strings.Contains(last.String(), "t.yaml:1") || !strings.Contains(last.Message, "template") {
		t.Errorf("a program that cannot be read: %v", found)
	}
}
