package verify_test

import (
	"fmt"
	"net/http"
	"strings"
)

type row = map[string]any

// services are the servers written by hand, each of another document.
func services() []service {
	return []service{pets(), orders(), blog(), weather(), accounts(), tickets()}
}

const rightKey = "k-3f9a"

func pets() service {
	newPet := object([]string{"name", "kind"}, map[string]*rule{
		"name": text("1", "20"), "kind": oneOf("cat", "dog", "hen"), "weight": number("0", "200").orNull(), "born": formed(isDate),
		"tags": listOf(matching("^[a-z]+$"), "", "3").distinct(), "owner": object([]string{"email"}, map[string]*rule{"email": formed(isEmail)}),
	}).alone()
	id := field{in: "path", name: "id", rule: integer("1", "")}
	list := func(s *byHand, c *call) reply {
		return reply{status: 200, body: s.rows["pets"], header: map[string]string{"X-Total": fmt.Sprint(len(s.rows["pets"]))}}
	}
	return service{
		document: "pets.yaml",
		admits:   func(r *http.Request) (bool, bool) { k := r.Header.Get("X-Key"); return k != "", k == rightKey },
		rows: map[string][]map[string]any{"pets": {
			{"id": 1, "name": "Rex", "kind": "dog", "weight": 12.5, "born": "2019-02-28", "tags": []string{"good"}, "owner": row{"email": "ann@example.com"}},
			{"id": 2, "name": "Tom", "kind": "cat", "weight": nil, "tags": []string{"old", "grey"}},
		}},
		endpoints: []*endpoint{
			{id: "listPets", method: "GET", path: "/pets", do: list, fields: []field{
				{in: "query", name: "limit", rule: integer("1", "100")}, {in: "query", name: "kind", rule: oneOf("cat", "dog", "hen")}, {in: "query", name: "bornAfter", rule: formed(isDate)},
				{in: "query", name: "tag", rule: listOf(matching("^[a-z]+$"), "1", "3"), style: "explode"},
			}},
			{
				id: "createPet", method: "POST", path: "/pets", media: []string{"application/json"}, body: newPet,
				do: create("pets", "id", func(_ *byHand, n int) map[string]any { return row{"id": n} }),
			},
			{id: "getPet", method: "GET", path: "/pets/{id}", fields: []field{id}, do: one("pets", "id", "id")},
			{id: "replacePet", method: "PUT", path: "/pets/{id}", fields: []field{id}, media: []string{"application/json"}, body: newPet, do: change("pets", "id", "id", "id")},
			{id: "deletePet", method: "DELETE", path: "/pets/{id}", fields: []field{id}, do: remove("pets", "id", "id")},
		},
	}
}

func orders() service {
	line := object([]string{"sku", "count", "price"}, map[string]*rule{"sku": matching(`^[A-Z]{3}\d{3}$`), "count": integer("1", "99"), "price": number("0", "").by("0.5")})
	order := object([]string{"customer", "lines"}, map[string]*rule{
		"customer": formed(uuids.MatchString), "note": text("", "40").orNull(), "paid": flag(), "lines": listOf(line, "1", "5"),
	})
	edit := object(nil, map[string]*rule{"note": text("", "40").orNull(), "paid": flag()}).alone()
	edit.low = "1"
	id := field{in: "path", name: "orderId", rule: matching(`^o-\d+$`)}
	list := func(s *byHand, c *call) reply {
		return reply{status: 200, body: row{"items": s.rows["orders"], "total": len(s.rows["orders"])}}
	}
	return service{
		document: "orders.yaml",
		admits: func(r *http.Request) (bool, bool) {
			token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
			return ok, token == rightKey
		},
		rows: map[string][]map[string]any{"orders": {{
			"id": "o-1", "placed": "2020-01-01T10:00:00Z", "customer": "0b2d9a5e-54c2-4b4e-9c1b-2b6f3c1d7e8f", "note": nil, "paid": true, "lines": []row{{"sku": "ABC123", "count": 2, "price": 1.5}},
		}}},
		endpoints: []*endpoint{
			{id: "listOrders", method: "GET", path: "/orders", do: list, fields: []field{
				{in: "query", name: "page", rule: integer("0", "999")}, {in: "query", name: "paid", rule: flag()}, {in: "header", name: "X-Trace", rule: text("", "16")},
			}},
			{
				id: "createOrder", method: "POST", path: "/orders", fields: []field{{in: "header", name: "Idempotency-Key", must: true, rule: formed(uuids.MatchString)}},
				media: []string{"application/json"}, body: order,
				do: create("orders", "id", func(_ *byHand, n int) map[string]any {
					return row{"id": fmt.Sprintf("o-%d", n), "placed": "2020-02-01T10:00:00Z"}
				}),
			},
			{id: "getOrder", method: "GET", path: "/orders/{orderId}", fields: []field{id}, do: one("orders", "id", "orderId")},
			{id: "changeOrder", method: "PATCH", path: "/orders/{orderId}", fields: []field{id}, media: []string{"application/json"}, body: edit, do: change("orders", "id", "orderId")},
			{id: "deleteOrder", method: "DELETE", path: "/orders/{orderId}", fields: []field{id}, do: remove("orders", "id", "orderId")},
		},
	}
}

