package mock_test

import (
	"strings"
	"testing"
	"time"

	"standin/mock"
)

// TestPreferences asks for each thing that a client may ask of the mock itself, rightly and wrongly; reset and its like, which leave no
// answer, are asked for in TestFaults.
func TestPreferences(t *testing.T) {
	const list, pet = "GET /pets", "GET /pets/1"
	plain := func(s *mock.Server, request string) string { return ask(s, request, "").Body.String() }
	for _, c := range []struct {
		request, prefer string
		status          int
		source, applied string // of the headers; "" for anything
		body            string // what it holds
	}{
		{list, "code=400", 400, "generated", "code=400", `"message"`},
		{pet, `code="404"`, 404, `example;name="gone"`, "code=404", "gone"},
		{pet, "CODE = 404 ; why=not", 404, `example;name="gone"`, "code=404", "gone"},
		{list, "code=200", 200, "example", "code=200", "Rex"},
		{"POST /pets", "code=409", 409, "generated", "code=409", "{"},
		{list, "code=404", 404, "", "", "listPets documents no answer 404; there is 200, 400"},
		{list, "code=404, handling=lenient", 200, "example", "handling=lenient", "Rex"},
		{list, "code=99", 400, "", "", "code is a status from 100 to 599, not"},
		{list, "code=600", 400, "", "", "code is a status"},
		{list, "code=4XX", 400, "", "", "code is a status"},
		{list, "code", 400, "", "", "code is a status"},
		{list, "example=none", 200, `example;name="none"`, "example=none", "[]"},
		{list, `example="wrong"`, 200, `example;name="wrong"`, "example=wrong", "zero"},
		{pet, "example=gone", 404, `example;name="gone"`, "example=gone", "gone"},
		{pet, "example=gone, code=404", 404, `example;name="gone"`, "example=gone, code=404", "gone"},
		{pet, "example=gone, code=200", 404, "", "", "no example of getPet is called"},
		{list, "example=three", 404, "", "", "there is two, none, wrong"},
		{list, "example=three, handling=lenient", 200, "example", "handling=lenient", "Rex"},
		{list, "example", 400, "", "", "example is the name of an example, not empty"},
		{list, "dynamic", 200, "generated", "dynamic=", `"name"`},
		{list, "dynamic=true", 200, "generated", "dynamic=true", `"name"`},
		{list, "dynamic=false", 200, "state", "dynamic=false", "Rex"},
		{list, "dynamic=maybe", 400, "", "", "dynamic is true or false, not"},
		{list, "dynamic, seed=7", 200, "generated", "dynamic=, seed=7", `"name"`},
		{list, "dynamic, seed=18446744073709551615", 200, "generated", "", `"name"`},
		{list, "seed=-1", 400, "", "", "seed is a whole number from 0"},
		{list, "seed=1.5", 400, "", "", "seed is a whole number from 0"},
		{list, "seed=18446744073709551616", 400, "", "", "seed is a whole number from 0"},
		{list, "seed", 400, "", "", "seed is a whole number from 0"},
		{list, "size=1", 200, "generated", "size=1", `[{"id"`},
		{pet, "size=5", 200, "generated", "size=5", `"name"`},
		{list, "size=0", 400, "", "", "size is a whole number from 1 to 10000"},
		{list, "size=10001", 400, "", "", "size is a whole number from 1 to 10000"},
		{list, "size=many", 400, "", "", "size is a whole number from 1 to 10000"},
		{"GET /pets?nope=1", "handling=strict", 400, "refusal", "handling=strict", "nope"},
		{"GET /pets?nope=1", "handling=default", 200, "state", "handling=default", "Rex"},
		{"GET /pets?limit=0", "handling=lenient", 200, "example", "handling=lenient", "Rex"},
		{list, "handling=loose", 400, "", "", "handling"},
		{list, "delay=0", 200, "state", "delay=0", "Rex"},
		{list, "delay=20", 200, "state", "delay=20", "Rex"},
		{list, "delay=20ms", 200, "state", "delay=20ms", "Rex"},
		{list, "delay=-1", 400, "", "", "delay is a time like 1500ms from 0 to 30s"},
		{list, "delay=31s", 400, "", "", "delay is a time"},
		{list, "delay=soon", 400, "", "", "delay is a time"},
		{list, "fault=truncate", 200, "fault;kind=truncate", "fault=truncate", "["},
		{list, "fault=fire", 400, "", "", "fault is one of reset, empty, truncate, garbage, slow"},
		{list, "state=off", 200, "example", "state=off", "Rex"},
		{"POST /pets", "state=off", 201, "generated", "state=off", `"name"`},
		{"POST /pets", "state=on", 201, "state", "state=on", "Rex"},
		{list, "state=maybe", 400, "", "", "state is on or off, not"},
		{list, "respond-async, wait=10, return=minimal", 200, "state", "", "Rex"},
		{list, "code=200, code=400", 200, "example", "code=200", "Rex"}, // RFC 7240, 2
		{list, `foo="a, code=400", example=none`, 200, `example;name="none"`, "example=none", "[]"},
		{"GET /pets?__code=400", "", 400, "generated", "code=400", `"message"`},
		{"GET /pets?__example=none&__delay=1", "", 200, `example;name="none"`, "example=none, delay=1", "[]"},
		{"GET /pets?__code=%zz", "", 400, "", "", "__code"},
		{"GET /pets?__dynamic=perhaps", "", 400, "", "", "dynamic is true or false"},
	} {
		t.Run(c.request+" "+c.prefer, func(t *testing.T) {
			body := ""
			if strings.HasPrefix(c.request, "POST") {
				body = `{"id": 1, "name": "Rex"}`
			}
			began := time.Now()
			w := ask(newServer(t), c.request, body, "Prefer: "+c.prefer)
			if w.Code != c.status || !strings.Contains(w.Body.String(), c.body) {
				t.Fatalf("%d %s; want %d %s", w.Code, w.Body, c.status, c.body)
			}
			if source := w.Header().Get("Mock-Source"); !strings.HasPrefix(source, c.source) {
				t.Errorf("answered by %s", source)
			}
			if applied := w.Header().Get("Preference-Applied"); c.applied != "" && applied != c.applied {
				t.Errorf("applied: %q, want %q", applied, c.applied)
			}
			if took := time.Since(began); strings.HasPrefix(c.prefer, "delay=20") && took < 20*time.Millisecond {
				t.Errorf("the answer came after %v", took)
			}
		})
	}
	s := newServer(t)
	first := ask(s, list, "", "Prefer: dynamic, seed=7").Body.String()
	if again := ask(newServer(t, mock.Seed(9)), list, "", "Prefer: dynamic, seed=7").Body.String(); again != first {
		t.Error("one seed gives two answers")
	}
	if other := ask(s, list, "", "Prefer: dynamic, seed=8").Body.String(); other == first {
		t.Error("two seeds give one answer")
	}
	before := plain(s, list)
	ask(s, "POST /pets", `{"id": 77, "name": "Rex"}`, "Prefer: state=off")
	if after := plain(s, list); after != before {
		t.Errorf("state=off was remembered: %s, before %s", after, before)
	}
}
