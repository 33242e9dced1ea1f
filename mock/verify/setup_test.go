package verify_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"standin/mock/contract"
	"standin/mock/verify"
)

func environment(name string) string {
	return map[string]string{"KEY": rightKey, "PASSWORD": "opensesame"}[name]
}

// withSetup verifies the pets by hand, with what a setup says.
func withSetup(t *testing.T, text string, h http.Handler) (*verify.Report, error) {
	t.Helper()
	c, err := contract.Load(t.Context(), "testdata/planted/pets.yaml")
	if err != nil {
		t.Fatal(err)
	}
	s, err := verify.ParseSetup("setup.yaml", []byte(text), environment)
	if err != nil {
		return nil, err
	}
	web := httptest.NewServer(h)
	defer web.Close()
	return verify.Run(t.Context(), c, web.URL, verify.Options{All: true, Seed: 1, Setup: s, Client: web.Client()})
}

// TestSetup sends rows first, speaks of them by their names, sends what is said, and leaves out what is to be left out.
func TestSetup(t *testing.T) {
	var mu sync.Mutex
	var asked []string
	pets := newByHand(pets(), fault{operation: "listPets", verb: "unset", args: []string{"X-Total"}})
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		asked = append(asked, r.Method+" "+r.URL.String())
		mu.Unlock()
		pets.ServeHTTP(w, r)
	})
	const text = `
credentials: {key: $KEY}
rows:
  - {operation: createPet, body: {name: Ann, kind: hen, tags: [red]}, as: hen}
  - {operation: createPet, body: {name: "{{ hen.name }}", kind: "{{ hen.kind }}"}}
operations:
  "*": {without: [negotiation]}
  getPet: {path: {id: "{{ hen.id }}"}}
  listPets: {without: [header], query: {kind: hen}}
  deletePet: {skip: it hurts}
`
	report, err := withSetup(t, text, h)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range report.Findings {
		t.Errorf("%s %s: %s", f.Check, f.Operation, f.Message)
	}
	mu.Lock()
	all := strings.Join(asked, "\n")
	mu.Unlock()
	for _, one := range []string{"GET /pets/101\n", "GET /pets?kind=hen\n", "POST /pets\nPOST /pets\n"} {
		if !strings.Contains(all, one) {
			t.Errorf("nobody asked %q", one)
		}
	}
	if !strings.HasPrefix(all, "POST /pets\nPOST /pets\n") || strings.Contains(all, "DELETE /pets/") && report.Operations[4].Skipped != "it hurts" {
		t.Errorf("%v", report.Operations)
	}
	if share := report.Coverage["operations"]; share.Seen != 4 || share.Total != 5 {
		t.Errorf("%v", report.Coverage)
	}
}

// TestSetupMisuse tells what is wrong with a setup, and where.
func TestSetupMisuse(t *testing.T) {
	for text, want := range map[string]string{
		"[":                                     "setup.yaml",
		"7":                                     "this is no setup",
		"logins: {}":                            `"logins" means nothing here`,
		"credentials: {key: $NOBODY}":           "the environment variable NOBODY is not set",
		"operations: {getCat: {}}":              `setup.yaml:1:22: the document has no operation "getCat"`,
		"operations: {getPet: {skp: true}}":     `"skp" means nothing here`,
		"operations: {getPet: {without: [x]}}":  `there is no check "x"`,
		"operations: {getPet: {path: {nr: 1}}}": `getPet has no path parameter "nr"`,
		"operations: {getPet: {path: {id: '{{ x }}'}}}":                      "x",
		"login: {operation: logIn, token: /t}":                               `the document has no operation "logIn"`,
		"rows: [{operation: createPet, body: {kind: 1}}]":                    "createPet is answered 401",
		"credentials: {key: $KEY}\nrows: [{operation: createPet, body: {}}]": "setup.yaml:2:8: createPet is answered 422",
	} {
		if _, err := withSetup(t, text, newByHand(pets(), fault{})); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, and not %q", text, err, want)
		}
	}
}