func blog() service {
	slug := func() *rule { return text("", "30").with(`^[a-z]+(-[a-z]+)*$`) }
	at := field{in: "path", name: "slug", rule: slug()}
	number := field{in: "path", name: "number", rule: integer("1", "")}
	post := object([]string{"slug", "title", "state"}, map[string]*rule{
		"slug": slug(), "title": text("3", "60"), "state": oneOf("draft", "published"), "stars": integer("0", "5"), "author": {kind: "author"},
	})
	comment := object([]string{"text"}, map[string]*rule{"text": text("1", "80"), "answers": listOf(integer("1", ""), "", "4")})
	exists := func(then func(*byHand, *call) reply) func(*byHand, *call) reply {
		return func(s *byHand, c *call) reply {
			if s.at("posts", "slug", c.path["slug"]) < 0 {
				return reply{status: 404}
			}
			return then(s, c)
		}
	}
	list := func(kind string) func(*byHand, *call) reply {
		return func(s *byHand, c *call) reply { return reply{status: 200, body: s.rows[kind]} }
	}
	json := []string{"application/json"}
	return service{
		document: "blog.yaml", errors: "application/problem+json",
		admits: func(r *http.Request) (bool, bool) {
			name, password, ok := r.BasicAuth()
			return ok, name == "ann" && password == rightKey
		},
		rows: map[string][]map[string]any{
			"posts":    {{"slug": "hello-world", "title": "Hello", "state": "published", "author": "Ann", "stars": 3}, {"slug": "more", "title": "More of it", "state": "draft", "author": row{"name": "Bob"}}},
			"comments": {{"number": 1, "text": "Nice.", "answers": []int{2}}, {"number": 2, "text": "Thanks."}},
		},
		endpoints: []*endpoint{
			{id: "listPosts", method: "GET", path: "/posts", do: list("posts"), open: true},
			{id: "createPost", method: "POST", path: "/posts", media: json, body: post, do: create("posts", "slug", func(*byHand, int) map[string]any { return row{} })},
			{id: "getPost", method: "GET", path: "/posts/{slug}", fields: []field{at}, do: one("posts", "slug", "slug"), open: true},
			{id: "listComments", method: "GET", path: "/posts/{slug}/comments", fields: []field{at}, do: exists(list("comments")), open: true},
			{
				id: "createComment", method: "POST", path: "/posts/{slug}/comments", fields: []field{at}, media: json, body: comment,
				do: exists(create("comments", "number", func(_ *byHand, n int) map[string]any { return row{"number": n} })),
			},
			{id: "getComment", method: "GET", path: "/posts/{slug}/comments/{number}", fields: []field{at, number}, do: exists(one("comments", "number", "number")), open: true},
			{id: "deleteComment", method: "DELETE", path: "/posts/{slug}/comments/{number}", fields: []field{at, number}, do: exists(remove("comments", "number", "number"))},
		},
	}
}

func weather() service {
	forecast := func(s *byHand, c *call) reply {
		head := map[string]string{"X-Model": "icon", "Age": "3"}
		if s.wantsInstead(c, "text/csv") {
			return reply{status: 200, header: head, kind: "text/csv", body: "temperature,wind\n20.5,3\n"}
		}
		return reply{status: 200, header: head, body: row{
			"temperature": 20.5, "wind": row{"speed": 3, "from": nil}, "sky": "rain", "at": "2020-01-01T10:00:00Z", "alerts": row{"storm": 2},
		}}
	}
	station := func(s *byHand, c *call) reply {
		switch {
		case c.path["code"] != "EDDF":
			return reply{status: 404}
		case s.wantsInstead(c, "text/plain"):
			return reply{status: 200, kind: "text/plain", body: "EDDF 364"}
		}
		return reply{status: 200, body: row{"code": "EDDF", "height": 364, "site": "https://example.com/eddf"}}
	}
	degrees := func(bound string) *rule { return number("-"+bound, bound) }
	return service{
		document: "weather.yaml",
		endpoints: []*endpoint{
			{id: "getForecast", method: "GET", path: "/forecast", do: forecast, fields: []field{
				{in: "query", name: "lat", must: true, rule: degrees("90")}, {in: "query", name: "lon", must: true, rule: degrees("180")},
				{in: "query", name: "hours", style: "comma", rule: listOf(integer("0", "23"), "1", "4")}, {in: "query", name: "days", style: "pipe", rule: listOf(oneOf("sat", "sun"), "", "3")},
				{in: "query", name: "range", style: "deep", rule: object([]string{"from"}, map[string]*rule{"from": integer("0", ""), "to": integer("", "100")})},
				{in: "cookie", name: "units", rule: oneOf("metric", "imperial")}, {in: "header", name: "X-Precision", rule: integer("0", "3")},
			}},
			{id: "getStation", method: "GET", path: "/stations/{code}", do: station, fields: []field{{in: "path", name: "code", rule: text("4", "4").with("^[A-Z]+$")}}},
		},
	}
}

