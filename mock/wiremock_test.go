package mock_test

import (
	"net/http"
	"strings"
	"testing"

	"standin/mock"
)

// TestWireMock imports a mapping for each feature, and asks what it answers; or what is told of it, where it cannot be said.
func TestWireMock(t *testing.T) {
	const ok = `"response":{"status":299,"body":"hit"}`
	for name, c := range map[string]struct {
		mapping string
		hits    []string // requests that it answers, with headers behind a bar
		misses  []string
		told    string // in the findings
		want    string // in the answers, "hit" if empty
	}{
		"url":               {`{"request":{"method":"GET","url":"/owners?page=2"},` + ok + `}`, []string{"GET /owners?page=2"}, []string{"GET /owners", "POST /owners"}, "", ""},
		"url path":          {`{"request":{"method":"GET","urlPath":"/owners/o1"},` + ok + `}`, []string{"GET /owners/o1"}, []string{"GET /owners/o2"}, "", ""},
		"url path template": {`{"request":{"method":"GET","urlPathTemplate":"/owners/{ownerId}","pathParameters":{"ownerId":{"matches":"a.*"}}},` + ok + `}`, []string{"GET /owners/a7"}, []string{"GET /owners/b7"}, "", ""},
		"url path pattern":  {`{"request":{"method":"GET","urlPathPattern":"/owners/[0-9]+"},` + ok + `}`, []string{"GET /owners/12"}, []string{"GET /owners/a12", "GET /owners"}, "", ""},
		"any segment":       {`{"request":{"method":"GET","urlPathPattern":"/owners/[^/]+/pets"},` + ok + `}`, []string{"GET /owners/x/pets"}, []string{"GET /owners/x"}, "", ""},
		"all below":         {`{"request":{"method":"GET","urlPattern":"/owners/.*"},` + ok + `}`, []string{"GET /owners/x", "GET /owners/x/pets"}, []string{"GET /owners"}, "", ""},
		"alternatives":      {`{"request":{"method":"GET","urlPathPattern":"/(owners|pets)"},` + ok + `}`, []string{"GET /owners"}, nil, "", ""},
		"url pattern":       {`{"request":{"method":"GET","urlPattern":"/owners\\?page=[12]"},` + ok + `}`, []string{"GET /owners?page=1"}, []string{"GET /owners?page=3", "GET /owners"}, "", ""},
		"odd query":         {`{"request":{"method":"GET","urlPattern":"/owners\\?(page|sort)=.*"},` + ok + `}`, []string{"GET /owners"}, nil, "name=pattern", ""},
		"any method":        {`{"request":{"method":"ANY","url":"/owners/o1"},` + ok + `}`, []string{"GET /owners/o1", "DELETE /owners/o1"}, []string{"GET /owners"}, "", ""},
		"any request":       {`{"request":{},` + ok + `}`, []string{"GET /owners/o1", "GET /owners"}, nil, "", ""},
		"any get":           {`{"request":{"method":"GET","urlPattern":".*"},` + ok + `}`, nil, nil, "no operation", ""},
		"all gets":          {`{"request":{"method":"GET"},` + ok + `}`, []string{"GET /owners/o1", "GET /owners"}, []string{"DELETE /owners/o1"}, "", ""},
		"nowhere":           {`{"request":{"method":"GET","urlPattern":"/nowhere/[a-z]+"},` + ok + `}`, nil, nil, "no operation", ""},
		"equal to":          {`{"request":{"method":"GET","url":"/owners","headers":{"X-T":{"equalTo":"a"}}},` + ok + `}`, []string{"GET /owners|X-T: a"}, []string{"GET /owners|X-T: A"}, "", ""},
		"any case":          {`{"request":{"method":"GET","url":"/owners","headers":{"X-T":{"equalTo":"ab","caseInsensitive":true}}},` + ok + `}`, []string{"GET /owners|X-T: aB"}, []string{"GET /owners|X-T: abc"}, "", ""},
		"contains":          {`{"request":{"method":"GET","url":"/owners","headers":{"X-T":{"contains":"b.d"}}},` + ok + `}`, []string{"GET /owners|X-T: ab.de"}, []string{"GET /owners|X-T: abcde"}, "", ""},
		"contains not":      {`{"request":{"method":"GET","url":"/owners","headers":{"X-T":{"doesNotContain":"b"}}},` + ok + `}`, []string{"GET /owners|X-T: a"}, []string{"GET /owners|X-T: abc"}, "", ""},
		"matches":           {`{"request":{"method":"GET","url":"/owners","headers":{"X-T":{"matches":"a+"}}},` + ok + `}`, []string{"GET /owners|X-T: aa"}, []string{"GET /owners|X-T: aab"}, "", ""},
		"matches not":       {`{"request":{"method":"GET","url":"/owners","headers":{"X-T":{"doesNotMatch":"a+"}}},` + ok + `}`, []string{"GET /owners|X-T: aab"}, []string{"GET /owners|X-T: aa"}, "", ""},
		"absent":            {`{"request":{"method":"GET","url":"/owners","queryParameters":{"sort":{"absent":true}}},` + ok + `}`, []string{"GET /owners"}, []string{"GET /owners?sort=name"}, "", ""},
		"or":                {`{"request":{"method":"GET","url":"/owners","headers":{"X-T":{"or":[{"equalTo":"a"},{"equalTo":"b"}]}}},` + ok + `}`, []string{"GET /owners|X-T: b"}, []string{"GET /owners|X-T: c"}, "", ""},
		"cookies":           {`{"request":{"method":"GET","url":"/owners","cookies":{"who":{"equalTo":"ann"}}},` + ok + `}`, []string{"GET /owners|Cookie: who=ann"}, []string{"GET /owners"}, "", ""},
		"unknown matcher":   {`{"request":{"method":"GET","url":"/owners","headers":{"X-T":{"before":"2030-01-01"}}},` + ok + `}`, []string{"GET /owners"}, nil, "this pattern cannot be said here", ""},
		"delay":             {`{"request":{"method":"GET","url":"/owners"},"response":{"status":200,"body":"hit","fixedDelayMilliseconds":2}}`, []string{"GET /owners"}, nil, "", ""},
		"uniform delay":     {`{"request":{"method":"GET","url":"/owners"},"response":{"body":"hit","delayDistribution":{"type":"uniform","lower":1,"upper":2}}}`, []string{"GET /owners"}, nil, "", ""},
		"lognormal delay":   {`{"request":{"method":"GET","url":"/owners"},"response":{"body":"hit","delayDistribution":{"type":"lognormal","median":80,"sigma":0.4}}}`, []string{"GET /owners"}, nil, "only a uniform distribution", ""},
		"proxy":             {`{"request":{"method":"GET","url":"/owners"},"response":{"body":"hit","proxyBaseUrl":"http://x"}}`, []string{"GET /owners"}, nil, "proxyBaseUrl cannot be said here", ""},
		"webhook":           {`{"request":{"method":"GET","url":"/owners"},"response":{"body":"hit"},"postServeActions":[]}`, []string{"GET /owners"}, nil, "postServeActions cannot be said here", ""},
		"no template":       {`{"request":{"method":"GET","url":"/owners"},"response":{"body":"{{request.url}}"}}`, []string{"GET /owners"}, nil, "", "{{request.url}}"},
		"template": {`{"request":{"method":"GET","urlPathTemplate":"/owners/{ownerId}"},"response":{"transformers":["response-template"],"headers":{"X-Of":"{{request.headers.X-T}}"},"jsonBody":{"a":"{{request.path.ownerId}}","b":"{{request.pathSegments.[0]}}-{{{request.path.[1]}}}","c":"{{request.method}}"}}}`,
			[]string{"GET /owners/o7|X-T: t"}, nil, "", `{"a":"o7","b":"owners-o7","c":"GET"}`},
		"template of a query": {`{"request":{"method":"GET","urlPath":"/owners"},"response":{"transformers":["response-template"],"body":"page {{request.query.page}} of {{request.url}}"}}`, []string{"GET /owners?page=3"}, nil, "", "page 3 of /owners?page=3"},
		"template of a body":  {`{"request":{"method":"POST","url":"/owners"},"response":{"status":201,"transformers":["response-template"],"body":"{{jsonPath request.body '$.name'}} {{randomValue type='UUID'}}"}}`, []string{"POST /owners"}, nil, "", "Ann "},
		"template unknown":    {`{"request":{"method":"GET","url":"/owners"},"response":{"transformers":["response-template"],"body":"hit {{now offset='3 days'}}"}}`, []string{"GET /owners"}, nil, "the answer stays text: now offset", ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := shopServer(t, mock.Control())
			w := controlOf(t, s).send("POST /__mock/stubs:import?format=wiremock", c.mapping)
			if told := w.Body.String(); !strings.Contains(told, c.told) || c.told == "" && strings.Contains(told, "level") {
				t.Errorf("%q is not told in %s", c.told, told)
			}
			if want := map[bool]int{true: http.StatusCreated, false: http.StatusUnprocessableEntity}[len(c.hits) > 0]; w.Code != want {
				t.Errorf("%d, want %d: %s", w.Code, want, w.Body)
			}
			if c.want == "" {
				c.want = "hit"
			}
			for _, request := range append(c.hits, c.misses...) {
				line, header, _ := strings.Cut(request, "|")
				body := ""
				if strings.HasPrefix(line, "POST") {
					body = `{"name":"Ann"}`
				}
				got := ask(s, line, body, header)
				hit := strings.HasPrefix(got.Header().Get("Mock-Source"), "stub")
				if wanted := !contains(c.misses, request); hit != wanted || hit && !strings.Contains(got.Body.String(), c.want) {
					t.Errorf("%s: %d %s (%s)", request, got.Code, got.Body, got.Header().Get("Mock-Source"))
				}
			}
		})
	}
}

func contains(list []string, one string) bool {
	for _, s := range list {
		if s == one {
			return true
		}
	}
	return false
}

// TestWireMockPriorities lets the lowest number answer, 5 where none is named, and of equal ones the newest.
func TestWireMockPriorities(t *testing.T) {
	s := shopServer(t, mock.Control())
	k := controlOf(t, s)
	k.say(201, "POST /__mock/stubs:import?format=wiremock", `{"mappings":[
	  {"priority":1,"request":{"method":"GET","url":"/owners","headers":{"X-A":{"absent":true}}},"response":{"body":"first"}},
	  {"request":{"method":"GET","urlPattern":"/owners"},"response":{"body":"older"}},
	  {"request":{"method":"GET","urlPath":"/owners"},"response":{"body":"newer"}},
	  {"priority":9,"request":{"method":"ANY"},"response":{"body":"last"}}]}`)
	for request, want := range map[string]string{"GET /owners": "first", "GET /owners|X-A: 1": "newer", "GET /owners/x": "last"} {
		line, header, _ := strings.Cut(request, "|")
		if got := ask(s, line, "", header).Body.String(); got != want {
			t.Errorf("%s: %s, want %s", request, got, want)
		}
	}
}