const doors = `openapi: 3.1.0
info: {title: Doors, version: 1.0.0}
x-mock: {login: {operation: logIn, token: /token, scheme: session, header: "OAuth {token}", example: ann}}
components: {securitySchemes: {session: {type: apiKey, in: header, name: Authorization}}}
paths:
  /login:
    post:
      operationId: logIn
      requestBody: {required: true, content: {application/json: {
        schema: {type: object, required: [name, password], properties: {name: {type: string}, password: {type: string}}},
        examples: {ann: {value: {name: ann, password: secret}}}}}}
      responses: {'200': {description: In., content: {application/json: {schema: {type: object, required: [token], properties: {token: {type: string}}}}}}, '403': {description: No.}, 4XX: {description: No.}}
  /door:
    get: {operationId: getDoor, security: [{session: []}], responses: {'204': {description: Open.}, '401': {description: No.}}}
`

// TestLogin logs in as the document says, or as the setup does, again where the session has ended, and tries a session that nobody has.
func TestLogin(t *testing.T) {
	c, err := contract.Parse(t.Context(), "doors.yaml", []byte(doors))
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range []struct {
		name, setup, password string
		open                  bool // to every session
		wrong                 string
	}{
		{name: "as the document says", password: "secret"},
		{name: "as the setup says", setup: "login: {operation: logIn, body: {name: bob, password: $PASSWORD}, token: /token, header: 'OAuth {token}'}", password: "opensesame"},
		{name: "to an open door", password: "secret", open: true, wrong: "with wrong credentials it is answered 204"},
		{name: "in vain", password: "another", wrong: "logging in with logIn: it is answered 403"},
		{name: "not at all", setup: "login: false", password: "another"},
	} {
		t.Run(one.name, func(t *testing.T) {
			logins := 0
			web := httptest.NewServer(doorkeeper(one.password, one.open, &logins))
			defer web.Close()
			o := verify.Options{All: true, Seed: 1, Client: web.Client(), Workers: 1}
			if one.setup != "" {
				if o.Setup, err = verify.ParseSetup("setup.yaml", []byte(one.setup), environment); err != nil {
					t.Fatal(err)
				}
			}
			report, err := verify.Run(t.Context(), c, web.URL, o)
			told := ""
			if err != nil {
				told = err.Error()
			}
			for _, f := range report.Findings {
				told += f.Message
			}
			if one.wrong == "" && told != "" || !strings.Contains(told, one.wrong) {
				t.Errorf("%q, and not %q", told, one.wrong)
			}
			if one.wrong == "" && one.setup != "login: false" && logins < 2 {
				t.Errorf("%d logins, though each session ends after five requests", logins)
			}
		})
	}
}

// doorkeeper lets in who logged in, for five requests.
func doorkeeper(password string, open bool, logins *int) http.Handler {
	token, left := "", 0
	mux := http.NewServeMux()
	mux.HandleFunc("POST /login", func(w http.ResponseWriter, r *http.Request) {
		given, ok := parsedBody(r)
		name, isText := given["name"].(string)
		secret, isSecret := given["password"].(string)
		switch {
		case !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json"):
			w.WriteHeader(415)
		case !ok || !isText || !isSecret:
			w.WriteHeader(400)
		case name == "" || secret != password:
			w.WriteHeader(403)
		default:
			*logins++
			token, left = strings.Repeat("x", *logins)+"1", 5
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write([]byte(`{"token":"` + token + `"}`))
		}
	})
	mux.HandleFunc("GET /door", func(w http.ResponseWriter, r *http.Request) {
		given := r.Header.Get("Authorization")
		if left--; given == "" || !open && (given != "OAuth "+token || left < 0) {
			w.WriteHeader(401)
			return
		}
		w.WriteHeader(204)
	})
	return mux
}

func parsedBody(r *http.Request) (map[string]any, bool) {
	var v map[string]any
	err := json.NewDecoder(r.Body).Decode(&v)
	return v, err == nil
}