func accounts() service {
	login := func() *rule { return text("3", "12").with("^[a-z]+$") }
	at := field{in: "path", name: "login", rule: login()}
	fields := map[string]*rule{"login": login(), "age": integer("18", "120"), "role": oneOf("reader", "writer")}
	list := func(s *byHand, c *call) reply {
		return reply{status: 200, body: s.rows["accounts"], header: map[string]string{"X-Count": "2"}}
	}
	return service{
		document: "accounts.yaml",
		admits:   func(r *http.Request) (bool, bool) { k := r.URL.Query().Get("api_key"); return k != "", k == rightKey },
		rows: map[string][]map[string]any{"accounts": {
			{"login": "ann", "role": "writer", "age": 30, "seen": nil}, {"login": "bob", "role": "reader", "seen": "2020-01-01T10:00:00Z"},
		}},
		endpoints: []*endpoint{
			{id: "listAccounts", method: "GET", path: "/accounts", do: list, fields: []field{
				{in: "query", name: "role", rule: oneOf("reader", "writer")}, {in: "query", name: "ids", rule: listOf(integer("1", ""), "", "3"), style: "comma"},
			}},
			{
				id: "createAccount", method: "POST", path: "/accounts", media: []string{"application/x-www-form-urlencoded"}, body: object([]string{"login", "role"}, fields),
				do: create("accounts", "login", func(*byHand, int) map[string]any { return row{} }),
			},
			{id: "getAccount", method: "GET", path: "/accounts/{login}", fields: []field{at}, do: one("accounts", "login", "login")},
			{
				id: "changeAccount", method: "PUT", path: "/accounts/{login}", fields: []field{at}, media: []string{"application/json"},
				body: object([]string{"role"}, map[string]*rule{"role": fields["role"], "age": fields["age"]}), do: change("accounts", "login", "login"),
			},
			{id: "deleteAccount", method: "DELETE", path: "/accounts/{login}", fields: []field{at}, do: remove("accounts", "login", "login")},
		},
	}
}

func tickets() service {
	ticket := object([]string{"subject"}, map[string]*rule{"subject": text("1", "50"), "level": integer("1", "4")})
	at := field{in: "path", name: "reference", rule: matching(`^T\d+$`)}
	add := create("tickets", "ref", func(_ *byHand, n int) map[string]any {
		return row{"ref": fmt.Sprintf("T%d", n), "opened": "2020-01-01T10:00:00Z"}
	})
	opened := func(s *byHand, c *call) reply {
		if c.body == nil { // it is optional
			c.body = row{"subject": "?"}
		}
		a := add(s, c)
		a.body = row{"ticket": a.body}
		return a
	}
	nothing := func(*byHand, *call) reply { return reply{status: 204} }
	return service{
		document: "tickets.yaml",
		admits: func(r *http.Request) (bool, bool) {
			c, err := r.Cookie("sid")
			return err == nil, err == nil && c.Value == rightKey
		},
		endpoints: []*endpoint{
			{id: "openTicket", method: "POST", path: "/queue/tickets", media: []string{"application/json", "application/x-www-form-urlencoded"}, body: ticket, optional: true, do: opened},
			{id: "viewTicket", method: "GET", path: "/view/{reference}", fields: []field{at}, do: one("tickets", "ref", "reference")},
			{id: "closeTicket", method: "POST", path: "/close/{reference}", fields: []field{at}, do: remove("tickets", "ref", "reference")},
			{id: "addNote", method: "POST", path: "/notes", media: []string{"text/plain"}, body: text("1", "100"), do: nothing},
		},
	}
}
